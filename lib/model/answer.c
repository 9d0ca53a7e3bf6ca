/*
 * answer.c: stage.  Reads the chunks of a chat completion; knows nothing of
 * sockets, and does not decide about another attempt.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/io.h"
#include "base/utf8.h"
#include "model/answer.h"
#include "model/chunk.h"
#include "model/delta.h"
#include "model/fault.h"
#include "model/finish.h"
#include "model/refusal.h"
#include "model/usage.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/surrogate.h"

/* How deep the JSON of a chunk may be nested. */
#define CHUNK_DEPTH	32

void
answer_init(struct answer *a, const struct job *job, const struct job_io *io,
    struct outcome *outcome)
{
	memset(a, 0, sizeof(*a));
	a->job = job;
	a->io = io;
	a->outcome = outcome;
	a->throttle = (struct throttle)THROTTLE_INIT;
	a->sure = outcome->tokens;
	think_init(&a->think, job->thinks);
	mask_init(&a->mask, job->service->key);
	buf_init(&a->plain, ANSWER_MAX);
	buf_init(&a->text, 4 * ANSWER_MAX);
	buf_init(&a->quoted, 16 * ANSWER_MAX);
}

static void
forget_document(struct answer *a)
{
	json_free(a->document);
	a->document = NULL;
}

void
answer_free(struct answer *a)
{
	think_free(&a->think);
	mask_free(&a->mask);
	buf_free(&a->plain);
	buf_free(&a->text);
	buf_free(&a->quoted);
	forget_document(a);
}

