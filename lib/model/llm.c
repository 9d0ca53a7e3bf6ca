/*
 * llm.c: stage.  A chat completion from its request to its outcome; knows
 * nothing of pipes, parts or visitors.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/io.h"
#include "http/throttle.h"
#include "http/http.h"
#include "model/answer.h"
#include "model/ask.h"
#include "model/job.h"
#include "model/llm.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/sse.h"

/* How long a tail may come behind an end without [DONE]. */
#define TAIL_MS		1000

#define BODY_MAX	(2 * 1024 * 1024)

/* Bytes before the first event in which a line of words is looked for. */
#define LEAD_MAX	1024

/* As much of an answer that is no stream as may still be a completion. */
#define WHOLE_MAX	ANSWER_MAX

/* By so many bytes at its begin text is told from what is none. */
#define LOOK_MAX	64

/* One attempt. */
struct attempt_io {
	const struct job	*job;
	const struct job_io	*io;
	struct answer		 answer;
	struct buf		 body;		/* of the request */
	struct sse		 sse;
	struct buf		 whole;		/* what is no stream; the
						   begin of one that is */
	size_t			 prompt_len;
	int			 status;
	char			 type[64];
	bool			 is_stream, sniffed;
	bool			 spoke;		/* an event came */
	bool			 binary;	/* it begins like no text */
	size_t			 looked;	/* bytes of that begin */
	int64_t			 text_ms;	/* the first text, 0: none */
	int64_t			 events;	/* since */
};

/* There is a connection; the prompt may still be on its way. */
static int
on_ready(void *arg, const char **body, size_t *n)
{
	struct attempt_io *t = arg;
	const char *prompt;

	if (t->io->emit(t->io->arg, FRAME_CONNECTED, "", 0) == -1 ||
	    t->io->flush(t->io->arg) == -1 ||
	    t->io->prompt(t->io->arg, &prompt, &t->prompt_len) == -1) {
		t->answer.gone = true;
		return -1;
	}
	t->answer.throttle = (struct throttle)THROTTLE_INIT;
	buf_reset(&t->body);
	if (ask_body(t->job, prompt, t->prompt_len, &t->body) == -1)
		return -1;
	*body = t->body.data;
	*n = t->body.len;
	return 0;
}

static void
on_header(void *arg, const char *name, const char *value)
{
	struct attempt_io *t = arg;

	throttle_header(&t->answer.throttle, name, value,
	    (int64_t)time(NULL) * 1000);
}

static int
on_head(void *arg, const struct http_result *result)
{
	struct attempt_io *t = arg;

	t->status = result->status;
	snprintf(t->type, sizeof(t->type), "%s", result->type);
	return 0;
}

/*
 * Whether the answer is a stream of events: by its type, or, since some
 * servers get that wrong, by how it begins.
 */
static bool
looks_like_stream(const struct attempt_io *t, const char *data, size_t n)
{
	static const char *const begins[] = { "data:", "event:", ":", "id:" };
	static const char none[] = { '{', '[', '<', '\x1f' };
	size_t i, len;

	/* No event begins like JSON, HTML or gzip, whatever the type says. */
	if (t->status != 200 || memchr(none, data[0], sizeof(none)) != NULL)
		return false;
	if (strcmp(t->type, "text/event-stream") == 0)
		return true;
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		len = strlen(begins[i]);
		if (memcmp(data, begins[i], n < len ? n : len) == 0)
			return true;
	}
	return false;
}

static int
on_event(void *arg, const struct sse_event *event)
{
	struct attempt_io *t = arg;

	t->spoke = true;
	if (t->text_ms > 0)
		t->events++;
	else if (t->answer.text_len > 0)
		t->text_ms = io_now_ms();
	return answer_event(&t->answer, event->name, event->data, event->len);
}

/* Looks for bytes that no text has; what is compressed has one soon. */
static void
look(struct attempt_io *t, const char *data, size_t n)
{
	static const char blank[] = { '\t', '\n', '\f', '\r' };
	size_t i;

	for (i = 0; i < n && t->looked < LOOK_MAX; i++, t->looked++)
		if ((unsigned char)data[i] < ' ' &&
		    memchr(blank, data[i], sizeof(blank)) == NULL)
			t->binary = true;
}

