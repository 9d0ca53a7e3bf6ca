/*
 * says.c: stage.  Writes a program's words to the log; knows nothing of the
 * program.
 */
#include <stdint.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "stage/says.h"

/* Appends the text of a line with \xNN for what is no visible text. */
static void
show(struct buf *out, const char *s, size_t n)
{
	uint32_t cp;
	size_t i, len;

	for (i = 0; i < n; i += len) {
		len = utf8_next(s + i, n - i, &cp);
		if (len > 0 && (cp == '\t' || (cp >= 0x20 &&
		    (cp < 0x7f || cp >= 0xa0)))) {
			buf_add(out, s + i, len);
			continue;
		}
		/* Byte after byte: the next one may begin a valid one. */
		len = 1;
		buf_printf(out, "\\x%02x", (unsigned char)s[i]);
	}
}

/* Writes the line that is there, if it is not empty, to the log. */
static void
end_line(struct says *says)
{
	struct buf shown = BUF_INIT(4 * SAYS_LINE_MAX);

	if (says->line.len == 0)
		return;
	show(&shown, says->line.data, says->line.len);
	log_info("part=%s program says: %s", says->part, shown.data);
	buf_free(&shown);
	buf_reset(&says->line);
}

/* Takes a byte of a line; one that would be too long is cut before it. */
static void
add_byte(struct says *says, char c)
{
	struct buf *line = &says->line;
	char begun[4];
	size_t n;

	if (line->len == SAYS_LINE_MAX) {
		/* A code point that is not complete begins the next line. */
		n = utf8_begun(line->data, line->len);
		line->len -= n;
		memcpy(begun, line->data + line->len, n);
		end_line(says);
		buf_add(line, begun, n);
	}
	buf_putc(line, c);
}

void
says_feed(struct says *says, const char *data, size_t n)
{
	size_t i;

	for (i = 0; i < n && says->n < SAYS_MAX; i++, says->n++)
		if (data[i] == '\n')
			end_line(says);
		else
			add_byte(says, data[i]);
	if (i == n || says->full)
		return;
	says->full = true;
	end_line(says);
	log_info("part=%s program says more than %d bytes; the rest of this "
	    "run is dropped", says->part, SAYS_MAX);
}

void
says_end(struct says *says)
{
	end_line(says);
}

void
says_free(struct says *says)
{
	buf_free(&says->line);
}
