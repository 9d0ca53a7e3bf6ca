/*
 * test_line_write: lines of results and of errors, byte for byte; that they are
 * one line for every reader, and input again; and what they are judged to be.
 */
#include "text/grammar.h"
#include "fixture_line.h"

/* U+2028, U+2029 and U+0085, and characters that begin as they do. */
#define BREAKS	"\xe2\x80\xa8\xe2\x80\xa9\xc2\x85"
#define NEAR	"\xe2\x80\xaa\xe2\x82\xa8\xc2\xa8\xe2\x96\x80"
#define ESCAPED	"\\u2028\\u2029\\u0085"

static void
results(void **state)
{
	struct buf out = BUF_INIT(4096);
	struct line line;

	(void)state;
	read_well(&line, "{\"custom_id\" : \"\\u00e9" BREAKS "\",\"word\":1}",
	    NULL);
	line_write_run(&out, &line, BYTES("\n{\"parts\":{\"a\":\"" BREAKS NEAR
	    "\\\\ud83d\"},\r\n \"n\":9007199254740993}\n"));
	assert_string_equal(out.data, "{\"custom_id\":\"\\u00e9" ESCAPED "\","
	    "\"response\":{\"parts\":{\"a\":\"" ESCAPED NEAR "\\\\ud83d\"},   "
	    "\"n\":9007199254740993},\"error\":null}");
	line_free(&line);
	buf_reset(&out);
	read_well(&line, "{\"body\":{}}", NULL);
	line_write_call(&out, &line, "req_1", BYTES("{\"choices\":[{\"text\":"
	    "\"\\ud83d\\ude00\\ud83d\\u00e9\\ude00\"}]}"));
	assert_string_equal(out.data, "{\"id\":\"req_1\",\"custom_id\":"
	    "\"line-7\",\"response\":{\"status_code\":200,\"request_id\":"
	    "\"req_1\",\"body\":{\"choices\":[{\"text\":\"\\ud83d\\ude00"
	    "\\ufffd\\u00e9\\ufffd\"}]}},\"error\":null}");
	line_free(&line);
	buf_free(&out);
}

static void
errors(void **state)
{
	struct buf out = BUF_INIT(4096);
	struct line line;

	(void)state;
	read_well(&line, "{\"id\":\"old\",\"custom_id\":\"a\",\"response\":"
	    "{\"error\":1},\"bod\\u0079\": {\"seed\":9007199254740993, "
	    "\"x\":\"" BREAKS "\"} ,\"error\":\"old\"}", NULL);
	line_write_error(&out, &line, "req_1", 429, BYTES("{\n \"error\": "
	    "{\"code\": 1.0}\n}\n"), "unused", "unused");
	assert_string_equal(out.data, "{\"custom_id\":\"a\",\"bod\\u0079\":"
	    "{\"seed\":9007199254740993, \"x\":\"" ESCAPED "\"},\"response\":"
	    "{\"status_code\":429,\"request_id\":\"req_1\",\"body\":{  "
	    "\"error\": {\"code\": 1.0} }},\"error\":null}");
	buf_reset(&out);
	line_write_error(&out, &line, "req_1", 0, NULL, 0, "no_connection",
	    "it said \"no\"\n");
	unit_assert_has(out.data, "\"response\":null,\"error\":{\"code\":"
	    "\"no_connection\",\"message\":\"it said \\\"no\\\"\\n\"}}");
	line_free(&line);
	/* A run keeps its "id", which may be an input, and gets its name. */
	buf_reset(&out);
	read_well(&line, "{\"id\":\"an input\"}", NULL);
	line_write_error(&out, &line, "r", 503, BYTES("{}"), NULL, NULL);
	assert_string_equal(out.data, "{\"custom_id\":\"line-7\",\"id\":\"an "
	    "input\",\"response\":{\"status_code\":503,\"request_id\":\"r\","
	    "\"body\":{}},\"error\":null}");
	line_free(&line);
	buf_free(&out);
}

