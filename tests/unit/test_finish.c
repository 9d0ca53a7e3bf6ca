/*
 * test_finish: what hosts call the end of an answer, and what that means.
 */
#include "model/finish.h"
#include "unit.h"

static const struct { const char *word; enum end end; } cases[] = {
	{ NULL, END_NOT }, { "", END_NOT }, { "null", END_NOT },
	{ "None", END_NOT }, { "FINISH_REASON_UNSPECIFIED", END_NOT },
	{ "not_finished", END_NOT },
	/* Good ends, the names of stop tokens among them. */
	{ "stop", END_STOP }, { "STOP", END_STOP }, { "Stop", END_STOP },
	{ "eos", END_STOP }, { "eos_token", END_STOP },
	{ "end_turn", END_STOP }, { "endTurn", END_STOP },
	{ "stop_sequence", END_STOP }, { "stop:str", END_STOP },
	{ "complete", END_STOP }, { "COMPLETE", END_STOP },
	{ "tool_calls", END_STOP }, { "function_call", END_STOP },
	{ "tool_use", END_STOP }, { "normal", END_STOP },
	{ "eosFound", END_STOP }, { "stopStringFound", END_STOP },
	{ "<|eot_id|>", END_STOP }, { "<|im_end|>", END_STOP },
	{ "</s>", END_STOP }, { "<|endoftext|>", END_STOP },
	{ "<|max_error|>", END_STOP }, { "im_end", END_STOP },
	{ "FINISH_REASON_STOP", END_STOP }, { "FinishReason.STOP", END_STOP },
	/* A word that nobody knows. */
	{ "new_word", END_STOP }, { "\xea\xb9\x80", END_STOP },
	{ "unknown", END_STOP },
	/* Cut. */
	{ "length", END_CUT }, { "max_tokens", END_CUT },
	{ "MAX_TOKENS", END_CUT }, { "maxTokens", END_CUT },
	{ "max-tokens", END_CUT }, { "max_output_tokens", END_CUT },
	{ "model_length", END_CUT }, { "FinishReason.MAX_TOKENS", END_CUT },
	{ "model_context_window_exceeded", END_CUT },
	{ "modelContextWindowExceeded", END_CUT },
	{ "context_length_exceeded", END_CUT }, { "incomplete", END_CUT },
	{ "maxPredictedTokensReached", END_CUT },
	{ "contextLengthReached", END_CUT }, { "token_limit", END_CUT },
	{ "REASON_MAX_LEN", END_CUT }, { "truncated", END_CUT },
	/* Withheld. */
	{ "content_filter", END_WITHHELD }, { "contentFilter", END_WITHHELD },
	{ "content_filter: RECITATION", END_WITHHELD },
	{ "content_filtered", END_WITHHELD }, { "SAFETY", END_WITHHELD },
	{ "IMAGE_SAFETY", END_WITHHELD }, { "sensitive", END_WITHHELD },
	{ "RECITATION", END_WITHHELD }, { "PROHIBITED_CONTENT", END_WITHHELD },
	{ "prohibitedContent", END_WITHHELD }, { "SPII", END_WITHHELD },
	{ "BLOCKLIST", END_WITHHELD }, { "refusal", END_WITHHELD },
	{ "guardrail_intervened", END_WITHHELD },
	{ "ERROR_TOXIC", END_WITHHELD }, { "MODEL_ARMOR", END_WITHHELD },
	{ "moderation", END_WITHHELD }, { "content_policy", END_WITHHELD },
	/* Broken off. */
	{ "abort", END_FAILED }, { "aborted", END_FAILED },
	{ "error", END_FAILED }, { "Error", END_FAILED },
	{ "network_error", END_FAILED }, { "networkError", END_FAILED },
	{ "insufficient_system_resource", END_FAILED },
	{ "insufficientSystemResource", END_FAILED },
	{ "cancelled", END_FAILED }, { "user_cancel", END_FAILED },
	{ "canceled", END_FAILED }, { "timeout", END_FAILED },
	{ "time_out", END_FAILED }, { "failed", END_FAILED },
	{ "MALFORMED_FUNCTION_CALL", END_FAILED },
	{ "malformed_model_output", END_FAILED }, { "userStopped", END_FAILED },
	{ "modelUnloaded", END_FAILED }, { "overloaded", END_FAILED },
	{ "server_error", END_FAILED }, { "rate_limit", END_FAILED },
	{ "RESOURCE_EXHAUSTED", END_FAILED }, { "LANGUAGE", END_FAILED },
	{ "interrupted", END_FAILED }, { "repetition", END_FAILED },
};

static void
words(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (finish_means(cases[i].word) != cases[i].end)
			fail_msg("%s: %d", cases[i].word,
			    (int)finish_means(cases[i].word));
}

/* A host's word may be as long as it likes. */
static void
long_words(void **state)
{
	char word[5000];

	(void)state;
	memset(word, 'x', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	assert_int_equal(finish_means(word), END_STOP);
	memcpy(word, "length", 6);
	assert_int_equal(finish_means(word), END_CUT);
	memset(word, '_', sizeof(word) - 1);
	memcpy(word + sizeof(word) - 6, "abort", 5);
	assert_int_equal(finish_means(word), END_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
