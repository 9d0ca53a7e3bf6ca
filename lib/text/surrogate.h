/*
 * surrogate: pairs of \uD83D\uDD25 that a server cuts in two.
 *
 * Some servers cut a model's text between the halves of a surrogate pair, so
 * that one chunk's "content" ends in the first, escaped, and the next begins
 * with the second; a JSON reader would make U+FFFD of each.
 */
#ifndef SURROGATE_H
#define SURROGATE_H

#include <stdbool.h>

struct buf;

/* A first half as it was written, six characters, or "". */
#define SURROGATE_HALF	8

/* What stands for a half whose other never comes, U+FFFD. */
#define SURROGATE_ALONE	"\xef\xbf\xbd"

/*
 * Puts the half that waits before the "content" of this chunk, if its other
 * begins there, and takes out one that ends it, to wait in `half`.  Returns
 * whether the one that waited stays alone.
 */
bool	surrogate_join(char half[SURROGATE_HALF], struct buf *data);

#endif
