/*
 * test_line: lines of the input: those that are odd, those of each dialect,
 * what is refused and by which name, and what bounds a call.
 */
#include "fixture_line.h"

/* A line and what comes of it: a code, or NULL and its id. */
struct odd { const char *text; size_t n; const char *code, *id; };

static void
assert_odd(const struct odd *odd, const struct graph *graph)
{
	struct line_fault fault = { "taken", "" };
	struct line line;
	int rc = read_line(&line, odd->text, odd->n, graph, &fault);

	if (odd->code == NULL && rc == -1)
		fail_msg("%s: %s, %s", odd->text, fault.code, fault.message);
	if (odd->code != NULL && (rc == 0 ||
	    strcmp(fault.code, odd->code) != 0))
		fail_msg("%s: %s, not %s", odd->text, rc == 0 ? "taken" :
		    fault.code, odd->code);
	if (odd->code != NULL)
		assert_true(strlen(fault.message) > 10 &&
		    strlen(fault.message) < sizeof(fault.message) - 1);
	else
		assert_string_equal(line.id.data, odd->id);
	line_free(&line);
	line_free(&line);
}

/* The 13 odd lines that other tools choke on, in their order. */
static void
odd_lines(void **state)
{
	static const struct odd odds[] = {
		{ BYTES("{" BODY ",\"url\":\"/v1/chat/completions\","
		    "\"method\":\"POST\",\"custom_id\":\"z\"}"), NULL, "z" },
		{ BYTES("{\"custom_id\":\"\"," CALL BODY "}"),
		    "empty_custom_id", NULL },
		{ BYTES("{\"custom_id\":7," CALL BODY "}"),
		    "custom_id_not_string", NULL },
		{ BYTES("{\"custom_id\":\"a\\u0000b\"," CALL BODY "}"),
		    NULL, "a" },
		{ BYTES("{\"custom_id\":\"\xc3\xa9\"," CALL BODY "}"), NULL,
		    "\xc3\xa9" },
		{ BYTES("{\"custom_id\":\"\\u00e9\"," CALL BODY "}"), NULL,
		    "\xc3\xa9" },
		{ BYTES("{\"custom_id\":\"a\",\"custom_id\":\"b\"," CALL BODY
		    "}"), "duplicate_member", NULL },
		{ BYTES("{\"custom_id\":\"c\",\"body\":{\"messages\":[]}}"),
		    NULL, "c" },
		{ BYTES("{\"custom_id\":\"d\"," CALL
		    "\"body\":\"{\\\"model\\\":\\\"m\\\"}\"}"),
		    "body_not_object", NULL },
		{ BYTES("{\"custom_id\":\"e\",\"method\":\"POST\","
		    "\"url\":\"/v1/chat/completions/\"," BODY "}"),
		    "url_mismatch", NULL },
		{ BYTES("{\"custom_id\":\"f\"," CALL "\"body\":{\"stream\":"
		    "true,\"n\":2,\"seed\":9007199254740993,\"model\":\"m\","
		    "\"messages\":[]}}"), NULL, "f" },
		{ BYTES("{\"custom_id\":\"g\"," CALL "\"body\":{\"model\":"
		    "\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{"
		    "\"type\":\"text\",\"text\":\"a\xe2\x80\xa8" "b\"}]}]}}"),
		    NULL, "g" },
		{ BYTES("{\"custom_id\":\"h\"," CALL "\"body\":{\"model\":"
		    "\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
		    "\"\\ud83d\"}]}}"), "invalid_unicode", NULL },
		{ BYTES("[{\"custom_id\":\"a\"," CALL BODY "}]"),
		    "line_not_object", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(odds); i++)
		assert_odd(&odds[i], NULL);
}

static void
refused_by_name(void **state)
{
	static const struct odd odds[] = {
		{ BYTES("{\"custom_id\":null,\"word\":\"a\"}"),
		    "custom_id_not_string", NULL },
		{ BYTES("{\"custom_id\":[\"a\"],\"word\":\"a\"}"),
		    "custom_id_not_string", NULL },
		{ BYTES("{\"a\":1,\"\\u0061\":2}"), "duplicate_member", NULL },
		{ BYTES("{" BODY ",\"bod\\u0079\":{}}"), "duplicate_member",
		    NULL },
		{ BYTES("{\"\":1,\"\":2}"), "duplicate_member", NULL },
		{ BYTES("{" CALL "\"body\":null}"), "body_not_object", NULL },
		{ BYTES("{" CALL "\"body\":[]}"), "body_not_object", NULL },
		{ BYTES("{\"method\":\"POST\"}"), "missing_required_parameter",
		    NULL },
		{ BYTES("{\"url\":\"/v1/chat/completions\",\"bodi\":{}}"),
		    "missing_required_parameter", NULL },
		{ BYTES("{\"method\":\"GET\"," BODY "}"), "method_mismatch",
		    NULL },
		{ BYTES("{\"method\":\"post\"," BODY "}"), "method_mismatch",
		    NULL },
		{ BYTES("{\"method\":1," BODY "}"), "method_mismatch", NULL },
		{ BYTES("{\"url\":\"/v1/embeddings\"," BODY "}"),
		    "url_mismatch", NULL },
		{ BYTES("{\"url\":\"/v1/chat/completions\\u0000\"," BODY "}"),
		    "url_mismatch", NULL },
		{ BYTES("{\"url\":[]," BODY "}"), "url_mismatch", NULL },
		{ BYTES("null"), "line_not_object", NULL },
		{ BYTES(" null\t"), "line_not_object", NULL },
		{ BYTES("\"{}\""), "line_not_object", NULL },
		{ BYTES("12"), "line_not_object", NULL },
		{ BYTES("nul"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":1"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":1}{\"b\":2}"), "invalid_json_line", NULL },
		{ BYTES("{'a':1}"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":NaN}"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":\"x\0y\"}"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":1}\0"), "invalid_json_line", NULL },
		{ BYTES("\xef\xbb\xbf{\"a\":1}"), "invalid_json_line", NULL },
		{ BYTES("{\"a\":\"\xff\"}"), "invalid_unicode", NULL },
		{ BYTES("{\"a\":\"Creme br\xfbl\xe9\x65\"}"),
		    "invalid_unicode", NULL },
		/* A surrogate as UTF-8, and an overlong form. */
		{ BYTES("{\"a\":\"\xed\xa0\xbd\"}"), "invalid_unicode", NULL },
		{ BYTES("{\"a\":\"\xc0\xaf\"}"), "invalid_unicode", NULL },
		{ BYTES("{\"a\":\"\\ude00\"}"), "invalid_unicode", NULL },
		{ BYTES("{\"a\":\"\\ud83dx\\ude00\"}"), "invalid_unicode",
		    NULL },
		{ BYTES("{\"a\":\"\\ud83d\\ud83d\\ude00\"}"),
		    "invalid_unicode", NULL },
		{ BYTES("{\"a\":{\"\\ud83d\":1}}"), "invalid_unicode", NULL },
		{ BYTES("{\"custom_id\":\"\\udfff\"}"), "invalid_unicode",
		    NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(odds); i++)
		assert_odd(&odds[i], NULL);
}

static void
taken(void **state)
{
	static const struct odd odds[] = {
		/* Azure's, Together's, Mistral's, with null for what lacks. */
		{ BYTES("{\"custom_id\":\"a\",\"method\":\"POST\","
		    "\"url\":\"/chat/completions\"," BODY "}"), NULL, "a" },
		{ BYTES("{\"custom_id\":\"1\"," BODY "}"), NULL, "1" },
		{ BYTES("{" BODY "}"), NULL, "line-7" },
		{ BYTES("{\"method\":null,\"url\":null," BODY "}"), NULL,
		    "line-7" },
		/* Spread with white space; a pair; half of one as text. */
		{ BYTES(" { \"a\" :\t[ 1 ,\r2 ] } "), NULL, "line-7" },
		{ BYTES("{\"a\":\"\\ud83d\\uDE00\"}"), NULL, "line-7" },
		{ BYTES("{\"a\":\"\\\\ud83d\"}"), NULL, "line-7" },
		{ BYTES("{\"\\u0063ustom_id\":\"\\ud83d\\ude00\"}"), NULL,
		    "\xf0\x9f\x98\x80" },
		{ BYTES("{}"), NULL, "line-7" },
		/* What only a body has twice is its service's to judge. */
		{ BYTES("{\"body\":{\"a\":1,\"a\":2}}"), NULL, "line-7" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(odds); i++)
		assert_odd(&odds[i], NULL);
}

/* How a message names what is wrong, and where. */
static void
faults_in_words(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "{\"a\":01}", "at byte 7: a number must be written" },
		{ "{\"want\":1,\"x\":2,\"want\":3}", "it has want twice" },
		{ "{\"\\u001b[31m\":1,\"\\u001b[31m\":3}",
		    "it has a member twice" },
		{ "[]", "it is an array, and must be an object" },
		{ "{\"body\":\"{}\"}", "body is a string, and must be an "
		    "object; write it without quotes" },
	};
	struct line_fault fault;
	struct line line;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(read_line(&line, cases[i].text,
		    strlen(cases[i].text), NULL, &fault), -1);
		unit_assert_has(fault.message, cases[i].words);
		line_free(&line);
	}
}

