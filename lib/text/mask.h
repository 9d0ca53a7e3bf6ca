/*
 * mask: a secret is taken out of a text that comes in pieces.
 *
 * A host may echo the key that it was given, even as a model's text.  Each
 * time it is there it becomes "***", wherever it was cut; the end of a piece
 * that may be its begin is held until the next.  A secret of less than
 * MASK_LEAST bytes is a placeholder ("none", "ollama") and an ordinary word,
 * and stays.
 */
#ifndef MASK_H
#define MASK_H

#include <stddef.h>

#include "base/buf.h"

#define MASK_LEAST	16

struct mask {
	const char	*secret;	/* borrowed; NULL: nothing is masked */
	size_t		 len;
	struct buf	 held;
};

void	mask_init(struct mask *mask, const char *secret);
void	mask_free(struct mask *mask);

/* Appends what can be said of this piece to out. */
void	mask_feed(struct mask *mask, const char *text, size_t n,
	    struct buf *out);

/* The text is over: what was held was text. */
void	mask_end(struct mask *mask, struct buf *out);

#endif
