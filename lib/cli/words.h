/*
 * words: what follows `recipe.fcgi run` on the command line.
 *
 *	NAME=VALUE	an input of the graph
 *	--want PART	only this part, and what it needs; may come again
 *	--given PART=FILE	a finished part, or a list's pick as JSON
 *	--prompts DIR	the directory with stages.json
 *	--json, --stream	the form of the answer, instead of text
 *	--watch		runs again what was saved
 *	--verbose	log lines on standard error as well
 *
 * They are only divided here; whether the graph knows a name is asked later.
 *
 *	struct words words = WORDS_INIT;
 *
 *	if (words_read(&words, argc - 2, argv + 2, &err) == -1)
 *		...	err.text says which word is wrong
 *	words_free(&words);
 *
 * It owns its documents and borrows the rest from argv.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

struct err;
struct form_ops;
struct json;

struct words {
	struct json		*inputs;	/* NAME: VALUE, all strings */
	struct json		*want;		/* PART, ...; NULL: all */
	struct json		*files;		/* PART: FILE; NULL: none */
	const struct form_ops	*form;
	const char		*prompts;	/* NULL: none was named */
	bool			 watch;
	bool			 verbose;
};

#define WORDS_INIT { .inputs = NULL }

/*
 * Reads the n words.  Returns 0, or -1 with err.  In both cases *words must be
 * freed afterwards.
 */
int	words_read(struct words *words, int n, char **word, struct err *err);
void	words_free(struct words *words);

#endif
