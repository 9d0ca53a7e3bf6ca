/*
 * run.c: worker.  What one run does next; knows stages and the reply, not
 * descriptors, HTTP or what a service says.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "plan/state.h"
#include "reply/reply.h"
#include "run/attempt.h"
#include "run/decide.h"
#include "run/pick.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "stage/stage.h"
#include "text/json.h"
#include "text/prompt.h"
#include "text/sse.h"

static void
tell_run(struct run *run)
{
	struct json *json = json_new_object(), *parts = json_new_array();
	struct json *given = json_new_array();
	const struct stage_spec *s;
	const char *name;
	size_t i;

	for (i = 0; i < run->n; i++) {
		s = part_spec(&run->parts[i]);
		name = partial_name(s);
		if (part_is_live(&run->parts[i]))
			json_push(parts, json_new_string(s->part,
			    strlen(s->part)));
		else if (run->parts[i].state == PART_GIVEN)
			json_push(given, json_new_string(name, strlen(name)));
	}
	json_set_string(json, "id", run->plan->id);
	json_set_int(json, "heartbeat_ms", run_limits(run)->heartbeat_ms);
	json_set(json, "parts", parts);
	json_set(json, "given", given);
	json_set_bool(json, "demo", run->plan->demo);
	if (run->plan->demo)
		json_set_string(json, "hint", plan_demo_hint);
	reply_event(run->reply, "_run", run->n, json);
}

/* Only where the operator asks for it, and says so to the visitors. */
static void
log_inputs(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->vars.n && run->plan->config->log_text; i++)
		log_info("run=%.8s input=%s text=%s", run->plan->id,
		    run->vars.list[i].name, run->vars.list[i].text);
}

/* What a part waits for: the first that failed, or that is not there yet. */
static const struct part *
missing(const struct run *run, const struct part *part, bool *failed)
{
	const struct stage_spec *s = part_spec(part);
	const struct part *from, *wait = NULL;
	size_t i, n = s->is_each ? 1 : s->nneeds;
	bool there;

	*failed = false;
	for (i = 0; i < n; i++) {
		from = &run->parts[s->is_each ? s->each : s->needs[i].stage];
		there = s->is_each ? from->listed : s->needs[i].pick ?
		    from->picked : part_is_good(from);
		if (there)
			continue;
		if (!part_is_live(from)) {
			*failed = true;
			return from;
		}
		wait = from;
	}
	return wait;
}

static void
ask_attempts(struct run *run, struct part *part)
{
	size_t i;

	part->state = PART_RUNNING;
	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].stage != NULL)
			attempt_ask(run, part, &part->attempts[i]);
}

/* Takes one from a part that has no prompt yet.  Whether there was one. */
static bool
yield_process(struct run *run)
{
	struct part *part;
	size_t i, k;
	bool failed;

	for (i = run->n; i-- > 0;) {
		part = &run->parts[i];
		if (part->state != PART_WAITING || !part_is_tried(part) ||
		    missing(run, part, &failed) == NULL)
			continue;
		for (k = 0; k < PART_ATTEMPTS; k++)
			part->begun -= part->attempts[k].stage != NULL;
		part_drop(part);
		return true;
	}
	return false;
}

static void
advance_part(struct run *run, struct part *part)
{
	bool failed;
	const struct part *from = missing(run, part, &failed);
	char why[100];

	if (failed) {
		snprintf(why, sizeof(why), "it needs \"%s\", which was not "
		    "written", part_spec(from)->part);
		part_end_badly(run, part, PART_SKIPPED, part_spec(from)->part,
		    "skipped", why, true);
		return;
	}
	if (part_spec(part)->is_each)
		return;
	if (from == NULL || !part_is_tried(part))
		decide_service(run, part);
	if (part->not_before_ms > io_now_ms())
		return;
	if (!part_is_tried(part) && (from == NULL ||
	    (part->plan->order[part->turn]->preconnect &&
	    !part_inherits(run, part))))
		while (attempt_open(run, part) == -1)
			if (from != NULL || !yield_process(run)) {
				if (from == NULL)
					attempt_starve(run, part);
				return;
			}
	if (from == NULL)
		ask_attempts(run, part);
}

