/*
 * sse: server-sent events (WHATWG HTML, 9.2), read and written.
 *
 * The reader takes bytes in pieces of any size, and what providers really
 * send: lines that end in LF, CRLF or CR, a byte order mark at the start, an
 * optional space after the colon, comments, several data lines in one event,
 * unknown fields, and a last event without the blank line that should end it.
 *
 *	struct sse sse = SSE_INIT;
 *
 *	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
 *		sse_feed(&sse, bytes, n, on_event, arg);
 *	sse_end(&sse, on_event, arg);
 *	sse_free(&sse);
 *
 * The writer writes the events that this program sends to visitors, each with
 * one data line.
 */
#ifndef SSE_H
#define SSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The most bytes that a line, or the data lines of one event, may have. */
#define SSE_MAX		(1024 * 1024)

/* U+2B91, which stands for a newline in the text of an event. */
#define SSE_NEWLINE	"\xe2\xae\x91"

struct sse_event {
	const char	*name;	/* "" if the event has none */
	const char	*data;	/* data lines joined by LF; ends in a NUL */
	size_t		 len;	/* of data, without that NUL */
};

/*
 * Called for each event that has data.  The event is borrowed for the call.
 * A result other than 0 stops the reading.
 */
typedef int	 sse_event_fn(void *arg, const struct sse_event *event);

struct sse {
	struct buf	 line;		/* of the line that is being read */
	struct buf	 data;		/* of the event that is being read */
	struct buf	 name;
	bool		 has_data;
	bool		 after_cr;	/* an LF now ends no other line */
	bool		 started;	/* the first line has been read */
};

#define SSE_INIT { BUF_INIT(SSE_MAX), BUF_INIT(SSE_MAX), BUF_INIT(256), \
	false, false, false }

/*
 * Reads n bytes and calls fn for each event that they complete.  Returns 0,
 * or the result of fn that stopped the reading, or -1 if an event is larger
 * than SSE_MAX.  After another result than 0, only sse_free may follow.
 */
int	sse_feed(struct sse *sse, const char *bytes, size_t n,
	    sse_event_fn *fn, void *arg);

/*
 * To be called at the end of the stream: calls fn for an event that lacks the
 * blank line at its end.  Returns as sse_feed does.
 */
int	sse_end(struct sse *sse, sse_event_fn *fn, void *arg);

/* Frees what is held.  The reader is in its initial state again. */
void	sse_free(struct sse *sse);

/*
 * Appends an event: `data: PART|TEXT`, `retry: RETRY_MS` unless that is
 * negative, `id: ID`, and a blank line.  Each newline in TEXT, which is LF
 * (newlines.h), becomes SSE_NEWLINE, so that an event is one line.  The id is
 * the last line because several clients take it as soon as they have read it:
 * if the connection broke after it, they would not ask again for the lines that
 * were still missing.  Whether there was memory is in out->failed.
 */
void	sse_write(struct buf *out, uint64_t id, int64_t retry_ms,
	    const char *part, const char *text, size_t n);

#endif
