/*
 * sse.c: a stage reads a provider's events with it, and a worker writes those
 * for a visitor.  Knows lines and fields; knows nothing of what they mean.
 */
#include <inttypes.h>
#include <string.h>

#include "text/sse.h"

/*
 * Handles a complete line, which is a field, a comment, or the blank line that
 * ends an event.  Returns what fn returned, or -1 if the event is too large.
 */
static int
take_line(struct sse *sse, sse_event_fn *fn, void *arg)
{
	struct sse_event event;
	const char *line = sse->line.data, *value;
	size_t n = sse->line.len, key;
	int rc;

	if (n == 0) {
		/* The standard drops an event without data, name and all. */
		if (!sse->has_data) {
			buf_reset(&sse->name);
			return 0;
		}
		event.name = sse->name.data;
		event.data = sse->data.data;
		event.len = sse->data.len;
		rc = fn(arg, &event);
		buf_reset(&sse->data);
		buf_reset(&sse->name);
		sse->has_data = false;
		return rc;
	}
	/* A comment begins with a colon, so its key is empty and unknown. */
	value = memchr(line, ':', n);
	key = value == NULL ? n : (size_t)(value - line);
	value = value == NULL ? line + n : value + 1;
	if (value < line + n && *value == ' ')
		value++;
	n -= (size_t)(value - line);
	if (key == 4 && memcmp(line, "data", 4) == 0) {
		if (sse->has_data)
			buf_putc(&sse->data, '\n');
		buf_add(&sse->data, value, n);
		sse->has_data = true;
	} else if (key == 5 && memcmp(line, "error", 5) == 0) {
		/*
		 * The standard has no such field, but llama.cpp sent its
		 * errors in it until 2025.  It becomes an event of that name.
		 */
		buf_reset(&sse->name);
		buf_puts(&sse->name, "error");
		buf_add(&sse->data, value, n);
		sse->has_data = true;
	} else if (key == 5 && memcmp(line, "event", 5) == 0) {
		buf_reset(&sse->name);
		buf_add(&sse->name, value, n);
	}
	return sse->data.failed || sse->name.failed ? -1 : 0;
}

/*
 * The first CR or LF among the n bytes at s, or their end.  Two memchr are
 * several times faster than a loop over the bytes; the second one searches
 * only up to the LF.
 */
static const char *
line_end(const char *s, size_t n)
{
	const char *lf = memchr(s, '\n', n), *cr;

	n = lf == NULL ? n : (size_t)(lf - s);
	cr = memchr(s, '\r', n);
	return cr == NULL ? s + n : cr;
}

int
sse_feed(struct sse *sse, const char *bytes, size_t n, sse_event_fn *fn,
    void *arg)
{
	const char *end = bytes + n, *eol;
	int rc;

	while (bytes < end) {
		/* The CR has ended the line; an LF after it is a part of it. */
		if (sse->after_cr) {
			sse->after_cr = false;
			if (*bytes == '\n' && ++bytes == end)
				break;
		}
		eol = line_end(bytes, (size_t)(end - bytes));
		if (buf_add(&sse->line, bytes, (size_t)(eol - bytes)) == -1)
			return -1;
		if (eol == end)
			break;
		sse->after_cr = *eol == '\r';
		bytes = eol + 1;
		if (!sse->started) {
			sse->started = true;
			if (strncmp(sse->line.data, "\xef\xbb\xbf", 3) == 0)
				buf_drop(&sse->line, 3);
		}
		rc = take_line(sse, fn, arg);
		buf_reset(&sse->line);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
sse_end(struct sse *sse, sse_event_fn *fn, void *arg)
{
	int rc = 0;

	/* First the line that is not ended yet, then the event. */
	if (sse->line.len > 0)
		rc = sse_feed(sse, "\n", 1, fn, arg);
	if (rc == 0 && sse->has_data) {
		sse->after_cr = false;
		rc = sse_feed(sse, "\n", 1, fn, arg);
	}
	return rc;
}


void
sse_free(struct sse *sse)
{
	buf_free(&sse->line);
	buf_free(&sse->data);
	buf_free(&sse->name);
	sse->has_data = sse->after_cr = sse->started = false;
}

/* A CR would end the line of the event as well, so none may pass. */
static void
write_folded(struct buf *out, const char *text, size_t n)
{
	const char *end = text + n, *eol;

	for (;;) {
		eol = line_end(text, (size_t)(end - text));
		buf_add(out, text, (size_t)(eol - text));
		if (eol == end)
			return;
		buf_puts(out, SSE_NEWLINE);
		text = eol + 1;
	}
}

void
sse_write(struct buf *out, uint64_t id, int64_t retry_ms, const char *part,
    const char *text, size_t n)
{
	buf_printf(out, "data: %s|", part);
	write_folded(out, text, n);
	if (retry_ms >= 0)
		buf_printf(out, "\nretry: %" PRId64, retry_ms);
	buf_printf(out, "\nid: %" PRIu64 "\n\n", id);
}
