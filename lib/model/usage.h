/*
 * usage: how many tokens a service says that an answer took.
 *
 * Most hosts send an object `usage` with the last chunk, some with every chunk,
 * some in other places; llama.cpp has `timings` in its place.
 */
#ifndef USAGE_H
#define USAGE_H

struct json;
struct tokens;

/*
 * Takes the counts from a chunk and its choice (NULL: it has none).  A count
 * that the chunk does not have stays as it is, so the last that was said holds.
 */
void	usage_read(struct tokens *tokens, const struct json *chunk,
	    const struct json *choice);

#endif
