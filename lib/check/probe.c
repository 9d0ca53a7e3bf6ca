/*
 * probe.c: runs on the command line.  Asks as a browser would and notes what
 * came when.  Knows the events of this program, but has no words for a person.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "check/probe.h"
#include "reply/reply.h"
#include "text/json.h"
#include "wire/outbox.h"

#define HEADERS_MAX	(32 * 1024)
#define BODY_MAX	(256 * 1024)
#define STREAM_MAX	(16 * 1024 * 1024)
#define TAIL_MAX	512

/* If marks cover so long a time, the rest of the run is not needed. */
#define LEAVE_SPAN_MS	(4 * ARRIVAL_SPAN_MS)

/* Keeps a header as long as there is room for it. */
static void
keep_header(void *arg, const char *name, const char *value)
{
	struct probe *p = arg;

	if (p->head_ms == -1)
		p->head_ms = io_now_ms() - p->sent_ms;
	if (p->headers.len + strlen(name) + strlen(value) + 2 > HEADERS_MAX)
		return;
	buf_add(&p->headers, name, strlen(name) + 1);
	buf_add(&p->headers, value, strlen(value) + 1);
}

static int
accept_status(void *arg, const struct http_result *result)
{
	(void)arg, (void)result;
	return 0;
}

/*
 * Hands over the body once there is a connection.  Times count from here, so
 * that they are the site's and do not contain the time to connect.
 */
static int
hand_body(void *arg, const char **body, size_t *n)
{
	struct probe *p = arg;

	*body = p->post;
	*n = strlen(p->post);
	p->sent_ms = io_now_ms();
	return 0;
}

/*
 * Keeps when an event arrived that carries its ms.  An ms of more than a day,
 * the most that run_ms can be, is nonsense.
 */
static void
take_mark(struct probe *p, const struct json *json)
{
	int64_t ms = json_int(json_get(json, "ms"), -1);

	if (ms >= 0 && ms <= 86400000 && p->nmarks < PROBE_MARKS)
		p->marks[p->nmarks++] = (struct mark){
		    io_now_ms() - p->sent_ms, ms };
}

/* Counts an _error, and keeps the words of the first. */
static void
count_error(struct probe *p, const struct json *json)
{
	const char *part = json_string(json_get(json, "part"), NULL);
	const char *code = json_string(json_get(json, "code"), NULL);
	const char *message = json_string(json_get(json, "message"), NULL);

	if (p->failed++ == 0)
		buf_printf(&p->error, "%.40s: %.200s (%.40s)",
		    part == NULL ? "the run" : part,
		    message == NULL ? "no reason given" : message,
		    code == NULL ? "no code" : code);
}

/* An event of the program: its name (n bytes), and its JSON (len bytes). */
static void
take_control(struct probe *p, const char *name, size_t n, const char *text,
    size_t len)
{
	struct json *json = json_parse(text, len, 8, false, NULL, NULL);

	if (n == 4 && memcmp(name, "_run", n) == 0) {
		p->began = json != NULL;
		p->parts = json_count(json_get(json, "parts"));
		p->demo = json_boolean(json_get(json, "demo"), false);
		p->says_kept = json_get(json, "kept") != NULL;
		p->kept = json_boolean(json_get(json, "kept"), false);
		p->by_proxy = json_boolean(json_get(json,
		    "untrusted_proxy"), false);
	} else if (n == 6 && memcmp(name, "_error", n) == 0) {
		count_error(p, json);
	} else if (n == 5 && (memcmp(name, "_part", n) == 0 ||
	    memcmp(name, "_done", n) == 0)) {
		take_mark(p, json);
		p->done = p->done || memcmp(name, "_done", n) == 0;
	}
	json_free(json);
}

/*
 * The data of an event is NAME|JSON if NAME begins with an underscore, else
 * PART|TEXT, of which only the time of the first counts.
 */
static int
probe_event(void *arg, const struct sse_event *event)
{
	struct probe *p = arg;
	const char *bar = memchr(event->data, '|', event->len);

	p->events++;
	if (bar == NULL)
		return 0;
	if (event->data[0] == '_')
		take_control(p, event->data, (size_t)(bar - event->data),
		    bar + 1, event->len - (size_t)(bar + 1 - event->data));
	else if (p->text_ms == -1)
		p->text_ms = io_now_ms() - p->sent_ms;
	return 0;
}

