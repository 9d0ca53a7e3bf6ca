/*
 * buf.c: any process.  A growable array of bytes; knows nothing of what the
 * bytes mean.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

char buf_empty[1] = "";

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

/*
 * Makes cap larger than `need`, so that the NUL has a place, too.  Returns 0,
 * or -1 if there is no memory.  realloc(3) would do it, but in a build without
 * wipe.c it frees the old block without overwriting it.
 */
static int
grow(struct buf *b, size_t need)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;
	char *data;

	if (need < b->cap)
		return 0;
	while (cap <= need)
		cap *= 2;
	if ((data = malloc(cap)) == NULL)
		return -1;
	memcpy(data, b->data, b->len + 1);
	if (b->cap > 0) {
		explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	b->data = data;
	b->cap = cap;
	return 0;
}

char *
buf_room(struct buf *b, size_t n)
{
	if (b->failed)
		return NULL;
	/* n is compared first, or max - n could wrap around. */
	if (n > b->max || b->len > b->max - n || grow(b, b->len + n) == -1) {
		b->failed = true;
		return NULL;
	}
	return b->data + b->len;
}

int
buf_add(struct buf *b, const void *data, size_t n)
{
	char *room;

	/* With n of 0, data may be NULL, which memcpy does not take. */
	if (n == 0)
		return b->failed ? -1 : 0;
	if ((room = buf_room(b, n)) == NULL)
		return -1;
	memcpy(room, data, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_fill(struct buf *b, char c, size_t n)
{
	char *room = buf_room(b, n);

	if (room == NULL)
		return -1;
	memset(room, c, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *room;
	int n;

	/* Formatted twice: first only to learn how much room it needs. */
	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return -1;
	}
	if ((room = buf_room(b, (size_t)n)) == NULL)
		return -1;
	va_start(ap, fmt);
	vsnprintf(room, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

/* Tries the longest end first, and only where the first byte of word is. */
size_t
buf_begun(const struct buf *b, const char *word)
{
	size_t most = strlen(word) - 1;
	const char *end = b->data + b->len;
	const char *p = end - (most < b->len ? most : b->len);

	for (; (p = memchr(p, word[0], (size_t)(end - p))) != NULL; p++)
		if (memcmp(p, word, (size_t)(end - p)) == 0)
			return (size_t)(end - p);
	return 0;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n);
	explicit_bzero(b->data + b->len - n, n);
	b->len -= n;
	b->data[b->len] = '\0';
}

void
buf_reset(struct buf *b)
{
	/* Without memory of its own, data is the constant buf_empty. */
	if (b->cap > 0)
		explicit_bzero(b->data, b->len);
	b->len = 0;
	b->failed = false;
}

void
buf_free(struct buf *b)
{
	if (b->cap > 0) {
		explicit_bzero(b->data, b->cap);
		free(b->data);
	}
	buf_init(b, b->max);
}
