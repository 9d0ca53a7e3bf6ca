/*
 * code.c: the table of error codes; a row for each, as docs/failures.md has
 * them.
 */
#include <stddef.h>
#include <string.h>

#include "model/code.h"

static const struct {
	const char	*word;
	struct rule	 rule;
} codes[] = {
	[CODE_NONE] = { "", { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_UNREACHABLE] = { "unreachable",
	    { NEXT_SERVICE, TELL_COUNT, true } },
	[CODE_TLS] = { "tls", { NEXT_SERVICE, TELL_COUNT, false } },
	[CODE_AUTH] = { "auth", { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_HTTP_STATUS] = { "http_status",
	    { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_NO_STREAM] = { "no_stream",
	    { NEXT_SERVICE, TELL_NOBODY, false } },
	[CODE_CUT_OFF] = { "cut_off", { NEXT_SAME, TELL_NOBODY, true } },
	[CODE_PROVIDER_ERROR] = { "provider_error",
	    { NEXT_SAME, TELL_NOBODY, true } },
	[CODE_EMPTY] = { "empty", { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_CONNECT_TIMEOUT] = { "connect_timeout",
	    { NEXT_SERVICE, TELL_COUNT, true } },
	[CODE_FIRST_TOKEN_TIMEOUT] = { "first_token_timeout",
	    { NEXT_SERVICE, TELL_COUNT, true } },
	[CODE_IDLE_TIMEOUT] = { "idle_timeout",
	    { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_RUN_TIMEOUT] = { "run_timeout",
	    { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_BAD_LIST] = { "bad_list", { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_TOO_BIG] = { "too_big", { NEXT_NONE, TELL_NOBODY, false } },
	[CODE_PROGRAM_FAILED] = { "program_failed",
	    { NEXT_NONE, TELL_NOBODY, false } },
	[CODE_FILTERED] = { "filtered", { NEXT_SERVICE, TELL_NOBODY, false } },
	[CODE_SKIPPED] = { "skipped", { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_LOST] = { "lost", { NEXT_SAME, TELL_NOBODY, true } },
	[CODE_NO_PROCESS] = { "no_process",
	    { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_NO_MEMORY] = { "no_memory", { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_LIMIT_SITE] = { "limit_site",
	    { NEXT_SERVICE, TELL_NOBODY, true } },
	[CODE_STOPPED] = { "stopped", { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_LEFT] = { "left", { NEXT_NONE, TELL_NOBODY, true } },
	[CODE_BROKEN] = { "broken", { NEXT_NONE, TELL_NOBODY, true } },
};

#define CODES_COUNT	(sizeof(codes) / sizeof(codes[0]))

const char *
code_word(enum code code)
{
	return codes[code].word;
}

enum code
code_find(const char *word)
{
	size_t i;

	for (i = 1; word != NULL && i < CODES_COUNT; i++)
		if (strcmp(codes[i].word, word) == 0)
			return (enum code)i;
	return CODE_NONE;
}

const struct rule *
code_rule(enum code code)
{
	return &codes[code].rule;
}
