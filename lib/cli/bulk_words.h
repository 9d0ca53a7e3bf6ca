/*
 * bulk_words: what follows `recipe.fcgi bulk` on the command line.
 *
 *	IN OUT			files of lines; - is standard input or output
 *	--check			checks the file, counts, and asks nothing
 *	--retry-failed		asks again what is in the errors file; IN
 *				is no stream then
 *	--at-once N		so many lines are under way at once
 *	--model [NAME=]ID	which service a model means (bulk/aim.h)
 *	--max-tokens-total N	stops when the answers have cost so many
 *	--max-cost X		or so much, by the prices of recipe.json
 *	--demo			the demo may write what no model can
 *	--prompts DIR		the directory with stages.json
 *	--json			the summary for machines
 */
#ifndef BULK_WORDS_H
#define BULK_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "bulk/aim.h"

struct err;

struct bulk_words {
	const char	*in, *out;
	const char	*prompts;	/* NULL: not said, as of the others */
	struct aims	 aims;
	int64_t		 at_once;	/* 0 */
	int64_t		 tokens_most;	/* -1 */
	int64_t		 money_most;	/* as in spend/entry.h; -1 */
	bool		 check, retry, demo, json;
};

#define BULK_WORDS_INIT { .aims = AIMS_INIT, .tokens_most = -1, \
	.money_most = -1 }

/* Borrows the words.  Returns 0, or -1 with err; free in both cases. */
int	bulk_words_read(struct bulk_words *words, int n, char **word,
	    struct err *err);
void	bulk_words_free(struct bulk_words *words);

#endif
