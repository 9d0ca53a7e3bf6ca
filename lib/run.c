/*
 * run.c: worker.  What one run does next; knows stages and the reply, not
 * descriptors, HTTP or what a service says.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "graph.h"
#include "io.h"
#include "json.h"
#include "log.h"
#include "pick.h"
#include "plan.h"
#include "prompt.h"
#include "reply.h"
#include "request.h"
#include "run.h"
#include "sse.h"
#include "stage.h"

static void
tell_run(struct run *run)
{
	struct json *json = json_new_object(), *parts = json_new_array();
	const char *name;
	size_t i;

	for (i = 0; i < run->n; i++) {
		name = part_spec(&run->parts[i])->part;
		json_push(parts, json_new_string(name, strlen(name)));
	}
	json_set_string(json, "id", run->plan->id);
	json_set(json, "parts", parts);
	json_set_bool(json, "demo", run->plan->demo);
	if (run->plan->demo)
		json_set_string(json, "hint", plan_demo_hint);
	reply_event(run->reply, "_run", run->n, json);
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

/* Gives it a stage and its job.  -1 where there is no process to be had. */
static int
open_attempt(struct run *run, struct part *part)
{
	struct job job = { part_spec(part), part->plan->service,
	    part->plan->service->models[0] };
	struct buf text = BUF_INIT(FRAME_MAX);
	int rc;

	part->stage = stage_take(run->pool, job.service);
	if (part->stage == NULL)
		return -1;
	part->service = job.service;
	part->model = job.model;
	part->attempt++;
	part->connected = false;
	part->job_ms = io_now_ms();
	part->asked_ms = part->heard_ms = 0;
	rc = job_write(&job, &text);
	if (rc == 0)
		rc = stage_send(part->stage, FRAME_JOB, text.data, text.len);
	buf_free(&text);
	if (rc == 0 && stage_flush(part->stage) == 0)
		return 0;
	part_drop_stage(part);
	errno = ENOMEM;
	return -1;
}

/* The demo is given the variables themselves, a model its template filled. */
static int
write_prompt(const struct run *run, const struct part *part, struct buf *out)
{
	struct json *json;
	size_t i;

	if (!service_is_demo(part->service))
		return prompt_render(&part_spec(part)->prompt, &run->vars,
		    PROMPT_PLAIN, out);
	json = json_new_object();
	for (i = 0; i < run->vars.n; i++)
		json_set_text(json, run->vars.list[i].name,
		    run->vars.list[i].text, run->vars.list[i].len);
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}

static void
ask(struct run *run, struct part *part)
{
	struct buf text = BUF_INIT((size_t)run_limits(run)->prompt_bytes);
	int rc = write_prompt(run, part, &text);

	part->state = PART_RUNNING;
	part->asked_ms = io_now_ms();
	part_tell(run, part, "start", NULL);
	if (rc == -1) {
		part_fail(run, part, "too_big", false, "the prompt would be "
		    "longer than prompt_bytes, %" PRId64,
		    run_limits(run)->prompt_bytes);
	} else if (stage_send(part->stage, FRAME_PROMPT, text.data,
	    text.len) == -1 || stage_send(part->stage, FRAME_GO, "", 0) == -1
	    || stage_flush(part->stage) == -1) {
		run_lost(run, part);
	}
	buf_free(&text);
}

static bool
any_stage(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (run->parts[i].stage != NULL)
			return true;
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
	/* Where no process can be had, one of ours may soon be free. */
	if (part->stage == NULL && (from == NULL ||
	    part->plan->service->preconnect) &&
	    open_attempt(run, part) == -1) {
		if (from == NULL && !any_stage(run))
			part_fail(run, part, "no_process", true, "the server "
			    "has no process left for this part: %s",
			    strerror(errno));
		return;
	}
	if (from == NULL)
		ask(run, part);
}

void
run_advance(struct run *run)
{
	size_t i;

	/* In the graph's order, so one pass is enough for a chain of skips. */
	for (i = 0; i < run->n; i++)
		if (run->parts[i].state == PART_WAITING)
			advance_part(run, &run->parts[i]);
}

int
run_begin(struct run *run, const struct plan *plan, struct pool *pool,
    struct reply *reply, int64_t start_ms)
{
	const struct vars *inputs = &plan->request->inputs;
	struct part *part;
	size_t i;

