/*
 * test_profile: how hosts differ, what recipe.json says of it, and what a
 * refusal names.
 */
#include "base/err.h"
#include "setup/profile.h"
#include "text/json.h"
#include "unit.h"

#define OWN	(PARAM_TEMPERATURE | PARAM_TOP_P | PARAM_STOP | PARAM_SEED | \
    PARAM_PRESENCE_PENALTY | PARAM_FREQUENCY_PENALTY | PARAM_SYSTEM_ROLE)

#define MINIMUM	(PARAM_MAX_TOKENS | OWN | PARAM_ITEM_COUNTS)

static void
the_minimum(void **state)
{
	struct profile p;

	(void)state;
	profile_init(&p);
	assert_int_equal(p.params & (PARAM_MAX_TOKENS | PARAM_TEMPERATURE),
	    PARAM_MAX_TOKENS | PARAM_TEMPERATURE);
	assert_int_equal(p.params & ~(unsigned)MINIMUM, 0);
	assert_int_equal(p.format, FORMAT_NONE);
	assert_null(p.effort);
	assert_null(p.key_header);
	assert_null(p.extra);
	assert_int_equal(p.headroom, 0);
	assert_int_equal(p.nheaders, 0);
	assert_false(p.unfinished);
	profile_free(&p);
	profile_free(&p);
}

static void
hosts(void **state)
{
	static const struct {
		const char *url;
		unsigned has, lacks;
		enum format format;
		const char *effort, *key_header;
		bool headroom;
	} cases[] = {
		/* A server at home is offered a schema, another host not. */
		{ "http://127.0.0.1:11434/v1", MINIMUM | PARAM_RESPONSE_FORMAT,
		  ~(unsigned)(MINIMUM | PARAM_RESPONSE_FORMAT), FORMAT_SCHEMA,
		  NULL, NULL, false },
		{ "HTTP://box:8080/v1", MINIMUM | PARAM_RESPONSE_FORMAT, 0,
		  FORMAT_SCHEMA, NULL, NULL, false },
		{ "https://llm.example/v1", MINIMUM, ~(unsigned)MINIMUM,
		  FORMAT_NONE, NULL, NULL, false },
		{ "http://api.mistral.ai/v1", MINIMUM, ~(unsigned)MINIMUM,
		  FORMAT_NONE, NULL, NULL, false },
		/* Documents that it takes no counts. */
		{ "https://api.fireworks.ai/inference/v1", (MINIMUM &
		  ~PARAM_ITEM_COUNTS) | PARAM_RESPONSE_FORMAT,
		  PARAM_STREAM_OPTIONS | PARAM_ITEM_COUNTS, FORMAT_SCHEMA,
		  "low", NULL, true },
		{ "https://api.groq.com/openai/v1", MINIMUM |
		  PARAM_STREAM_OPTIONS, PARAM_RESPONSE_FORMAT, FORMAT_NONE,
		  "low", NULL, true },
		{ "https://api.openai.com/v1", PARAM_MAX_COMPLETION_TOKENS |
		  OWN | PARAM_STREAM_OPTIONS | PARAM_RESPONSE_FORMAT |
		  PARAM_ITEM_COUNTS,
		  PARAM_MAX_TOKENS, FORMAT_SCHEMA, NULL, NULL, true },
		{ "https://api.together.xyz/v1", MINIMUM,
		  PARAM_MAX_COMPLETION_TOKENS, FORMAT_NONE, NULL, NULL,
		  false },
		/* Refuse stream_options. */
		{ "https://api.mistral.ai/v1", MINIMUM, ~(unsigned)MINIMUM,
		  FORMAT_NONE, NULL, NULL, false },
		{ "https://api.anthropic.com/v1", MINIMUM, ~(unsigned)MINIMUM,
		  FORMAT_NONE, NULL, NULL, false },
		{ "https://openrouter.ai/api/v1", MINIMUM |
		  PARAM_STREAM_OPTIONS, 0, FORMAT_NONE, NULL, NULL, true },
		{ "https://me.openai.azure.com/openai/deployments/d",
		  PARAM_TEMPERATURE, 0, FORMAT_NONE, NULL, "api-key", false },
	};
	struct profile p;
	size_t i;

	(void)state;
	profile_init(&p);
	for (i = 0; i < COUNT(cases); i++) {
		/* Nothing stays of the one before. */
		profile_for_url(&p, cases[i].url);
		assert_int_equal(p.params & cases[i].has, cases[i].has);
		assert_int_equal(p.params & cases[i].lacks, 0);
		assert_int_equal(p.format, cases[i].format);
		if (cases[i].effort == NULL)
			assert_null(p.effort);
		else
			assert_string_equal(p.effort, cases[i].effort);
		if (cases[i].key_header == NULL)
			assert_null(p.key_header);
		else
			assert_string_equal(p.key_header, cases[i].key_header);
		assert_int_equal(p.headroom > 0, cases[i].headroom);
	}
	profile_free(&p);
}

