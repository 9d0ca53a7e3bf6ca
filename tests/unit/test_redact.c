/* redact: what is hidden, and what stays. */
#include "unit.h"

#include "text/redact.h"

static void
is(const char *text, const char *known, const char *wanted)
{
	struct buf out = BUF_INIT(8192);

	redact(&out, text, strlen(text), known);
	if (strcmp(out.data, wanted) != 0)
		fail_msg("%s\n  became %s\n  not    %s", text, out.data,
		    wanted);
	buf_free(&out);
}

static void
hosts_and_addresses_are_hidden(void **state)
{
	static const char *const hidden[] = {
		"https://gpu-3.lan:8000/v1/chat", "http://10.0.0.7/",
		"wss://a", "10.0.0.7", "10.0.0.7:8000", "10.0.0.0/8",
		"127.0.0.1:11434", "fd00::7", "::1", "[fd00::7]:443", "[::1]",
		"fe80::1%eth0", "llm.internal", "gpu-3.cluster.local",
		"vllm.svc.cluster.local:8000", "api.groq.com", "API.GROQ.COM",
		"db.corp", "foo.de", "a.b.is", "gpu-3:8080", "localhost",
		"localhost:8000", "ollama:11434", "me@firm.example",
		"inner.example/v1/models",
		"https://a.example/x?key=1&b=2;c|d", "http://a/x(y)z",
	};
	char text[200], wanted[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		is(hidden[i], NULL, "***");
		snprintf(text, sizeof(text), "no route to %s.", hidden[i]);
		is(text, NULL, "no route to ***.");
		snprintf(text, sizeof(text), "(see `%s`: it failed)",
		    hidden[i]);
		snprintf(wanted, sizeof(wanted), "(see `***`: it failed)");
		is(text, NULL, wanted);
	}
}

static void
ids_are_hidden(void **state)
{
	static const char *const hidden[] = {
		"org-01J8ZKQX", "org_01hxyz", "proj_abc123XYZ", "req-7f3a9",
		"req_011CQyZ", "user-AbCd1234", "acct_1032D82e", "sk-abc1234",
		"chatcmpl-8aXy12", "org-abcdefghijklm", "team_9f8e7d",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"9f8e7d6c5b4a39281706", "wrkspc_01AbCd", "8c1f2e3d4a5b6c7d-FRA",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		is(hidden[i], NULL, "***");
	is("in organization `org-01J8ZK` service tier", NULL,
	    "in organization `***` service tier");
	is("Request ID: 8f3a21 failed", NULL, "Request ID: *** failed");
	is("account 123456789012 is closed", NULL, "account *** is closed");
	/* Cut by a bound in the middle. */
	is("in organization org-01J8", NULL, "in organization ***");
}

static void
what_is_announced_is_hidden(void **state)
{
	(void)state;
	is("Could not resolve host: gpunode", NULL,
	    "Could not resolve host: ***");
	is("Failed to connect to gpu7 port 8000 after 0 ms", NULL,
	    "Failed to connect to *** port *** after 0 ms");
	is("does not match target host name 'inner'", NULL,
	    "does not match target host name '***'");
	is("upstream gpu-7 is down", NULL, "upstream *** is down");
	is("the host is down", NULL, "the host is down");
	is("an overloaded server was asked", NULL,
	    "an overloaded server was asked");
}

static void
a_known_host_is_hidden(void **state)
{
	(void)state;
	is("kitchen says no", "kitchen", "*** says no");
	is("KITCHEN:80/x says no", "kitchen", "*** says no");
	is("says no", "", "says no");
	is("says no", "a", "says no");
	is("xa.example.y says no", "a.example", "*** says no");
}

static void
what_helps_stays(void **state)
{
	static const char *const stays[] = {
		"", "  ", "no such model: llama3.2:3b", "openai/gpt-4.1",
		"Rate limit reached for model `llama-3.1-8b-instant` on tokens "
		"per minute (TPM): Limit 6000, Used 5900, Requested 300. "
		"Please try again in 1.02s. Need more tokens?",
		"accounts/fireworks/models/llama-v3p3-70b-instruct",
		"meta-llama/Llama-3.3-70B-Instruct-Turbo", "qwen2.5:72b",
		"us.anthropic.claude-3-5-sonnet-20241022-v2:0",
		"'messages.0.content' is too long", "max_tokens.limit",
		"a user-provided key-value, org-wide", "at 12:30:45 o'clock",
		"that is, e.g. this, i.e. that", "1.5 of 2.0", "code:400",
		"max_completion_tokens", "temperature=0.25", "0.0",
		"the run took longer than run_ms, 120000 ms",
		"invalid_request_error", "context_length_exceeded",
		"\xea\xb9\x80\xec\xb9\x98.\xeb\x90\xa9\xeb\x8b\x88\xeb\x8b\xa4",
		"It failed.Please try again", "std::string", "and/or",
		"HTTP/1.1 503",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(stays) / sizeof(stays[0]); i++)
		is(stays[i], NULL, stays[i]);
}

static void
any_bytes_are_taken(void **state)
{
	struct buf out = BUF_INIT(1 << 20);
	char text[4096];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 131 % 256);
	redact(&out, text, sizeof(text), NULL);
	memset(text, 'a', sizeof(text));
	buf_reset(&out);
	redact(&out, text, sizeof(text), NULL);
	assert_int_equal(out.len, sizeof(text));
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_and_addresses_are_hidden),
		cmocka_unit_test(ids_are_hidden),
		cmocka_unit_test(what_is_announced_is_hidden),
		cmocka_unit_test(a_known_host_is_hidden),
		cmocka_unit_test(what_helps_stays),
		cmocka_unit_test(any_bytes_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