int
answer_fail(struct answer *a, enum code code, const char *fmt, ...)
{
	char message[sizeof(a->outcome->message)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	a->failed = true;
	return outcome_fail(a->outcome, code, "%s", message);
}

const char *
answer_quote(struct answer *a, const char *words)
{
	buf_reset(&a->quoted);
	fault_quote(words, a->job->service->key, &a->quoted);
	return a->quoted.data;
}

static const char *
service_id(const struct answer *a)
{
	return a->job->service->id;
}

/* --- text ---------------------------------------------------------------- */

/* Sends a frame up.  0, or -1 if the worker is gone. */
static int
emit_frame(struct answer *a, enum frame_type type, const char *data, size_t n)
{
	if (a->io->emit(a->io->arg, type, data, n) == -1) {
		a->gone = true;
		return -1;
	}
	return 0;
}

/* Sends text that may be shown, and mends it if it is not valid UTF-8. */
static int
emit_clean(struct answer *a, const struct buf *text)
{
	struct buf clean = BUF_INIT(3 * a->text.max);
	int rc;

	if (text->len == 0)
		return 0;
	if (utf8_valid(text->data, text->len))
		return emit_frame(a, FRAME_DELTA, text->data, text->len);
	utf8_clean(&clean, text->data, text->len);
	rc = emit_frame(a, FRAME_DELTA, clean.data, clean.len);
	buf_free(&clean);
	return rc;
}

/*
 * Sends the text of this event.  If the service has a key, the text goes
 * through the mask, which may hold back the last bytes.
 */
static int
emit_text(struct answer *a)
{
	struct buf masked = BUF_INIT(a->text.max);
	int rc;

	a->text_len += a->text.len;
	if (a->mask.secret == NULL) {
		rc = emit_clean(a, &a->text);
	} else {
		mask_feed(&a->mask, a->text.data, a->text.len, &masked);
		rc = emit_clean(a, &masked);
		buf_free(&masked);
	}
	buf_reset(&a->text);
	return rc;
}

/*
 * Takes text as the model wrote it, in which there may be thoughts between
 * tags. If a tag shows that all of the text so far was a thought, the worker
 * is told to drop that text (VOID).
 */
static int
take_content(struct answer *a, const char *text, size_t n)
{
	bool is_void, thought;

	a->heard += n;
	thought = think_feed(&a->think, text, n, &a->text, &is_void);
	a->outcome->thinks = think_shows(&a->think, false);
	if (is_void) {
		a->text_len = 0;
		buf_reset(&a->mask.held);
		if (emit_frame(a, FRAME_VOID, "", 0) == -1)
			return -1;
	}
	if (thought && a->text.len == 0)
		return emit_frame(a, FRAME_THINKING, "", 0);
	return emit_text(a);
}

/*
 * Takes n bytes of thoughts that came apart from the text.  After them the text
 * itself is not expected to begin inside a thought.
 */
static int
take_thoughts(struct answer *a, size_t n)
{
	if (n == 0)
		return 0;
	a->heard += n;
	think_apart(&a->think);
	return emit_frame(a, FRAME_THINKING, "", 0);
}

/*
 * Takes a delta or a message.  Its content is a string, or an array of typed
 * pieces, as Mistral and others send it.
 */
static int
take_message(struct answer *a, const struct json *message)
{
	struct json *content = json_get(message, "content");
	size_t i, n, thought = delta_thoughts(message);
	const char *text = json_string(content, &n);

	if (take_thoughts(a, thought) == -1)
		return -1;
	if (n > 0)
		return take_content(a, text, n);
	for (i = 0; json_kind(content) == JSON_ARRAY &&
	    i < json_count(content); i++) {
		text = delta_piece(json_at(content, i), &n, &thought);
		if (take_thoughts(a, thought) == -1 || (text != NULL &&
		    n > 0 && take_content(a, text, n) == -1))
			return -1;
	}
	return 0;
}

/* --- ends ---------------------------------------------------------------- */

/* A choice's word for its end, or NULL.  SGLang puts it into an object. */
static const char *
finish_word(const struct json *choice)
{
	struct json *reason = json_get(choice, "finish_reason");

	if (json_kind(reason) == JSON_OBJECT)
		return json_string(json_get(reason, "type"), NULL);
	return reason != NULL ? json_string(reason, NULL) :
	    json_string(json_get(choice, "finishReason"), NULL);
}

/* Takes the word for the end, if it is one. */
static int
take_finish(struct answer *a, enum end end, const char *word)
{
	static const enum finish finishes[] = { [END_STOP] = FINISH_STOP,
	    [END_CUT] = FINISH_LENGTH, [END_WITHHELD] = FINISH_FILTER };

	if (end == END_FAILED)
		return answer_fail(a, CODE_PROVIDER_ERROR,
		    "%s broke off with an error: its finish_reason is \"%s\"",
		    service_id(a), answer_quote(a, word));
	if (end != END_NOT)
		a->outcome->finish = finishes[end];
	return 0;
}

/* --- events -------------------------------------------------------------- */

/* The choice with index 0, which is the only one that was asked for. */
static struct json *
first_choice(const struct json *chunk)
{
	struct json *choices = json_get(chunk, "choices"), *choice;
	size_t i;

	for (i = 0; i < json_count(choices); i++) {
		choice = json_at(choices, i);
		if (json_int(json_get(choice, "index"), 0) == 0)
			return choice;
	}
	return NULL;
}

/*
 * Tells the worker that the service has accepted the request, and what the
 * head of the answer has said remains of its rate limits.
 */
static int
emit_start(struct answer *a)
{
	struct buf text = BUF_INIT(FRAME_MAX);
	struct remaining remaining;
	int rc;

	a->started = true;
	throttle_remaining(&a->throttle, &remaining);
	rc = remaining_write(&remaining, &text) == -1 ? -1 :
	    emit_frame(a, FRAME_START, text.data, text.len);
	buf_free(&text);
	return rc;
}

/*
 * Notes whether a chunk was the last, so that a server that keeps its stream
 * open can be left.  Some hosts say "stop" in every chunk, and some in the
 * first, empty one.  So text or a thought after an end shows that it was none,
 * and an end before any text is not believed: the end of the stream, or a
 * clock, will tell.
 */
static void
note_end(struct answer *a, size_t heard, enum finish before, enum end end)
{
	if (a->heard > heard) {
		a->always = a->always || before != FINISH_NONE;
		a->ended_ms = 0;
	} else if (end != END_NOT && !a->always && a->text_len > 0) {
		a->ended_ms = io_now_ms();
	}
}

/*
 * Takes a chunk.  Some hosts send at the end the whole text as a message,
 * after it came in deltas: it is read only if no delta had text.
 */
static int
take_chunk(struct answer *a, const struct json *chunk)
{
	struct json *choice = first_choice(chunk);
	struct json *message = json_get(choice, "delta");
	enum finish before = a->outcome->finish;
	size_t heard = a->heard;
	const char *word = finish_word(choice);
	enum end end = finish_means(word);

	if (!a->started && emit_start(a) == -1)
		return -1;
	a->deltas = a->deltas || delta_has_text(message);
	if (message == NULL && !a->deltas)
		message = json_get(choice, "message");
	if (take_message(a, message) == -1 || take_finish(a, end, word) == -1)
		return -1;
	if (a->heard > heard)
		usage_doubt(&a->outcome->tokens, &a->sure);
	usage_read(&a->outcome->tokens, &a->sure, chunk, choice,
	    a->whole || a->outcome->finish != FINISH_NONE);
	note_end(a, heard, before, end);
	return 0;
}

/*
 * Takes an error that came as an event.  A status that it names counts as one
 * in the head does.  A prompt that may not be answered is an end like any
 * other.
 */
static int
take_stream_error(struct answer *a, const struct json *json, const char *text)
{
	enum means means;

	refusal_read(a->outcome, json, text, a->job);
	means = a->outcome->means;
	if (means == MEANS_CONTENT) {
		a->outcome->finish = FINISH_FILTER;
		a->done = true;
		return 0;
	}
	throttle_body(&a->throttle, text);
	usage_refused(&a->outcome->tokens, json, a->heard > 0);
	return answer_fail(a, means == MEANS_KEY || means == MEANS_FORBIDDEN ?
	    CODE_AUTH : CODE_PROVIDER_ERROR, "%s broke off with an error: %s",
	    service_id(a), answer_quote(a, text));
}

int
answer_document(struct answer *a, const struct json *json, const char *name,
    const char *data)
{
	const char *error = fault_text(json);

	if (error == NULL)
		error = fault_text(first_choice(json));
	if (error != NULL)
		return take_stream_error(a, json, error);
	if (strcmp(name, "error") == 0)
		return take_stream_error(a, json, data);
	/* The last event of a stream that broke off may be cut short. */
	if (json == NULL && a->torn)
		return 0;
	if (json == NULL && strcmp(data, "null") != 0)
		return answer_fail(a, CODE_PROVIDER_ERROR,
		    "%s sent an event that is not JSON: %s", service_id(a),
		    answer_quote(a, data));
	return take_chunk(a, json);
}

/* Takes what chunk_read has found in a chunk: text, perhaps none. */
static int
take_plain(struct answer *a)
{
	size_t heard = a->heard;
	int rc = a->started ? 0 : emit_start(a);

	a->deltas = a->deltas || a->plain.len > 0;
	if (rc == 0 && a->plain.len > 0)
		rc = take_content(a, a->plain.data, a->plain.len);
	if (a->heard > heard)
		usage_doubt(&a->outcome->tokens, &a->sure);
	note_end(a, heard, a->outcome->finish, END_NOT);
	return rc;
}

int
answer_event(struct answer *a, const char *name, const char *data, size_t n)
{
	buf_reset(&a->plain);
	forget_document(a);
	a->is_plain = !a->done && a->half[0] == '\0' &&
	    strcmp(name, "error") != 0 &&
	    chunk_read(&a->shape, data, n, &a->plain);
	return a->is_plain ? take_plain(a) :
	    answer_event_json(a, name, data, n);
}

int
answer_event_json(struct answer *a, const char *name, const char *data,
    size_t n)
{
	struct buf copy = BUF_INIT(2 * ANSWER_MAX);
	struct json *json;
	int rc;

	while (n > 0 && strchr(" \t\r\n", data[n - 1]) != NULL)
		n--;
	if (a->done || n == 0)
		return 0;
	if (n == 6 && memcmp(data, "[DONE]", 6) == 0) {
		a->done = true;
		return 0;
	}
	buf_add(&copy, data, n);
	a->alone = (a->half[0] != '\0' || strstr(copy.data, "\\u") != NULL) &&
	    surrogate_join(a->half, &copy);
	if (a->alone)
		buf_puts(&a->text, SURROGATE_ALONE);
	json = json_parse(copy.data, copy.len, CHUNK_DEPTH, false, NULL,
	    NULL);
	rc = answer_document(a, json, name, copy.data);
	if (rc == 0 && a->text.len > 0)
		rc = emit_text(a);
	forget_document(a);
	a->document = json;
	buf_free(&copy);
	return rc;
}

int
answer_end(struct answer *a)
{
	enum finish finish = a->outcome->finish;
	int rc;

	think_end(&a->think, finish == FINISH_LENGTH, &a->text);
	a->outcome->thinks = think_shows(&a->think, finish == FINISH_STOP);
	/* The second half of a surrogate pair has not come. */
	if (a->half[0] != '\0')
		buf_puts(&a->text, SURROGATE_ALONE);
	a->half[0] = '\0';
	if (emit_text(a) == -1)
		return -1;
	mask_end(&a->mask, &a->text);
	rc = emit_clean(a, &a->text);
	buf_reset(&a->text);
	return rc;
}
