/*
 * surrogate: repairs a surrogate pair that a server has cut in two.
 *
 * In JSON a character beyond U+FFFF may be written as an escaped surrogate
 * pair, like \uD83D\uDD25.  Some servers cut a model's text between the two
 * halves: the "content" of one chunk ends in the first half, and that of the
 * next chunk begins with the second.  A JSON parser would make U+FFFD of each.
 * So the first half is taken out of its chunk and put into the next one, before
 * they are parsed.
 *
 *	char half[SURROGATE_HALF] = "";
 *
 *	for each chunk:
 *		if (surrogate_join(half, &chunk))
 *			buf_puts(&text, SURROGATE_ALONE);
 *		parse(chunk)
 *	if (half[0] != '\0')
 *		buf_puts(&text, SURROGATE_ALONE);
 */
#ifndef SURROGATE_H
#define SURROGATE_H

#include <stdbool.h>

struct buf;

/* Bytes for a first half as it was written, six characters, and a NUL. */
#define SURROGATE_HALF	8

/* U+FFFD, to put in place of a half whose other half never came. */
#define SURROGATE_ALONE	"\xef\xbf\xbd"

/*
 * Changes `data`, one chunk's JSON.  If `half` holds a first half and the
 * "content" begins with a second one, the first is put before it.  If the
 * content ends in a first half, that is moved to `half`; else `half` becomes
 * "".  Returns whether `half` held one whose second half did not come.  A
 * chunk whose content is empty or missing changes nothing.
 */
bool	surrogate_join(char half[SURROGATE_HALF], struct buf *data);

#endif