static int
on_data(void *arg, const char *data, size_t n)
{
	struct attempt_io *t = arg;
	int rc;

	look(t, data, n);
	if (!t->sniffed) {
		t->sniffed = true;
		t->is_stream = looks_like_stream(t, data, n);
	}
	if (!t->is_stream) {
		if (n > t->whole.max - t->whole.len)
			n = t->whole.max - t->whole.len;
		buf_add(&t->whole, data, n);
		return 0;
	}
	if (!t->spoke && t->whole.len < LEAD_MAX)
		buf_add(&t->whole, data, n < LEAD_MAX ? n : LEAD_MAX);
	rc = sse_feed(&t->sse, data, n, on_event, t);
	if (rc == -1 && !t->answer.failed && !t->answer.gone) {
		outcome_fail(t->answer.outcome, "provider_error", "%s sent an "
		    "event longer than %d bytes", t->job->service->id,
		    SSE_MAX);
		t->answer.outcome->answered = true;
		t->answer.failed = true;
	}
	return rc;
}

/* A stream that was read to its end, or as far as it came. */
static void
conclude(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;
	bool whole = result->end == HTTP_OK || t->answer.done;

	if (t->answer.failed)
		return;
	/* An end that was said in every chunk is none where it breaks. */
	if (t->answer.always && !whole)
		o->finish = FINISH_NONE;
	o->answered = whole && t->spoke;
	/* What is compressed may have stopped in the middle, and ended well. */
	if (o->finish == FINISH_NONE && whole && t->answer.text_len > 0 &&
	    t->job->service->profile.unfinished && result->coding[0] == '\0')
		o->finish = FINISH_STOP;
	if (o->finish == FINISH_NONE)
		outcome_fail(o, "cut_off", "%s ended the stream before the "
		    "text was finished%s%s", t->job->service->id,
		    result->message[0] == '\0' ? "" : ": ", result->message);
}

/* Where a redirection leads is said; the key is for this host alone. */
static void
tell_redirect(struct attempt_io *t, const struct http_result *result)
{
	buf_reset(&t->whole);
	buf_printf(&t->whole, "it redirects to %s, where nothing is sent: "
	    "base_url must be the right address itself", result->redirect);
}

/* A body that nobody can read here, whatever its type says, said in words. */
static bool
is_unreadable(struct attempt_io *t, const struct http_result *result)
{
	bool gzip = t->whole.len > 1 &&
	    memcmp(t->whole.data, "\x1f\x8b", 2) == 0;

	if (t->spoke || (result->end != HTTP_UNREADABLE && !t->binary))
		return false;
	buf_reset(&t->whole);
	if (result->end == HTTP_UNREADABLE)
		buf_printf(&t->whole, "a body in the content coding \"%s\", "
		    "which was not asked for and cannot be undone: %s",
		    result->coding, result->message);
	else if (gzip)
		buf_printf(&t->whole, "a body compressed with gzip, whose head "
		    "has no Content-Encoding to say so");
	else
		buf_printf(&t->whole, "bytes that are no text, perhaps "
		    "compressed without a Content-Encoding to say so");
	t->answer.outcome->answered = t->status == 200;
	return true;
}

/*
 * A stream without an event, in which somebody says what is wrong in a line of
 * its own.  A reader of events drops that line, since no field has such a name.
 */
static bool
has_bare_line(struct attempt_io *t)
{
	const char *line = t->whole.data;
	size_t n, name;

	if (!t->is_stream || t->spoke)
		return false;
	for (; *line != '\0'; line += n + (line[n] != '\0')) {
		n = strcspn(line, "\r\n");
		name = strcspn(line, ": \r\n");
		/* A field's name is one word before a colon. */
		if (n > 0 && line[0] != ':' && line[name] != ':') {
			buf_drop(&t->whole, (size_t)(line - t->whole.data));
			snprintf(t->type, sizeof(t->type), "a line of text");
			return true;
		}
	}
	return false;
}

static void
refuse(struct attempt_io *t)
{
	answer_refused(&t->answer, t->status, t->type, t->whole.data,
	    t->whole.len);
}

