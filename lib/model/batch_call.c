/*
 * batch_call.c: stage.  Passes a request on and its answer back; judges
 * neither.
 */
#include <string.h>

#include "base/io.h"
#include "base/utf8.h"
#include "model/answer.h"
#include "model/batch_call.h"
#include "setup/profile.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/mask.h"
#include "text/members.h"

/* The most that text gathers before it is read. */
#define GATHER_MS	200

/* The worker hears of a call no more often than that. */
#define BEAT_MS		100

/* --- what is sent --------------------------------------------------------- */

/* Whether the member is written by batch_call_body itself. */
static bool
is_ours(const struct member *member)
{
	return member_is(member, "model") || member_is(member, "stream") ||
	    member_is(member, "stream_options");
}

/* The number of choices that a body asks for. */
static int64_t
count_choices(const struct member *member)
{
	struct json *json = json_parse(member->value, member->value_len, 1,
	    true, NULL, NULL);
	int64_t n = json_int(json, 1);

	json_free(json);
	return n < 1 ? 1 : n;
}

int
batch_call_body(struct batch_call *call, const struct messages *messages,
    struct buf *out)
{
	const struct job *job = call->job;
	struct members it = MEMBERS_INIT(messages->user, messages->user_len);
	struct json *model = json_new_string(job->model, strlen(job->model));
	struct member m;

	buf_puts(out, "{\"model\":");
	json_write(model, out);
	json_free(model);
	buf_puts(out, ",\"stream\":true");
	if ((job->params & PARAM_STREAM_OPTIONS) != 0)
		buf_puts(out, ",\"stream_options\":{\"include_usage\":true}");
	while (members_next(&it, &m)) {
		if (is_ours(&m))
			continue;
		if (member_is(&m, "n"))
			call->choices = count_choices(&m);
		buf_putc(out, ',');
		buf_add(out, m.name, m.name_len);
		buf_putc(out, ':');
		buf_add(out, m.value, m.value_len);
	}
	buf_putc(out, '}');
	return out->failed ? -1 : 0;
}

/* --- what comes ----------------------------------------------------------- */

/*
 * The io of answer.c, which reads the stream as it does that of any other job,
 * but whose text nobody sees.  One sign of life for each flush is enough.
 */
static int
drop_text(void *arg, enum frame_type type, const char *data, size_t n)
{
	struct batch_call *call = arg;
	const struct job_io *io = call->outer;

	if (type == FRAME_VOID)
		return 0;
	if (type != FRAME_DELTA && type != FRAME_THINKING)
		return io->emit(io->arg, type, data, n);
	if (call->told)
		return 0;
	call->told = true;
	return io->emit(io->arg, FRAME_THINKING, "", 0);
}

static int
outer_prompt(void *arg, struct messages *messages)
{
	const struct job_io *io = ((struct batch_call *)arg)->outer;

	return io->prompt(io->arg, messages);
}

/*
 * Signs of life are for clocks of some seconds, and each of them wakes the
 * worker, so a short call sends none.  http asks at least five times a second.
 */
static int
flush_late(void *arg)
{
	struct batch_call *call = arg;
	int64_t now = io_now_ms();

	if (now - call->flushed_ms < BEAT_MS)
		return 0;
	call->flushed_ms = now;
	call->told = false;
	return call->outer->flush(call->outer->arg);
}

/*
 * Nobody reads the text while it comes, so it gathers; what is whole is seen by
 * half of its time later at most.
 */
static int
gather_ms(void *arg, int64_t gap_ms)
{
	const struct batch_call *call = arg;
	int64_t ms = (io_now_ms() - call->first_ms) / 2;

	(void)gap_ms;
	return (int)(ms < GATHER_MS ? ms : GATHER_MS);
}

void
batch_call_init(struct batch_call *call, const struct job *job,
    const struct job_io *io)
{
	*call = (struct batch_call){ .job = job, .outer = io,
	    .io = { outer_prompt, drop_text, flush_late, gather_ms, call },
	    .whole = COMPLETION_INIT, .choices = 1,
	    .flushed_ms = io_now_ms() };
}

void
batch_call_free(struct batch_call *call)
{
	completion_free(&call->whole);
}

void
batch_call_event(struct batch_call *call, const char *data, size_t n,
    const struct answer *read)
{
	if (call->first_ms == 0)
		call->first_ms = io_now_ms();
	if (read != NULL && read->document != NULL)
		completion_join(&call->whole, read->document, read->alone);
	else if (read == NULL || !read->is_plain || !completion_text(
	    &call->whole, read->plain.data, read->plain.len))
		completion_add(&call->whole, data, n);
}

bool
batch_call_is_whole(const struct batch_call *call)
{
	return completion_is_whole(&call->whole, call->choices);
}

/* --- what leaves ---------------------------------------------------------- */

/* Sends text, in which the key of the service is hidden. */
static int
send_text(struct batch_call *call, enum frame_type type, const struct buf *text)
{
	const struct job_io *io = call->outer;
	struct buf masked = BUF_INIT(CALL_MAX), clean = BUF_INIT(3 * CALL_MAX);
	int rc;

	mask_text(&masked, text->data, text->len, call->job->service->key);
	utf8_clean(&clean, masked.data, masked.len);
	rc = io->emit(io->arg, type, clean.data, clean.len);
	buf_free(&masked);
	buf_free(&clean);
	return rc;
}

static int
send_answer(struct batch_call *call, struct outcome *outcome)
{
	struct buf text = BUF_INIT(CALL_MAX);
	int rc = 0;

	if (completion_write(&call->whole, &text) == 0)
		rc = send_text(call, FRAME_DELTA, &text);
	else
		outcome_fail(outcome, CODE_TOO_BIG, "%s wrote more than %d "
		    "bytes", call->job->service->id, CALL_MAX);
	buf_free(&text);
	return rc;
}

int
batch_call_finish(struct batch_call *call, struct outcome *outcome, bool torn,
    const char *refusal, size_t n)
{
	struct buf text = BUF_INIT(CALL_MAX);
	int rc = 0;

	if (outcome->finish == FINISH_FILTER && call->whole.root != NULL)
		outcome->finish = FINISH_STOP;
	/* answer.c judges by the first choice. */
	if (outcome->finish != FINISH_NONE && torn && call->choices > 1 &&
	    !batch_call_is_whole(call))
		outcome_fail(outcome, CODE_CUT_OFF, "%s broke the connection "
		    "before all choices were finished", call->job->service->id);
	if (outcome->finish != FINISH_NONE)
		return send_answer(call, outcome);
	if (outcome->status != 0 && n > 0) {
		buf_add(&text, refusal, n);
		rc = send_text(call, FRAME_REFUSAL, &text);
		buf_free(&text);
	}
	return rc;
}
