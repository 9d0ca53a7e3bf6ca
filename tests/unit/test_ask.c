/*
 * test_ask: a job as the bytes that a service gets.
 */
#include "model/ask.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/prompt.h"
#include "unit.h"

#define OWN	(PARAM_TEMPERATURE | PARAM_TOP_P | PARAM_STOP | PARAM_SEED | \
    PARAM_PRESENCE_PENALTY | PARAM_FREQUENCY_PENALTY)

#define MINIMUM	(PARAM_MAX_TOKENS | OWN | PARAM_SYSTEM_ROLE)

#define JSON(text) json_parse(BYTES(text), 8, true, NULL, NULL)

static char url[] = "https://h/v1", azure[] = "https://h/openai/deployments/d",
    version[] = "?api-version=2024-10-21", nothing[] = "", low[] = "low",
    name[] = "name", intro[] = "intro", secret[] = "sk-secret";
static char *fields[] = { name, intro, NULL };

struct asked {
	struct stage_spec	spec;
	struct service		service;
	struct job		job;
};

static void
build(struct asked *a)
{
	memset(a, 0, sizeof(*a));
	a->spec.max_tokens = 200;
	a->spec.params = JSON("{\"temperature\":0.25}");
	a->spec.list.fields = fields;
	a->spec.list.nfields = 2;
	a->service.base_url = url;
	a->service.query = nothing;
	a->service.top_p = -1;
	a->service.key = secret;
	profile_init(&a->service.profile);
	a->job = (struct job){ .spec = &a->spec, .service = &a->service,
	    .model = "m/1", .params = MINIMUM };
}

static void
shut(struct asked *a)
{
	json_free(a->spec.params);
	json_free(a->spec.extra);
	json_free(a->service.profile.extra);
}

/* Another set of the stage's own members. */
static void
set_own(struct asked *a, const char *params)
{
	json_free(a->spec.params);
	a->spec.params = params == NULL ? NULL :
	    json_parse(params, strlen(params), 8, true, NULL, NULL);
}

static const struct messages hi = { "", 0, "hi", 2 };

#define HEAD "{\"model\":\"m/1\",\"messages\":[{\"role\":\"user\"," \
	"\"content\":\"hi\"}],\"stream\":true"

/* The whole body: HEAD and these members. */
static void
asks(const struct asked *a, const char *members)
{
	struct buf out = BUF_INIT(65536);
	char want[1000];

	snprintf(want, sizeof(want), HEAD "%s}", members);
	assert_int_equal(ask_body(&a->job, &hi, &out), 0);
	assert_string_equal(out.data, want);
	buf_free(&out);
}

static void
the_minimum(void **state)
{
	struct asked a;

	(void)state;
	build(&a);
	asks(&a, ",\"max_tokens\":200,\"temperature\":0.25");
	set_own(&a, NULL);
	asks(&a, ",\"max_tokens\":200");
	set_own(&a, "{\"temperature\":0}");
	asks(&a, ",\"max_tokens\":200,\"temperature\":0");
	a.service.top_p = 0.9;
	asks(&a, ",\"max_tokens\":200,\"top_p\":0.9,\"temperature\":0");
	a.job.params = 0;
	asks(&a, "");
	shut(&a);
}

/* Each member as the file has it, and the stage's before the service's. */
static void
members_of_the_stage(void **state)
{
	static const struct { enum param param; const char *member; }
	    members[] = {
		{ PARAM_TEMPERATURE, "\"temperature\":0.55" },
		{ PARAM_TOP_P, "\"top_p\":0" },
		{ PARAM_STOP, "\"stop\":\"END\"" },
		{ PARAM_STOP, "\"stop\":[\"a\",\"\\n\\n\"]" },
		{ PARAM_SEED, "\"seed\":-9007199254740991" },
		{ PARAM_PRESENCE_PENALTY, "\"presence_penalty\":-2" },
		{ PARAM_FREQUENCY_PENALTY, "\"frequency_penalty\":1.5" },
	};
	struct asked a;
	char text[100];
	size_t i;

	(void)state;
	build(&a);
	a.service.top_p = 0.9;
	for (i = 0; i < COUNT(members); i++) {
		snprintf(text, sizeof(text), "{%s}", members[i].member);
		set_own(&a, text);
		a.job.params = members[i].param;
		snprintf(text, sizeof(text), ",%s", members[i].member);
		asks(&a, text);
		/* Refused, or not for this service. */
		a.job.params = MINIMUM & ~PARAM_TOP_P &
		    ~(unsigned)members[i].param;
		asks(&a, ",\"max_tokens\":200");
	}
	shut(&a);
}

/* The article's request for an introduction. */
static void
the_article(void **state)
{
	struct asked a;

	(void)state;
	build(&a);
	a.spec.max_tokens = 250;
	set_own(&a, "{\"temperature\":0.55,\"top_p\":0}");
	asks(&a, ",\"max_tokens\":250,\"temperature\":0.55,\"top_p\":0");
	shut(&a);
}

