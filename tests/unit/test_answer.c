/*
 * test_answer: what services say, in every shape that was seen, as frames.
 */
#include "fixture_answer.h"

static void
chunks(void **state)
{
	static const struct { const char *events[7], *want; } cases[] = {
		/* C7: what holds no text is none. */
		{ { DELTA("\"role\":\"assistant\""), TEXT("a"), NULL },
		  "S[a]" },
		{ { DELTA("\"role\":\"\",\"content\":\"\""), NULL }, "S" },
		{ { DELTA("\"content\":null"), TEXT("a"), NULL }, "S[a]" },
		{ { DELTA(""), TEXT("a"), NULL }, "S[a]" },
		{ { "{\"choices\":[{\"index\":0}]}", NULL }, "S" },
		{ { "{\"choices\":[{\"delta\":null}]}", NULL }, "S" },
		{ { "{\"choices\":null}", TEXT("a"), NULL }, "S[a]" },
		{ { "{\"choices\":[null]}", TEXT("a"), NULL }, "S[a]" },
		{ { "{}", "null", "1", "\"x\"", "[]", TEXT("a"), NULL },
		  "S[a]" },
		/* C8 */
		{ { "{\"choices\":[],\"prompt_filter_results\":[{"
		    "\"prompt_index\":0,\"content_filter_results\":{}}]}",
		    TEXT("a"), "{\"choices\":[{\"index\":0,\"delta\":{},"
		    "\"content_filter_offsets\":{\"check_offset\":4},"
		    "\"content_filter_results\":{\"hate\":{}}}]}", NULL },
		  "S[a]" },
		{ { TEXT("a"), "{\"choices\":[],\"error\":null}", NULL },
		  "S[a]" },
		/* C2: blank data, and white space around it. */
		{ { "", " ", "\n", TEXT("a"), NULL }, "S[a]" },
		{ { TEXT("a") "\n", TEXT("b") " \t\r\n", NULL }, "S[a][b]" },
		/* C3 */
		{ { TEXT("a"), "[DONE]", TEXT("b"), "{\"error\":\"x\"}", NULL },
		  "S[a]" },
		{ { "[DONE] \n", TEXT("b"), NULL }, "" },
		{ { TEXT("[DONE]"), TEXT("b"), NULL }, "S[[DONE]][b]" },
		/* C13 */
		{ { DELTA("\"content\":\"a\",\"obfuscation\":\"xyz\""), NULL },
		  "S[a]" },
		{ { "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}},"
		    "{\"index\":0,\"delta\":{\"content\":\"a\"}}]}", NULL },
		  "S[a]" },
		{ { "{\"choices\":[{\"index\":2,\"delta\":{\"content\":\"b\"}}"
		    "]}", NULL }, "S" },
		{ { "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", NULL },
		  "S[a]" },
		{ { DELTA("\"tool_calls\":[{\"index\":0,\"function\":{"
		    "\"arguments\":\"{}\"}}]"), NULL }, "S" },
		/* Pieces, as Mistral has them for models that reason. */
		{ { DELTA("\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
		    "{\"type\":\"text\",\"text\":\"b\"}]"), NULL },
		  "S[a][b]" },
		{ { DELTA("\"content\":[{\"type\":\"thinking\",\"thinking\":[{"
		    "\"type\":\"text\",\"text\":\"x\"}]}]"), TEXT("a"), NULL },
		  "ST[a]" },
		{ { DELTA("\"content\":[]"), DELTA("\"content\":[null,1]"),
		    DELTA("\"content\":{}"), NULL }, "S" },
		/* A message in place of a delta. */
		{ { "{\"choices\":[{\"message\":{\"content\":\"a\"}}]}", NULL },
		  "S[a]" },
		/* Escapes, a NUL, bytes that are no UTF-8. */
		{ { TEXT("a\\n\\t\\\"\\\\\\u00e9"), NULL },
		  "S[a\n\t\"\\\xc3\xa9]" },
		{ { TEXT("a\xff" "b"), NULL }, "S[a\xef\xbf\xbd" "b]" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		hears(cases[i].events, cases[i].want);
}

static void
thoughts(void **state)
{
	static const struct { const char *events[7], *want; } cases[] = {
		{ { DELTA("\"reasoning_content\":\"x\""), TEXT("a"), NULL },
		  "ST[a]" },
		{ { DELTA("\"reasoning\":\"x\",\"content\":\"\""), TEXT("a"),
		    NULL }, "ST[a]" },
		{ { DELTA("\"reasoning\":null,\"content\":\"a\""), NULL },
		  "S[a]" },
		{ { DELTA("\"reasoning_content\":\"\",\"reasoning\":\"\""),
		    NULL }, "S" },
		{ { TEXT("<think>x"), TEXT("y</thi"), TEXT("nk>"),
		    TEXT("\\n\\n"), TEXT("a"), NULL }, "STTT[a]" },
		{ { TEXT("a<thi"), TEXT("s>"), NULL }, "S[a][<this>]" },
		{ { TEXT("a<thi"), NULL }, "S[a][<thi]" },
		{ { TEXT("x"), TEXT("y</think>a"), TEXT("b"), NULL },
		  "S[x]V[a][b]" },
		{ { TEXT("x"), TEXT("</think>"), TEXT("\\n"), TEXT("a"),
		    NULL }, "S[x]TTV[a]" },
		{ { TEXT("x"), TEXT("</think>"), TEXT("\\n"), NULL },
		  "S[x]TT" },
		{ { TEXT("<think>x</think>"), TEXT("a"), TEXT("</think>"),
		    TEXT(" b"), NULL }, "ST[a]T[ b]" },
		{ { TEXT("[THINK]"), TEXT("x"), TEXT("[/THINK]a"), TEXT("["),
		    TEXT("1]"), NULL }, "STT[a][[1]]" },
		{ { TEXT("<think>x"), NULL }, "ST" },
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		hears(cases[i].events, cases[i].want);
	/* What turned out to be a thought counts for nothing, and is told. */
	begin(&h);
	event(&h, TEXT("x"));
	event(&h, TEXT("y</think>ab"));
	assert_int_equal(h.answer.text_len, 2);
	assert_int_equal(h.answer.heard, 12);
	assert_int_equal(h.outcome.thinks, THINKS_INSIDE);
	end(&h);
}

/* Each place of a thought is told, paid for, and shown nowhere. */
static void
places_of_a_thought(void **state)
{
	static const struct { const char *delta; size_t bytes; } cases[] = {
		{ DELTA("\"reasoning_content\":\"abcd\""), 4 },
		{ DELTA("\"reasoning\":\"abcd\""), 4 },
		{ DELTA("\"content\":\"\",\"reasoning_text\":\"abcd\""), 4 },
		{ DELTA("\"thinking\":\"abcd\""), 4 },
		{ DELTA("\"thinking\":{\"content\":\"abcd\"}"), 4 },
		{ DELTA("\"thought\":\"abcd\""), 4 },
		{ DELTA("\"thinking_content\":\"abcd\""), 4 },
		{ DELTA("\"reasoning_details\":[{\"type\":\"reasoning.text\","
		    "\"text\":\"abcd\",\"signature\":\"zzzzzzzzz\"}]"), 4 },
		{ DELTA("\"reasoning_details\":[{\"type\":"
		    "\"reasoning.encrypted\",\"data\":\"zzz\"}]"), 1 },
		{ DELTA("\"thinking_blocks\":[{\"type\":\"thinking\","
		    "\"thinking\":\"abcd\"},{\"thinking\":\"ef\"}]"), 6 },
		/* The same words twice. */
		{ DELTA("\"reasoning\":\"abcd\",\"reasoning_details\":[{"
		    "\"text\":\"abcd\"}]"), 4 },
		{ DELTA("\"content\":[{\"type\":\"thinking\",\"thinking\":[{"
		    "\"type\":\"text\",\"text\":\"abcd\"}]}]"), 4 },
		{ DELTA("\"content\":[{\"type\":\"reasoning\",\"text\":"
		    "\"abcd\"}]"), 4 },
	};
	static const char *const none[] = {
		DELTA("\"reasoning\":null,\"thinking\":\"\""),
		DELTA("\"reasoning_details\":[],\"thinking_blocks\":{}"),
		DELTA("\"reasoning\":true,\"thought\":1"),
		DELTA("\"finish_reason\":\"stop\",\"refusal\":\"x\""),
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		event(&h, cases[i].delta);
		if (strcmp(h.noted.data, "ST") != 0 ||
		    h.answer.heard != cases[i].bytes)
			fail_msg("%s: %s, %zu", cases[i].delta, h.noted.data,
			    h.answer.heard);
		end(&h);
	}
	for (i = 0; i < COUNT(none); i++) {
		begin(&h);
		event(&h, none[i]);
		assert_string_equal(h.noted.data, "S");
		assert_int_equal(h.answer.heard, 0);
		end(&h);
	}
}

/* A delta with members, or a thought with pieces, without end. */
static void
thoughts_are_bounded(void **state)
{
	struct buf text = BUF_INIT(ANSWER_MAX);
	struct heard h;
	int i;

	(void)state;
	buf_puts(&text, "{\"choices\":[{\"delta\":{\"thinking\":[");
	for (i = 0; i < 15000; i++)
		buf_printf(&text, "{\"text\":\"x\",\"a\":1},");
	buf_puts(&text, "1]");
	for (i = 0; i < 15000; i++)
		buf_printf(&text, ",\"thinking%d\":\"x\"", i);
	buf_puts(&text, "}}]}");
	assert_false(text.failed);
	begin(&h);
	assert_int_equal(event(&h, text.data), 0);
	assert_string_equal(h.noted.data, "ST");
	end(&h);
	buf_free(&text);
}

/* From a model that is known to begin inside a thought. */
static void
begin_inside(struct heard *h)
{
	begin(h);
	h->job.thinks = true;
	answer_free(&h->answer);
	answer_init(&h->answer, &h->job, &h->io, &h->outcome);
}

/* Once known, its text waits for the closing tag, which then voids nothing. */
static void
known_to_think(void **state)
{
	struct heard h;

	(void)state;
	begin_inside(&h);
	event(&h, TEXT("x"));
	event(&h, TEXT("</think>a"));
	event(&h, TEXT("b"));
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "ST[a][b]");
	assert_int_equal(h.outcome.thinks, THINKS_INSIDE);
	end(&h);
	/* Cut before the tag: it was still at it. */
	begin_inside(&h);
	event(&h, TEXT("x"));
	h.outcome.finish = FINISH_LENGTH;
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "ST");
	assert_int_equal(h.outcome.thinks, THINKS_UNKNOWN);
	end(&h);
	/* Thoughts that come apart leave the text what it is. */
	begin_inside(&h);
	event(&h, DELTA("\"reasoning\":\"x\""));
	event(&h, TEXT("a"));
	assert_string_equal(h.noted.data, "ST[a]");
	h.outcome.finish = FINISH_STOP;
	answer_end(&h.answer);
	assert_int_equal(h.outcome.thinks, THINKS_NOT);
	end(&h);
	/* Not this time: the text is not lost. */
	begin_inside(&h);
	event(&h, TEXT("x"));
	h.outcome.finish = FINISH_STOP;
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "ST[x]");
	assert_int_equal(h.outcome.thinks, THINKS_NOT);
	end(&h);
}

