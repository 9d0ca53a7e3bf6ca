/*
 * test_answer_end: how an answer ends, what it cost, and errors in its midst.
 */
#include "fixture_answer.h"

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
		{ "{\"choices\":[{\"delta\":{},\"finish_reason\":{\"type\":"
		  "\"length\",\"length\":72}}]}", FINISH_LENGTH },
		{ FINISH("model_context_window_exceeded"), FINISH_LENGTH },
		{ FINISH("sensitive"), FINISH_FILTER },
		{ FINISH("<|eot_id|>"), FINISH_STOP },
		{ FINISH("null"), FINISH_NONE },
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
		/* What comes after it changes nothing. */
		event(&h, "{\"choices\":[],\"usage\":{}}");
		assert_int_equal(h.outcome.finish, cases[i].finish);
		end(&h);
	}
	/* Gemini says stop in every chunk: text after it counts. */
	hears((const char *const[]){ "{\"choices\":[{\"delta\":{\"content\":"
	    "\"a\"},\"finish_reason\":\"stop\"}]}", "{\"choices\":[{\"delta\":"
	    "{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}", NULL },
	    "S[a][b]");
}

/* An end that is a failure is one, and says its word. */
static void
ends_that_are_failures(void **state)
{
	static const char *const words[] = { "error", "abort",
	    "network_error", "insufficient_system_resource" };
	char chunk[200];
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(words); i++) {
		begin(&h);
		event(&h, TEXT("a"));
		snprintf(chunk, sizeof(chunk), FINISH("%s"), words[i]);
		assert_int_equal(event(&h, chunk), -1);
		assert_true(h.answer.failed);
		assert_string_equal(code_word(h.outcome.code), "provider_error");
		unit_assert_has(h.outcome.message, words[i]);
		assert_int_equal(h.outcome.finish, FINISH_NONE);
		end(&h);
	}
}

#define THOUGHT	DELTA("\"reasoning_text\":\"x\"")

/* Which chunk is the end of a stream that stays open. */
static void
ends_of_an_open_stream(void **state)
{
	static const struct { const char *events[7]; bool ended, always; }
	    cases[] = {
		{ { TEXT("a"), FINISH("stop"), NULL }, true, false },
		{ { TEXT("a"), FINISH("stop"), "{\"choices\":[]}", NULL },
		  true, false },
		{ { TEXT("a"), FINISH("stop"), TEXT(""), NULL }, true, false },
		/* Before any text it is none. */
		{ { FINISH("stop"), NULL }, false, false },
		{ { THOUGHT, FINISH("stop"), NULL }, false, false },
		{ { FINISH("stop"), THOUGHT, NULL }, false, true },
		{ { FINISH("stop"), THOUGHT, TEXT("a"), NULL }, false, true },
		{ { FINISH("stop"), TEXT("a"), NULL }, false, true },
		/* Nor if more comes. */
		{ { TEXT("a"), FINISH("stop"), THOUGHT, NULL }, false, true },
		{ { TEXT("a"), FINISH("stop"), TEXT("b"), NULL }, false, true },
		{ { TEXT("a"), FINISH("stop"), TEXT("<think>"), NULL }, false,
		  true },
		{ { TEXT("a"), FINISH("null"), NULL }, false, false },
	};
	struct heard h;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		for (k = 0; cases[i].events[k] != NULL; k++)
			assert_int_equal(event(&h, cases[i].events[k]), 0);
		if ((h.answer.ended_ms > 0) != cases[i].ended ||
		    h.answer.always != cases[i].always)
			fail_msg("case %zu", i);
		end(&h);
	}
}

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
		/* What was cached is part of the prompt. */
		{ { "{\"choices\":[],\"timings\":{\"cache_n\":100,"
		    "\"prompt_n\":5,\"predicted_n\":7}}", NULL }, 105, 7 },
		{ { "{\"choices\":[],\"timings\":{\"cache_n\":-1,"
		    "\"prompt_n\":5,\"predicted_n\":7}}", NULL }, -1, 7 },
		{ { "{\"choices\":[],\"usage\":" USAGE(1, 2) ",\"timings\":{"
		    "\"prompt_n\":5,\"predicted_n\":7}}", NULL }, 1, 2 },
		{ { "{\"choices\":[],\"usage\":{\"prompt_tokens\":5}}", NULL },
		  5, -1 },
		/* Thoughts that only the total has. */
		{ { "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
		    "\"completion_tokens\":7,\"total_tokens\":99}}", NULL },
		  5, 94 },
		{ { "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
		    "\"completion_tokens\":7,\"total_tokens\":9}}", NULL },
		  5, 7 },
		/* A total that cannot be takes the others with it. */
		{ { "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,"
		    "\"completion_tokens\":7,\"total_tokens\":2000000000}}",
		    NULL }, -1, -1 },
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

#define COUNT_OF(in, out)	"{\"choices\":[],\"usage\":" USAGE(in, out) "}"
#define STOP_AND(in, out)	"{\"choices\":[{\"delta\":{},\"finish_reason\":" \
    "\"stop\"}],\"usage\":" USAGE(in, out) "}"
#define STOP	"{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}"

