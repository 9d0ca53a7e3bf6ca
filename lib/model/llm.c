/*
 * llm.c: stage.  Runs a chat completion from its request to its outcome; knows
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
#include "model/batch_call.h"
#include "model/job.h"
#include "model/llm.h"
#include "model/sniff.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/sse.h"

/* How long we wait for [DONE], or for usage, after the model has ended. */
#define TAIL_MS		1000

/* The most bytes of a request's body. */
#define BODY_MAX	(2 * 1024 * 1024)

/* So many bytes before the first event are kept, to be looked at for words. */
#define LEAD_MAX	1024

/* So many bytes of an answer that is no stream are kept. */
#define WHOLE_MAX	ANSWER_MAX

/* One attempt under way; http's callbacks get it as their arg. */
struct attempt_io {
	const struct job	*job;
	const struct job_io	*io;
	struct answer		 answer;
	struct batch_call		 call;		/* if the job is one */
	struct buf		 body;		/* of the request */
	struct sse		 sse;
	struct buf		 whole;		/* an answer that is no stream,
						   or a stream's first bytes */
	size_t			 prompt_len;	/* of both messages */
	int			 status;
	char			 type[64];
	struct sniff		 sniff;		/* what the answer is */
	bool			 spoke;		/* an event came */
	int64_t			 now_us;	/* this piece has come */
	int64_t			 text_ms;	/* of the first text; 0 */
	int64_t			 events;	/* since then */
};

/*
 * http's `ready`: there is a connection.  Tells the worker so, and waits for
 * the prompt, which may not be known yet.
 */
static int
give_body(void *arg, const char **body, size_t *n)
{
	struct attempt_io *t = arg;
	struct messages messages;

	if (t->io->emit(t->io->arg, FRAME_CONNECTED, "", 0) == -1 ||
	    t->io->flush(t->io->arg) == -1 ||
	    t->io->prompt(t->io->arg, &messages) == -1) {
		t->answer.gone = true;
		return -1;
	}
	t->prompt_len = messages.system_len + messages.user_len;
	t->answer.throttle = (struct throttle)THROTTLE_INIT;
	buf_reset(&t->body);
	if ((t->job->spec->is_call ?
	    batch_call_body(&t->call, &messages, &t->body) :
	    ask_body(t->job, &messages, &t->body)) == -1)
		return -1;
	*body = t->body.data;
	*n = t->body.len;
	return 0;
}

/* http's `header`. */
static void
note_header(void *arg, const char *name, const char *value)
{
	struct attempt_io *t = arg;

	throttle_header(&t->answer.throttle, name, value,
	    (int64_t)time(NULL) * 1000);
}

/* http's `head`. */
static int
note_head(void *arg, const struct http_result *result)
{
	struct attempt_io *t = arg;

	t->status = result->status;
	snprintf(t->type, sizeof(t->type), "%s", result->type);
	return 0;
}

/* n bytes of text or thoughts have come with what was read now. */
static void
note_pace(struct attempt_io *t, size_t n)
{
	struct pace *pace = &t->answer.outcome->pace;

	if (n > 0)
		pace_hear(pace, t->now_us, n);
	if (t->answer.text_len > 0)
		pace_show(pace, t->now_us);
}

/* sse's callback: one event of the stream. */
static int
take_event(void *arg, const struct sse_event *event)
{
	struct attempt_io *t = arg;
	size_t heard = t->answer.heard;
	int rc;

	t->spoke = true;
	if (t->text_ms > 0)
		t->events++;
	else if (t->answer.text_len > 0)
		t->text_ms = io_now_ms();
	rc = answer_event(&t->answer, event->name, event->data, event->len);
	if (rc == 0 && t->job->spec->is_call)
		batch_call_event(&t->call, event->data, event->len,
		    &t->answer);
	note_pace(t, t->answer.heard - heard);
	return rc;
}

/*
 * http's `data`: a piece of the body.  An event that is too long is the only
 * failure that sse_feed finds itself; the others are those of take_event.
 */
static int
take_bytes(void *arg, const char *data, size_t n)
{
	struct attempt_io *t = arg;
	int rc;

	t->now_us = io_now_us();
	sniff_feed(&t->sniff, t->status, t->type, data, n);
	if (!t->sniff.is_stream) {
		if (n > t->whole.max - t->whole.len)
			n = t->whole.max - t->whole.len;
		buf_add(&t->whole, data, n);
		return 0;
	}
	if (!t->spoke && t->whole.len < LEAD_MAX)
		buf_add(&t->whole, data, n < LEAD_MAX ? n : LEAD_MAX);
	rc = sse_feed(&t->sse, data, n, take_event, t);
	if (rc == -1 && !t->answer.failed && !t->answer.gone) {
		outcome_fail(t->answer.outcome, CODE_PROVIDER_ERROR,
		    "%s sent an event longer than %d bytes",
		    t->job->service->id, SSE_MAX);
		t->answer.outcome->answered = true;
		t->answer.failed = true;
	}
	return rc;
}

