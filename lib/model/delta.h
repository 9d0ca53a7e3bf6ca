/*
 * delta: what stands in a delta, or a message, beside its text.
 *
 * Hosts send a model's thoughts apart from its text under many names:
 * reasoning_content, reasoning, reasoning_text, reasoning_details, thinking,
 * thinking_blocks, or as pieces of an array of content.  They are not shown;
 * they are signs of life, and paid for.
 */
#ifndef DELTA_H
#define DELTA_H

#include <stdbool.h>
#include <stddef.h>

struct json;

/*
 * Bytes of the thoughts in the members of a delta, at least 1 if there are
 * any; 0 without.
 */
size_t	delta_thoughts(const struct json *delta);

/*
 * A piece of an array of content: its text, which is borrowed, and its
 * length; NULL for one that is no text.  *thought is set for a thought, to
 * its bytes.
 */
const char *delta_piece(const struct json *piece, size_t *n, size_t *thought);

#endif