static void
system_messages(void **state)
{
	static const struct messages both = { "Be \"brief\".\n", 11, "hi", 2 };
	struct buf out = BUF_INIT(65536);
	struct asked a;

	(void)state;
	build(&a);
	a.job.params = PARAM_SYSTEM_ROLE;
	assert_int_equal(ask_body(&a.job, &both, &out), 0);
	assert_string_equal(out.data, "{\"model\":\"m/1\",\"messages\":["
	    "{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
	    "{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}");
	/* A model that refuses the role loses nothing of the text. */
	a.job.params = 0;
	buf_reset(&out);
	assert_int_equal(ask_body(&a.job, &both, &out), 0);
	assert_string_equal(out.data, "{\"model\":\"m/1\",\"messages\":["
	    "{\"role\":\"user\",\"content\":\"Be \\\"brief\\\"."
	    "\\n\\nhi\"}],\"stream\":true}");
	buf_free(&out);
	shut(&a);
}

/* What is not set is not sent, so no refusal can be of it. */
static void
what_may_be_sent(void **state)
{
	struct prompt_piece piece = { .kind = PROMPT_TEXT, .text = nothing };
	const unsigned base = PARAM_MAX_TOKENS;
	struct asked a;

	(void)state;
	build(&a);
	set_own(&a, NULL);
	assert_int_equal(ask_params(&a.spec, &a.service, 0), base);
	a.service.top_p = 0.5;
	assert_int_equal(ask_params(&a.spec, &a.service, 0),
	    base | PARAM_TOP_P);
	a.service.top_p = -1;
	set_own(&a, "{\"top_p\":0,\"seed\":1,\"stop\":\"x\"}");
	assert_int_equal(ask_params(&a.spec, &a.service, PARAM_SEED),
	    base | PARAM_TOP_P | PARAM_STOP);
	/* The profile says that the service takes none. */
	a.service.profile.params &= ~(unsigned)PARAM_STOP;
	assert_int_equal(ask_params(&a.spec, &a.service, 0),
	    base | PARAM_TOP_P | PARAM_SEED);
	a.spec.extra = JSON("{\"top_k\":40,\"min_p\":0.1}");
	a.spec.system = (struct prompt){ &piece, 1 };
	assert_int_equal(ask_params(&a.spec, &a.service, PARAM_EXTRA(0)),
	    base | PARAM_TOP_P | PARAM_SEED | PARAM_SYSTEM_ROLE |
	    PARAM_EXTRA(1));
	a.spec.is_list = true;
	assert_int_equal(ask_params(&a.spec, &a.service, PARAM_MAX_TOKENS) &
	    (PARAM_MAX_TOKENS | PARAM_MAX_COMPLETION_TOKENS |
	    PARAM_ITEM_COUNTS), PARAM_MAX_COMPLETION_TOKENS |
	    PARAM_ITEM_COUNTS);
	shut(&a);
}

static void
each_parameter_by_its_bit(void **state)
{
	static const struct { unsigned params; const char *members; }
	    cases[] = {
		{ PARAM_MAX_TOKENS, ",\"max_tokens\":712" },
		{ PARAM_MAX_COMPLETION_TOKENS,
		  ",\"max_completion_tokens\":712" },
		{ PARAM_MAX_COMPLETION_TOKENS | PARAM_MAX_TOKENS,
		  ",\"max_completion_tokens\":712" },
		{ PARAM_TEMPERATURE, ",\"temperature\":0.25" },
		{ PARAM_TOP_P, ",\"top_p\":0.5" },
		{ PARAM_REASONING_EFFORT, ",\"reasoning_effort\":\"low\"" },
		{ PARAM_STREAM_OPTIONS,
		  ",\"stream_options\":{\"include_usage\":true}" },
		/* No list is asked for. */
		{ PARAM_RESPONSE_FORMAT, "" },
	};
	struct asked a;
	size_t i;

	(void)state;
	build(&a);
	a.service.top_p = 0.5;
	a.service.profile.effort = low;
	a.service.profile.headroom = 512;
	a.service.profile.format = FORMAT_SCHEMA;
	for (i = 0; i < COUNT(cases); i++) {
		a.job.params = cases[i].params;
		asks(&a, cases[i].members);
	}
	a.service.profile.effort = NULL;
	a.job.params = PARAM_REASONING_EFFORT;
	asks(&a, "");
	shut(&a);
}

static void
lists_in_their_format(void **state)
{
	struct asked a;

	(void)state;
	build(&a);
	a.spec.is_list = true;
	a.job.params = PARAM_RESPONSE_FORMAT;
	asks(&a, "");
	a.service.profile.format = FORMAT_OBJECT;
	asks(&a, ",\"response_format\":{\"type\":\"json_object\"}");
	a.service.profile.format = FORMAT_SCHEMA;
	asks(&a, ",\"response_format\":{\"type\":\"json_schema\","
	    "\"json_schema\":{\"name\":\"list\",\"strict\":true,\"schema\":{"
	    "\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
	    "\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":"
	    "\"string\"},\"intro\":{\"type\":\"string\"}},\"required\":["
	    "\"name\",\"intro\"],\"additionalProperties\":false}}},"
	    "\"required\":[\"items\"],\"additionalProperties\":false}}}");
	/* As many as are asked for, no fewer and no more. */
	a.spec.list.items = 3;
	a.job.params = PARAM_RESPONSE_FORMAT | PARAM_ITEM_COUNTS;
	asks(&a, ",\"response_format\":{\"type\":\"json_schema\","
	    "\"json_schema\":{\"name\":\"list\",\"strict\":true,\"schema\":{"
	    "\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
	    "\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":"
	    "\"string\"},\"intro\":{\"type\":\"string\"}},\"required\":["
	    "\"name\",\"intro\"],\"additionalProperties\":false},"
	    "\"minItems\":3,\"maxItems\":3}},"
	    "\"required\":[\"items\"],\"additionalProperties\":false}}}");
	/* Refused before. */
	a.job.params = PARAM_ITEM_COUNTS;
	asks(&a, "");
	shut(&a);
}

