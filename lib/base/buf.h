/*
 * buf: a growable buffer of bytes with an upper bound and a sticky error.
 *
 * `data` always ends in a NUL that `len` does not count, so it can be read as
 * a C string; it is "" before the first append, never NULL.  An append that
 * would pass `max` bytes, or finds no memory, adds nothing and sets `failed`;
 * all later appends do nothing until buf_reset.  So: append freely, look at
 * `failed` once.
 *
 * What a buf holds may be a visitor's text: buf_reset, buf_free, buf_drop and
 * growth overwrite the bytes they give up.  A buf owns its data; buf_free
 * returns it to BUF_INIT's state with the same max and may be called twice.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char	*data;
	size_t	 len;
	size_t	 cap;		/* bytes allocated, 0 before the first */
	size_t	 max;		/* bytes allowed, the NUL not counted */
	bool	 failed;
};

extern char buf_empty[1];

#define BUF_INIT(max_bytes) { buf_empty, 0, 0, (max_bytes), false }

void	buf_init(struct buf *b, size_t max);

/* Return 0, or -1 with b->failed set. */
int	buf_add(struct buf *b, const void *data, size_t n);
int	buf_puts(struct buf *b, const char *s);
int	buf_putc(struct buf *b, char c);
int	buf_fill(struct buf *b, char c, size_t n);
int	buf_printf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Room for n more bytes behind len, for read(2); NULL where there is none. */
char	*buf_room(struct buf *b, size_t n);

/* How many bytes at the end may be the begin of `word`, but not all of it. */
size_t	buf_begun(const struct buf *b, const char *word);

/* Drops the first n bytes; the rest moves to the front. */
void	buf_drop(struct buf *b, size_t n);

/* len = 0, failed = false; keeps the memory, overwrites what was in it. */
void	buf_reset(struct buf *b);
void	buf_free(struct buf *b);

#endif
