/*
 * Fuzzes the reader of a provider's answer: a stream of events whole and byte
 * by byte, and the same bytes as a refusal.  The text must be valid UTF-8 and
 * the same however it was cut; an outcome must survive its way through JSON.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "model/answer.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/sse.h"

static int
emit(void *arg, enum frame_type type, const char *data, size_t n)
{
	if (type == FRAME_VOID)
		buf_reset(arg);
	if (type != FRAME_DELTA)
		return 0;
	assert(utf8_valid(data, n));
	return buf_add(arg, data, n);
}

static int
flush(void *arg)
{
	(void)arg;
	return 0;
}

static int
prompt(void *arg, struct messages *messages)
{
	(void)arg;
	*messages = (struct messages){ "", 0, "", 0 };
	return 0;
}

static int
on_event(void *arg, const struct sse_event *event)
{
	return answer_event(arg, event->name, event->data, event->len);
}

static void
check_outcome(const struct outcome *outcome)
{
	struct buf json = BUF_INIT(1 << 16);
	struct outcome again;

	assert(outcome_write(outcome, &json) == 0);
	assert(outcome_read(&again, json.data, json.len) == 0);
	assert(again.finish == outcome->finish);
	buf_free(&json);
}

static const struct service service = { .id = (char *)(uintptr_t)"fuzz",
    .key = (char *)(uintptr_t)"sk-secret-secret-secret", .base_url = (char *)(uintptr_t)"x" };
static const struct stage_spec spec = { .part = (char *)(uintptr_t)"part" };

static void
stream(const uint8_t *data, size_t size, size_t piece, struct buf *text)
{
	const struct job job = { .spec = &spec, .service = &service,
	    .model = "m", .thinks = size % 2 == 1 };
	const struct job_io io = { prompt, emit, flush, NULL, text };
	struct outcome outcome = OUTCOME_INIT;
	struct answer answer;
	struct sse sse = SSE_INIT;
	size_t n;
	int rc = 0;

	answer_init(&answer, &job, &io, &outcome);
	for (; size > 0 && rc == 0; data += n, size -= n) {
		n = piece < size ? piece : size;
		rc = sse_feed(&sse, (const char *)data, n, on_event, &answer);
	}
	if (rc == 0)
		rc = sse_end(&sse, on_event, &answer);
	if (rc == 0)
		answer_end(&answer);
	check_outcome(&outcome);
	buf_printf(text, " %d %d", outcome.finish, answer.failed);
	sse_free(&sse);
	answer_free(&answer);
}

static void
refuse(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT(1 << 24), body = BUF_INIT(1 << 24);
	const struct job job = { .spec = &spec, .service = &service,
	    .model = "m" };
	const struct job_io io = { prompt, emit, flush, NULL, &text };
	struct outcome outcome = OUTCOME_INIT;
	struct answer answer;

	answer_init(&answer, &job, &io, &outcome);
	buf_add(&body, data, size);
	if (answer_whole(&answer, body.data, body.len) == -1)
		answer_refused(&answer, size % 2 == 0 ? 400 : 429,
		    "text/html", body.data, body.len);
	check_outcome(&outcome);
	assert(strstr(outcome.message, service.key) == NULL);
	answer_free(&answer);
	buf_free(&text);
	buf_free(&body);
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT(1 << 24), pieces = BUF_INIT(1 << 24);

	stream(data, size, size, &whole);
	stream(data, size, 1, &pieces);
	assert(whole.len == pieces.len &&
	    memcmp(whole.data, pieces.data, whole.len) == 0);
	refuse(data, size);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
