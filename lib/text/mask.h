/*
 * mask: takes a secret out of a text that comes in pieces.
 *
 * A service may repeat the key that it was given, even as a model's text.
 * Wherever the key stands in the text, "***" stands in its place, also if it
 * comes in several pieces: the end of a piece that may be the beginning of the
 * key is held back until the next piece shows whether it is.  A secret of less
 * than MASK_LEAST bytes is no secret, but a placeholder like "none" or
 * "ollama", which are ordinary words, and stays.
 *
 *	mask_init(&mask, key);
 *	mask_feed(&mask, piece, n, &out);	for each piece
 *	mask_end(&mask, &out);
 *	mask_free(&mask);
 */
#ifndef MASK_H
#define MASK_H

#include <stddef.h>

#include "base/buf.h"

#define MASK_LEAST	16	/* bytes */

struct mask {
	const char	*secret;	/* borrowed; NULL: nothing is masked */
	size_t		 len;		/* of the secret */
	struct buf	 held;		/* what may be its beginning */
};

/*
 * The secret is borrowed until mask_free; it may be NULL, and then the text
 * stays as it is.
 */
void	mask_init(struct mask *mask, const char *secret);
void	mask_free(struct mask *mask);

/*
 * Appends to out the n bytes at text, after what was held back before, without
 * the secret and without a new end that must be held back.  A lack of memory
 * shows in out->failed.
 */
void	mask_feed(struct mask *mask, const char *text, size_t n,
	    struct buf *out);

/*
 * To be called after the last piece: appends to out what is held back, which
 * is not the whole secret.
 */
void	mask_end(struct mask *mask, struct buf *out);

#endif