/* --- the two kinds -------------------------------------------------------- */

static void
a_call_as_it_was_written(void **state)
{
	struct line line;

	(void)state;
	read_well(&line, "{\"custom_id\": \"f\", \"body\" : {\"model\":"
	    "\"m\\u0065\",\"seed\": 9007199254740993, \"n\":2,\"x\":1.50}, "
	    "\"error\":{\"code\":\"c\"},\"response\":null}", NULL);
	assert_int_equal(line.kind, LINE_CALL);
	assert_int_equal(line.number, 7);
	assert_string_equal(line.model, "me");
	assert_int_equal(line.choices, 2);
	assert_int_equal(line.body_len, strlen("{\"model\":\"m\\u0065\","
	    "\"seed\": 9007199254740993, \"n\":2,\"x\":1.50}"));
	assert_memory_equal(line.body, "{\"model\":\"m\\u0065\",\"seed\": "
	    "9007199254740993, \"n\":2,\"x\":1.50}", line.body_len);
	assert_true(line.body > line.text.data &&
	    line.body < line.text.data + line.text.len);
	assert_null(json_get(line.json, "custom_id"));
	line_free(&line);
	assert_null(line.json);
	/* The id is whole, whatever is in it. */
	read_well(&line, "{\"custom_id\":\"a\\u0000b\",\"body\":{}}", NULL);
	assert_int_equal(line.id.len, 3);
	assert_memory_equal(line.id.data, "a\0b", 3);
	assert_null(line.model);
	line_free(&line);
}

