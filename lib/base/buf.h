/*
 * buf: a growable array of bytes with an upper bound and a sticky error.
 *
 * `data` always ends in a NUL that `len` does not count, so it can be read as
 * a C string.  Before the first append it points at an empty string; it is
 * never NULL.  An append that would make the text longer than `max` bytes, or
 * for which there is no memory, adds nothing and sets `failed`; from then on
 * every append does nothing and fails, until buf_reset.  A caller may
 * therefore append as often as it likes and look at `failed` once:
 *
 *	struct buf b = BUF_INIT(4096);
 *
 *	buf_puts(&b, "data: ");
 *	buf_add(&b, text, n);
 *	if (!b.failed)
 *		write(fd, b.data, b.len);
 *	buf_free(&b);
 *
 * The bytes may be a visitor's text.  Memory that a buffer gives up (in
 * buf_reset, buf_free, buf_drop, and when it grows into a larger block) is
 * therefore overwritten first.  A buffer owns its data; buf_free leaves it
 * empty with the same max, so it can be used again, and freed twice.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char	*data;
	size_t	 len;
	size_t	 cap;		/* bytes allocated; 0 before the first append */
	size_t	 max;		/* most bytes in len, without the NUL */
	bool	 failed;
};

/* What the data of an unused buffer points at.  Nobody writes to it. */
extern char buf_empty[1];

#define BUF_INIT(max_bytes) { buf_empty, 0, 0, (max_bytes), false }

void	buf_init(struct buf *b, size_t max);

/*
 * Append bytes, a C string, one byte, n times the same byte, or formatted
 * text.  They return 0, or -1 with b->failed set.
 */
int	buf_add(struct buf *b, const void *data, size_t n);
int	buf_puts(struct buf *b, const char *s);
int	buf_putc(struct buf *b, char c);
int	buf_fill(struct buf *b, char c, size_t n);
int	buf_printf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Makes room for n more bytes after the text and returns its address, so that
 * read(2) can write there; NULL with b->failed set if there is no room.  Who
 * writes there adds to len and ends the text in a NUL.
 */
char	*buf_room(struct buf *b, size_t n);

/*
 * The length of the longest end of the text that is a beginning of `word`,
 * which is not empty, but not the whole word; 0 if there is none.  So many
 * bytes must wait for more text before one can know whether `word` is there.
 */
size_t	buf_begun(const struct buf *b, const char *word);

/* Removes the first n bytes, n at most len, and moves the rest to the front. */
void	buf_drop(struct buf *b, size_t n);

/* Makes it empty and usable after a failure.  The memory is kept. */
void	buf_reset(struct buf *b);

/* Frees the memory. */
void	buf_free(struct buf *b);

#endif
