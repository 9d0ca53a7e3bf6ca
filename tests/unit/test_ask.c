/*
 * test_ask: a job as the bytes that a service gets.
 */
#include "model/ask.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "unit.h"

#define MINIMUM	(PARAM_MAX_TOKENS | PARAM_TEMPERATURE | PARAM_TOP_P)

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
	a->spec.temperature = 0.25;
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

#define HEAD "{\"model\":\"m/1\",\"messages\":[{\"role\":\"user\"," \
	"\"content\":\"hi\"}],\"stream\":true"

/* The whole body: HEAD and these members. */
static void
asks(const struct asked *a, const char *members)
{
	struct buf out = BUF_INIT(65536);
	char want[1000];

	snprintf(want, sizeof(want), HEAD "%s}", members);
	assert_int_equal(ask_body(&a->job, "hi", 2, &out), 0);
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
	a.spec.temperature = -1;
	asks(&a, ",\"max_tokens\":200");
	a.spec.temperature = 0;
	asks(&a, ",\"max_tokens\":200,\"temperature\":0");
	a.service.top_p = 0.9;
	asks(&a, ",\"max_tokens\":200,\"temperature\":0,\"top_p\":0.9");
	a.job.params = 0;
	asks(&a, "");
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
}

static void
extra_members(void **state)
{
	struct asked a;
	int i;

	(void)state;
	build(&a);
	a.job.params = PARAM_TEMPERATURE;
	a.service.profile.extra = json_parse(BYTES("{\"user\":\"\","
	    "\"n\":{\"m\":[1]},\"temperature\":1}"), 8, true, NULL, NULL);
	/* What the file adds has the last word; twice gives the same. */
	for (i = 0; i < 2; i++)
		asks(&a, ",\"temperature\":1,\"user\":\"\",\"n\":{\"m\":[1]}");
	profile_free(&a.service.profile);
}

/* Whatever a visitor wrote is one JSON string, and nothing gets lost. */
static void
any_prompt(void **state)
{
	static const struct { const char *text; size_t n; } prompts[] = {
		{ BYTES("") }, { BYTES("\"}],\"stream\":false,\"x\":[{\"") },
		{ BYTES("a\\\n\t\r\x01/b") }, { BYTES("a\0b") },
		{ BYTES("\xea\xb9\x80\xf0\x9f\x8d\xb3") },
	};
	struct buf out = BUF_INIT(65536);
	struct json *json;
	struct asked a;
	const char *got;
	size_t i, n;

	(void)state;
	build(&a);
	for (i = 0; i < COUNT(prompts); i++) {
		buf_reset(&out);
		assert_int_equal(ask_body(&a.job, prompts[i].text,
		    prompts[i].n, &out), 0);
		json = json_parse(out.data, out.len, 8, true, NULL, NULL);
		got = json_string(json_get(json_at(json_get(json,
		    "messages"), 0), "content"), &n);
		assert_int_equal(n, prompts[i].n);
		assert_memory_equal(got, prompts[i].text, n);
		assert_true(json_boolean(json_get(json, "stream"), false));
		assert_int_equal(json_count(json), 5);
		unit_assert_lacks(out.data, "secret");
		json_free(json);
	}
	buf_free(&out);
}

static void
body_that_does_not_fit(void **state)
{
	struct buf out = BUF_INIT(20);
	struct asked a;

	(void)state;
	build(&a);
	assert_int_equal(ask_body(&a.job, "hi", 2, &out), -1);
	assert_true(out.failed);
	buf_free(&out);
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
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_minimum),
		cmocka_unit_test(each_parameter_by_its_bit),
		cmocka_unit_test(lists_in_their_format),
		cmocka_unit_test(extra_members),
		cmocka_unit_test(any_prompt),
		cmocka_unit_test(body_that_does_not_fit),
		cmocka_unit_test(urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
