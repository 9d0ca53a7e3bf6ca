/*
 * outbox.c: worker.  Queues bytes for one visitor and keeps his clocks; knows
 * neither HTTP nor what the bytes say.
 *
 * The queue, and where the four counts of it stand:
 *
 *	| sent |   pending   | held until padded |	out
 *	0      sent          ready (with pad)    out.len
 */
#include <poll.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "base/watch.h"
#include "setup/config.h"
#include "wire/outbox.h"

void
outbox_init(struct outbox *outbox, const struct sink *sink,
    const struct limits *limits, size_t most)
{
	memset(outbox, 0, sizeof(*outbox));
	outbox->sink = sink;
	outbox->limits = limits;
	buf_init(&outbox->out, most);
	outbox->grew_ms = outbox->waits_ms = io_now_ms();
}

/* It leaves an empty queue, so that a later call finds nothing to send. */
void
outbox_free(struct outbox *outbox)
{
	buf_free(&outbox->out);
	memset(outbox, 0, sizeof(*outbox));
	buf_init(&outbox->out, 0);
}

void
outbox_begin(struct outbox *outbox, const struct filler *filler, size_t most)
{
	outbox->filler = *filler;
	outbox->beats = filler->beat != NULL;
	outbox->pad = filler->pad == NULL ? 0 : (size_t)outbox->limits->pad;
	outbox->out.max = most + outbox->pad;
}

void
outbox_end(struct outbox *outbox)
{
	outbox->beats = false;
}

/*
 * If something could not be appended, the answer has a hole, and what follows
 * must not be sent.  The visitor's program sees that the answer broke off.
 */
static void
check_queue(struct outbox *outbox)
{
	if (!outbox->out.failed || outbox->gone)
		return;
	log_warnx("an answer breaks off: it is longer than %zu bytes, or there "
	    "is no memory for it", outbox->out.max);
	outbox->gone = true;
}

/*
 * Nothing may have grown, because a form has held its text back; then the
 * visitor still waits, and the heartbeat must not be put off.  The clock of
 * stall_ms begins when something waits that did not wait before.
 */
void
outbox_grew(struct outbox *outbox)
{
	check_queue(outbox);
	if (outbox->out.len == outbox->seen)
		return;
	outbox->grew_ms = io_now_ms();
	if (outbox->seen == outbox->sent)
		outbox->waits_ms = outbox->grew_ms;
	outbox->seen = outbox->out.len;
}

size_t
outbox_held(const struct outbox *outbox)
{
	return outbox->pad == 0 ? 0 : outbox->out.len - outbox->ready;
}

size_t
outbox_pending(const struct outbox *outbox)
{
	return outbox->out.len - outbox_held(outbox) - outbox->sent;
}

bool
outbox_is_empty(const struct outbox *outbox)
{
	return outbox->out.len == outbox->sent;
}

bool
outbox_is_full(const struct outbox *outbox)
{
	return !outbox->gone &&
	    outbox->out.len - outbox->sent > OUTBOX_HIGH + outbox->pad;
}

/*
 * Has the form write its heartbeat if heartbeat_ms have passed.  Returns the
 * milliseconds until the next one is due.
 */
static int64_t
beat(struct outbox *outbox, int64_t now_ms)
{
	int64_t every = outbox->limits->heartbeat_ms;

	if (now_ms - outbox->grew_ms < every)
		return outbox->grew_ms + every - now_ms;
	outbox->filler.beat(outbox->filler.arg);
	outbox_grew(outbox);
	/* A form that may not speak now is asked again a beat later. */
	outbox->grew_ms = now_ms;
	return every;
}

/*
 * Pads what is held if OUTBOX_PAD_MS have passed since the last time, and else
 * returns how many milliseconds are still to pass.  The first time is at once.
 */
static int64_t
settle(struct outbox *outbox, int64_t now_ms)
{
	int64_t wait = outbox->padded_ms == 0 ? 0 :
	    outbox->padded_ms + OUTBOX_PAD_MS - now_ms;

	if (wait > 0)
		return wait;
	/* What was held could not leave, for which no visitor is to blame. */
	if (outbox_pending(outbox) == 0)
		outbox->waits_ms = now_ms;
	outbox->filler.pad(outbox->filler.arg, outbox->pad);
	check_queue(outbox);
	outbox->ready = outbox->seen = outbox->out.len;
	outbox->padded_ms = now_ms;
	return 0;
}