void
run_advance(struct run *run)
{
	size_t i;

	state_settle(run->state);
	/* In the graph's order, so one pass is enough for a chain of skips. */
	for (i = 0; i < run->n; i++)
		if (run->parts[i].state == PART_WAITING)
			advance_part(run, &run->parts[i]);
}

static int
copy_vars(struct run *run, const struct vars *vars)
{
	size_t i;

	for (i = 0; i < vars->n; i++)
		if (vars_set(&run->vars, vars->list[i].name,
		    vars->list[i].text, vars->list[i].len) == -1)
			return -1;
	return 0;
}

int
run_begin(struct run *run, const struct plan *plan, struct pool *pool,
    struct reply *reply, struct state *state, int64_t start_ms)
{
	size_t i;

	memset(run, 0, sizeof(*run));
	run->plan = plan;
	run->pool = pool;
	run->reply = reply;
	run->state = state;
	run->start_ms = start_ms;
	if ((run->parts = calloc(plan->n, sizeof(*run->parts))) == NULL)
		return -1;
	run->n = plan->n;
	for (i = 0; i < run->n; i++)
		part_init(&run->parts[i], &plan->parts[i],
		    plan->request->partial.given[i],
		    (size_t)run_limits(run)->stage_bytes);
	if (copy_vars(run, &plan->request->inputs) == -1 ||
	    copy_vars(run, &plan->request->partial.vars) == -1)
		return -1;
	log_inputs(run);
	tell_run(run);
	return 0;
}

void
run_free(struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		part_free(&run->parts[i]);
	free(run->parts);
	run->parts = NULL;
	run->n = 0;
	vars_free(&run->vars);
}

static void
take_text(struct run *run, struct part *part, const char *text, size_t n)
{
	part->text_len += n;
	if (part->text_len > (size_t)run_limits(run)->stage_bytes) {
		part_fail(run, part, "too_big", false, "%s wrote more than "
		    "stage_bytes, %" PRId64, part->told.service->id,
		    run_limits(run)->stage_bytes);
		return;
	}
	if (part_spec(part)->is_needed)
		buf_add(&part->text, text, n);
	part_show(run, part, text, n);
	if (part_spec(part)->is_list)
		pick_read(run, part, text, n);
}

/* The wire's sign for a newline stands for one where a model writes it too. */
static void
unfold(const char *text, size_t n, struct buf *out)
{
	const size_t len = strlen(SSE_NEWLINE);
	const char *hit;

	while ((hit = memmem(text, n, SSE_NEWLINE, len)) != NULL) {
		buf_add(out, text, (size_t)(hit - text));
		buf_putc(out, '\n');
		n -= (size_t)(hit - text) + len;
		text = hit + len;
	}
	buf_add(out, text, n);
}

static void
take_delta(struct run *run, struct part *part, const char *text, size_t n)
{
	struct buf plain = BUF_INIT(FRAME_MAX);

	if (memmem(text, n, SSE_NEWLINE, strlen(SSE_NEWLINE)) == NULL) {
		take_text(run, part, text, n);
		return;
	}
	unfold(text, n, &plain);
	take_text(run, part, plain.data, plain.len);
	buf_free(&plain);
}

/* The first of a race to give text wins; the other is closed at once. */
static void
let_speak(struct part *part, struct attempt *attempt)
{
	size_t i;

	if (part->speaker == attempt)
		return;
	part->speaker = attempt;
	part->told = *attempt;
	for (i = 0; i < PART_ATTEMPTS; i++)
		if (&part->attempts[i] != attempt)
			attempt_drop(&part->attempts[i]);
}

/* A text that is there, but is not what was asked for. */
static bool
is_useless(struct run *run, struct part *part,
    const struct attempt *attempt, struct outcome *outcome)
{
	const char *id = attempt->service->id;

	if (part_spec(part)->is_list && !pick_last(run, part)) {
		/* A server at home may take a format and fail with it. */
		if (outcome->finish == FINISH_STOP &&
		    (attempt->params & PARAM_RESPONSE_FORMAT) != 0 &&
		    !service_is_https(attempt->service)) {
			outcome->means = MEANS_PARAM;
			outcome->refused_params = PARAM_RESPONSE_FORMAT;
		}
		outcome_fail(outcome, "bad_list",
		    "%s did not write the list that was asked for", id);
	} else if (!part->visible) {
		outcome_fail(outcome, "empty", "%s wrote nothing", id);
	} else {
		return false;
	}
	return true;
}

