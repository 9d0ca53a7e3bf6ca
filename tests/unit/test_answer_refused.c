/*
 * test_answer_refused: answers that are no stream, and the words about them.
 */
#include "fixture_answer.h"

static void
refuse(struct heard *h, int status, const char *type, const char *body)
{
	begin(h);
	answer_refused(&h->answer, status, type, body, strlen(body));
	assert_true(h->answer.failed);
	assert_int_equal(h->outcome.finish, FINISH_NONE);
	assert_int_equal(h->outcome.status, status);
	assert_string_equal(h->noted.data, "");
	unit_assert_has(h->outcome.message, id);
}

static void
refusals(void **state)
{
	static const struct {
		int status;
		const char *body, *code;
		unsigned refused;
		bool no_model, no_credit;
	} cases[] = {
		{ 400, MESSAGE("Unsupported parameter: 'max_tokens'. Use "
		  "'max_completion_tokens' instead."), "http_status",
		  PARAM_MAX_TOKENS, false, false },
		{ 422, "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":["
		  "\"body\",\"stream_options\"],\"msg\":\"Extra inputs are not "
		  "permitted\"}]}", "http_status", PARAM_STREAM_OPTIONS,
		  false, false },
		{ 400, ERROR("\"message\":\"Unsupported value\",\"param\":"
		  "\"temperature\""), "http_status", PARAM_TEMPERATURE, false,
		  false },
		{ 400, ERROR("\"message\":\"use temperature or top_p\","
		  "\"param\":\"top_p\""), "http_status", PARAM_TOP_P, false,
		  false },
		{ 400, "temperature is not allowed", "http_status",
		  PARAM_TEMPERATURE, false, false },
		{ 400, ERROR("\"message\":\"Failed to generate JSON\","
		  "\"code\":\"json_validate_failed\",\"failed_generation\":"
		  "\"x\""), "http_status", PARAM_RESPONSE_FORMAT, false,
		  false },
		{ 400, MESSAGE("messages must not be empty"), "http_status", 0,
		  false, false },
		/* Too long is no refusal of the parameter that is named. */
		{ 400, MESSAGE("'max_tokens' or 'max_completion_tokens' is too "
		  "large: 500. This model's maximum context length is 4096 "
		  "tokens"), "http_status", 0, false, false },
		/* Only a 400 or 422 names one to be mended. */
		{ 500, MESSAGE("max_tokens"), "http_status", 0, false, false },
		{ 401, MESSAGE("Incorrect API key"), "auth", 0, false, false },
		{ 403, MESSAGE("Forbidden"), "auth", 0, false, false },
		/* OpenRouter's and Azure's: of this prompt, not of the key. */
		{ 403, ERROR("\"code\":403,\"message\":\"Your chosen model "
		  "requires moderation and your input was flagged\","
		  "\"metadata\":{\"flagged_input\":\"x\"}"), "filtered", 0,
		  false, false },
		{ 400, ERROR("\"message\":\"The response was filtered\","
		  "\"code\":\"content_filter\""), "filtered", 0, false,
		  false },
		{ 503, MESSAGE("moderation is down"), "http_status", 0, false,
		  false },
		{ 402, MESSAGE("Payment required"), "http_status", 0, false,
		  true },
		{ 429, ERROR("\"message\":\"You exceeded your current quota\","
		  "\"type\":\"insufficient_quota\",\"code\":"
		  "\"insufficient_quota\""), "http_status", 0, false, true },
		{ 429, MESSAGE("You exceeded your current quota, please check "
		  "your plan and billing details"), "http_status", 0, false,
		  true },
		{ 429, MESSAGE("Rate limit reached"), "http_status", 0, false,
		  false },
		{ 400, ERROR("\"type\":\"invalid_request_error\",\"message\":"
		  "\"Your credit balance is too low to access the API\""),
		  "http_status", 0, false, true },
		{ 404, ERROR("\"message\":\"The model `m` does not exist or you"
		  " do not have access to it.\",\"code\":"
		  "\"model_not_found\""), "http_status", 0, true, false },
		{ 404, "{\"error\":\"model 'm' not found\"}", "http_status", 0,
		  true, false },
		{ 404, "<h1>Not Found</h1>", "http_status", 0, false, false },
		{ 404, "", "http_status", 0, false, false },
		{ 400, ERROR("\"message\":\"The model `m` has been "
		  "decommissioned\",\"code\":\"model_decommissioned\""),
		  "http_status", 0, true, false },
		{ 400, ERROR("\"message\":\"m is not a valid model ID\","
		  "\"code\":400"), "http_status", 0, true, false },
		{ 413, MESSAGE("Request too large for model"), "http_status", 0,
		  false, false },
		{ 503, "<html>", "http_status", 0, false, false },
		{ 200, MESSAGE("Boom"), "no_stream", 0, false, false },
		{ 200, "", "no_stream", 0, false, false },
	};
	struct heard h;
	size_t i, bad = 0;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		refuse(&h, cases[i].status, "application/json", cases[i].body);
		if (h.outcome.refused_params != cases[i].refused ||
		    (h.outcome.means == MEANS_MODEL) != cases[i].no_model ||
		    (h.outcome.means == MEANS_CREDIT) != cases[i].no_credit ||
		    strcmp(code_word(h.outcome.code), cases[i].code) != 0) {
			print_error("%d %s: %s, refused %u, no_model %d, "
			    "no_credit %d\n", cases[i].status, cases[i].body,
			    code_word(h.outcome.code), h.outcome.refused_params,
			    (h.outcome.means == MEANS_MODEL), (h.outcome.means == MEANS_CREDIT));
			bad++;
		}
		end(&h);
	}
	assert_int_equal(bad, 0);
}

