/*
 * sse: server-sent events (WHATWG HTML, 9.2), both ways.
 *
 * Reading is incremental and takes what providers really send: LF, CRLF and
 * bare CR, cut anywhere; a leading BOM; an optional space behind the colon;
 * comments; several data lines; fields nobody knows; an end without the blank
 * line.  Writing is this program's own dialect: one data line an event.
 */
#ifndef SSE_H
#define SSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Longest event a reader takes, its data lines and name together. */
#define SSE_MAX		(1024 * 1024)

/* U+2B91, a newline inside an event's text. */
#define SSE_NEWLINE	"\xe2\xae\x91"

struct sse_event {
	const char	*name;	/* "" where the event has none */
	const char	*data;	/* data lines joined by LF, NUL-terminated */
	size_t		 len;
};

/* Called per event with data; a return other than 0 stops the reading. */
typedef int	 sse_event_fn(void *arg, const struct sse_event *event);

struct sse {
	struct buf	 line;		/* the line so far */
	struct buf	 data;
	struct buf	 name;
	bool		 has_data;
	bool		 after_cr;	/* a LF now belongs to the last CR */
	bool		 started;	/* BOM dealt with */
};

#define SSE_INIT { BUF_INIT(SSE_MAX), BUF_INIT(SSE_MAX), BUF_INIT(256), \
	false, false, false }

/*
 * Reads n bytes.  Returns 0, what fn returned to stop, or -1 where an event
 * passes SSE_MAX.  After a return other than 0 only sse_reset or sse_free.
 */
int	sse_feed(struct sse *sse, const char *bytes, size_t n,
	    sse_event_fn *fn, void *arg);

/* The stream is over: an event without its blank line counts too. */
int	sse_end(struct sse *sse, sse_event_fn *fn, void *arg);

void	sse_reset(struct sse *sse);
void	sse_free(struct sse *sse);

/*
 * Appends an event: `data: PART|TEXT`, `retry: RETRY_MS` unless that is
 * negative, and `id: ID`.  Each newline of TEXT, which is LF (newlines.h), is
 * written as one SSE_NEWLINE, so that an event is one line.  The id is the
 * last line of its block: several clients take it as soon as they have read
 * it, and would not ask again for an event that was cut after it.  Look at
 * out->failed.
 */
void	sse_write(struct buf *out, uint64_t id, int64_t retry_ms,
	    const char *part, const char *text, size_t n);

#endif
