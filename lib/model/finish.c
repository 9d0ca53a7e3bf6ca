/*
 * finish.c: stage.  The table of words for an end; acts on none of them.
 */
#include <ctype.h>
#include <string.h>

#include "model/finish.h"

#define WORD_MAX	80

/*
 * Parts of words.  The first row whose part is in the word counts, so the order
 * of the rows matters: "content_filter_error" was withheld, and
 * "rate_limit_exceeded" is a failure although "limit" and "exceed" mean a cut.
 * Words are compared in lower case and without anything but letters and digits,
 * so that "MAX_TOKENS", "maxTokens" and "max-tokens" are the same.
 */
static const struct {
	const char *part;
	enum end end;
} table[] = {
	/* No end: words that some hosts send with every chunk. */
	{ "unspecified", END_NOT }, { "notfinished", END_NOT },
	{ "inprogress", END_NOT },
	/* Withheld, as Gemini, Azure, Zhipu, Bedrock, Cohere, Anthropic say. */
	{ "filter", END_WITHHELD }, { "safety", END_WITHHELD },
	{ "sensitive", END_WITHHELD }, { "recitation", END_WITHHELD },
	{ "prohibited", END_WITHHELD }, { "spii", END_WITHHELD },
	{ "blocklist", END_WITHHELD }, { "blocked", END_WITHHELD },
	{ "refus", END_WITHHELD },
	{ "moderat", END_WITHHELD }, { "guardrail", END_WITHHELD },
	{ "toxic", END_WITHHELD }, { "policy", END_WITHHELD },
	{ "violat", END_WITHHELD }, { "armor", END_WITHHELD },
	{ "unsafe", END_WITHHELD }, { "harm", END_WITHHELD },
	{ "flagged", END_WITHHELD }, { "censor", END_WITHHELD },
	/*
	 * Broken off, as vLLM, SGLang, DeepSeek, Zhipu, Gemini, LM Studio say.
	 */
	{ "abort", END_FAILED }, { "error", END_FAILED },
	{ "fail", END_FAILED }, { "network", END_FAILED },
	{ "insufficient", END_FAILED }, { "cancel", END_FAILED },
	{ "interrupt", END_FAILED }, { "timeout", END_FAILED },
	{ "timedout", END_FAILED }, { "overload", END_FAILED },
	{ "unavailable", END_FAILED }, { "disconnect", END_FAILED },
	{ "preempt", END_FAILED }, { "evict", END_FAILED },
	{ "unload", END_FAILED }, { "shutdown", END_FAILED },
	{ "crash", END_FAILED }, { "outofmemory", END_FAILED },
	{ "exception", END_FAILED }, { "malformed", END_FAILED },
	{ "unexpected", END_FAILED }, { "missing", END_FAILED },
	{ "invalid", END_FAILED }, { "toomany", END_FAILED },
	{ "ratelimit", END_FAILED }, { "quota", END_FAILED },
	{ "exhaust", END_FAILED }, { "capacity", END_FAILED },
	{ "busy", END_FAILED }, { "connection", END_FAILED },
	{ "terminat", END_FAILED }, { "kill", END_FAILED },
	{ "repetition", END_FAILED }, { "language", END_FAILED },
	{ "userstop", END_FAILED },
	/* Cut by the length of the context or by our own limit. */
	{ "length", END_CUT }, { "max", END_CUT }, { "limit", END_CUT },
	{ "context", END_CUT }, { "exceed", END_CUT },
	{ "truncat", END_CUT }, { "incomplete", END_CUT },
	{ "budget", END_CUT },
};

/*
 * Copies the letters and digits of a word, in lower case, up to a colon: in
 * "stop:str" only the "stop" tells.
 */
static void
normalize(const char *word, char out[WORD_MAX])
{
	size_t n = 0;

	for (; *word != '\0' && *word != ':' && n < WORD_MAX - 1; word++)
		if (isalnum((unsigned char)*word))
			out[n++] = (char)tolower((unsigned char)*word);
	out[n] = '\0';
}

enum end
finish_means(const char *word)
{
	char plain[WORD_MAX];
	size_t i;

	if (word == NULL || *word == '\0')
		return END_NOT;
	/* Some engines say which stop token it was: <|eot_id|>, </s>. */
	if (*word == '<')
		return END_STOP;
	normalize(word, plain);
	if (strcmp(plain, "null") == 0 || strcmp(plain, "none") == 0)
		return END_NOT;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strstr(plain, table[i].part) != NULL)
			return table[i].end;
	/*
	 * "stop", "eos", "end_turn", "tool_calls", and every word that nobody
	 * knows: the host has ended its answer in order and reports nothing
	 * wrong, and hosts have more names for a good end, first of all those
	 * of their stop tokens, than for any other.  Taken for a failure, a
	 * whole answer would be thrown away and bought again.
	 */
	return END_STOP;
}
