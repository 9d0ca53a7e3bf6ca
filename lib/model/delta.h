/*
 * delta: what a delta, or a message, has apart from its text: thoughts.
 *
 * Many hosts send a model's thoughts apart from its text, and under many names:
 * reasoning_content, reasoning, reasoning_text, reasoning_details, thinking,
 * thinking_blocks, or as pieces of an array in place of the text.  Thoughts are
 * not shown, but they count: they show that the model is at work, and they are
 * paid for.
 */
#ifndef DELTA_H
#define DELTA_H

#include <stdbool.h>
#include <stddef.h>

struct json;

/*
 * How many bytes of thoughts the members of a delta hold: 0 if there are none,
 * at least 1 if there is one whose words are hidden.
 */
size_t	delta_thoughts(const struct json *delta);

/* Whether a delta has text, however it is wrapped. */
bool	delta_has_text(const struct json *delta);

/*
 * Reads one element of an array of content.  Returns its text, borrowed, and
 * its length in *n, or NULL if it is not text.  *thought is the number of
 * bytes of thoughts in it, 0 if it is none.
 */
const char *delta_piece(const struct json *piece, size_t *n, size_t *thought);

#endif
