/*
 * test_answer: what services say, in every shape that was seen, as frames.
 */
#include "heard.h"

/* Up to six events and the end: these frames, and no failure. */
static void
hears(const char *const events[], const char *want)
{
	struct heard h;
	size_t i;

	begin(&h);
	for (i = 0; i < 6 && events[i] != NULL; i++)
		if (event(&h, events[i]) != 0)
			fail_msg("%s: %s", events[i], h.outcome.message);
	assert_int_equal(answer_end(&h.answer), 0);
	if (strcmp(h.noted.data, want) != 0)
		fail_msg("%s: %s, not %s", events[0], h.noted.data, want);
	assert_false(h.answer.failed || h.answer.gone);
	end(&h);
}

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
	assert_true(h.outcome.thinks);
	end(&h);
}

/* Each of the four places of a thought is told, and none shown. */
static void
places_of_a_thought(void **state)
{
	static const char *const deltas[] = {
		DELTA("\"reasoning_content\":\"x\""),
		DELTA("\"reasoning\":\"x\""),
		DELTA("\"reasoning_details\":[{\"text\":\"x\"}]"),
		DELTA("\"content\":[{\"type\":\"thinking\",\"thinking\":[{"
		    "\"text\":\"x\"}]}]"),
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(deltas); i++) {
		begin(&h);
		event(&h, deltas[i]);
		assert_string_equal(h.noted.data, "ST");
		end(&h);
	}
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
	assert_true(h.outcome.thinks);
	end(&h);
	/* Cut before the tag: it was still at it. */
	begin_inside(&h);
	event(&h, TEXT("x"));
	h.outcome.finish = FINISH_LENGTH;
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "ST");
	end(&h);
	/* Thoughts that come apart leave the text what it is. */
	begin_inside(&h);
	event(&h, DELTA("\"reasoning\":\"x\""));
	event(&h, TEXT("a"));
	assert_string_equal(h.noted.data, "ST[a]");
	assert_false(h.outcome.thinks);
	end(&h);
	/* Not this time: the text is not lost. */
	begin_inside(&h);
	event(&h, TEXT("x"));
	answer_end(&h.answer);
	assert_string_equal(h.noted.data, "ST[x]");
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

#define FINISH(reason) "{\"choices\":[{\"index\":0,\"delta\":{}," \
	"\"finish_reason\":\"" reason "\"}]}"

static void
finishes(void **state)
{
	static const struct { const char *event; enum finish finish; }
	    cases[] = {
		{ FINISH("stop"), FINISH_STOP },
		{ FINISH("STOP"), FINISH_STOP },
		{ FINISH("eos"), FINISH_STOP }, { FINISH("end_turn"),
		  FINISH_STOP },
		{ FINISH("tool_calls"), FINISH_STOP },
		{ FINISH("function_call"), FINISH_STOP },
		{ FINISH("new_word"), FINISH_STOP },
		{ FINISH("length"), FINISH_LENGTH },
		{ FINISH("max_tokens"), FINISH_LENGTH },
		{ FINISH("MAX_TOKENS"), FINISH_LENGTH },
		{ FINISH("content_filter"), FINISH_FILTER },
		{ FINISH("SAFETY"), FINISH_FILTER },
		{ FINISH(""), FINISH_NONE }, { TEXT("a"), FINISH_NONE },
		{ "{\"choices\":[{\"delta\":{},\"finish_reason\":null}]}",
		  FINISH_NONE },
		{ "{\"choices\":[{\"delta\":{},\"finishReason\":\"length\"}]}",
		  FINISH_LENGTH },
		{ "{\"choices\":[{\"delta\":{},\"finish_reason\":null,"
		  "\"finishReason\":\"STOP\"}]}", FINISH_STOP },
		{ "{\"choices\":[{\"index\":1,\"delta\":{},"
		  "\"finish_reason\":\"stop\"}]}", FINISH_NONE },
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		assert_int_equal(event(&h, cases[i].event), 0);
		if (h.outcome.finish != cases[i].finish)
			fail_msg("%s: %d", cases[i].event,
			    (int)h.outcome.finish);
		/* The tail behind it changes nothing. */
		event(&h, "{\"choices\":[],\"usage\":{}}");
		assert_int_equal(h.outcome.finish, cases[i].finish);
		end(&h);
	}
	/* Gemini says stop in every chunk: text behind it counts. */
	hears((const char *const[]){ "{\"choices\":[{\"delta\":{\"content\":"
	    "\"a\"},\"finish_reason\":\"stop\"}]}", "{\"choices\":[{\"delta\":"
	    "{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}", NULL },
	    "S[a][b]");
	begin(&h);
	event(&h, TEXT("a"));
	assert_int_equal(event(&h, FINISH("error")), -1);
	assert_string_equal(h.outcome.code, "provider_error");
	assert_int_equal(h.outcome.finish, FINISH_NONE);
	end(&h);
}