	memset(run, 0, sizeof(*run));
	run->plan = plan;
	run->pool = pool;
	run->reply = reply;
	run->start_ms = start_ms;
	if ((run->parts = calloc(plan->n, sizeof(*run->parts))) == NULL)
		return -1;
	run->n = plan->n;
	for (i = 0; i < run->n; i++) {
		part = &run->parts[i];
		part->plan = &plan->parts[i];
		part->tokens = (struct tokens){ -1, -1, false };
		buf_init(&part->text, (size_t)run_limits(run)->stage_bytes);
		if (!part_spec(part)->is_list)
			continue;
		list_init(&part->list, part_spec(part)->list.fields[0]);
		part->items = json_new_array();
	}
	for (i = 0; i < inputs->n; i++)
		if (vars_set(&run->vars, inputs->list[i].name,
		    inputs->list[i].text, inputs->list[i].len) == -1)
			return -1;
	tell_run(run);
	return 0;
}

void
run_free(struct run *run)
{
	struct part *part;
	size_t i;

	for (i = 0; i < run->n; i++) {
		part = &run->parts[i];
		part_drop_stage(part);
		buf_free(&part->text);
		json_free(part->items);
		if (part->plan != NULL && part_spec(part)->is_list)
			list_free(&part->list);
	}
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
		    "stage_bytes, %" PRId64, part->service->id,
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

/* Worth asking again, by the visitor or, later, by us. */
static bool
is_retryable(const struct outcome *outcome)
{
	if (strcmp(outcome->code, "http_status") == 0)
		return outcome->status == 408 || outcome->status == 409 ||
		    outcome->status == 425 || outcome->status == 429 ||
		    outcome->status >= 498;
	return strcmp(outcome->code, "auth") != 0 &&
	    strcmp(outcome->code, "tls") != 0 &&
	    strcmp(outcome->code, "no_stream") != 0;
}

static void
take_outcome(struct run *run, struct part *part, const struct frame *frame)
{
	static const char message[] = "the provider withheld the rest";
	struct outcome outcome;

	if (outcome_read(&outcome, frame->data, frame->len) == -1) {
		run_lost(run, part);
		return;
	}
	part->tokens = outcome.tokens;
	stage_release(part->stage);
	part->stage = NULL;
	if (outcome.finish == FINISH_NONE) {
		part_fail(run, part, outcome.code, is_retryable(&outcome), "%s",
		    outcome.message);
		return;
	}
	if (outcome.finish == FINISH_FILTER) {
		part_end_badly(run, part, PART_FILTERED, message, "filtered",
		    message, false);
		return;
	}
	if (part_spec(part)->is_list && !part->listed) {
		if (json_count(part->items) == 0) {
			part_fail(run, part, "bad_list", true, "%s did not "
			    "write the list that was asked for",
			    part->service->id);
			return;
		}
		pick_end(run, part);
	}
	if (!part->visible) {
		part_fail(run, part, "empty", true, "%s wrote nothing",
		    part->service->id);
		return;
	}
	part_end(run, part, outcome.finish == FINISH_LENGTH ? PART_CUT :
	    PART_DONE);
}

void
run_frame(struct run *run, struct part *part, const struct frame *frame)
{
	switch (frame->type) {
	case FRAME_CONNECTED:
		part->connected = true;
		if (part->asked_ms > 0)
			part->asked_ms = io_now_ms();
		break;
	case FRAME_START:
		break;
	case FRAME_THINKING:
		part->heard_ms = io_now_ms();
		break;
	case FRAME_DELTA:
		part->heard_ms = io_now_ms();
		take_delta(run, part, frame->data, frame->len);
		break;
	case FRAME_DONE:
	case FRAME_FAIL:
		take_outcome(run, part, frame);
		break;
	default:
		run_lost(run, part);
	}
}

void
run_lost(struct run *run, struct part *part)
{
	part_fail(run, part, "lost", true, "the process that was writing this "
	    "part has gone");
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
run_end(struct run *run)
{
	struct tokens all = { 0, 0, false };
	struct json *json = json_new_object();
	const struct tokens *t;
	int64_t now = io_now_ms();
	size_t i;

	for (i = 0; i < run->n; i++) {
		t = &run->parts[i].tokens;
		all.in += t->in > 0 ? t->in : 0;
		all.out += t->out > 0 ? t->out : 0;
		all.estimated = all.estimated || t->estimated;
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
