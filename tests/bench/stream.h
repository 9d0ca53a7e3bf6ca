/*
 * stream: a strict reader of one answer of recipe.fcgi: HTTP/1.1 and the
 * event stream of README.  What a browser would forgive is an error here.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event {
	const char	*part, *text;	/* not terminated */
	size_t		 part_len, text_len;
};

typedef void stream_event_fn(void *arg, const struct event *event);

/* One that is not whole yet. */
struct line {
	char	*text;
	size_t	 len, size;
};

struct stream {
	int		 http;		/* where in the response: stream.c */
	int		 sse;		/* where in an event */
	int		 status;	/* of HTTP, 0 before it is known */
	bool		 began;		/* a line of the body has come */
	bool		 done;		/* `_done` was read */
	bool		 ended;		/* and the response is over */
	bool		 chunked;
	size_t		 left;		/* of a chunk */
	uint64_t	 id;		/* of the last event */
	struct line	 outer, inner;	/* of HTTP; of the event stream */
	const char	*why;		/* of the first error, else NULL */
	stream_event_fn	*fn;
	void		*arg;
};

/* A new response; keeps the memory of the last. */
void	stream_begin(struct stream *stream, stream_event_fn *fn, void *arg);

/* Calls fn for each event.  0, or -1 with stream->why set. */
int	stream_feed(struct stream *stream, const char *bytes, size_t n);

/* The connection was closed.  0, or -1 if the answer was not over. */
int	stream_close(struct stream *stream);

#endif
