/*
 * durable.c: worker.  Answers with the messages of a journal; knows nothing of
 * how a run comes to its events.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/io.h"
#include "journal/follow.h"
#include "run/merge.h"
#include "text/json.h"
#include "web/durable.h"
#include "web/fcgi.h"
#include "web/house.h"
#include "web/route.h"

/* Digits of an offset. */
#define DIGITS		10

/* The most bytes of one answer. */
#define ANSWER_MAX	(64 * 1024 * 1024)

/* A cursor counts times of this length since 2024-10-09T00:00:00Z. */
#define CURSOR_S	20
#define CURSOR_SINCE	1728432000

enum live { LIVE_NOT, LIVE_POLL, LIVE_SSE };

/* One request, and what it has found. */
struct durable {
	struct visitor	*visitor;
	struct follower	 follower;
	enum live	 live;
	bool		 from_end;	/* offset=now */
	uint64_t	 after;		/* the offset */
	int64_t		 cursor;	/* -1: none is said */
	struct buf	 messages;	/* "{...},{...}" */
	uint64_t	 tail;		/* the last one that is there */
	bool		 closed;	/* no more will come */
};

/* --- the request ---------------------------------------------------------- */

/*
 * The value of a field of the query, up to its end; its length becomes *n.
 * NULL if there is none.  *count becomes how often it is there.
 */
static const char *
query_value(const struct visitor *v, const char *name, size_t *n, int *count)
{
	const char *field = source_param(fcgi_source(v->fcgi),
	    "QUERY_STRING"), *value = NULL;
	size_t len = strlen(name), all;

	*count = 0;
	for (; *field != '\0'; field += *field == '&') {
		all = strcspn(field, "&");
		if (all > len && strncmp(field, name, len) == 0 &&
		    field[len] == '=') {
			value = field + len + 1;
			*n = all - len - 1;
			++*count;
		}
		field += all;
	}
	return value;
}

bool
durable_is_asked(const struct visitor *v)
{
	size_t n;
	int offsets, lives;

	query_value(v, "offset", &n, &offsets);
	query_value(v, "live", &n, &lives);
	return offsets > 0 || lives > 0;
}

static bool
says(const char *value, size_t n, const char *word)
{
	return n == strlen(word) && memcmp(value, word, n) == 0;
}

static int
read_offset(struct durable *d, const char *value, size_t n, struct err *err)
{
	size_t i;

	d->from_end = says(value, n, "now");
	if (d->from_end || says(value, n, "-1"))
		return 0;
	for (i = 0; i < n && value[i] >= '0' && value[i] <= '9'; i++)
		;
	if (n != DIGITS || i != n)
		return err_set(err, 400, "bad_offset", "an offset is one that "
		    "an answer has named, -1 or now");
	d->after = strtoull(value, NULL, 10);
	return 0;
}

static int
read_query(struct durable *d, struct err *err)
{
	const char *offset, *live, *cursor;
	int offsets, lives, cursors;
	size_t n, m = 0, k = 0;

	offset = query_value(d->visitor, "offset", &n, &offsets);
	live = query_value(d->visitor, "live", &m, &lives);
	cursor = query_value(d->visitor, "cursor", &k, &cursors);
	if (offsets != 1 || lives > 1)
		return err_set(err, 400, "bad_offset", "there must be one "
		    "offset, and \"live\" once at most");
	if (live != NULL && says(live, m, "long-poll"))
		d->live = LIVE_POLL;
	else if (live != NULL && says(live, m, "sse"))
		d->live = LIVE_SSE;
	else if (live != NULL)
		return err_set(err, 400, "bad_offset",
		    "\"live\" is long-poll or sse");
	d->cursor = cursor == NULL ? -1 : strtoll(cursor, NULL, 10);
	return read_offset(d, offset, n, err);
}

/* --- messages ------------------------------------------------------------- */

static void
add_message(void *arg, const struct event *event)
{
	struct durable *d = arg;
	struct json *json = json_new_object();

	json_set_int(json, "id", (int64_t)event->id);
	json_set_string(json, "event", event_name(event));
	if (event->kind == EVENT_TEXT)
		json_set_text(json, "text", event->text, event->len);
	else
		json_set(json, "data", json_share(event->json));
	if (d->messages.len > 0)
		buf_putc(&d->messages, ',');
	json_write(json, &d->messages);
	json_free(json);
}