/*
 * The outcome of a stream, which was read to its end or as far as it came.  If
 * neither the model nor the host has said that the text is finished, it was cut
 * off, unless the service's profile says that its streams end so.
 */
static void
conclude_stream(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;
	bool whole = result->end == HTTP_OK || t->answer.done;

	if (t->answer.failed)
		return;
	/* If "stop" came with every chunk, it says nothing about the last. */
	if (t->answer.always && !whole)
		o->finish = FINISH_NONE;
	/* Then no count was the last, either. */
	if (o->finish == FINISH_NONE)
		o->tokens.estimated = o->tokens.in >= 0 || o->tokens.out >= 0;
	o->answered = whole && t->spoke;
	/* libcurl may take a compressed body that was cut for a whole one. */
	if (o->finish == FINISH_NONE && whole && t->answer.text_len > 0 &&
	    t->job->service->profile.unfinished && result->coding[0] == '\0')
		o->finish = FINISH_STOP;
	if (o->finish == FINISH_NONE)
		outcome_fail(o, CODE_CUT_OFF, "%s ended the stream before the "
		    "text was finished%s%s", t->job->service->id,
		    result->message[0] == '\0' ? "" : ": ", result->message);
}

/*
 * Says where a redirect leads.  It is not followed, since the key is for this
 * host alone.
 */
static void
tell_redirect(struct attempt_io *t, const struct http_result *result)
{
	buf_reset(&t->whole);
	buf_printf(&t->whole, "it redirects to %s, where nothing is sent: "
	    "base_url must be the right address itself", result->redirect);
}

/*
 * Whether the body cannot be read, whatever its type says.  If so, a
 * description takes its place, which will be quoted as if the service had said
 * it.
 */