#define USAGE(in, out) "{\"prompt_tokens\":" #in ",\"completion_tokens\":" \
	#out ",\"total_tokens\":99}"

static void
tokens(void **state)
{
	static const struct { const char *events[7]; int64_t in, out; }
	    cases[] = {
		{ { TEXT("a"), NULL }, -1, -1 },
		{ { "{\"choices\":[],\"usage\":" USAGE(5, 7) "}", NULL },
		  5, 7 },
		{ { "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],"
		    "\"usage\":" USAGE(5, 7) "}", NULL }, 5, 7 },
		{ { "{\"choices\":[],\"usage\":" USAGE(5, 1) "}",
		    "{\"choices\":[],\"usage\":" USAGE(5, 2) "}",
		    "{\"choices\":[],\"usage\":null}", NULL }, 5, 2 },
		{ { "{\"choices\":[],\"x_groq\":{\"usage\":" USAGE(5, 7) "}}",
		    NULL }, 5, 7 },
		{ { "{\"choices\":[{\"delta\":{},\"usage\":" USAGE(5, 7)
		    "}]}", NULL }, 5, 7 },
		{ { "{\"choices\":[],\"timings\":{\"prompt_n\":5,"
		    "\"predicted_n\":7}}", NULL }, 5, 7 },
		{ { "{\"choices\":[],\"usage\":" USAGE(1, 2) ",\"timings\":{"
		    "\"prompt_n\":5,\"predicted_n\":7}}", NULL }, 1, 2 },
		{ { "{\"choices\":[],\"usage\":{\"prompt_tokens\":5}}", NULL },
		  5, -1 },
		{ { "{\"choices\":[],\"usage\":[]}", "{\"choices\":[],"
		    "\"usage\":{\"completion_tokens\":\"7\"}}", NULL },
		  -1, -1 },
	};
	struct heard h;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		for (k = 0; cases[i].events[k] != NULL; k++)
			event(&h, cases[i].events[k]);
		assert_int_equal(h.outcome.tokens.in, cases[i].in);
		assert_int_equal(h.outcome.tokens.out, cases[i].out);
		end(&h);
	}
}

