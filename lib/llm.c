/*
 * llm.c: stage.  A chat completion, asked for and read; knows nothing of
 * pipes, parts or visitors.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "graph.h"
#include "http.h"
#include "job.h"
#include "json.h"
#include "llm.h"
#include "service.h"
#include "sse.h"
#include "utf8.h"

#define BODY_MAX	(2 * 1024 * 1024)
#define CHUNK_DEPTH	32

/* As much of an answer that is no stream as a message can be made of. */
#define REFUSAL_MAX	4096

/* One answer being read. */
struct reading {
	const struct job	*job;
	const struct job_io	*io;
	struct outcome		*outcome;
	struct buf		 body;		/* of the request */
	struct sse		 sse;
	struct buf		 refusal;	/* what is no stream */
	size_t			 prompt_len;
	size_t			 text_len;
	int			 status;
	char			 type[64];
	bool			 is_stream, sniffed;
	bool			 started;	/* START is sent */
	bool			 done;		/* [DONE] was read */
	bool			 failed;	/* an error event was read */
	bool			 gone;		/* the worker is */
};

/* The minimum that every server takes. */
static int
build_body(struct reading *r, const char *prompt, size_t n)
{
	const struct job *job = r->job;
	struct json *json = json_new_object(), *messages = json_new_array();
	struct json *message = json_new_object();

	json_set_string(message, "role", "user");
	json_set_text(message, "content", prompt, n);
	json_push(messages, message);
	json_set_string(json, "model", job->model);
	json_set(json, "messages", messages);
	json_set_int(json, "max_tokens", job->spec->max_tokens);
	if (job->spec->temperature >= 0)
		json_set_double(json, "temperature", job->spec->temperature);
	if (job->service->top_p >= 0)
		json_set_double(json, "top_p", job->service->top_p);
	json_set_bool(json, "stream", true);
	json_write(json, &r->body);
	json_free(json);
	return r->body.failed ? -1 : 0;
}

/* There is a connection; the prompt may still be on its way. */
static int
on_ready(void *arg, const char **body, size_t *n)
{
	struct reading *r = arg;
	const char *prompt;

	if (r->io->emit(r->io->arg, FRAME_CONNECTED, "", 0) == -1 ||
	    r->io->flush(r->io->arg) == -1 ||
	    r->io->prompt(r->io->arg, &prompt, &r->prompt_len) == -1) {
		r->gone = true;
		return -1;
	}
	buf_reset(&r->body);
	if (build_body(r, prompt, r->prompt_len) == -1)
		return -1;
	*body = r->body.data;
	*n = r->body.len;
	return 0;
}

static int
on_head(void *arg, const struct http_result *result)
{
	struct reading *r = arg;

	r->status = result->status;
	snprintf(r->type, sizeof(r->type), "%s", result->type);
	return 0;
}

/*
 * Whether the answer is a stream of events: by its type, or, since some
 * servers get that wrong, by how it begins.
 */
static bool
looks_like_stream(const struct reading *r, const char *data, size_t n)
{
	static const char *const begins[] = { "data:", "event:", ":", "id:" };
	size_t i, len;

	if (r->status != 200)
		return false;
	if (strcmp(r->type, "text/event-stream") == 0)
		return true;
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		len = strlen(begins[i]);
		if (n >= len && memcmp(data, begins[i], len) == 0)
			return true;
	}
	return false;
}

/* The words of an error in any of its usual shapes, NULL where it is none. */
static const char *
error_text(const struct json *json)
{
	struct json *error = json_get(json, "error");
	const char *text = json_string(error, NULL);

	if (text == NULL)
		text = json_string(json_get(error, "message"), NULL);
	if (text == NULL && (error != NULL || json_string(
	    json_get(json, "object"), NULL) != NULL))
		text = json_string(json_get(json, "message"), NULL);
	return text == NULL && error != NULL ? "no reason given" : text;
}

/*
 * A provider's words for a message: one line, at most 200 bytes, and never
 * the key, which some echo.
 */