static void
judge(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;
	const char *id = t->job->service->id;
	bool whole = result->end == HTTP_OK || t->whole.len > 0;

	if (t->answer.failed)
		return;
	if (t->status >= 300 && t->status < 400 && result->redirect[0] != '\0')
		tell_redirect(t, result);
	if (result->end == HTTP_UNREADABLE && t->status == 0)
		outcome_fail(o, "no_stream", "%s does not speak HTTP/1.1: %s",
		    id, result->message);
	else if (is_unreadable(t, result))
		refuse(t);
	else if (result->end == HTTP_OK && has_bare_line(t))
		refuse(t);
	else if (t->is_stream)
		conclude(t, result);
	else if (whole && t->status == 200 && answer_whole(&t->answer,
	    t->whole.data, t->whole.len) == 0)
		conclude(t, result);
	else if (whole && (t->status != 200 || result->end == HTTP_OK ||
	    t->whole.len == t->whole.max))
		refuse(t);
	else if (result->end == HTTP_TLS)
		outcome_fail(o, "tls", "the connection to %s is not safe: %s",
		    id, result->message);
	else if (result->end == HTTP_UNREACHABLE)
		outcome_fail(o, "unreachable", "%s cannot be reached: %s", id,
		    result->message);
	else
		outcome_fail(o, "cut_off", "%s broke the connection: %s", id,
		    result->message);
}

/* The whole of it, with what only the end can tell. */
static void
finish(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;

	o->unsent = !result->sent;
	judge(t, result);
	/* Whatever became of it, what has been written is paid for. */
	if (t->answer.started || o->answered)
		tokens_estimate(&o->tokens, t->prompt_len, t->answer.heard);
	if (o->finish == FINISH_NONE)
		o->wait_ms = throttle_wait_ms(&t->answer.throttle, o->status);
}

static bool
enough(void *arg)
{
	const struct attempt_io *t = arg;

	/* What else there may be, a tail of usage, comes at once. */
	return t->answer.done || (t->answer.ended_ms > 0 &&
	    io_now_ms() - t->answer.ended_ms > TAIL_MS);
}

/*
 * Text that comes faster than a fragment a millisecond may gather for one: who
 * reads it sees no difference, and every wake costs as much as ten fragments.
 * In a crowd any text may, but where others wait for its end.
 */
static int
on_pause(void *arg)
{
	struct attempt_io *t = arg;
	int64_t gap_ms;

	if (t->io->flush(t->io->arg) == -1) {
		t->answer.gone = true;
		return -1;
	}
	if (t->events == 0 || t->answer.done)
		return 0;
	gap_ms = (io_now_ms() - t->text_ms) / t->events;
	if (gap_ms == 0)
		return 1;
	return t->job->spec->is_needed ? 0 :
	    t->io->nap_ms(t->io->arg, gap_ms);
}

int
llm_run(struct http *http, const struct job *job, const struct job_io *io,
    struct outcome *outcome)
{
	const struct profile *profile = &job->service->profile;
	struct attempt_io t = { .job = job, .io = io,
	    .body = BUF_INIT(BODY_MAX), .sse = SSE_INIT,
	    .whole = BUF_INIT(WHOLE_MAX) };
	struct buf url = BUF_INIT(8192);
	struct http_request request = { .key = job->service->key,
	    .key_header = profile->key_header, .headers = profile->headers,
	    .ca_file = job->service->ca_file,
	    .keep = job->service->preconnect, .ready = on_ready,
	    .header = on_header, .head = on_head, .data = on_data,
	    .enough = enough, .pause = on_pause,
	    .arg = &t };
	struct http_result result;

	answer_init(&t.answer, job, io, outcome);
	ask_url(job, &url);
	request.url = url.data;
	http_do(http, &request, &result);
	t.answer.torn = result.end != HTTP_OK;
	if (!t.answer.gone && !t.answer.failed && t.is_stream)
		sse_end(&t.sse, on_event, &t);
	if (!t.answer.gone && !t.answer.failed)
		answer_end(&t.answer);
	if (!t.answer.gone)
		finish(&t, &result);
	if (!t.answer.gone && !t.answer.failed)
		answer_end(&t.answer);
	buf_free(&url);
	buf_free(&t.body);
	buf_free(&t.whole);
	sse_free(&t.sse);
	answer_free(&t.answer);
	return t.answer.gone ? -1 : 0;
}
