/*
 * lenient: JSON as models write it, while it is being written.
 *
 * Takes objects and arrays out of any text around them, and mends what can be
 * mended: quotes that are not escaped (stray.h), single and curly quotes,
 * names and words without any, raw newlines, wrong escapes, comments, and
 * what outline.h puts right.  What cannot be mended costs the object that it
 * stands in: at the next one, {"name": even in the midst of a string, the
 * reader finds its feet again.
 *
 * One pass over the text, linear, a byte at a time; what a byte means may
 * wait for STRAY_LOOK more.
 */
#ifndef LENIENT_H
#define LENIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/outline.h"
#include "text/stray.h"

enum token { TOKEN_NONE, TOKEN_STRING, TOKEN_BARE, TOKEN_LINE, TOKEN_BLOCK };

struct lenient {
	struct outline	 outline;	/* what has been read */
	bool		 prose;	/* words stood outside of all brackets */
	bool		 fence;	/* in the rest of a line like ```json */
	enum token	 token;
	struct place	 string; /* that is open, or a word */
	char		 ahead[STRAY_LOOK];
	size_t		 pos, n; /* in `ahead` */
};

/* The outline is to be initialized by the owner. */
void	lenient_free(struct lenient *lenient);

/* Reads on, until the outline says stop. */
void	lenient_feed(struct lenient *lenient, const char *text, size_t n);

/* There is no more; what was looked at ahead is read. */
void	lenient_end(struct lenient *lenient);

#endif