/* Reads {"services": {"x": {"profile": {MEMBERS}}}}, MEMBERS on line 2. */
static int
read_members(struct profile *p, const char *dir, const char *members,
    struct err *err)
{
	struct doc doc = DOC_INIT;
	char text[600], path[256];
	int rc;

	snprintf(text, sizeof(text), "{\"services\": {\"x\": {\"profile\": {\n"
	    "%s}}}}", members);
	unit_write(dir, "recipe.json", text, 0600, path);
	*err = (struct err)ERR_INIT;
	if (doc_read(&doc, path, err) == -1)
		fail_msg("%s", err->text);
	profile_init(p);
	rc = profile_read(p, &doc, "x", err);
	doc_free(&doc);
	return rc;
}

static void
read_well(struct profile *p, const char *dir, const char *members)
{
	struct err err;

	if (read_members(p, dir, members, &err) == -1)
		fail_msg("%s: %s", members, err.text);
}

static void
switches(void **state)
{
	static const struct { const char *members; unsigned params; }
	    cases[] = {
		{ "", MINIMUM },
		{ "\"temperature\": false", MINIMUM & ~PARAM_TEMPERATURE },
		{ "\"top_p\": false", MINIMUM & ~PARAM_TOP_P },
		{ "\"temperature\": true", MINIMUM },
		{ "\"stop\": false", MINIMUM & ~PARAM_STOP },
		{ "\"seed\": false", MINIMUM & ~PARAM_SEED },
		{ "\"presence_penalty\": false",
		  MINIMUM & ~PARAM_PRESENCE_PENALTY },
		{ "\"frequency_penalty\": false",
		  MINIMUM & ~PARAM_FREQUENCY_PENALTY },
		{ "\"system_role\": false", MINIMUM & ~PARAM_SYSTEM_ROLE },
		{ "\"stream_options\": true", MINIMUM | PARAM_STREAM_OPTIONS },
		{ "\"max_tokens_name\": \"max_completion_tokens\"",
		  (MINIMUM & ~PARAM_MAX_TOKENS) |
		  PARAM_MAX_COMPLETION_TOKENS },
		{ "\"max_tokens_name\": \"max_tokens\"", MINIMUM },
		{ "\"reasoning_effort\": \"minimal\"", MINIMUM |
		  PARAM_REASONING_EFFORT },
		{ "\"response_format\": \"json_schema\"", MINIMUM |
		  PARAM_RESPONSE_FORMAT },
		{ "\"response_format\": \"json_object\"", MINIMUM |
		  PARAM_RESPONSE_FORMAT },
		{ "\"response_format\": \"none\"", MINIMUM },
	};
	struct profile p;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		read_well(&p, *state, cases[i].members);
		if (p.params != cases[i].params)
			fail_msg("%s: %x", cases[i].members, p.params);
		profile_free(&p);
	}
}

