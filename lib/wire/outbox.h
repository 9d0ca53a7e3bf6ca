/*
 * outbox: the bytes that wait to be sent to one visitor, and the clocks of
 * sending them.
 *
 * The writer of an answer appends to `out` and then calls outbox_grew.  The
 * bytes are sent by the worker's loop (run/merge.h), as the connection takes
 * them:
 *
 *	outbox_init(&outbox, sink, &config->limits, 65536);
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
 * Three of the configuration's limits concern it:
 *
 *	stall_ms	a visitor who takes nothing of what waits for so long
 *			counts as gone
 *	heartbeat_ms	after so long without a byte the filler appends some
 *			that mean nothing, so that no proxy cuts a silent
 *			stream, and a web server notices that a visitor left
 *	pad		bytes of padding; 0, the default, for none
 *
 * Padding is for hosts that hold an answer back until some buffer of theirs is
 * full, and cannot be told not to.  What is queued is then `held` until
 * OUTBOX_PAD_MS have passed since the last padding.  Then `pad` bytes that mean
 * nothing follow it, and all becomes `pending`, which means that it may be
 * sent.  So what stays in the host's buffer is padding.
 *
 * Once `gone` is set, nothing is sent any more.  The visitor has left or reads
 * nothing, or the answer did not fit into `out`, or there was no memory.
 *
 * An outbox borrows sink and limits and owns its queue.  A full queue exceeds
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

/* If more bytes than this wait, the worker stops reading its stages. */
#define OUTBOX_HIGH	(64 * 1024)

/* Each padding costs its bytes; five of them a second look live enough. */
#define OUTBOX_PAD_MS	200

/* Appends to `out` bytes that mean nothing in the form of the answer. */
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
	size_t			 ready;		/* of out, sent or pending */
	size_t			 pad;		/* bytes; 0: none */
	int64_t			 padded_ms;	/* when last; 0: never */
	int64_t			 grew_ms;	/* when out last grew */
	int64_t			 waits_ms;	/* nothing was sent since */
	bool			 beats;		/* there are heartbeats */
	bool			 deaf;		/* input is not waited for */
	bool			 late;		/* stall_ms is over */
	bool			 gone;
	struct subscriber	*subscriber;	/* who fills it, or NULL */
	/* Called before anything is sent; NULL: nothing is. */
	void			(*before)(void *arg);
	void			*before_arg;
};

/*
 * outbox_init makes an empty outbox whose queue has at most `most` bytes.
 * outbox_free frees the queue, and overwrites it, sent or not.
 */
void	outbox_init(struct outbox *outbox, const struct sink *sink,
	    const struct limits *limits, size_t most);
void	outbox_free(struct outbox *outbox);

/*
 * outbox_begin sets the filler and a new bound of the queue: from then on there
 * are heartbeats and padding, as far as the filler has functions for them.
 * outbox_end ends the heartbeats, after the last byte was appended.
 */
void	outbox_begin(struct outbox *outbox, const struct filler *filler,
	    size_t most);
void	outbox_end(struct outbox *outbox);

/* To be called after something may have been appended to `out`. */
void	outbox_grew(struct outbox *outbox);

/* Bytes that may be sent now, and bytes that are held until they are padded. */
size_t	outbox_pending(const struct outbox *outbox);
size_t	outbox_held(const struct outbox *outbox);
bool	outbox_is_empty(const struct outbox *outbox);

/*
 * Whether so many bytes wait in the outbox that the worker should read no more
 * from the stages for now.  Always false for a visitor who is gone.
 */
bool	outbox_is_full(const struct outbox *outbox);

/*
 * Lets clocks fire, sends what the connection takes, if it need not be polled
 * before, and returns the milliseconds to the next clock.
 */
int64_t	outbox_tick(struct outbox *outbox, int64_t now_ms);

/* Adds the visitor's connection; when it is ready, something is sent. */
void	outbox_watch(struct outbox *outbox, struct watch *watch);

/*
 * Sends one chunk; to be called when poll(2) has said that the sink takes it.
 * Returns 0, or -1 and `gone` is set.
 */
int	outbox_flush(struct outbox *outbox);

#endif