/* Only what is told at the end is what the answer took; of that, the most. */
static void
sure_tokens(void **state)
{
	static const struct { const char *events[7]; int64_t in, out;
	    bool sure; } cases[] = {
		{ { TEXT("a"), STOP_AND(5, 7), NULL }, 5, 7, true },
		{ { TEXT("a"), STOP, COUNT_OF(5, 7), NULL }, 5, 7, true },
		{ { TEXT("a"), COUNT_OF(5, 1), STOP, NULL }, 5, 1, false },
		{ { COUNT_OF(5, 0), TEXT("a"), STOP, NULL }, 5, 0, false },
		/* Told twice, in whatever order. */
		{ { TEXT("a"), STOP_AND(5, 7), COUNT_OF(0, 0), NULL }, 5, 7,
		  true },
		{ { TEXT("a"), STOP_AND(0, 9), COUNT_OF(5, 7), NULL }, 5, 9,
		  true },
		{ { TEXT("a"), COUNT_OF(9, 1), STOP_AND(5, 7), NULL }, 9, 7,
		  true },
		{ { TEXT("a"), "{\"choices\":[{\"delta\":{},\"finish_reason\":"
		    "\"stop\",\"usage\":" USAGE(0, 0) "}],\"usage\":"
		    USAGE(5, 7) "}", NULL }, 5, 7, true },
		/* Only one of both was told again at the end. */
		{ { TEXT("a"), COUNT_OF(5, 1), STOP,
		    "{\"choices\":[],\"usage\":{\"prompt_tokens\":5}}",
		    NULL }, 5, 1, false },
		/* It was no end: text came after it, or thoughts. */
		{ { TEXT("a"), STOP_AND(5, 7), TEXT("b"), NULL }, 5, 7,
		  false },
		{ { TEXT("a"), STOP_AND(5, 7), "{\"choices\":[{\"delta\":{"
		    "\"reasoning_content\":\"b\"}}]}", NULL }, 5, 7, false },
		{ { TEXT("a"), STOP_AND(5, 7), TEXT("b"), COUNT_OF(5, 8),
		    NULL }, 5, 8, true },
		{ { TEXT("a"), COUNT_OF(5, 1), STOP, "{\"choices\":[],"
		    "\"timings\":{\"prompt_n\":5,\"predicted_n\":7}}", NULL },
		  5, 7, true },
	};
	struct heard h;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		for (k = 0; cases[i].events[k] != NULL; k++)
			event(&h, cases[i].events[k]);
		if (h.outcome.tokens.in != cases[i].in ||
		    h.outcome.tokens.out != cases[i].out ||
		    h.outcome.tokens.estimated == cases[i].sure)
			fail_msg("case %zu", i);
		end(&h);
	}
}

/* What an error says that it took, and what it took by its looks. */
static void
tokens_of_errors(void **state)
{
	static const struct { const char *before, *error; int64_t in, out;
	    bool sure; } cases[] = {
		{ NULL, "{\"error\":{\"message\":\"x\"}}", -1, -1, true },
		{ NULL, "{\"error\":{\"message\":\"x\"},\"usage\":"
		  USAGE(5, 7) "}", 5, 7, true },
		{ NULL, "{\"error\":{\"message\":\"x\",\"usage\":"
		  USAGE(5, 7) "}}", 5, 7, true },
		{ NULL, "{\"error\":{\"message\":\"x\",\"failed_generation\":"
		  "\"12345\"}}", -1, 2, false },
		{ TEXT("a"), "{\"error\":{\"message\":\"x\"},\"usage\":"
		  USAGE(5, 7) "}", 5, 7, false },
		{ COUNT_OF(5, 0), "{\"error\":{\"message\":\"x\"}}", 5, 0,
		  false },
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		begin(&h);
		if (cases[i].before != NULL)
			event(&h, cases[i].before);
		assert_int_equal(event(&h, cases[i].error), -1);
		if (h.outcome.tokens.in != cases[i].in ||
		    h.outcome.tokens.out != cases[i].out ||
		    h.outcome.tokens.estimated == cases[i].sure)
			fail_msg("case %zu", i);
		end(&h);
		if (cases[i].before != NULL)
			continue;
		begin(&h);
		answer_refused(&h.answer, 400, "application/json",
		    cases[i].error, strlen(cases[i].error));
		if (h.outcome.tokens.in != cases[i].in ||
		    h.outcome.tokens.out != cases[i].out ||
		    h.outcome.tokens.estimated == cases[i].sure)
			fail_msg("case %zu, refused", i);
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
		assert_string_equal(code_word(h.outcome.code), cases[i].code);
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
	assert_int_equal(throttle_wait_ms(&h.answer.throttle, 429), 5289);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":402,\"message\":\"Insufficient "
	    "credits\"}}");
	assert_int_equal(h.outcome.means, MEANS_CREDIT);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":"
	    "\"You exceeded your current quota\"}}");
	assert_int_equal(h.outcome.means, MEANS_CREDIT);
	end(&h);
	begin(&h);
	event(&h, "{\"error\":{\"code\":404,\"message\":\"The model `m` does "
	    "not exist\"}}");
	assert_int_equal(h.outcome.means, MEANS_MODEL);
	end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finishes),
		cmocka_unit_test(ends_that_are_failures),
		cmocka_unit_test(ends_of_an_open_stream),
		cmocka_unit_test(tokens),
		cmocka_unit_test(sure_tokens),
		cmocka_unit_test(tokens_of_errors),
		cmocka_unit_test(errors_in_the_stream),
		cmocka_unit_test(reasons_in_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