/* Reads what is there by now.  Returns 0, or -1. */
static int
catch_up_with(struct durable *d)
{
	enum follow_found found = follow_next(&d->follower, add_message, d);

	d->tail = d->follower.last_id;
	d->closed = found == FOLLOW_DONE;
	return found == FOLLOW_BROKEN || d->messages.failed ? -1 : 0;
}

/* Waits for so long, or until the visitor has gone: then it returns -1. */
static int
pause_for(struct durable *d, int64_t ms)
{
	return merge_wait(&d->visitor->reply.outbox, ms);
}

/*
 * A long poll that has nothing yet waits for a message, and then gathers those
 * that come soon after it.
 */
static int
wait_for_messages(struct durable *d)
{
	int64_t until = io_now_ms() + DURABLE_POLL_MS;
	bool gathers = false;

	while (!d->closed && io_now_ms() < until) {
		if (pause_for(d, FOLLOW_LOOK_MS) == -1 ||
		    catch_up_with(d) == -1)
			return -1;
		if (d->messages.len > 0 && !gathers) {
			gathers = true;
			until = io_now_ms() + DURABLE_GATHER_MS;
		}
	}
	return 0;
}

/* --- answers -------------------------------------------------------------- */

/* A number of now, and more than the one that was sent last. */
static int64_t
next_cursor(const struct durable *d)
{
	int64_t now = ((int64_t)time(NULL) - CURSOR_SINCE) / CURSOR_S;

	return d->cursor >= now ? d->cursor + 1 : now;
}

/* The tag of these messages, with its quotes. */
static void
put_tag(const struct durable *d, struct buf *out)
{
	buf_printf(out, "\"%" PRIu64 ":%" PRIu64 "%s\"", d->after, d->tail,
	    d->closed ? ":c" : "");
}