static void
a_run_without_what_is_ours(void **state)
{
	struct buf out = BUF_INIT(1000);
	struct line line;

	(void)state;
	read_well(&line, "{\"word\":\"a\",\"custom_id\":\"r\",\"response\":"
	    "{\"status_code\":503},\"want\":[\"a\"],\"error\":null}", NULL);
	assert_int_equal(line.kind, LINE_RUN);
	assert_string_equal(line.id.data, "r");
	json_write(line.json, &out);
	assert_string_equal(out.data, "{\"word\":\"a\",\"want\":[\"a\"]}");
	assert_null(line.body);
	line_free(&line);
	buf_free(&out);
}

/* A graph that has inputs of those names has runs. */
static void
inputs_of_the_graph(void **state)
{
	static char names[3][8] = { "url", "body", "word" };
	struct input inputs[3] = { { .name = names[0] }, { .name = names[1] },
	    { .name = names[2] } };
	struct graph graph = GRAPH_INIT;
	struct line line;

	(void)state;
	graph.inputs = inputs;
	graph.ninputs = 3;
	read_well(&line, "{\"url\":\"https://example.com/\",\"body\":\"a\"}",
	    &graph);
	assert_int_equal(line.kind, LINE_RUN);
	line_free(&line);
	read_well(&line, "{" CALL BODY "}", &graph);
	assert_int_equal(line.kind, LINE_CALL);
	line_free(&line);
	graph.ninputs = 1;
	read_well(&line, "{" BODY "}", &graph);
	assert_int_equal(line.kind, LINE_CALL);
	line_free(&line);
	read_well(&line, "{\"word\":\"a\"}", NULL);
	assert_int_equal(line.kind, LINE_RUN);
	line_free(&line);
}

