/*
 * Fuzzes the reader of common chunks against the general one: of each event
 * both make the same frames and the same outcome, whatever came before it.
 * An input is several events, a line each.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "model/answer.h"
#include "model/job.h"
#include "setup/graph.h"
#include "setup/service.h"

typedef int	 event_fn(struct answer *answer, const char *name,
		    const char *data, size_t n);

static int
emit(void *arg, enum frame_type type, const char *data, size_t n)
{
	struct buf *out = arg;

	buf_printf(out, "%d:%zu:", (int)type, n);
	buf_add(out, data, n);
	return 0;
}

static const struct service service = { .id = (char *)(uintptr_t)"fuzz",
    .base_url = (char *)(uintptr_t)"x" };
static const struct stage_spec spec = { .part = (char *)(uintptr_t)"part" };

static void
answer(event_fn *take, const char *text, size_t size, struct buf *seen)
{
	const struct job job = { .spec = &spec, .service = &service,
	    .model = "m", .thinks = size % 2 == 1 };
	const struct job_io io = { .emit = emit, .arg = seen };
	struct outcome outcome = OUTCOME_INIT;
	struct answer a;
	struct buf line = BUF_INIT(1 << 20);
	const char *eol, *end = text + size;
	int rc = 0;

	answer_init(&a, &job, &io, &outcome);
	for (; text < end && rc == 0; text = eol + (eol < end)) {
		if ((eol = memchr(text, '\n', (size_t)(end - text))) == NULL)
			eol = end;
		buf_reset(&line);
		buf_add(&line, text, (size_t)(eol - text));
		rc = take(&a, "", line.data, line.len);
	}
	if (rc == 0)
		answer_end(&a);
	outcome_write(&outcome, seen);
	buf_printf(seen, "%d%d%d%d%d%d", a.done, a.failed, a.started,
	    a.deltas, a.always, a.ended_ms != 0);
	answer_free(&a);
	buf_free(&line);
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf fast = BUF_INIT(1 << 24), json = BUF_INIT(1 << 24);

	answer(answer_event, (const char *)data, size, &fast);
	answer(answer_event_json, (const char *)data, size, &json);
	assert(fast.len == json.len &&
	    memcmp(fast.data, json.data, fast.len) == 0);
	buf_free(&fast);
	buf_free(&json);
	return 0;
}