static void
take_outcome(struct run *run, struct part *part, struct attempt *attempt,
    const struct frame *frame)
{
	static const char withheld[] = "the provider withheld the rest";
	struct outcome outcome;

	if (outcome_read(&outcome, frame->data, frame->len) == -1) {
		run_lost(run, part, attempt);
		return;
	}
	stage_release(attempt->stage);
	attempt->stage = NULL;
	attempt->ended = true;
	attempt->tokens = outcome.tokens;
	/* In a race one that wrote nothing, or may not, has not won. */
	if (outcome.finish == FINISH_FILTER && part_is_tried(part)) {
		outcome.means = MEANS_CONTENT;
		outcome_fail(&outcome, "filtered", "%s", withheld);
	}
	if (outcome.finish == FINISH_NONE || (outcome.finish != FINISH_FILTER
	    && is_useless(run, part, attempt, &outcome))) {
		decide_failed(run, part, attempt, &outcome);
		return;
	}
	let_speak(part, attempt);
	decide_worked(run, part, attempt, &outcome);
	if (outcome.finish == FINISH_FILTER) {
		part_end_badly(run, part, PART_FILTERED, withheld, "filtered",
		    withheld, false);
	} else {
		if (part_spec(part)->is_list && !part->listed)
			pick_end(run, part);
		part_end(run, part, outcome.finish == FINISH_LENGTH ?
		    PART_CUT : PART_DONE);
	}
}

void
run_frame(struct run *run, struct part *part, struct attempt *attempt,
    const struct frame *frame)
{
	struct remaining remaining;

	switch (frame->type) {
	case FRAME_CONNECTED:
		attempt->connected = true;
		if (attempt->asked_ms > 0)
			attempt->asked_ms = io_now_ms();
		break;
	case FRAME_START:
		if (remaining_read(&remaining, frame->data, frame->len) == 0)
			decide_remaining(run, attempt, &remaining);
		break;
	case FRAME_THINKING:
		/* Its bytes stay in the stage: say, a token. */
		attempt->heard += TOKEN_BYTES;
		attempt->heard_ms = io_now_ms();
		break;
	case FRAME_DELTA:
		attempt->heard += frame->len;
		attempt->heard_ms = io_now_ms();
		let_speak(part, attempt);
		take_delta(run, part, frame->data, frame->len);
		break;
	case FRAME_VOID:
		if (part->speaker == attempt && part->text_len > 0 &&
		    !part->picked)
			part_reset(run, part, "that was a thought");
		break;
	case FRAME_DONE:
	case FRAME_FAIL:
		take_outcome(run, part, attempt, frame);
		break;
	default:
		run_lost(run, part, attempt);
	}
}

void
run_lost(struct run *run, struct part *part, struct attempt *attempt)
{
	struct outcome outcome = OUTCOME_INIT;

	outcome_fail(&outcome, "lost", "the process that was writing this "
	    "part has gone");
	decide_failed(run, part, attempt, &outcome);
}

bool
run_over(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (part_is_live(&run->parts[i]))
			return false;
	return true;
}

void
run_abandon(struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		part_drop(&run->parts[i]);
	log_info("run=%.8s state=left first=%" PRId64 " ms=%" PRId64,
	    run->plan->id,
	    run->first_ms > 0 ? run->first_ms - run->start_ms : -1,
	    io_now_ms() - run->start_ms);
}

void
run_end(struct run *run)
{
	struct tokens all = { 0, 0, false }, one;
	struct json *json = json_new_object();
	int64_t now = io_now_ms();
	size_t i;

	for (i = 0; i < run->n; i++) {
		one = part_spent(&run->parts[i]);
		tokens_add(&all, &one);
	}
	json_set_int(json, "ms", now - run->start_ms);
	if (run->first_ms > 0)
		json_set_int(json, "first_ms", run->first_ms - run->start_ms);
	json_set(json, "tokens", tokens_json(&all));
	reply_event(run->reply, "_done", run->n, json);
	reply_end(run->reply);
	log_info("run=%.8s state=done first=%" PRId64 " ms=%" PRId64
	    " tokens=%" PRId64, run->plan->id,
	    run->first_ms > 0 ? run->first_ms - run->start_ms : -1,
	    now - run->start_ms, all.out);
}