/* C11: the words arrive whatever they are wrapped in. */
static void
errors_in_the_stream(void **state)
{
	static const struct {
		const char *name, *data, *words, *code;
		int status;
	} cases[] = {
		{ "", "{\"error\":{\"message\":\"Boom\",\"type\":\"x\","
		  "\"code\":502}}", "Boom", "provider_error", 502 },
		{ "", "{\"error\":{\"message\":\"Boom\",\"status\":529}}",
		  "Boom", "provider_error", 529 },
		{ "", "{\"error\":{\"message\":\"Boom\",\"code\":\"x\"}}",
		  "Boom", "provider_error", 0 },
		{ "", "{\"error\":{\"code\":401,\"message\":\"Boom\"}}",
		  "Boom", "auth", 401 },
		{ "", "{\"error\":\"Boom\"}", "Boom", "provider_error", 0 },
		{ "", "{\"error\":{}, \"message\":\"Boom\"}", "Boom",
		  "provider_error", 0 },
		{ "", "{\"error\":{\"code\":500}}", "no reason given",
		  "provider_error", 500 },
		{ "", "{\"object\":\"error\",\"message\":\"Boom\","
		  "\"code\":400}", "Boom", "provider_error", 400 },
		{ "", "{\"message\":\"Boom\",\"type\":\"x\"}", "Boom",
		  "provider_error", 0 },
		{ "", "{\"detail\":\"Boom\"}", "Boom", "provider_error", 0 },
		{ "", "{\"detail\":[{\"loc\":[\"a\"],\"msg\":\"Boom\"}]}",
		  "Boom", "provider_error", 0 },
		{ "", "{\"error_type\":\"x\",\"error_message\":\"Boom\"}",
		  "Boom", "provider_error", 0 },
		{ "", "{\"choices\":[],\"error\":{\"message\":\"Boom\"}}",
		  "Boom", "provider_error", 0 },
		{ "", "{\"choices\":[{\"delta\":{},\"error\":{\"message\":"
		  "\"Boom\"}}]}", "Boom", "provider_error", 0 },
		{ "error", "{\"type\":\"error\",\"error\":{\"type\":"
		  "\"overloaded_error\",\"message\":\"Boom\"}}", "Boom",
		  "provider_error", 0 },
		{ "error", "Boom", "Boom", "provider_error", 0 },
		{ "error", "{}", "{}", "provider_error", 0 },
		{ "error", "{\"code\":500,\"message\":\"Boom\"}", "Boom",
		  "provider_error", 500 },
		{ "", "Boom", "not JSON: Boom", "provider_error", 0 },
		{ "", "<html>Boom</html>", "Boom", "provider_error", 0 },
		{ "", "{\"choices\":[{\"delta\":{\"content\":\"a", "not JSON",
		  "provider_error", 0 },
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		assert_int_equal(event(&h, TEXT("a")), 0);
		if (answer_event(&h.answer, cases[i].name, cases[i].data,
		    strlen(cases[i].data)) != -1)
			fail_msg("%s was taken", cases[i].data);
		assert_true(h.answer.failed);
		assert_false(h.answer.gone);
		assert_int_equal(h.outcome.finish, FINISH_NONE);
		unit_assert_has(h.outcome.message, cases[i].words);
		unit_assert_has(h.outcome.message, id);
		assert_string_equal(h.outcome.code, cases[i].code);
		assert_int_equal(h.outcome.status, cases[i].status);
		assert_string_equal(h.noted.data, "S[a]");
		end(&h);
	}
}

/* An error in the stream decides like one in the head. */
static void
reasons_in_the_stream(void **state)
{
	struct heard h;

	(void)state;
	begin(&h);
	event(&h, "{\"error\":{\"code\":429,\"message\":\"Please try again in "
	    "5.289s\"}}");
	assert_int_equal(hint_wait_ms(&h.answer.hint, 429), 5289);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":402,\"message\":\"Insufficient "
	    "credits\"}}");
	assert_true(h.outcome.no_credit);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":"
	    "\"You exceeded your current quota\"}}");
	assert_true(h.outcome.no_credit);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":404,\"message\":\"The model `m` does "
	    "not exist\"}}");
	assert_true(h.outcome.no_model);
	end(&h);
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
		cmocka_unit_test(known_to_think),
		cmocka_unit_test(surrogates),
		cmocka_unit_test(finishes),
		cmocka_unit_test(tokens),
		cmocka_unit_test(errors_in_the_stream),
		cmocka_unit_test(reasons_in_the_stream),
		cmocka_unit_test(whole_completions),
		cmocka_unit_test(worker_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
