/*
 * outbox: what waits to leave towards one visitor, with its clocks.
 *
 * Whoever writes an answer appends to `out` and then calls outbox_grew.  The
 * bytes leave when the connection takes them, which only the worker's loop
 * knows:
 *
 *	outbox_init(&outbox, sink, &config->limits);
 *	buf_puts(&outbox.out, "...");
 *	outbox_grew(&outbox);
 *	for (;;) {
 *		watch_clear(&watch);
 *		watch_until(&watch, outbox_tick(&outbox, io_now_ms()));
 *		outbox_watch(&outbox, &watch);
 *		if (outbox.gone || outbox_is_empty(&outbox))
 *			break;
 *		poll(watch.fds, watch.n, watch_timeout(&watch));
 *		watch_serve(&watch);
 *	}
 *	outbox_free(&outbox);
 *
 * Its clocks are three of config's limits: after stall_ms in which a visitor
 * took nothing of what waits he counts as gone; after heartbeat_ms without a
 * byte a filler writes something that means nothing, so that no proxy cuts a
 * silent stream and a web server notices a visitor who left; and `pad`.
 *
 * `pad` is for hosts that hold an answer back until a buffer of theirs is full
 * and cannot be told not to.  What is queued then waits until OUTBOX_PAD_MS
 * after the last time, and is followed by as many bytes that mean nothing; so
 * it is the padding that stays in that buffer.  What waits for its padding is
 * `held`, what may leave is `pending`.
 *
 * Once `gone`, nothing is sent any more: the visitor has left, reads nothing,
 * or the answer has grown beyond the bound of `out`.
 *
 * An outbox borrows sink and limits and owns its queue.  The queue passes
 * OUTBOX_HIGH by what one round of the loop brings.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct limits;
struct sink;
struct subscriber;
struct watch;

/* Over this many bytes the worker stops reading its stages. */
#define OUTBOX_HIGH	(64 * 1024)

/* Padding costs its bytes each time: five times a second is live enough. */
#define OUTBOX_PAD_MS	200

/* Appends to `out` what means nothing in the form that it is written in. */
struct filler {
	void	(*beat)(void *arg);
	void	(*pad)(void *arg, size_t n);	/* n bytes or a few more */
	void	*arg;
};

struct outbox {
	const struct sink	*sink;
	const struct limits	*limits;
	struct filler		 filler;
	struct buf		 out;
	size_t			 sent;		/* of out */
	size_t			 seen;		/* of out, at outbox_grew */
	size_t			 ready;		/* of out, not held */
	size_t			 pad;		/* bytes; 0: none */
	int64_t			 padded_ms;	/* when last; 0: never */
	int64_t			 grew_ms;	/* when out last grew */
	int64_t			 waits_ms;	/* nothing has left since */
	bool			 beats;		/* silence is broken */
	bool			 deaf;		/* to unread input */
	bool			 late;		/* stall_ms is over */
	bool			 gone;
	struct subscriber	*subscriber;	/* who fills it, or NULL */
};

/* `out` is bounded by `most` bytes until outbox_begin. */
void	outbox_init(struct outbox *outbox, const struct sink *sink,
	    const struct limits *limits, size_t most);
void	outbox_free(struct outbox *outbox);

/*
 * From here on silence is broken and what is appended is padded, if there are
 * a filler and a `pad` for it; outbox_end stops the heartbeat.
 */
void	outbox_begin(struct outbox *outbox, const struct filler *filler,
	    size_t most);
void	outbox_end(struct outbox *outbox);

/* Something may have been appended. */
void	outbox_grew(struct outbox *outbox);

/* Bytes that can be handed over now, and those held until they are padded. */
size_t	outbox_pending(const struct outbox *outbox);
size_t	outbox_held(const struct outbox *outbox);
bool	outbox_is_empty(const struct outbox *outbox);

/* Whether so much waits that the run should bring no more for now. */
bool	outbox_is_full(const struct outbox *outbox);

/* Lets clocks fire.  The milliseconds to the next one. */
int64_t	outbox_tick(struct outbox *outbox, int64_t now_ms);

/* Adds the visitor's connection; what is ready is then sent. */
void	outbox_watch(struct outbox *outbox, struct watch *watch);

/* Once the sink polls writable: hands over one chunk.  0; -1 and `gone`. */
int	outbox_flush(struct outbox *outbox);

#endif
