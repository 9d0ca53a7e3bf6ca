/*
 * usage: how many tokens a service says that an answer took.
 *
 * Most hosts send an object `usage` with the last chunk, some with every chunk,
 * some in other places; llama.cpp has `timings` in its place.
 *
 *	usage_doubt(&tokens, &sure);		text or thoughts have come
 *	usage_read(&tokens, &sure, chunk, choice, has_ended);
 *	if (!tokens.estimated)
 *		...			in and out are what the answer took
 */
#ifndef USAGE_H
#define USAGE_H

#include <stdbool.h>

struct json;
struct tokens;

/*
 * Takes the counts from a chunk and its choice (NULL: it has none).  Of several
 * counts in one answer the greatest holds, for in and out each.  A count is
 * sure if the answer has ended (`ended`), with this chunk or before; those are
 * in *sure.  As long as not both are sure, what is known is `estimated`.
 */
void	usage_read(struct tokens *tokens, struct tokens *sure,
	    const struct json *chunk, const struct json *choice, bool ended);

/*
 * Text or thoughts have come, so that what was told before does not count all:
 * nothing is sure any more.
 */
void	usage_doubt(struct tokens *tokens, struct tokens *sure);

/*
 * Takes what an error says (NULL: it is no JSON) of the tokens that it took
 * all the same.  They are estimated if anything was heard of the model before,
 * or if the error only quotes what it wrote (Groq's failed_generation).
 */
void	usage_refused(struct tokens *tokens, const struct json *error,
	    bool heard);

#endif
