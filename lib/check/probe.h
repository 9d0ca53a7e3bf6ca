/*
 * probe: one real request from outside, and when which part of its answer came.
 *
 *	struct probe p;
 *
 *	probe_post(&p, http, url, json, &way);	or probe_get
 *	if (probe_is_stream(&p))
 *		v = probe_judge(&p);
 *	probe_free(&p);
 *
 * All that a site sends is limited in bytes and in time.  A struct probe owns
 * what it keeps until probe_free, and is for one request.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "check/arrival.h"
#include "http/http.h"
#include "text/sse.h"

/* So many events with a time are kept; more say nothing new. */
#define PROBE_MARKS	512

struct probe {
	struct http_result	 result;
	struct buf		 headers;	/* name NUL value NUL ... */
	struct buf		 body;		/* its first 256 KiB */
	struct buf		 tail;		/* its last 512 bytes */
	size_t			 bytes;		/* of the whole body */
	bool			 endless;	/* we left it: it is too long */

	/* Milliseconds since the request was sent; -1: it never came. */
	int64_t			 head_ms, first_ms, text_ms, end_ms;

	/* What the events of a stream say. */
	bool			 began;		/* there was a _run */
	bool			 demo;		/* the demo cook writes */
	bool			 says_kept;	/* whether it is kept is said */
	bool			 kept;
	bool			 by_proxy;	/* one that is not trusted */
	bool			 done;		/* there was a _done */
	bool			 left;		/* we left it: we know enough */
	size_t			 events, parts, failed;
	struct buf		 error;		/* the first _error in words */
	struct mark		 marks[PROBE_MARKS];
	size_t			 nmarks;
	struct piece		*pieces;
	size_t			 npieces;

	/* For probe.c alone, while it asks. */
	struct sse		 sse;
	const char		*post;		/* the body; NULL: a GET */
	int64_t			 sent_ms;
	size_t			 most;		/* bytes that are read */
	bool			 leave;
};

/* How to ask. */
struct probe_way {
	bool	encodings;	/* take a compressed answer, as browsers do */
	bool	http2;		/* take HTTP/2 if TLS negotiates it */
	bool	leave;		/* end it when there is enough to judge by */
	const char *key;	/* Idempotency-Key: names the run; NULL: none */
	long	wait_ms;	/* for all of it */
};

/*
 * Asks for a page, of which at most `most` bytes are read; `accept` is the
 * media type that is asked for.  Fills *p; p->result says how it ended.
 */
void	probe_get(struct probe *p, struct http *http, const char *url,
	    const char *accept, size_t most, const struct probe_way *way);

/* Asks for a run with a JSON body, which must live as long.  Fills *p. */
void	probe_post(struct probe *p, struct http *http, const char *url,
	    const char *json, const struct probe_way *way);

void	probe_free(struct probe *p);

/*
 * The value of an answer's header, the last one of that name, until
 * probe_free; NULL if there is none.
 */
const char *probe_header(const struct probe *p, const char *name);

/* Whether the answer is an event stream with status 200. */
bool	probe_is_stream(const struct probe *p);

/* Whether the program pads its events to fill a buffer (limits.pad). */
bool	probe_is_padded(const struct probe *p);

/* Whether the stream arrived live, by its marks and pieces. */
struct verdict	probe_judge(const struct probe *p);

#endif