static void
every_member(void **state)
{
	struct profile p;
	const char *key;

	read_well(&p, *state, "\"response_format\": \"json_object\","
	    "\"reasoning_effort\": \"high\", \"headroom\": 300,"
	    "\"unfinished\": true, \"key_header\": \"x-key\","
	    "\"headers\": [\"A: b\", \"HTTP-Referer: https://x\"],"
	    "\"extra\": {\"user\": \"\", \"N\": 128, \"k\": {\"m\": [1]}}");
	assert_int_equal(p.format, FORMAT_OBJECT);
	assert_string_equal(p.effort, "high");
	assert_int_equal(p.headroom, 300);
	assert_true(p.unfinished);
	assert_string_equal(p.key_header, "x-key");
	assert_int_equal(p.nheaders, 2);
	assert_string_equal(p.headers[1], "HTTP-Referer: https://x");
	assert_null(p.headers[2]);
	/* The document it came from is gone. */
	assert_int_equal(json_count(p.extra), 3);
	json_member(p.extra, 1, &key);
	assert_string_equal(key, "N");
	profile_free(&p);
	assert_null(p.extra);
	read_well(&p, *state, "\"headers\": \"A: b\"");
	assert_int_equal(p.nheaders, 1);
	profile_free(&p);
}

/* What the file does not name keeps what is built in. */
static void
over_what_is_built_in(void **state)
{
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;
	struct profile p;
	char path[256];

	unit_write(*state, "recipe.json", "{\"services\": {\"x\": {\"profile\":"
	    " {\"reasoning_effort\": \"high\", \"headroom\": 1}}}}", 0600,
	    path);
	assert_int_equal(doc_read(&doc, path, &err), 0);
	profile_init(&p);
	profile_for_url(&p, "https://api.fireworks.ai/inference/v1");
	assert_int_equal(profile_read(&p, &doc, "x", &err), 0);
	assert_string_equal(p.effort, "high");
	assert_int_equal(p.headroom, 1);
	assert_int_equal(p.format, FORMAT_SCHEMA);
	assert_true(p.params & PARAM_RESPONSE_FORMAT);
	/* A service without a profile changes nothing. */
	assert_int_equal(profile_read(&p, &doc, "y", &err), 0);
	assert_string_equal(p.effort, "high");
	doc_free(&doc);
	profile_free(&p);
}

static void
mistakes_with_their_place(void **state)
{
	static const struct { const char *members, *words; } cases[] = {
		{ "\"temprature\": true", "temprature" },
		{ "\"temperature\": 1", "temperature" },
		{ "\"top_p\": \"no\"", "top_p" },
		{ "\"stream_options\": {}", "stream_options" },
		{ "\"response_format\": \"json\"", "\"json_schema\"" },
		{ "\"response_format\": true", "response_format" },
		{ "\"reasoning_effort\": 1", "reasoning_effort" },
		{ "\"max_tokens_name\": \"tokens\"",
		  "\"max_completion_tokens\"" },
		{ "\"headroom\": -1", "headroom" },
		{ "\"headroom\": 1000001", "headroom" },
		{ "\"headroom\": \"1\"", "headroom" },
		{ "\"unfinished\": 1", "unfinished" },
		{ "\"key_header\": \"a b\"", "key_header" },
		{ "\"key_header\": \"a: b\"", "key_header" },
		{ "\"key_header\": \"a\\r\\nb\"", "key_header" },
		{ "\"key_header\": \"\"", "key_header" },
		{ "\"headers\": [\"A\"]", "Name: value" },
		{ "\"headers\": [\"A: b\\r\\nC: d\"]", "Name: value" },
		{ "\"headers\": [\"A: b\", \": c\"]", "Name: value" },
		{ "\"headers\": [1]", "headers" },
		{ "\"headers\": {\"A\": \"b\"}", "headers" },
		{ "\"extra\": []", "extra" }, { "\"extra\": 1", "extra" },
		{ "\"extra\": {\"max_tokens\": 0}", "is 0, but must be" },
		{ "\"extra\": {\"max_tokens\": -1}", "max_tokens" },
		{ "\"extra\": {\"max_tokens\": null}", "is null" },
		{ "\"extra\": {\"Max_Tokens\": 1e5}", "whole number" },
		{ "\"extra\": {\"max_tokens\": \"5\"}", "whole number" },
		{ "\"extra\": {\"max_completion_tokens\": 9e99}",
		  "whole number" },
		{ "\"extra\": {\"max_completion_tokens\": 1000000001}",
		  "from 1 to 1000000000" },
		{ "\"extra\": {\"n_predict\": -1}", "from 1" },
		{ "\"extra\": {\"n\": 0}", "from 1 to 128" },
		{ "\"extra\": {\"N\": 129}", "from 1 to 128" },
		{ "\"extra\": {\"n\": 3.0}", "whole number" },
		{ "\"extra\": {\"n\": [2]}", "whole number" },
		{ "\"extra\": {\"best_of\": \"2\"}", "whole number" },
	};
	struct profile p;
	struct err err;
	char place[300];
	size_t i;

	snprintf(place, sizeof(place), "%s/recipe.json:2: ",
	    (const char *)*state);
	for (i = 0; i < COUNT(cases); i++) {
		if (read_members(&p, *state, cases[i].members, &err) != -1)
			fail_msg("%s was taken", cases[i].members);
		assert_int_equal(err.status, 503);
		unit_assert_has(err.text, place);
		unit_assert_has(err.text, cases[i].words);
		profile_free(&p);
	}
}

