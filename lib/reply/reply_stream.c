/*
 * reply_stream.c: worker.  A run as text/event-stream, each event as it comes.
 */
#include <string.h>

#include "plan/plan.h"
#include "reply/reply.h"
#include "setup/graph.h"
#include "text/json.h"
#include "text/sse.h"

/*
 * Three of six popular clients send a finished POST again and again: event-
 * source-plus after 2 ms, eventsource-client after 2 s, extended-eventsource
 * after 5 s, a paid run each time.  A day is longer than any of them lives.
 * It stands in the first event that has data: alone in a block of its own
 * htmx 4 does not heed it.  (Measured, docs/hosts.md.)
 */
#define RETRY_MS	86400000

static void
begin(struct reply *reply)
{
	/* Most web servers send the head with the first byte of the body. */
	buf_puts(&reply->out, ": ok\n\n");
}

static void
event(struct reply *reply, const char *name, size_t part, struct json *json)
{
	struct buf text = BUF_INIT(reply->out.max);
	const char *state = json_string(json_get(json, "state"), NULL);
	bool after_cr = false;

	/* What follows a reset does not end a line of what was before it. */
	if (state != NULL && strcmp(state, "reset") == 0)
		reply->parts[part].after_cr = false;
	json_write(json, &text);
	reply->id++;
	sse_write(&reply->out, reply->id, reply->id == 1 ? RETRY_MS : -1,
	    name, text.data, text.len, &after_cr);
	buf_free(&text);
}

static void
text(struct reply *reply, size_t part, const char *s, size_t n)
{
	reply->id += (uint64_t)sse_write(&reply->out, reply->id + 1, -1,
	    reply->plan->parts[part].spec->part, s, n,
	    &reply->parts[part].after_cr);
}

static void
heartbeat(struct reply *reply)
{
	buf_puts(&reply->out, ": hb\n\n");
}

static void
end(struct reply *reply)
{
	(void)reply;
}

/* A comment of one letter, of which gzip leaves a few bytes. */
static void
pad(struct reply *reply, size_t n)
{
	buf_putc(&reply->out, ':');
	buf_fill(&reply->out, '.', n);
	buf_puts(&reply->out, "\n\n");
}

const struct form_ops reply_stream_ops = {
	"text/event-stream; charset=utf-8", begin, event, text, heartbeat,
	end, pad
};