static void
put_head_of(const struct durable *d, const char *status, const char *type,
    bool tagged)
{
	struct buf *out = &d->visitor->reply.outbox.out;
	const struct request *request = &d->visitor->request;

	buf_printf(out, "Status: %s\r\n"
	    "Cache-Control: %sno-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "Cross-Origin-Resource-Policy: cross-origin\r\n"
	    "Stream-Next-Offset: %0*" PRIu64 "\r\n", status,
	    d->live == LIVE_SSE ? "no-cache, " : "", DIGITS, d->tail);
	if (type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", type);
	if (!request->is_head && d->live != LIVE_SSE)
		buf_puts(out, "Stream-Up-To-Date: true\r\n");
	if (d->closed && d->live != LIVE_SSE &&
	    (request->is_head || d->messages.len == 0))
		buf_puts(out, "Stream-Closed: true\r\n");
	if (d->live == LIVE_POLL)
		buf_printf(out, "Stream-Cursor: %" PRId64 "\r\n",
		    next_cursor(d));
	if (tagged) {
		buf_puts(out, "ETag: ");
		put_tag(d, out);
		buf_puts(out, "\r\n");
	}
	if (request->origin != NULL)
		buf_printf(out, "Access-Control-Allow-Origin: %s\r\n"
		    "Vary: Origin\r\n"
		    "Access-Control-Expose-Headers: Stream-Next-Offset, "
		    "Stream-Up-To-Date, Stream-Closed, Stream-Cursor, ETag\r\n",
		    request->origin);
}

/* Whether the client has the same messages already. */
static bool
has_same(const struct durable *d)
{
	const char *had = source_param(fcgi_source(d->visitor->fcgi),
	    "HTTP_IF_NONE_MATCH");
	struct buf tag = BUF_INIT(100);
	bool is;

	put_tag(d, &tag);
	is = strcmp(had, tag.data) == 0;
	buf_free(&tag);
	return is;
}

/* A list of messages, which may be empty. */
static void
put_list(struct durable *d)
{
	struct buf *out = &d->visitor->reply.outbox.out;
	bool tagged = !d->from_end;

	out->max = ANSWER_MAX;
	if (tagged && has_same(d)) {
		put_head_of(d, "304 Not Modified", NULL, true);
		buf_puts(out, "\r\n");
	} else if (d->live == LIVE_POLL && d->messages.len == 0) {
		put_head_of(d, "204 No Content", NULL, false);
		buf_puts(out, "\r\n");
	} else {
		put_head_of(d, "200 OK", "application/json", tagged);
		if (d->visitor->request.is_head)
			buf_puts(out, "\r\n");
		else
			buf_printf(out, "Content-Length: %zu\r\n\r\n[",
			    d->messages.len + 2);
		if (!d->visitor->request.is_head) {
			buf_add(out, d->messages.data, d->messages.len);
			buf_putc(out, ']');
		}
	}
	outbox_grew(&d->visitor->reply.outbox);
}

/*
 * The messages and what they lead up to are sent together: a client that has
 * the first without the second would read them again.
 */
static void
put_batch(struct durable *d, bool closes)
{
	struct buf *out = &d->visitor->reply.outbox.out;

	if (d->messages.len > 0) {
		buf_puts(out, "event: data\ndata: [");
		buf_add(out, d->messages.data, d->messages.len);
		buf_puts(out, "]\n\n");
	}
	buf_printf(out, "event: control\ndata:{\"streamNextOffset\":\"%0*"
	    PRIu64 "\",", DIGITS, d->tail);
	if (!closes)
		buf_printf(out, "\"streamCursor\":\"%" PRId64 "\",",
		    next_cursor(d));
	buf_printf(out, "\"upToDate\":true%s}\n\n",
	    closes ? ",\"streamClosed\":true" : "");
	buf_reset(&d->messages);
	outbox_grew(&d->visitor->reply.outbox);
}

static void
keep_alive(void *arg)
{
	struct visitor *v = arg;

	buf_puts(&v->reply.outbox.out, ": hb\n\n");
}

/* Messages as they come, to the end. */
static int
send_batches(struct durable *d)
{
	struct outbox *outbox = &d->visitor->reply.outbox;
	const struct filler filler = { keep_alive, NULL, d->visitor };

	put_head_of(d, "200 OK", "text/event-stream", false);
	buf_puts(&outbox->out, "X-Accel-Buffering: no\r\n\r\n");
	outbox_begin(outbox, &filler, ANSWER_MAX);
	put_batch(d, false);
	while (!d->closed) {
		if (pause_for(d, FOLLOW_LOOK_MS) == -1)
			return 0;
		if (outbox_is_full(outbox))
			continue;
		if (catch_up_with(d) == -1) {
			outbox->gone = true;
			return 0;
		}
		if (d->messages.len > 0)
			put_batch(d, false);
	}
	put_batch(d, true);
	outbox_end(outbox);
	return 0;
}

static int
answer_from(struct durable *d, struct err *err)
{
	d->follower.after = d->from_end ? UINT64_MAX : d->after;
	if (catch_up_with(d) == -1)
		return err_set(err, 503, "lost", "this run cannot be read");
	if (d->from_end)
		d->follower.after = d->after = d->tail;
	if (d->after > d->tail)
		return err_set(err, 400, "bad_offset", "this offset is after "
		    "the end");
	if (d->live == LIVE_SSE && !d->visitor->request.is_head)
		return send_batches(d);
	if (d->live == LIVE_POLL && d->messages.len == 0 &&
	    wait_for_messages(d) == -1)
		d->visitor->reply.outbox.gone = true;
	put_list(d);
	return 0;
}

int
durable_read(struct visitor *v, const char *id, struct err *err)
{
	struct durable d = { .visitor = v };
	struct place place = PLACE_OF(places_ground(PLACES_READERS));
	struct house *house = v->house;
	int rc;

	turn_give(&house->turn);
	if (read_query(&d, err) == -1)
		return -1;
	if (follow_open(&d.follower, house->state.dir, id) == -1)
		return err_set(err, 404, "no_run", "there is no such run, or "
		    "it is not kept any longer");
	buf_init(&d.messages, ANSWER_MAX);
	if (places_take(&house->places, &place,
	    (size_t)house->config.limits.max_readers) == 1) {
		rc = answer_from(&d, err);
	} else {
		err->retry_s = 1;
		rc = err_set(err, 503, "busy", "too many read runs just now");
	}
	places_give(&house->places, &place);
	follow_close(&d.follower);
	buf_free(&d.messages);
	return rc;
}