static void
quote(const struct reading *r, const char *text, struct buf *out)
{
	const char *key = r->job->service->key, *hit;
	size_t n, i;

	while (key != NULL && (hit = strstr(text, key)) != NULL) {
		utf8_clean(out, text, (size_t)(hit - text));
		buf_puts(out, "***");
		text = hit + strlen(key);
	}
	n = strlen(text);
	utf8_clean(out, text, n);
	if ((n = utf8_cut(out->data, out->len, 200)) < out->len) {
		out->data[n] = '\0';
		out->len = n;
	}
	for (i = 0; i < out->len; i++)
		if ((unsigned char)out->data[i] < ' ')
			out->data[i] = ' ';
}

static void
take_usage(struct reading *r, const struct json *usage)
{
	int64_t in = json_int(json_get(usage, "prompt_tokens"), -1);
	int64_t out = json_int(json_get(usage, "completion_tokens"), -1);

	if (in >= 0)
		r->outcome->tokens.in = in;
	if (out >= 0)
		r->outcome->tokens.out = out;
}

static void
take_finish(struct reading *r, const char *reason)
{
	if (reason == NULL || *reason == '\0')
		return;
	if (strcmp(reason, "length") == 0)
		r->outcome->finish = FINISH_LENGTH;
	else if (strcmp(reason, "content_filter") == 0)
		r->outcome->finish = FINISH_FILTER;
	else
		r->outcome->finish = FINISH_STOP;
}

static int
emit_text(struct reading *r, const char *text, size_t n)
{
	struct buf clean = BUF_INIT(3 * SSE_MAX);
	int rc;

	r->text_len += n;
	if (utf8_valid(text, n))
		return r->io->emit(r->io->arg, FRAME_DELTA, text, n);
	utf8_clean(&clean, text, n);
	rc = r->io->emit(r->io->arg, FRAME_DELTA, clean.data, clean.len);
	buf_free(&clean);
	return rc;
}

static bool
is_thought(const struct json *delta)
{
	size_t n = 0;

	json_string(json_get(delta, "reasoning_content"), &n);
	if (n == 0)
		json_string(json_get(delta, "reasoning"), &n);
	return n > 0;
}

static int
take_chunk(struct reading *r, const struct json *chunk)
{
	struct json *choice = json_at(json_get(chunk, "choices"), 0);
	struct json *delta = json_get(choice, "delta");
	const char *text;
	size_t n;
	int rc = 0;

	if (!r->started) {
		r->started = true;
		rc = r->io->emit(r->io->arg, FRAME_START, "", 0);
	}
	text = json_string(json_get(delta, "content"), &n);
	if (rc == 0 && n > 0)
		rc = emit_text(r, text, n);
	else if (rc == 0 && is_thought(delta))
		rc = r->io->emit(r->io->arg, FRAME_THINKING, "", 0);
	take_finish(r, json_string(json_get(choice, "finish_reason"), NULL));
	take_usage(r, json_get(chunk, "usage"));
	take_usage(r, json_get(json_get(chunk, "x_groq"), "usage"));
	if (rc == -1)
		r->gone = true;
	return rc;
}

static int
on_event(void *arg, const struct sse_event *event)
{
	struct reading *r = arg;
	struct buf words = BUF_INIT(4 * SSE_MAX);
	struct json *chunk;
	const char *error;
	int rc = 0;

	if (r->done || event->len == 0)
		return 0;
	if (strcmp(event->data, "[DONE]") == 0) {
		r->done = true;
		return 0;
	}
	chunk = json_parse(event->data, event->len, CHUNK_DEPTH, false, NULL,
	    NULL);
	error = error_text(chunk);
	if (chunk == NULL || error != NULL) {
		quote(r, chunk == NULL ? event->data : error, &words);
		outcome_fail(r->outcome, "provider_error", chunk == NULL ?
		    "%s sent an event that is not JSON: %s" :
		    "%s broke off with an error: %s", r->job->service->id,
		    words.data);
		r->failed = true;
		rc = -1;
	} else {
		rc = take_chunk(r, chunk);
	}
	json_free(chunk);
	buf_free(&words);
	return rc;
}

