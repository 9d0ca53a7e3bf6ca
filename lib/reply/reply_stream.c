/*
 * reply_stream.c: worker.  A run as text/event-stream, each event as it comes.
 */
#include "reply/form.h"
#include "text/json.h"
#include "text/sse.h"

/*
 * Three of six popular clients send a finished POST again and again: event-
 * source-plus after 2 ms, eventsource-client after 2 s, extended-eventsource
 * after 5 s, a paid run each time.  A day is longer than any of them lives.
 * It stands in the first event that has data: htmx 4 does not heed it if it is
 * alone in a block of its own.  (Measured, docs/hosts.md.)
 */
#define RETRY_MS	86400000

/*
 * Who reads a run by GET is to come again soon, if the line breaks; but not
 * after its last event.  This is said in a block that comes after that event:
 * every EventSource takes a `retry` as soon as its line is whole, so if the
 * line broke between that and the end of the event, it would wait for a day
 * without having told it.  (htmx 4 does not heed it there, and gets 204 again
 * and again.)
 */
#define AGAIN_MS	1000

static void
begin_stream(struct form *form)
{
	/* Most web servers send the head with the first byte of the body. */
	buf_puts(form->out, ": ok\n\n");
}

/* What the event says of that; -1: nothing. */
static int64_t
retry_ms(const struct form *form, const struct event *event)
{
	if (!form->is_reread)
		return event->kind == EVENT_RUN ? RETRY_MS : -1;
	return form->has_told || event->kind == EVENT_DONE ? -1 : AGAIN_MS;
}

/* Every event is written alike: its name, and what it carries. */
static void
tell_stream(struct form *form, const struct event *event)
{
	struct buf document = BUF_INIT(form->out->max);
	const char *data = event->text;
	size_t n = event->len;

	if (event->json != NULL) {
		json_write(event->json, &document);
		form->out->failed = form->out->failed || document.failed;
		data = document.data;
		n = document.len;
	}
	sse_write(form->out, event->id, retry_ms(form, event),
	    event_name(event), data, n);
	if (form->is_reread && event->kind == EVENT_DONE)
		buf_printf(form->out, "retry: %d\n\n", RETRY_MS);
	form->has_told = true;
	buf_free(&document);
}

static void
beat_stream(struct form *form)
{
	buf_puts(form->out, ": hb\n\n");
}

/* A comment: programs that do not know it drop it, as they drop a heartbeat. */
static void
wait_stream(struct form *form, int ahead)
{
	if (ahead < 0)
		buf_puts(form->out, ": waiting\n\n");
	else
		buf_printf(form->out, ": waiting %d\n\n", ahead);
}

/* A comment of one letter, of which gzip leaves a few bytes. */
static void
pad_stream(struct form *form, size_t n)
{
	buf_putc(form->out, ':');
	buf_fill(form->out, '.', n);
	buf_puts(form->out, "\n\n");
}

const struct form_ops reply_stream_ops = {
	.accept = "text/event-stream",
	.type = "text/event-stream; charset=utf-8",
	.size = sizeof(struct form), .growth = 1,
	.begin = begin_stream, .tell = tell_stream, .wait = wait_stream,
	.beat = beat_stream, .pad = pad_stream,
};