/* Answers that are no JSON, or none that a line can have. */
static void
wrapped_answers(void **state)
{
	static const struct { const char *body; size_t n; const char *line; }
	    cases[] = {
		{ BYTES(""), "{\"error\":{\"message\":\"said so\"}}" },
		{ BYTES("<html>\r\n502\t\"bad\"" BREAKS),
		    "{\"error\":{\"message\":\"<html>\\r\\n502\\t\\\"bad\\\""
		    ESCAPED "\"}}" },
		{ BYTES("\xff\0x"),
		    "{\"error\":{\"message\":\"\xef\xbf\xbd\\u0000x\"}}" },
		{ BYTES("{\"error\":"),
		    "{\"error\":{\"message\":\"{\\\"error\\\":\"}}" },
		{ BYTES("[{\"error\":{}}]"), "[{\"error\":{}}]" },
		{ BYTES("null"), "null" },
		{ BYTES("{\"a\":\"\\ud83d\"}"), "{\"a\":\"\\ufffd\"}" },
	};
	struct buf out = BUF_INIT(4096), want = BUF_INIT(4096);
	struct line line;
	size_t i;

	(void)state;
	read_well(&line, "{" BODY "}", NULL);
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		buf_reset(&want);
		line_write_error(&out, &line, "r", 500, cases[i].body,
		    cases[i].n, NULL, "said so");
		buf_printf(&want, "\"request_id\":\"r\",\"body\":%s},"
		    "\"error\":null}", cases[i].line);
		unit_assert_has(out.data, want.data);
	}
	line_free(&line);
	buf_free(&out);
	buf_free(&want);
}

/* Every line of the errors file is taken as input, with the same id and body. */
static void
input_again(void **state)
{
	static const char *const inputs[] = { "{" BODY "}",
	    "{\"custom_id\":\"\\ud83d\\ude00\\u0000\"," CALL BODY "}",
	    " {\t\"id\":\"x\",\"custom_id\":\"a" BREAKS "\"," BODY "\r} ",
	    "{\"word\":\"a\",\"want\":[\"b\"],\"response\":1,\"error\":2}" };
	struct buf out = BUF_INIT(1 << 20), deep = BUF_INIT(1 << 20);
	struct buf id = BUF_INIT(100);
	struct line line, again;
	size_t i;
	int status;

	(void)state;
	buf_fill(&deep, '[', 100);
	buf_fill(&deep, ']', 100);
	for (i = 0; i < COUNT(inputs) * 2; i++) {
		read_well(&line, inputs[i / 2], NULL);
		buf_reset(&out);
		buf_reset(&id);
		status = i % 2 == 0 ? 0 : 500;
		line_write_error(&out, &line, "r", status, deep.data, deep.len,
		    "code", "\xff" BREAKS);
		assert_null(memchr(out.data, '\n', out.len));
		read_well(&again, out.data, NULL);
		assert_int_equal(again.kind, line.kind);
		assert_int_equal(again.id.len, line.id.len);
		assert_memory_equal(again.id.data, line.id.data, line.id.len);
		if (line.kind == LINE_CALL) {
			assert_int_equal(again.body_len, line.body_len);
			assert_memory_equal(again.body, line.body,
			    line.body_len);
		}
		assert_int_equal(line_judge(out.data, out.len, &id),
		    LINE_BAD);
		assert_memory_equal(id.data, line.id.data, line.id.len);
		line_free(&line);
		line_free(&again);
	}
	buf_free(&out);
	buf_free(&deep);
	buf_free(&id);
}

/* --- reading results ------------------------------------------------------ */

#define ID	"\"custom_id\":\"a\","