#define LOST "\xef\xbf\xbd"

static void
surrogates(void **state)
{
	static const struct { const char *events[7], *want; } cases[] = {
		{ { TEXT("a\\ud83c\\udf73b"), NULL }, "S[a" COOK "b]" },
		{ { TEXT("a\\ud83c"), TEXT("\\udf73b"), NULL },
		  "S[a][" COOK "b]" },
		{ { TEXT("a\\uD83C"), TEXT("\\uDF73"), NULL },
		  "S[a][" COOK "]" },
		{ { TEXT("\\ud83c"), TEXT(""), DELTA("\"content\":null"),
		    "{\"choices\":[],\"usage\":null}", TEXT("\\udf73"), NULL },
		  "S[" COOK "]" },
		{ { TEXT("\\ud83c\\udf73\\ud83c"), TEXT("\\udf73\\ud83c"),
		    TEXT("\\udf73"), NULL },
		  "S[" COOK "][" COOK "][" COOK "]" },
		{ { TEXT("a\\ud83c"), NULL }, "S[a][" LOST "]" },
		{ { TEXT("a\\ud83c"), TEXT("b"), NULL }, "S[a][" LOST "b]" },
		{ { TEXT("a\\ud83c"), TEXT("\\u00e9"), NULL },
		  "S[a][" LOST "\xc3\xa9]" },
		{ { TEXT("a\\udf73b"), NULL }, "S[a" LOST "b]" },
		{ { TEXT("a\\ud83cb"), NULL }, "S[a" LOST "b]" },
		/* A backslash that a model writes is no escape. */
		{ { TEXT("a\\\\ud83c"), TEXT("b"), NULL }, "S[a\\ud83c][b]" },
		{ { TEXT("\\\\\\\\ud83c"), NULL }, "S[\\\\ud83c]" },
		{ { TEXT("\\\\\\ud83c"), TEXT("\\udf73"), NULL },
		  "S[\\][" COOK "]" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		hears(cases[i].events, cases[i].want);
}

/* A completion that came in one piece. */
static void
whole_completions(void **state)
{
	static const char good[] = "{\"id\":\"x\",\"object\":"
	    "\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{"
	    "\"role\":\"assistant\",\"content\":\"<think>x</think>\\nabc\"},"
	    "\"finish_reason\":\"length\"}],\"usage\":" USAGE(5, 7) "}";
	static const char *const none[] = { "", "{}", "[]", "<html>", "{",
	    "{\"choices\":null}", "{\"choices\":{}}", MESSAGE("x"),
	    "{\"choices\":[],\"error\":{\"message\":\"x\"}}" };
	struct heard h;
	size_t i;

	(void)state;
	begin(&h);
	assert_int_equal(answer_whole(&h.answer, good, strlen(good)), 0);
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "S[abc]");
	assert_int_equal(h.outcome.finish, FINISH_LENGTH);
	assert_int_equal(h.outcome.tokens.out, 7);
	assert_int_equal(h.answer.text_len, 3);
	end(&h);
	for (i = 0; i < COUNT(none); i++) {
		begin(&h);
		if (answer_whole(&h.answer, none[i], strlen(none[i])) != -1)
			fail_msg("%s was taken", none[i]);
		assert_string_equal(h.noted.data, "");
		end(&h);
	}
}

/* Whichever frame it is that nobody takes any more. */
static void
worker_is_gone(void **state)
{
	static const char *const events[] = { DELTA("\"reasoning\":\"x\""),
	    TEXT("a"), TEXT("b</think>c"), TEXT("d<th") };
	struct heard h;
	size_t k;
	int n, rc;

	(void)state;
	for (n = 0; n < 7; n++) {
		begin(&h);
		h.left = n;
		rc = 0;
		for (k = 0; k < COUNT(events) && rc == 0; k++)
			rc = event(&h, events[k]);
		if (rc == 0)
			rc = answer_end(&h.answer);
		assert_int_equal(rc, -1);
		assert_true(h.answer.gone);
		assert_false(h.answer.failed);
		end(&h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks),
		cmocka_unit_test(thoughts),
		cmocka_unit_test(places_of_a_thought),
		cmocka_unit_test(thoughts_are_bounded),
		cmocka_unit_test(known_to_think),
		cmocka_unit_test(surrogates),
		cmocka_unit_test(whole_completions),
		cmocka_unit_test(worker_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
