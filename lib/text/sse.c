/*
 * sse.c: a stage reads a provider's events, a worker writes the visitor's.
 * Knows lines and fields, not what an event means.
 */
#include <inttypes.h>
#include <string.h>

#include "text/sse.h"

/* A line is whole: a field, a comment, or the blank line of an event. */
static int
take_line(struct sse *sse, sse_event_fn *fn, void *arg)
{
	struct sse_event event;
	const char *line = sse->line.data, *value;
	size_t n = sse->line.len, key;
	int rc;

	if (n == 0) {
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
		/* No field of the standard, but llama.cpp's until 2025. */
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

/* The first CR or LF of the n bytes at s, their end where there is none. */
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

	if (sse->line.len > 0)
		rc = sse_feed(sse, "\n", 1, fn, arg);
	if (rc == 0 && sse->has_data) {
		sse->after_cr = false;
		rc = sse_feed(sse, "\n", 1, fn, arg);
	}
	return rc;
}

void
sse_reset(struct sse *sse)
{
	buf_reset(&sse->line);
	buf_reset(&sse->data);
	buf_reset(&sse->name);
	sse->has_data = sse->after_cr = sse->started = false;
}

void
sse_free(struct sse *sse)
{
	buf_free(&sse->line);
	buf_free(&sse->data);
	buf_free(&sse->name);
	sse_reset(sse);
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
