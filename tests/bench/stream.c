/*
 * stream.c: see stream.h.  Knows no sockets and no parts.
 */
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "tool.h"

#define LINE_MAX_LEN	(4u << 20)

enum { STATUS, FIELD, SIZE, CHUNK, CHUNK_END, TRAILER, UNTIL_CLOSE };
/* What an event has had: an id and data, in any order, since an older build
 * that is measured beside this one may write the id first. */
enum { NOTHING = 0, COMMENT = 1, ID = 2, DATA = 4 };

void
stream_begin(struct stream *s, stream_event_fn *fn, void *arg)
{
	struct line outer = s->outer, inner = s->inner;

	outer.len = inner.len = 0;
	*s = (struct stream){ .outer = outer, .inner = inner, .fn = fn,
	    .arg = arg };
}

static int
wrong(struct stream *s, const char *why)
{
	if (s->why == NULL)
		s->why = why;
	return -1;
}

/* --- lines of the event stream ------------------------------------------- */

static int
take_id(struct stream *s, const char *line, size_t n)
{
	uint64_t id = 0;
	size_t i;

	for (i = 4; i < n && line[i] >= '0' && line[i] <= '9'; i++)
		id = 10 * id + (uint64_t)(line[i] - '0');
	if (i != n || id != ++s->id)
		return wrong(s, "an id is not the one before and one more");
	s->sse |= ID;
	return 0;
}

static int
take_data(struct stream *s, const char *line, size_t n)
{
	const char *bar = memchr(line, '|', n);
	struct event event;

	if (bar == NULL || bar == line + 6)
		return wrong(s, "an event without PART|");
	if (s->done)
		return wrong(s, "an event after _done");
	event.part = line + 6;
	event.part_len = (size_t)(bar - event.part);
	event.text = bar + 1;
	event.text_len = n - 6 - event.part_len - 1;
	s->done = event.part_len == 5 && memcmp(event.part, "_done", 5) == 0;
	s->sse |= DATA;
	s->fn(s->arg, &event);
	return 0;
}

static int
take_line(struct stream *s, const char *line, size_t n)
{
	s->began = true;
	if (n == 0 && (s->sse == COMMENT || s->sse == (ID | DATA))) {
		s->sse = NOTHING;
		return 0;
	}
	if (s->sse == NOTHING && n > 0 && line[0] == ':') {
		s->sse = COMMENT;
		return 0;
	}
	if ((s->sse & (COMMENT | ID)) == 0 && n > 4 &&
	    memcmp(line, "id: ", 4) == 0)
		return take_id(s, line, n);
	if ((s->sse & (COMMENT | DATA)) == 0 && n > 6 &&
	    memcmp(line, "data: ", 6) == 0)
		return take_data(s, line, n);
	if ((s->sse & DATA) != 0 && n > 7 && memcmp(line, "retry: ", 7) == 0)
		return 0;
	return wrong(s, "a line that is no comment, id, data, retry or end");
}

/* --- HTTP ---------------------------------------------------------------- */

static int
take_head(struct stream *s, const char *line, size_t n)
{
	static const char coding[] = "transfer-encoding: chunked";

	if (s->http == STATUS) {
		s->status = n >= 12 ? atoi(line + 9) : 0;
		s->http = FIELD;
		return s->status == 200 ? 0 : wrong(s, "the status is not 200");
	}
	if (n == 0)
		s->http = s->chunked ? SIZE : UNTIL_CLOSE;
	else if (n == sizeof(coding) - 1 && strncasecmp(line, coding, n) == 0)
		s->chunked = true;
	return 0;
}

static int
take_size(struct stream *s, const char *line, size_t n)
{
	char *end = NULL;

	if (n > 0)
		s->left = strtoul(line, &end, 16);
	if (end == NULL || end == line)
		return wrong(s, "a chunk without its size");
	s->http = s->left == 0 ? TRAILER : CHUNK;
	return 0;
}

static int
take_http(struct stream *s, const char *line, size_t n)
{
	if (n > 0 && line[n - 1] == '\r')
		n--;
	switch (s->http) {
	case STATUS:
	case FIELD:
		return take_head(s, line, n);
	case SIZE:
		return take_size(s, line, n);
	case CHUNK_END:
		s->http = SIZE;
		return n == 0 ? 0 : wrong(s, "a chunk longer than its size");
	default:
		s->ended = n == 0;
		return 0;
	}
}

/* --- bytes --------------------------------------------------------------- */

static void
keep(struct line *line, const char *bytes, size_t n)
{
	if (line->len + n + 1 > line->size) {
		line->size = 2 * (line->len + n + 1);
		if (line->size > LINE_MAX_LEN ||
		    (line->text = realloc(line->text, line->size)) == NULL)
			diex("a line longer than %u bytes", LINE_MAX_LEN);
	}
	memcpy(line->text + line->len, bytes, n);
	line->len += n;
	line->text[line->len] = '\0';
}

/* One line of HTTP, always copied, so that numbers in it have an end. */
static int
feed_http(struct stream *s, const char **bytes, size_t n)
{
	const char *eol = memchr(*bytes, '\n', n);
	size_t len;

	keep(&s->outer, *bytes, eol == NULL ? n : (size_t)(eol - *bytes));
	*bytes = eol == NULL ? *bytes + n : eol + 1;
	if (eol == NULL)
		return 0;
	len = s->outer.len;
	s->outer.len = 0;
	return take_http(s, s->outer.text, len);
}

/* All lines of the event stream in bytes[0..n). */
static int
feed_body(struct stream *s, const char *bytes, size_t n)
{
	const char *end = bytes + n, *eol;
	struct line *line = &s->inner;
	int rc = 0;

	for (; rc == 0 && bytes < end; bytes = eol + 1) {
		eol = memchr(bytes, '\n', (size_t)(end - bytes));
		if (eol == NULL) {
			keep(line, bytes, (size_t)(end - bytes));
			break;
		}
		if (line->len == 0) {
			rc = take_line(s, bytes, (size_t)(eol - bytes));
			continue;
		}
		keep(line, bytes, (size_t)(eol - bytes));
		rc = take_line(s, line->text, line->len);
		line->len = 0;
	}
	return rc;
}

static int
feed_chunk(struct stream *s, const char **bytes, size_t n)
{
	int rc;

	if (n > s->left)
		n = s->left;
	rc = feed_body(s, *bytes, n);
	*bytes += n;
	s->left -= n;
	if (s->left == 0)
		s->http = CHUNK_END;
	return rc;
}

int
stream_feed(struct stream *s, const char *bytes, size_t n)
{
	const char *end = bytes + n;
	int rc = 0;

	while (rc == 0 && bytes < end && !s->ended) {
		n = (size_t)(end - bytes);
		if (s->http == CHUNK)
			rc = feed_chunk(s, &bytes, n);
		else if (s->http != UNTIL_CLOSE)
			rc = feed_http(s, &bytes, n);
		else {
			rc = feed_body(s, bytes, n);
			bytes = end;
		}
	}
	return rc;
}

int
stream_close(struct stream *s)
{
	if (s->ended || (s->http == UNTIL_CLOSE && s->done))
		return 0;
	return wrong(s, s->done ? "the response has no end" :
	    "the stream broke without _done");
}