static void
judged(void **state)
{
	static const struct { const char *text; enum line_verdict verdict; }
	    cases[] = {
		{ "{\"id\":\"b\"," ID "\"response\":{\"status_code\":200,"
		    "\"request_id\":\"r\",\"body\":{\"choices\":[]}},"
		    "\"error\":null}", LINE_GOOD },
		{ "{" ID "\"response\":{\"status_code\":201,\"body\":{\"error"
		    "\":null}}}", LINE_GOOD },
		{ " { \"custom_\\u0069d\" : \"a\" , \"response\" : { "
		    "\"parts\" : { } } , \"error\" : null } ", LINE_GOOD },
		{ "{" ID "\"response\":{\"body\":{\"error\":1}}}", LINE_GOOD },
		{ "{" ID "\"response\":{\"status_code\":400,\"body\":{}}}",
		    LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":200,\"body\":{"
		    "\"error\":{}}},\"error\":null}", LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":200,\"body\":null},"
		    "\"error\":null}", LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":200},\"error\":null}",
		    LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":200,\"body\":\"{}\"}}",
		    LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":\"200\",\"body\":{}}}",
		    LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":2000,\"body\":{}}}",
		    LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":null,\"body\":{}}}",
		    LINE_BAD },
		/* vLLM's two, OpenAI's. */
		{ "{" ID "\"response\":{\"status_code\":400,\"body\":null},"
		    "\"error\":\"bad\"}", LINE_BAD },
		{ "{" ID "\"response\":{\"status_code\":200,\"body\":{}},"
		    "\"error\":{\"error\":{}}}", LINE_BAD },
		{ "{" ID "\"response\":null,\"error\":{\"code\":"
		    "\"batch_expired\"}}", LINE_BAD },
		{ "{" ID "\"response\":null,\"error\":null}", LINE_BAD },
		{ "{" ID "\"error\":null}", LINE_BAD },
		{ "{" ID "\"response\":[]}", LINE_BAD },
		/* Of an input, of Anthropic's output, of anything else. */
		{ "{" ID CALL BODY "}", LINE_UNKNOWN },
		{ "{" ID "\"result\":{\"type\":\"succeeded\"}}",
		    LINE_UNKNOWN },
		{ "{\"response\":{},\"error\":null}", LINE_UNKNOWN },
		{ "{\"custom_id\":7,\"response\":{}}", LINE_UNKNOWN },
		{ "{\"custom_id\":null,\"response\":{}}", LINE_UNKNOWN },
		{ "[{" ID "\"response\":{}}]", LINE_UNKNOWN },
		{ "{" ID "\"response\":{}", LINE_UNKNOWN },
		{ "{" ID "\"response\":{}}x", LINE_UNKNOWN },
		{ "", LINE_UNKNOWN }, { "null", LINE_UNKNOWN },
		{ "a", LINE_UNKNOWN }, { "\"a\"", LINE_UNKNOWN },
	};
	struct buf id = BUF_INIT(100);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&id);
		if (line_judge(cases[i].text, strlen(cases[i].text), &id) !=
		    cases[i].verdict)
			fail_msg("%s is not %d", cases[i].text,
			    cases[i].verdict);
		if (cases[i].verdict != LINE_UNKNOWN)
			assert_string_equal(id.data, "a");
	}
	buf_reset(&id);
	assert_int_equal(line_judge(BYTES("{\"custom_id\":\"\\u00e9\\u0000\","
	    "\"response\":{}}"), &id), LINE_GOOD);
	assert_int_equal(id.len, 3);
	assert_memory_equal(id.data, "\xc3\xa9\0", 3);
	buf_free(&id);
}

/* What is written is read as what it is. */
static void
judged_as_written(void **state)
{
	struct buf out = BUF_INIT(4096), id = BUF_INIT(100);
	struct line line;

	(void)state;
	read_well(&line, "{\"custom_id\":\"a\"," BODY "}", NULL);
	line_write_run(&out, &line, BYTES("{\"errors\":[{}]}"));
	assert_int_equal(line_judge(out.data, out.len, &id), LINE_PARTLY);
	buf_reset(&id);
	buf_reset(&out);
	line_write_run(&out, &line, BYTES("{\"errors\": [ ]}"));
	assert_int_equal(line_judge(out.data, out.len, &id), LINE_GOOD);
	buf_reset(&out);
	line_write_call(&out, &line, "r", BYTES("{}"));
	assert_int_equal(line_judge(out.data, out.len, &id), LINE_GOOD);
	assert_string_equal(id.data, "aa");
	line_free(&line);
	buf_free(&out);
	buf_free(&id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results),
		cmocka_unit_test(errors),
		cmocka_unit_test(wrapped_answers),
		cmocka_unit_test(input_again),
		cmocka_unit_test(judged),
		cmocka_unit_test(judged_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