/*
 * If stall_ms is over, the visitor is gone.  But the worker may have been held
 * up itself, so it looks once more whether the connection takes something: the
 * first call after that time only has the loop poll, the second one decides.
 * Returns the milliseconds until this has to be called again.
 */
static int64_t
stall(struct outbox *outbox, int64_t now_ms)
{
	int64_t wait = outbox->waits_ms + outbox->limits->stall_ms - now_ms;
	bool looked = outbox->late;

	outbox->late = wait <= 0;
	if (wait > 0)
		return wait;
	if (!looked)
		return 0;
	log_info("a visitor read nothing for stall_ms, %lld ms",
	    (long long)outbox->limits->stall_ms);
	outbox->gone = true;
	return 0;
}

int
outbox_flush(struct outbox *outbox)
{
	size_t n = outbox_pending(outbox);
	ssize_t w;

	if (n > outbox->sink->chunk)
		n = outbox->sink->chunk;
	if (outbox->before != NULL)
		outbox->before(outbox->before_arg);
	if (outbox->out.failed || (w = outbox->sink->write(outbox->sink->arg,
	    outbox->out.data + outbox->sent, n)) == -1) {
		outbox->gone = true;
		return -1;
	}
	if (w == 0)
		return 0;
	outbox->sent += (size_t)w;
	outbox->waits_ms = io_now_ms();
	/* To move the rest to the front after each chunk would be quadratic. */
	if (outbox->sent > outbox->out.len / 2) {
		buf_drop(&outbox->out, outbox->sent);
		outbox->seen -= outbox->sent;
		if (outbox->pad > 0)
			outbox->ready -= outbox->sent;
		outbox->sent = 0;
	}
	return 0;
}

/* What the connection does not take, outbox_watch waits for. */
static void
send_now(struct outbox *outbox)
{
	size_t before = 0;

	while (!outbox->gone && outbox_pending(outbox) > 0 &&
	    outbox_pending(outbox) != before) {
		before = outbox_pending(outbox);
		outbox_flush(outbox);
	}
}

/*
 * The order matters: a heartbeat may have to be padded, and what is padded may
 * leave and begins the clock of stall_ms.  While something can leave, that
 * clock is the nearest, because poll(2) wakes the loop as soon as it leaves.
 */
int64_t
outbox_tick(struct outbox *outbox, int64_t now_ms)
{
	int64_t next = INT64_MAX;

	if (outbox->gone)
		return next;
	if (outbox->beats && outbox_is_empty(outbox))
		next = beat(outbox, now_ms);
	if (outbox_held(outbox) > 0)
		next = settle(outbox, now_ms);
	if (outbox_pending(outbox) > 0 && outbox->sink->eager) {
		send_now(outbox);
		if (outbox->beats && outbox_is_empty(outbox))
			next = beat(outbox, now_ms);
	}
	if (outbox_pending(outbox) > 0)
		next = stall(outbox, now_ms);
	return next;
}

/* Something about the connection is ready, or it has ended. */
static void
on_connection(void *arg, short revents)
{
	struct outbox *outbox = arg;
	const struct sink *sink = outbox->sink;

	if ((revents & ~POLLOUT) != 0) {
		if (sink->gone(sink->arg, revents)) {
			outbox->gone = true;
			return;
		}
		/* It is input that nobody reads; it must not wake us again. */
		outbox->deaf = true;
	}
	if ((revents & POLLOUT) != 0)
		outbox_flush(outbox);
}

void
outbox_watch(struct outbox *outbox, struct watch *watch)
{
	int events = outbox->sink->leave_events;

	if (outbox->gone)
		return;
	if (outbox->deaf)
		events &= ~POLLIN;
	if (outbox_pending(outbox) > 0)
		events |= POLLOUT;
	watch_add(watch, outbox->sink->fd, events, on_connection, outbox);
}