static void
words_of_a_refusal(void **state)
{
	static const struct {
		int status;
		const char *type, *body, *message;
	} cases[] = {
		{ 503, "text/html", "<h1>\nBusy</h1>",
		  "svc answered 503: <h1> Busy</h1>" },
		{ 429, "", MESSAGE("Slow down"),
		  "svc answered 429: Slow down" },
		{ 500, "", "", "svc answered 500: (nothing)" },
		{ 401, "", MESSAGE("No"), "svc refused the key (401): No" },
		{ 200, "text/html", "<p>", "svc answered with text/html "
		  "instead of a stream of events: <p>" },
		{ 200, "", "x", "svc answered with something else instead of a "
		  "stream of events: x" },
		{ 200, "a%s%n/b", "x", "svc answered with something else "
		  "instead of a stream of events: x" },
		{ 500, "", "100% %s %n", "svc answered 500: 100% %s %n" },
	};
	struct heard h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		refuse(&h, cases[i].status, cases[i].type, cases[i].body);
		assert_string_equal(h.outcome.message, cases[i].message);
		end(&h);
	}
}

static void
waits_of_a_refusal(void **state)
{
	struct heard h;

	(void)state;
	refuse(&h, 429, "", MESSAGE("Rate limit reached. Please try again in "
	    "5.289s."));
	assert_int_equal(throttle_wait_ms(&h.answer.throttle, 429), 5289);
	end(&h);
	/* OpenRouter's, with headers of the host that it asked. */
	refuse(&h, 429, "", ERROR("\"message\":\"Rate limit\",\"metadata\":{"
	    "\"headers\":{\"X-RateLimit-Remaining\":\"0\","
	    "\"X-RateLimit-Reset\":\"30\",\"n\":1}}"));
	assert_int_equal(throttle_wait_ms(&h.answer.throttle, 429), 30000);
	end(&h);
	refuse(&h, 429, "", MESSAGE("no"));
	assert_int_equal(throttle_wait_ms(&h.answer.throttle, 429), -1);
	end(&h);
}

/* A key that is echoed is not repeated, wherever the quote is cut. */
static void
keys_are_not_repeated(void **state)
{
	char body[600];
	struct heard h;
	size_t i;

	(void)state;
	refuse(&h, 401, "", MESSAGE("sk-Secret.1 and sk-Secret.1: no"));
	unit_assert_lacks(h.outcome.message, "Secret");
	unit_assert_has(h.outcome.message, "*** and ***: no");
	end(&h);
	for (i = 170; i < 230; i++) {
		memset(body, 'x', sizeof(body));
		memcpy(body + i, key, strlen(key));
		body[500] = '\0';
		refuse(&h, 500, "", body);
		unit_assert_lacks(h.outcome.message, "sk-");
		unit_assert_lacks(h.outcome.message, "Secret");
		assert_true(strlen(h.outcome.message) < 230);
		end(&h);
	}
	begin(&h);
	event(&h, MESSAGE("bad sk-Secret.1"));
	unit_assert_has(h.outcome.message, "bad ***");
	end(&h);
	begin(&h);
	answer_event(&h.answer, "error", BYTES("sk-Secret.1"));
	unit_assert_lacks(h.outcome.message, "Secret");
	end(&h);
	/* In the type of an answer too, and escaped in JSON. */
	refuse(&h, 200, key, "x");
	unit_assert_lacks(h.outcome.message, "Secret");
	end(&h);
	refuse(&h, 500, "", MESSAGE("sk\\u002dSecret.1"));
	unit_assert_lacks(h.outcome.message, "Secret");
	end(&h);
}

/* Others' words are cut between code points, and one line. */
static void
long_words(void **state)
{
	char body[2000];
	struct heard h;
	size_t shift, i;

	(void)state;
	for (shift = 0; shift < 4; shift++) {
		memset(body, '\n', sizeof(body));
		for (i = shift; i + 4 < sizeof(body); i += 4)
			memcpy(body + i, COOK, 4);
		body[sizeof(body) - 1] = '\0';
		refuse(&h, 500, "", body);
		assert_true(utf8_valid(h.outcome.message,
		    strlen(h.outcome.message)));
		unit_assert_lacks(h.outcome.message, "\n");
		assert_in_range(strlen(h.outcome.message), 190, 230);
		end(&h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(words_of_a_refusal),
		cmocka_unit_test(waits_of_a_refusal),
		cmocka_unit_test(keys_are_not_repeated),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