static bool
is_unreadable(struct attempt_io *t, const struct http_result *result)
{
	bool gzip = t->whole.len > 1 &&
	    memcmp(t->whole.data, "\x1f\x8b", 2) == 0;

	if (t->spoke || (result->end != HTTP_UNREADABLE && !t->sniff.binary))
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
 * Whether it was a stream without events, in which a line of text says what is
 * wrong.  A reader of events drops such a line, since no field has such a name.
 * If so, that line is left in t->whole.
 */
static bool
has_bare_line(struct attempt_io *t)
{
	const char *line = t->whole.data;
	size_t n, name;

	if (!t->sniff.is_stream || t->spoke)
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

/* The outcome of an answer that refuses: its words are in t->whole. */
static void
refuse_answer(struct attempt_io *t)
{
	answer_refused(&t->answer, t->status, t->type, t->whole.data,
	    t->whole.len);
}

/* Takes a completion that came in place of a stream.  0, or -1: it is none. */
static int
take_whole(struct attempt_io *t)
{
	int rc = answer_whole(&t->answer, t->whole.data, t->whole.len);

	if (rc == 0 && t->job->spec->is_call)
		batch_call_event(&t->call, t->whole.data, t->whole.len, NULL);
	return rc;
}

/*
 * The outcome of the whole answer.  The order is that of what is told for
 * certain: what failed already has its reason; a body that cannot be read is
 * no stream, whatever its type says; a stream is concluded even if it broke,
 * since its text may be whole; and of an answer that is no stream the words of
 * the service tell more than the way in which its connection ended.
 */
static void
judge_answer(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;
	const char *id = t->job->service->id;
	bool whole = result->end == HTTP_OK || t->whole.len > 0;

	if (t->answer.failed)
		return;
	if (t->status >= 300 && t->status < 400 && result->redirect[0] != '\0')
		tell_redirect(t, result);
	if (result->end == HTTP_UNREADABLE && t->status == 0)
		outcome_fail(o, CODE_NO_STREAM,
		    "%s does not speak HTTP/1.1: %s", id, result->message);
	else if (is_unreadable(t, result))
		refuse_answer(t);
	else if (result->end == HTTP_OK && has_bare_line(t))
		refuse_answer(t);
	else if (t->sniff.is_stream)
		conclude_stream(t, result);
	else if (whole && t->status == 200 && take_whole(t) == 0)
		conclude_stream(t, result);
	else if (whole && (t->status != 200 || result->end == HTTP_OK ||
	    t->whole.len == t->whole.max))
		refuse_answer(t);
	else if (result->end == HTTP_TLS)
		outcome_fail(o, CODE_TLS, "the connection to %s is not "
		    "safe: %s", id, result->message);
	else if (result->end == HTTP_UNREACHABLE)
		outcome_fail(o, CODE_UNREACHABLE, "%s cannot be reached: "
		    "%s", id, result->message);
	else
		outcome_fail(o, CODE_CUT_OFF, "%s broke the connection: %s", id,
		    result->message);
}

/* Fills in the outcome, now that the answer has ended. */
static void
finish_outcome(struct attempt_io *t, const struct http_result *result)
{
	struct outcome *o = t->answer.outcome;

	o->unsent = !result->sent;
	judge_answer(t, result);
	/* Whatever became of it, what the model wrote has to be paid for. */
	if (t->answer.started || o->answered || o->tokens.estimated)
		tokens_estimate(&o->tokens, t->prompt_len, t->answer.heard);
	if (o->finish == FINISH_NONE)
		o->wait_ms = throttle_wait_ms(&t->answer.throttle, o->status);
}

/*
 * Text that was held to the end of the answer can be seen since its last piece.
 * What came as one whole document, in place of a stream, came all at once.
 */
static void
finish_pace(struct attempt_io *t, const struct http_result *result)
{
	struct pace *pace = &t->answer.outcome->pace;

	note_pace(t, pace->heard == 0 ? t->answer.heard : 0);
	pace->dns_us = result->dns_us;
	pace->tcp_us = result->tcp_us;
	pace->tls_us = result->tls_us;
	pace_settle(pace, result->sent_us);
}

/*
 * http's `enough`: the model has ended, and there was time for what comes after
 * that, such as the usage, which hosts send at once.
 */
static bool
has_enough(void *arg)
{
	const struct attempt_io *t = arg;

	return t->answer.done || (t->answer.ended_ms > 0 &&
	    io_now_ms() - t->answer.ended_ms > TAIL_MS &&
	    (!t->job->spec->is_call || batch_call_is_whole(&t->call)));
}

/*
 * http's `pause`: all that has come is read.  Sends it up, and returns for how
 * many ms more may gather.  Text that comes faster than a fragment a
 * millisecond gathers for one: a reader sees no difference, and to wake up
 * costs as much as ten fragments do.  In a crowd, any text gathers (crowd.h).
 */
static int
gather(void *arg)
{
	struct attempt_io *t = arg;
	int64_t gap_ms;

	if (t->io->flush(t->io->arg) == -1) {
		t->answer.gone = true;
		return -1;
	}
	if (t->events == 0 || t->answer.done || t->job->exact)
		return 0;
	gap_ms = (io_now_ms() - t->text_ms) / t->events;
	if (gap_ms == 0)
		return 1;
	return t->io->nap_ms(t->io->arg, gap_ms);
}

/*
 * answer_end comes before the outcome is filled in, since that depends on
 * whether text was sent, and text may still be held.  It comes again after
 * that, since a whole completion may have been read in place of a stream.
 */
int
llm_run(struct http *http, const struct job *job, const struct job_io *io,
    struct outcome *outcome)
{
	struct attempt_io t = { .job = job, .io = io,
	    .body = BUF_INIT(job->spec->is_call ? CALL_MAX + 4096 : BODY_MAX),
	    .sse = SSE_INIT, .whole = BUF_INIT(WHOLE_MAX) };
	struct buf url = BUF_INIT(8192);
	struct http_request request = { .ready = give_body,
	    .header = note_header, .head = note_head, .data = take_bytes,
	    .enough = has_enough, .pause = gather,
	    .arg = &t };
	struct http_result result;

	batch_call_init(&t.call, job, io);
	if (job->spec->is_call)
		t.io = &t.call.io;
	answer_init(&t.answer, job, t.io, outcome);
	ask_url(job, &url);
	ask_request(job->service, &request);
	request.url = url.data;
	http_do(http, &request, &result);
	t.answer.torn = result.end != HTTP_OK;
	if (!t.answer.gone && !t.answer.failed && t.sniff.is_stream)
		sse_end(&t.sse, take_event, &t);
	if (!t.answer.gone && !t.answer.failed)
		answer_end(&t.answer);
	if (!t.answer.gone)
		finish_outcome(&t, &result);
	if (!t.answer.gone && !t.answer.failed)
		answer_end(&t.answer);
	if (job->spec->is_call && !t.answer.gone &&
	    batch_call_finish(&t.call, outcome, t.answer.torn, t.whole.data,
	    t.sniff.is_stream ? 0 : t.whole.len) == -1)
		t.answer.gone = true;
	finish_pace(&t, &result);
	buf_free(&url);
	buf_free(&t.body);
	buf_free(&t.whole);
	sse_free(&t.sse);
	answer_free(&t.answer);
	batch_call_free(&t.call);
	return t.answer.gone ? -1 : 0;
}