static void
every_parameter_by_its_name(void **state)
{
	static const char *const names[PARAMS_N] = { "max_tokens",
	    "max_completion_tokens", "temperature", "top_p",
	    "stream_options", "response_format", "reasoning_effort",
	    "minItems", "stop", "seed", "presence_penalty",
	    "frequency_penalty", "system_role" };
	unsigned i;

	(void)state;
	for (i = 0; i < PARAMS_N; i++) {
		assert_int_equal(param_in_text(names[i], 1u << i, NULL), 1u << i);
		assert_int_equal(param_in_text(names[i], ~(1u << i),
		    NULL), 0);
	}
}

static void
words_of_a_refusal(void **state)
{
	static const struct { const char *text; unsigned param; } cases[] = {
		{ "", 0 }, { "no", 0 }, { "messages: field required", 0 },
		{ "Unsupported parameter: 'max_tokens' is not supported with "
		  "this model. Use 'max_completion_tokens' instead.",
		  PARAM_MAX_TOKENS },
		{ "Unrecognized request argument supplied: "
		  "max_completion_tokens", PARAM_MAX_COMPLETION_TOKENS },
		{ "Unsupported value: 'temperature' does not support 0.25 with "
		  "this model. Only the default (1) value is supported.",
		  PARAM_TEMPERATURE },
		{ "top_p must be in (0, 1], got 0.0.", PARAM_TOP_P },
		{ "`temperature` and `top_p` cannot both be specified",
		  PARAM_TEMPERATURE },
		{ "Extra inputs are not permitted: stream_options",
		  PARAM_STREAM_OPTIONS },
		{ "[{\"type\":\"extra_forbidden\",\"loc\":[\"body\","
		  "\"stream_options\",\"include_usage\"]}]",
		  PARAM_STREAM_OPTIONS },
		{ "'response_format' of type json_schema is not supported",
		  PARAM_RESPONSE_FORMAT },
		{ "json_schema is not supported", PARAM_RESPONSE_FORMAT },
		{ "JSON Schema not supported: could not understand the "
		  "instance", PARAM_RESPONSE_FORMAT },
		{ "This response format is not available",
		  PARAM_RESPONSE_FORMAT },
		{ "Failed to parse grammar", PARAM_RESPONSE_FORMAT },
		/* Of a schema, the part. */
		{ "Invalid schema for response_format 'list': In context="
		  "('properties', 'items'), 'minItems' is not permitted.",
		  PARAM_ITEM_COUNTS },
		{ "response_format/json_schema/list: maxItems is not supported",
		  PARAM_ITEM_COUNTS },
		{ "unknown field reasoning_effort", PARAM_REASONING_EFFORT },
		{ "Unsupported parameter: 'stop' is not supported with this "
		  "model.", PARAM_STOP },
		{ "Unsupported parameter: stop_sequences", PARAM_STOP },
		{ "body.seed: Extra inputs are not permitted", PARAM_SEED },
		{ "Model grok-4 does not support parameter presencePenalty.",
		  PARAM_PRESENCE_PENALTY },
		{ "property 'frequency_penalty' is unsupported",
		  PARAM_FREQUENCY_PENALTY },
		/* A system message, as templates and hosts refuse it. */
		{ "System role not supported", PARAM_SYSTEM_ROLE },
		{ "Only user and assistant roles are supported!",
		  PARAM_SYSTEM_ROLE },
		{ "Conversation roles must alternate user/assistant/user/...",
		  PARAM_SYSTEM_ROLE },
		{ "Developer instruction is not enabled for models/gemma-3",
		  PARAM_SYSTEM_ROLE },
		{ "Unsupported value: 'messages[0].role' does not support "
		  "'system' with this model.", PARAM_SYSTEM_ROLE },
		/* Not a word of its own. */
		{ "my_max_tokens_limit", 0 }, { "stop_p and top_password", 0 },
		{ "max_tokens2", 0 },
		{ "my_top_p is set, so is temperature", PARAM_TEMPERATURE },
		{ "stop_p: set temperature, not top_p", PARAM_TEMPERATURE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (param_in_text(cases[i].text, ~0u, NULL) != cases[i].param)
			fail_msg("\"%s\" names %x", cases[i].text,
			    param_in_text(cases[i].text, ~0u, NULL));
	/* In whatever order it is put, what was not sent was not refused. */
	assert_int_equal(param_in_text("Use 'max_completion_tokens' instead of "
	    "'max_tokens'", PARAM_MAX_TOKENS | PARAM_TOP_P, NULL),
	    PARAM_MAX_TOKENS);
	assert_int_equal(param_in_text("top_p", PARAM_TEMPERATURE, NULL), 0);
	assert_int_equal(param_in_text("response_format: no 'minItems'",
	    PARAM_RESPONSE_FORMAT, NULL), PARAM_RESPONSE_FORMAT);
}

/* Members of a stage's "extra" are found by their own names. */
static void
extra_members_in_a_refusal(void **state)
{
	struct json *extra = json_parse(BYTES("{\"top_k\": 40, \"min_p\": "
	    "0.1, \"p\": 1}"), 4, true, NULL, NULL);
	unsigned all = PARAM_EXTRA(0) | PARAM_EXTRA(1) | PARAM_EXTRA(2);

	(void)state;
	assert_int_equal(param_in_text("min_p and top_k", all, extra),
	    PARAM_EXTRA(1));
	assert_int_equal(param_in_text("min_p and top_k", PARAM_EXTRA(0),
	    extra), PARAM_EXTRA(0));
	assert_int_equal(param_in_text("top_p, top_k", all | PARAM_TOP_P,
	    extra), PARAM_TOP_P);
	assert_int_equal(param_in_text("stop_p, top_k2", ~0u, extra), 0);
	assert_int_equal(param_in_text("property 'p'", ~0u, extra),
	    PARAM_EXTRA(2));
	assert_int_equal(param_in_text("min_p", all, NULL), 0);
	json_free(extra);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_minimum),
		TEST(hosts),
		TEST(switches),
		TEST(every_member),
		TEST(over_what_is_built_in),
		TEST(mistakes_with_their_place),
		TEST(every_parameter_by_its_name),
		TEST(words_of_a_refusal),
		TEST(extra_members_in_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