static int
on_data(void *arg, const char *data, size_t n)
{
	struct reading *r = arg;
	int rc;

	if (!r->sniffed) {
		r->sniffed = true;
		r->is_stream = looks_like_stream(r, data, n);
	}
	if (!r->is_stream) {
		if (n > REFUSAL_MAX - r->refusal.len)
			n = REFUSAL_MAX - r->refusal.len;
		buf_add(&r->refusal, data, n);
		return 0;
	}
	rc = sse_feed(&r->sse, data, n, on_event, r);
	if (r->io->flush(r->io->arg) == -1) {
		r->gone = true;
		return -1;
	}
	if (rc == -1 && !r->failed && !r->gone) {
		outcome_fail(r->outcome, "provider_error", "%s sent an event "
		    "longer than %d bytes", r->job->service->id, SSE_MAX);
		r->failed = true;
	}
	return rc;
}

/* An answer with another status than 200, or that is no stream. */
static void
refuse(struct reading *r)
{
	struct buf words = BUF_INIT(16 * REFUSAL_MAX);
	struct json *json = json_parse(r->refusal.data, r->refusal.len,
	    CHUNK_DEPTH, false, NULL, NULL);
	const char *id = r->job->service->id, *text = error_text(json);

	quote(r, text == NULL ? r->refusal.data : text, &words);
	r->outcome->status = r->status;
	if (r->status == 401 || r->status == 403)
		outcome_fail(r->outcome, "auth", "%s refused the key (%d): %s",
		    id, r->status, words.data);
	else if (r->status != 200)
		outcome_fail(r->outcome, "http_status", "%s answered %d: %s",
		    id, r->status, words.data);
	else
		outcome_fail(r->outcome, "no_stream", "%s answered with \"%s\""
		    " instead of a stream of events: %s", id, r->type,
		    words.len > 0 ? words.data : "(nothing)");
	json_free(json);
	buf_free(&words);
}

/* A stream that was read to its end, or as far as it came. */
static void
conclude(struct reading *r, const struct http_result *result)
{
	const char *id = r->job->service->id;

	if (r->outcome->finish == FINISH_NONE)
		outcome_fail(r->outcome, "cut_off", "%s ended the stream "
		    "before the text was finished%s%s", id,
		    result->message[0] == '\0' ? "" : ": ", result->message);
	if (r->outcome->tokens.out < 0) {
		/* About four bytes a token, in every tokenizer in use. */
		r->outcome->tokens.in = (int64_t)(r->prompt_len + 3) / 4;
		r->outcome->tokens.out = (int64_t)(r->text_len + 3) / 4;
		r->outcome->tokens.estimated = true;
	}
}

static void
judge(struct reading *r, const struct http_result *result)
{
	const char *id = r->job->service->id;

	if (r->failed)
		return;
	if (r->sniffed && r->is_stream) {
		conclude(r, result);
		return;
	}
	switch (result->end) {
	case HTTP_OK:
		refuse(r);
		break;
	case HTTP_TLS:
		outcome_fail(r->outcome, "tls", "the connection to %s is not "
		    "safe: %s", id, result->message);
		break;
	case HTTP_UNREACHABLE:
		outcome_fail(r->outcome, "unreachable", "%s cannot be "
		    "reached: %s", id, result->message);
		break;
	default:
		if (r->sniffed && r->status != 200)
			refuse(r);
		else
			outcome_fail(r->outcome, "cut_off", "%s broke the "
			    "connection: %s", id, result->message);
	}
}

int
llm_run(struct http *http, const struct job *job, const struct job_io *io,
    struct outcome *outcome)
{
	struct reading r = { .job = job, .io = io, .outcome = outcome,
	    .body = BUF_INIT(BODY_MAX), .sse = SSE_INIT,
	    .refusal = BUF_INIT(REFUSAL_MAX) };
	struct buf url = BUF_INIT(8192);
	struct http_request request = { .key = job->service->key,
	    .ca_file = job->service->ca_file,
	    .keep = job->service->preconnect, .ready = on_ready,
	    .head = on_head, .data = on_data, .arg = &r };
	struct http_result result;

	buf_printf(&url, "%s/chat/completions", job->service->base_url);
	request.url = url.data;
	http_do(http, &request, &result);
	if (!r.gone && r.is_stream && sse_end(&r.sse, on_event, &r) == -1 &&
	    !r.failed)
		r.gone = true;
	if (!r.gone)
		judge(&r, &result);
	buf_free(&url);
	buf_free(&r.body);
	buf_free(&r.refusal);
	sse_free(&r.sse);
	return r.gone ? -1 : 0;
}
