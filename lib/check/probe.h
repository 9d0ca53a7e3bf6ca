/*
 * probe: one real request from outside, and when its answer came.
 *
 * All that a site sends is bounded, in bytes and in time.  A struct probe
 * owns what it keeps until probe_free; it may be used once.
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

#define PROBE_MARKS	512

struct probe {
	struct http_result	 result;
	struct buf		 headers;	/* name NUL value NUL ... */
	struct buf		 body;		/* its first bytes */
	struct buf		 tail;		/* its last ones */
	size_t			 bytes;		/* of all the body */
	bool			 endless;	/* left because of its length */

	/* Milliseconds since the request was sent, -1: it never came. */
	int64_t			 head_ms, first_ms, text_ms, end_ms;

	/* What the events of a stream say. */
	bool			 began;		/* _run was there */
	bool			 demo;
	bool			 done;		/* _done was there */
	bool			 left;		/* by us, knowing enough */
	size_t			 events, parts, failed;
	struct buf		 error;		/* the first _error's words */
	struct mark		 marks[PROBE_MARKS];
	size_t			 nmarks;
	struct piece		*pieces;
	size_t			 npieces;

	/* Its own while it asks. */
	struct sse		 sse;
	const char		*post;
	int64_t			 sent_ms;
	size_t			 most;
	bool			 leave;
};

/* How to ask. */
struct probe_way {
	bool	encodings;	/* compressed, as browsers ask */
	bool	http2;
	bool	leave;		/* once there is text and enough to judge */
	long	wait_ms;	/* for all of it */
};

/* Asks for a page, of which it reads `most` bytes. */
void	probe_get(struct probe *p, struct http *http, const char *url,
	    const char *accept, size_t most, const struct probe_way *way);

/* Asks for a run with a JSON body. */
void	probe_post(struct probe *p, struct http *http, const char *url,
	    const char *json, const struct probe_way *way);

void	probe_free(struct probe *p);

/* A header of the answer, the last of that name; NULL: there is none. */
const char *probe_header(const struct probe *p, const char *name);

/* Whether the answer is an event stream with status 200. */
bool	probe_is_stream(const struct probe *p);

/* Whether the program fills a buffer on the way (limits.pad). */
bool	probe_is_padded(const struct probe *p);

struct verdict	probe_judge(const struct probe *p);

#endif
