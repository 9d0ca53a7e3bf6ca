/*
 * newlines.c: worker.  CR, CRLF and U+2B91 become LF.
 */
#include <string.h>

#include "base/buf.h"
#include "text/newlines.h"
#include "text/sse.h"

#define SIGN_LEN	(sizeof(SSE_NEWLINE) - 1)

bool
newlines_are_plain(const struct newlines *newlines, const char *text, size_t n)
{
	return !newlines->after_cr && memchr(text, '\r', n) == NULL &&
	    memmem(text, n, SSE_NEWLINE, SIGN_LEN) == NULL;
}

/* Bytes of the newline at p, of which there are n to the end; 0: it is none. */
static size_t
newline_len(const char *p, size_t n)
{
	if (*p == '\r')
		return n > 1 && p[1] == '\n' ? 2 : 1;
	return n >= SIGN_LEN && memcmp(p, SSE_NEWLINE, SIGN_LEN) == 0 ?
	    SIGN_LEN : 0;
}

void
newlines_read(struct newlines *newlines, const char *text, size_t n,
    struct buf *out)
{
	const char *end = text + n, *from, *p;
	size_t len = 0;

	if (n == 0)
		return;
	if (newlines->after_cr && *text == '\n')
		text++;
	newlines->after_cr = end[-1] == '\r';
	for (from = p = text; p < end; p += len > 0 ? len : 1) {
		if ((len = newline_len(p, (size_t)(end - p))) == 0)
			continue;
		buf_add(out, from, (size_t)(p - from));
		buf_putc(out, '\n');
		from = p + len;
	}
	buf_add(out, from, (size_t)(end - from));
}
