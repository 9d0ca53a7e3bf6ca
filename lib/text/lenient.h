/*
 * lenient: reads JSON as models write it, while it is being written.
 *
 * It finds the objects and arrays in any text around them, and repairs what it
 * can: quotes that are not escaped (stray.h), single and curly quotes, names
 * and values without quotes, newlines in strings, wrong escapes, comments, and
 * missing commas, colons and brackets (outline.h).  If something cannot be
 * repaired, only the object in which it stands is lost: reading goes on at the
 * next `{"name":`, even in the middle of a string.
 *
 * It reads the text once, byte by byte, in linear time.  To tell what a byte
 * means it may need up to STRAY_LOOK bytes more, and waits for them.
 *
 *	struct lenient l;
 *
 *	memset(&l, 0, sizeof(l));
 *	outline_init(&l.outline, "name", opened, closed);
 *	lenient_feed(&l, text, n);	for each piece
 *	lenient_end(&l);
 *	lenient_free(&l);
 */
#ifndef LENIENT_H
#define LENIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/outline.h"
#include "text/stray.h"

/* What is being read: a string, a word without quotes, or a comment. */
enum token { TOKEN_NONE, TOKEN_STRING, TOKEN_BARE, TOKEN_LINE, TOKEN_BLOCK };

struct lenient {
	struct outline		 outline;	/* what has been read */
	bool			 prose;	/* words stood outside all brackets */
	bool			 fence;	/* in the rest of a line like ```json */
	enum token		 token;
	struct stray_place	 string;	/* of the string or word */
	char			 ahead[STRAY_LOOK];
	size_t			 pos, n;	/* in `ahead`: the next byte
						   to read, and its bytes */
};

/* Frees it and its outline, which the owner has initialized. */
void	lenient_free(struct lenient *lenient);

/* Reads n more bytes, or fewer, if the outline's owner sets its `stop`. */
void	lenient_feed(struct lenient *lenient, const char *text, size_t n);

/* To be called at the end of the text: reads the bytes that wait. */
void	lenient_end(struct lenient *lenient);

#endif