/* Whether the stream can be judged by what has come so far. */
static bool
knows_enough(const struct probe *p)
{
	int64_t low, high;
	size_t i;

	if (!p->leave || p->text_ms == -1 || p->nmarks < 3)
		return false;
	low = high = p->marks[0].server_ms;
	for (i = 1; i < p->nmarks; i++) {
		if (p->marks[i].server_ms < low)
			low = p->marks[i].server_ms;
		if (p->marks[i].server_ms > high)
			high = p->marks[i].server_ms;
	}
	return high - low >= LEAVE_SPAN_MS;
}

/*
 * Keeps the first BODY_MAX bytes of a body, and the last TAIL_MAX: there an
 * HTML page shows with which a server has ended the stream.
 */
static void
keep_ends(struct probe *p, const char *data, size_t n)
{
	size_t room = BODY_MAX - p->body.len;

	buf_add(&p->body, data, n < room ? n : room);
	if (n >= TAIL_MAX) {
		data += n - TAIL_MAX;
		n = TAIL_MAX;
	}
	if (p->tail.len + n > TAIL_MAX)
		buf_drop(&p->tail, p->tail.len + n - TAIL_MAX);
	buf_add(&p->tail, data, n);
}

static int
probe_bytes(void *arg, const char *data, size_t n)
{
	struct probe *p = arg;
	int64_t now = io_now_ms() - p->sent_ms;

	if (p->first_ms == -1)
		p->first_ms = now;
	p->bytes += n;
	keep_ends(p, data, n);
	if (arrival_add(&p->pieces, &p->npieces, now, n) == -1)
		return -1;
	if (p->post != NULL && sse_feed(&p->sse, data, n, probe_event, p) != 0)
		return -1;
	p->left = knows_enough(p);
	p->endless = p->bytes >= p->most;
	return p->left || p->endless ? -1 : 0;
}

/* Does a request that has its URL and body, in this way, and fills *p. */
static void
probe_ask(struct probe *p, struct http *http, struct http_request *request,
    const struct probe_way *way)
{
	char name[128], *headers[] = { name, NULL };

	if (way->key != NULL && *way->key != '\0') {
		snprintf(name, sizeof(name), "Idempotency-Key: %s", way->key);
		request->headers = headers;
	}
	buf_init(&p->headers, HEADERS_MAX);
	buf_init(&p->body, BODY_MAX);
	buf_init(&p->tail, TAIL_MAX);
	buf_init(&p->error, 1024);
	p->sse = (struct sse)SSE_INIT;
	p->head_ms = p->first_ms = p->text_ms = -1;
	p->leave = way->leave;
	p->sent_ms = io_now_ms();
	request->encodings = way->encodings ? "gzip" : NULL;
	request->http2 = way->http2;
	request->timeout_ms = way->wait_ms;
	request->header = keep_header;
	request->head = accept_status;
	request->data = probe_bytes;
	request->arg = p;
	http_do(http, request, &p->result);
	p->end_ms = io_now_ms() - p->sent_ms;
}

void
probe_get(struct probe *p, struct http *http, const char *url,
    const char *accept, size_t most, const struct probe_way *way)
{
	struct http_request request = { .url = url, .accept = accept };

	memset(p, 0, sizeof(*p));
	p->most = most;
	probe_ask(p, http, &request, way);
}

void
probe_post(struct probe *p, struct http *http, const char *url,
    const char *json, const struct probe_way *way)
{
	struct http_request request = { .url = url, .ready = hand_body };

	memset(p, 0, sizeof(*p));
	p->most = STREAM_MAX;
	p->post = json;
	probe_ask(p, http, &request, way);
}

void
probe_free(struct probe *p)
{
	buf_free(&p->headers);
	buf_free(&p->body);
	buf_free(&p->tail);
	buf_free(&p->error);
	sse_free(&p->sse);
	free(p->pieces);
	p->pieces = NULL;
	p->npieces = 0;
}

const char *
probe_header(const struct probe *p, const char *name)
{
	const char *at = p->headers.data, *end = at + p->headers.len, *value;
	const char *found = NULL;

	for (; at < end; at = value + strlen(value) + 1) {
		value = at + strlen(at) + 1;
		if (strcasecmp(at, name) == 0)
			found = value;
	}
	return found;
}

bool
probe_is_stream(const struct probe *p)
{
	return p->result.status == 200 &&
	    strcmp(p->result.type, "text/event-stream") == 0;
}

/* Padding is a long comment of dots. */
bool
probe_is_padded(const struct probe *p)
{
	return strstr(p->body.data, "\n:................................") !=
	    NULL;
}

struct verdict
probe_judge(const struct probe *p)
{
	return arrival_judge(p->marks, p->nmarks, p->pieces, p->npieces,
	    probe_is_padded(p) ? OUTBOX_PAD_MS : 0);
}
