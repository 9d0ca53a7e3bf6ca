/*
 * mask: hides a key in a text, wherever and however often it stands there.
 *
 * A service may repeat the key that it was given: in the words of an error,
 * even as a model's text.  MASK_HIDDEN then stands in its place.
 *
 * A whole text, like an error's words or a line of `check`, may have the key in
 * the spelling of what it was cut from.  mask_text therefore finds it also if
 * JSON, a URL or a page has escaped any of its characters.
 *
 *	mask_text(&out, words, strlen(words), key);
 *
 * A text that comes in pieces is a model's, which has been decoded already.
 * Here the key is found as it is, also if it comes in several pieces: the end
 * of a piece that may be the beginning of the key is held back until the next
 * piece shows whether it is.
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

/* What stands in the place of that which nobody may read. */
#define MASK_HIDDEN	"***"

/*
 * Bytes.  A shorter key is no secret, and stays: it is a placeholder for a
 * server that wants none ("none", "EMPTY", "ollama"), and an ordinary word
 * that would be missing from a recipe or from an error's words.  Hosts give out
 * keys of 30 bytes and more; a key that a person made up for a server of her
 * own has hardly less than 8.
 */
#define MASK_LEAST	8

struct mask {
	const char	*secret;	/* borrowed; NULL: nothing is masked */
	size_t		 len;		/* of the secret */
	struct buf	 held;		/* what may be its beginning */
};

/*
 * Appends the n bytes at text to out, without the key in any spelling.  key may
 * be NULL, and then the text stays as it is.  out needs room for no more than n
 * bytes; a lack of memory shows in out->failed.
 */
void	mask_text(struct buf *out, const char *text, size_t n,
	    const char *key);

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