/*
 * A profile's "extra" replaces what comes from the program or the service, and
 * the stage's own members replace that.
 */
static void
extra_members(void **state)
{
	struct asked a;
	int i;

	(void)state;
	build(&a);
	a.service.top_p = 0.9;
	a.job.params = PARAM_MAX_TOKENS | OWN | PARAM_EXTRA(0) | PARAM_EXTRA(1);
	a.service.profile.extra = JSON("{\"user\":\"\",\"n\":{\"m\":[1]},"
	    "\"temperature\":1,\"top_p\":0.8,\"top_k\":5,"
	    "\"max_tokens\":9}");
	a.spec.extra = JSON("{\"top_k\":40,\"kwargs\":{\"a\":null}}");
	/* Twice gives the same. */
	for (i = 0; i < 2; i++)
		asks(&a, ",\"max_tokens\":9,\"top_p\":0.8,\"user\":\"\","
		    "\"n\":{\"m\":[1]},\"temperature\":0.25,\"top_k\":40,"
		    "\"kwargs\":{\"a\":null}");
	/* What is not the stage's to set is the profile's, even a refused one. */
	a.job.params = PARAM_EXTRA(1);
	asks(&a, ",\"user\":\"\",\"n\":{\"m\":[1]},\"temperature\":1,"
	    "\"top_p\":0.8,\"top_k\":5,\"max_tokens\":9,\"kwargs\":"
	    "{\"a\":null}");
	shut(&a);
}

/* Whatever a visitor wrote is one JSON string, and nothing gets lost. */
static void
any_prompt(void **state)
{
	static const struct { const char *text; size_t n; } texts[] = {
		{ BYTES("") }, { BYTES("\"}],\"stream\":false,\"x\":[{\"") },
		{ BYTES("a\\\n\t\r\x01/b") }, { BYTES("a\0b") },
		{ BYTES("\xea\xb9\x80\xf0\x9f\x8d\xb3") },
	};
	struct buf out = BUF_INIT(65536);
	struct messages messages = hi;
	struct json *json;
	struct asked a;
	const char *got;
	size_t i, n;

	(void)state;
	build(&a);
	for (i = 0; i < COUNT(texts); i++) {
		buf_reset(&out);
		messages.user = texts[i].text;
		messages.user_len = texts[i].n;
		assert_int_equal(ask_body(&a.job, &messages, &out), 0);
		json = json_parse(out.data, out.len, 8, true, NULL, NULL);
		got = json_string(json_get(json_at(json_get(json,
		    "messages"), 0), "content"), &n);
		assert_int_equal(n, texts[i].n);
		assert_memory_equal(got, texts[i].text, n);
		assert_true(json_boolean(json_get(json, "stream"), false));
		assert_int_equal(json_count(json), 5);
		unit_assert_lacks(out.data, "secret");
		json_free(json);
	}
	buf_free(&out);
	shut(&a);
}

static void
body_that_does_not_fit(void **state)
{
	struct buf out = BUF_INIT(20);
	struct asked a;

	(void)state;
	build(&a);
	assert_int_equal(ask_body(&a.job, &hi, &out), -1);
	assert_true(out.failed);
	buf_free(&out);
	shut(&a);
}

static void
urls(void **state)
{
	struct buf out = BUF_INIT(1000);
	struct asked a;

	(void)state;
	build(&a);
	assert_int_equal(ask_url(&a.job, &out), 0);
	assert_string_equal(out.data, "https://h/v1/chat/completions");
	a.service.base_url = azure;
	a.service.query = version;
	buf_reset(&out);
	assert_int_equal(ask_url(&a.job, &out), 0);
	assert_string_equal(out.data, "https://h/openai/deployments/d/chat/"
	    "completions?api-version=2024-10-21");
	buf_free(&out);
	shut(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_minimum),
		cmocka_unit_test(members_of_the_stage),
		cmocka_unit_test(the_article),
		cmocka_unit_test(system_messages),
		cmocka_unit_test(what_may_be_sent),
		cmocka_unit_test(each_parameter_by_its_bit),
		cmocka_unit_test(lists_in_their_format),
		cmocka_unit_test(extra_members),
		cmocka_unit_test(any_prompt),
		cmocka_unit_test(body_that_does_not_fit),
		cmocka_unit_test(urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