/* --- what bounds a call --------------------------------------------------- */

#define SAID(content) "\"max_tokens\":9,\"messages\":[{\"content\":" content \
	"}]"

static void
bounds(void **state)
{
	static const struct { const char *body; int64_t choices, tokens;
	    bool is_bound; } cases[] = {
		{ "\"messages\":[]", 1, -1, false },
		{ "\"messages\":[],\"max_tokens\":5", 1, 5, true },
		{ "\"messages\":[],\"max_completion_tokens\":6", 1, 6, true },
		{ "\"messages\":[],\"max_tokens\":5,\"max_completion_tokens\":"
		    "6,\"n\":3", 3, 6, true },
		{ "\"messages\":[],\"max_tokens\":7,\"max_completion_tokens\":"
		    "6", 1, 7, true },
		{ "\"messages\":[],\"max_tokens\":0", 1, 0, true },
		{ "\"messages\":[],\"max_tokens\":-1", 1, -1, false },
		{ "\"messages\":[],\"max_tokens\":null", 1, -1, false },
		{ "\"messages\":[],\"max_tokens\":5.0", 1, -1, false },
		{ "\"messages\":[],\"max_tokens\":\"5\"", 1, -1, false },
		{ "\"messages\":[],\"max_tokens\":99999999999999999999", 1,
		    INT64_MAX, false },
		{ SAID("\"a\""), 1, 9, true }, { SAID("null"), 1, 9, true },
		{ SAID("[]"), 1, 9, true },
		{ SAID("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":"
		    "\"refusal\",\"refusal\":\"no\"},\"a\"]"), 1, 9, true },
		{ SAID("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":"
		    "\"image_url\",\"image_url\":{\"url\":\"x\"}}]"), 1, 9,
		    false },
		{ SAID("[{\"type\":\"input_audio\"}]"), 1, 9, false },
		{ SAID("[{\"type\":\"file\"}]"), 1, 9, false },
		{ SAID("[{\"image_url\":\"x\"}]"), 1, 9, false },
		{ SAID("[null]"), 1, 9, false }, { SAID("{}"), 1, 9, false },
		{ SAID("7"), 1, 9, false },
		{ SAID("null,\"audio\":{\"id\":\"audio_1\"}"), 1, 9, false },
		{ SAID("\"a\"") ",\"tools\":[{\"type\":\"function\"}],"
		    "\"response_format\":{\"type\":\"json_object\"}", 1, 9,
		    true },
		{ "\"max_tokens\":9,\"messages\":[\"a\"]", 1, 9, false },
		{ "\"max_tokens\":9,\"messages\":\"a\"", 1, 9, false },
		{ "\"max_tokens\":9", 1, 9, false },
		{ SAID("\"a\"") ",\"n\":null", 1, 9, true },
		{ SAID("\"a\"") ",\"n\":0", 1, 9, true },
		{ SAID("\"a\"") ",\"n\":-4", 1, 9, true },
		{ SAID("\"a\"") ",\"n\":2.0", 1, 9, false },
		{ SAID("\"a\"") ",\"n\":\"2\"", 1, 9, false },
	};
	struct buf text = BUF_INIT(4096);
	struct line line;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&text);
		buf_printf(&text, "{\"body\":{%s}}", cases[i].body);
		read_well(&line, text.data, NULL);
		if (line.choices != cases[i].choices ||
		    line.tokens != cases[i].tokens ||
		    line.is_bound != cases[i].is_bound)
			fail_msg("%s: %lld of %lld, %d", cases[i].body,
			    (long long)line.choices, (long long)line.tokens,
			    line.is_bound);
		line_free(&line);
	}
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_lines),
		cmocka_unit_test(refused_by_name),
		cmocka_unit_test(taken),
		cmocka_unit_test(faults_in_words),
		cmocka_unit_test(a_call_as_it_was_written),
		cmocka_unit_test(a_run_without_what_is_ours),
		cmocka_unit_test(inputs_of_the_graph),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
