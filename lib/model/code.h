/*
 * code: the words by which an EVENT_ERROR says why a part has no text, and what
 * follows from each.
 *
 * The list is recipe.fcgi(8), ERROR CODES, which `make lint` holds against the
 * table in code.c.  An attempt that has failed has one of these codes; if the
 * service has said what it means by its answer (enum means), decide goes by
 * that instead.
 *
 *	outcome_fail(&outcome, CODE_LOST, "the process has gone");
 *	code_word(outcome.code)			"lost"
 *	code_rule(outcome.code)->next		NEXT_SAME
 *
 * To add a code: a name here, its row in code.c, its place in the manual.
 */
#ifndef CODE_H
#define CODE_H

#include <stdbool.h>

enum code {
	CODE_NONE,
	/* An attempt: no connection, or none that is safe. */
	CODE_UNREACHABLE, CODE_TLS,
	/* The service refuses, or answers with what is no stream. */
	CODE_AUTH, CODE_HTTP_STATUS, CODE_NO_STREAM,
	/* The stream ends early, with an error, without text. */
	CODE_CUT_OFF, CODE_PROVIDER_ERROR, CODE_EMPTY,
	/* A clock of that name. */
	CODE_CONNECT_TIMEOUT, CODE_FIRST_TOKEN_TIMEOUT, CODE_IDLE_TIMEOUT,
	CODE_RUN_TIMEOUT,
	/* The text is not what was asked for, or more than there may be. */
	CODE_BAD_LIST, CODE_TOO_BIG,
	/* A program ended with another status than 0. */
	CODE_PROGRAM_FAILED,
	/* Withheld by the service; a needed part is missing. */
	CODE_FILTERED, CODE_SKIPPED,
	/* A stage has died, none could be forked, or memory is short. */
	CODE_LOST, CODE_NO_PROCESS, CODE_NO_MEMORY,
	/* The site may not spend more (run/purse.h). */
	CODE_LIMIT_SITE,
	/* Its visitor has stopped it; nobody read it any more. */
	CODE_STOPPED, CODE_LEFT,
	/* A whole run: the process that made it has died. */
	CODE_BROKEN,
};

/* What another attempt of the part would be, before the first text. */
enum next { NEXT_NONE, NEXT_SAME, NEXT_MODEL, NEXT_SERVICE };

/* What other runs are told of the service (site/state.h). */
enum memory {
	TELL_NOBODY,
	TELL_ASIDE,		/* set aside: its key or credit is no good */
	TELL_FORBIDDEN,		/* for a short while: it gave no reason */
	TELL_COUNT,		/* one more failure */
};

struct rule {
	enum next	next;
	enum memory	memory;
	bool		retryable;	/* worth the visitor's asking again */
};

/* "cut_off"; "" for CODE_NONE. */
const char *code_word(enum code code);

/* CODE_NONE if it is no such word; NULL is none. */
enum code code_find(const char *word);

const struct rule *code_rule(enum code code);

#endif
