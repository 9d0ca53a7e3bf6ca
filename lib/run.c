/*
 * run.c: worker.  What one run does next; knows stages and the reply, not
 * descriptors, HTTP or what a service says.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "graph.h"
#include "io.h"
#include "json.h"
#include "log.h"
#include "plan.h"
#include "prompt.h"
#include "reply.h"
#include "request.h"
#include "run.h"
#include "stage.h"
#include "utf8.h"

static const struct stage_spec *
spec(const struct part *part)
{
	return part->plan->spec;
}

static bool
is_live(const struct part *part)
{
	return part->state == PART_WAITING || part->state == PART_RUNNING;
}

/* Whether dependants may use it. */
static bool
is_good(const struct part *part)
{
	return part->state == PART_DONE || part->state == PART_CUT;
}

static const struct limits *
limits(const struct run *run)
{
	return &run->plan->config->limits;
}

/* --- what the visitor is told ------------------------------------------- */

static struct json *
tokens_json(const struct tokens *tokens)
{
	struct json *json = json_new_object();

	json_set_int(json, "in", tokens->in < 0 ? 0 : tokens->in);
	json_set_int(json, "out", tokens->out < 0 ? 0 : tokens->out);
	json_set_bool(json, "estimated", tokens->estimated);
	return json;
}

static void
tell_part(struct run *run, struct part *part, const char *state,
    const char *why)
{
	struct json *json = json_new_object();

	json_set_string(json, "part", spec(part)->part);
	json_set_string(json, "state", state);
	if (part->attempt > 0) {
		json_set_string(json, "service", part->service->id);
		json_set_string(json, "model", part->model);
		json_set_int(json, "attempt", part->attempt);
	}
	json_set_int(json, "ms", io_now_ms() - run->start_ms);
	if (!is_live(part) && part->attempt > 0)
		json_set(json, "tokens", tokens_json(&part->tokens));
	json_set_string(json, "why", why);
	reply_event(run->reply, "_part", (size_t)(part - run->parts), json);
}

static void
tell_error(struct run *run, const struct part *part, const char *code,
    const char *message, bool retryable)
{
	struct json *json = json_new_object();

	json_set_string(json, "part", spec(part)->part);
	json_set_string(json, "code", code);
	json_set_string(json, "message", message);
	json_set_bool(json, "retryable", retryable);
	reply_event(run->reply, "_error", (size_t)(part - run->parts), json);
}

static void
tell_run(struct run *run)
{
	struct json *json = json_new_object(), *parts = json_new_array();
	const char *name;
	size_t i;

	for (i = 0; i < run->n; i++) {
		name = spec(&run->parts[i])->part;
		json_push(parts, json_new_string(name, strlen(name)));
	}
	json_set_string(json, "id", run->plan->id);
	json_set(json, "parts", parts);
	json_set_bool(json, "demo", run->plan->demo);
	if (run->plan->demo)
		json_set_string(json, "hint", plan_demo_hint);
	reply_event(run->reply, "_run", run->n, json);
}

/* --- the end of a part -------------------------------------------------- */

/* One line for the operator, without a word of the visitor's or the model's. */
static void
log_part(const struct run *run, const struct part *part, const char *state,
    const char *code)
{
	log_info("run=%.8s part=%s state=%s service=%s attempt=%d ttft=%" PRId64
	    " ms=%" PRId64 " tokens=%" PRId64 "%s%s", run->plan->id,
	    spec(part)->part, state,
	    part->attempt > 0 ? part->service->id : "-", part->attempt,
	    part->visible && part->attempt > 0 ?
	    part->first_ms - part->asked_ms : -1,
	    io_now_ms() - run->start_ms, part->tokens.out,
	    code == NULL ? "" : " why=", code == NULL ? "" : code);
}

static void
drop_stage(struct part *part)
{
	if (part->stage != NULL)
		stage_kill(part->stage);
	part->stage = NULL;
}

/* Ended without all of its text. */
static void
end_badly(struct run *run, struct part *part, enum part_state state,
    const char *why, const char *code, const char *message, bool retryable)
{
	static const char *const names[] = { [PART_FILTERED] = "filtered",
	    [PART_FAILED] = "failed", [PART_SKIPPED] = "skipped",
	    [PART_STOPPED] = "stopped" };

	drop_stage(part);
	part->state = state;
	tell_part(run, part, names[state], why);
	tell_error(run, part, code, message, retryable);
	log_part(run, part, names[state], code);
}

static void __attribute__((format(printf, 5, 6)))
fail(struct run *run, struct part *part, const char *code, bool retryable,
    const char *fmt, ...)
{
	char message[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	end_badly(run, part, PART_FAILED, message, code, message, retryable);
}

static void
end_well(struct run *run, struct part *part, enum part_state state)
{
	const char *name = state == PART_CUT ? "cut" : "done";

	part->state = state;
	if (spec(part)->is_needed && vars_set(&run->vars, spec(part)->part,
	    part->text.data, part->text.len) == -1) {
		fail(run, part, "no_memory", true,
		    "the server is short of memory");
		return;
	}
	tell_part(run, part, name, state == PART_CUT ?
	    "the model ran into its length limit" : NULL);
	log_part(run, part, name, NULL);
}

/* --- lists and picks ---------------------------------------------------- */

static void
show_text(struct run *run, struct part *part, const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(" \t\r\n", text[i]) != NULL && text[i] != '\0')
		i++;
	if (!part->visible && i < n) {
		part->visible = true;
		part->first_ms = io_now_ms();
		if (run->first_ms == 0)
			run->first_ms = part->first_ms;
		tell_part(run, part, "first", NULL);
	}
	reply_text(run->reply, (size_t)(part - run->parts), text, n);
}

static void
set_pick(struct run *run, struct part *part, size_t index)
{
	const struct list_spec *list = &spec(part)->list;
	struct json *item = json_at(part->items, index);
	struct json *json = json_new_object();
	const char *text;
	char name[80];
	size_t f, n;

	part->picked = true;
	part->pick = index;
	json_set_int(json, "index", (int64_t)index);
	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(item, list->fields[f]), &n);
		snprintf(name, sizeof(name), "%s.%s", list->pick,
		    list->fields[f]);
		/* Without memory the field stays empty and the run goes on. */
		vars_set(&run->vars, name, text == NULL ? "" : text, n);
		json_set_text(json, list->fields[f], text == NULL ? "" : text,
		    n);
	}
	reply_event(run->reply, "_pick", (size_t)(part - run->parts), json);
}

struct element_arg {
	struct run	*run;
	struct part	*part;
};

/* The strings that were asked for and nothing else that a model put there. */
static void
on_element(void *arg, struct json *element)
{
	struct element_arg *a = arg;
	const struct list_spec *list = &spec(a->part)->list;
	struct json *item = json_new_object();
	const char *text;
	size_t f, n, index = json_count(a->part->items);

	for (f = 0; f < list->nfields; f++) {
		text = json_string(json_get(element, list->fields[f]), &n);
		json_set_text(item, list->fields[f], text == NULL ? "" : text,
		    n);
	}
	json_push(a->part->items, item);
	if (!a->part->picked &&
	    index == a->part->plan->draw % (size_t)list->items)
		set_pick(a->run, a->part, index);
}

/* A stage that no model writes: its template, once per item not picked. */
static void
write_each(struct run *run, struct part *part, const struct part *from)
{
	const struct list_spec *list = &spec(from)->list;
	struct buf text = BUF_INIT((size_t)limits(run)->stage_bytes);
	struct vars vars = VARS_INIT;
	const char *s;
	size_t i, f, n;

	tell_part(run, part, "start", NULL);
	for (i = 0; i < json_count(from->items); i++) {
		if (i == from->pick)
			continue;
		for (f = 0; f < list->nfields; f++) {
			s = json_string(json_get(json_at(from->items, i),
			    list->fields[f]), &n);
			vars_set(&vars, list->fields[f], s, n);
		}
		if (text.len > 0)
			buf_putc(&text, '\n');
		prompt_render(&spec(part)->prompt, &vars, PROMPT_HTML, &text);
	}
	if (text.len > 0)
		show_text(run, part, text.data, text.len);
	if (spec(part)->is_needed)
		buf_add(&part->text, text.data, text.len);
	vars_free(&vars);
	buf_free(&text);
	end_well(run, part, PART_DONE);
}

/* The array is whole, or as whole as it will be. */
static void
end_list(struct run *run, struct part *part)
{
	struct json *json = json_new_object(), *items = json_new_array();
	size_t i, count = json_count(part->items);

	part->listed = true;
	if (!part->picked)
		set_pick(run, part, part->plan->draw % count);
	for (i = 0; i < count; i++)
		if (i != part->pick)
			json_push(items, json_share(json_at(part->items, i)));
	json_set(json, "items", items);
	reply_event(run->reply, "_alternates", (size_t)(part - run->parts),
	    json);
	for (i = 0; i < run->n; i++)
		if (spec(&run->parts[i])->is_each &&
		    &run->parts[spec(&run->parts[i])->each] == part &&
		    is_live(&run->parts[i]))
			write_each(run, &run->parts[i], part);
}

static void
read_list(struct run *run, struct part *part, const char *text, size_t n)
{
	struct element_arg arg = { run, part };

	list_feed(&part->list, text, n, on_element, &arg);
	if (part->list.ended && !part->listed)
		end_list(run, part);
}

/* --- starting ----------------------------------------------------------- */

/* What a part waits for: the first that failed, or that is not there yet. */
static const struct part *
missing(const struct run *run, const struct part *part, bool *failed)
{
	const struct stage_spec *s = spec(part);
	const struct part *from, *wait = NULL;
	size_t i, n = s->is_each ? 1 : s->nneeds;
	bool there;

	*failed = false;
	for (i = 0; i < n; i++) {
		from = &run->parts[s->is_each ? s->each : s->needs[i].stage];
		there = s->is_each ? from->listed : s->needs[i].pick ?
		    from->picked : is_good(from);
		if (there)
			continue;
		if (!is_live(from)) {
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
	struct job job = { spec(part), part->plan->service,
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
	drop_stage(part);
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
		return prompt_render(&spec(part)->prompt, &run->vars,
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
	struct buf text = BUF_INIT((size_t)limits(run)->prompt_bytes);
	int rc = write_prompt(run, part, &text);

	part->state = PART_RUNNING;
	part->asked_ms = io_now_ms();
	tell_part(run, part, "start", NULL);
	if (rc == -1) {
		fail(run, part, "too_big", false, "the prompt would be longer "
		    "than prompt_bytes, %" PRId64, limits(run)->prompt_bytes);
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
		    "written", spec(from)->part);
		end_badly(run, part, PART_SKIPPED, spec(from)->part,
		    "skipped", why, true);
		return;
	}
	if (spec(part)->is_each)
		return;
	/* Where no process can be had, one of ours may soon be free. */
	if (part->stage == NULL && (from == NULL ||
	    part->plan->service->preconnect) &&
	    open_attempt(run, part) == -1) {
		if (from == NULL && !any_stage(run))
			fail(run, part, "no_process", true, "the server has "
			    "no process left for this part: %s",
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
		buf_init(&part->text, (size_t)limits(run)->stage_bytes);
		if (!spec(part)->is_list)
			continue;
		list_init(&part->list, spec(part)->list.fields[0]);
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
		drop_stage(part);
		buf_free(&part->text);
		json_free(part->items);
		if (part->plan != NULL && spec(part)->is_list)
			list_free(&part->list);
	}
	free(run->parts);
	run->parts = NULL;
	run->n = 0;
	vars_free(&run->vars);
}

/* --- frames ------------------------------------------------------------- */

static void
take_text(struct run *run, struct part *part, const char *text, size_t n)
{
	part->text_len += n;
	if (part->text_len > (size_t)limits(run)->stage_bytes) {
		fail(run, part, "too_big", false, "%s wrote more than "
		    "stage_bytes, %" PRId64, part->service->id,
		    limits(run)->stage_bytes);
		return;
	}
	if (spec(part)->is_needed)
		buf_add(&part->text, text, n);
	show_text(run, part, text, n);
	if (spec(part)->is_list)
		read_list(run, part, text, n);
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
		fail(run, part, outcome.code, is_retryable(&outcome), "%s",
		    outcome.message);
		return;
	}
	if (outcome.finish == FINISH_FILTER) {
		end_badly(run, part, PART_FILTERED, message, "filtered",
		    message, false);
		return;
	}
	if (spec(part)->is_list && !part->listed) {
		if (json_count(part->items) == 0) {
			fail(run, part, "bad_list", true, "%s did not write "
			    "the list that was asked for",
			    part->service->id);
			return;
		}
		end_list(run, part);
	}
	if (!part->visible) {
		fail(run, part, "empty", true, "%s wrote nothing",
		    part->service->id);
		return;
	}
	end_well(run, part, outcome.finish == FINISH_LENGTH ? PART_CUT :
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
		take_text(run, part, frame->data, frame->len);
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
	fail(run, part, "lost", true, "the process that was writing this "
	    "part has gone");
}

/* --- clocks ------------------------------------------------------------- */

/* When the next clock of an attempt fires, and which it is. */
static int64_t
part_deadline(const struct run *run, const struct part *part,
    const char **clock, int64_t *setting)
{
	const struct limits *l = limits(run);

	if (!part->connected) {
		*clock = "connect";
		*setting = l->connect_ms;
		return part->job_ms + l->connect_ms;
	}
	if (part->asked_ms == 0)
		return INT64_MAX;
	if (part->heard_ms == 0) {
		*clock = "first_token";
		*setting = l->first_token_ms;
		return part->asked_ms + l->first_token_ms;
	}
	*clock = "idle";
	*setting = l->idle_ms;
	return part->heard_ms + l->idle_ms;
}

static void
time_out(struct run *run, struct part *part, const char *clock,
    int64_t setting)
{
	const char *id = part->service->id;

	if (clock[0] == 'c')
		fail(run, part, "connect_timeout", true, "%s could not be "
		    "connected to within connect_ms, %" PRId64 " ms", id,
		    setting);
	else if (clock[0] == 'f')
		fail(run, part, "first_token_timeout", true, "%s sent no "
		    "token within first_token_ms, %" PRId64 " ms", id,
		    setting);
	else
		fail(run, part, "idle_timeout", true, "%s sent no further "
		    "token within idle_ms, %" PRId64 " ms", id, setting);
}

static void
stop_all(struct run *run)
{
	char message[100];
	size_t i;

	snprintf(message, sizeof(message), "the whole run took longer than "
	    "run_ms, %" PRId64 " ms", limits(run)->run_ms);
	for (i = 0; i < run->n; i++)
		if (is_live(&run->parts[i]))
			end_badly(run, &run->parts[i], PART_STOPPED,
			    message, "run_timeout", message, true);
}

int64_t
run_tick(struct run *run, int64_t now)
{
	int64_t next = run->start_ms + limits(run)->run_ms, at, setting = 0;
	const char *clock = "";
	struct part *part;
	size_t i;

	if (now >= next)
		stop_all(run);
	for (i = 0; i < run->n; i++) {
		part = &run->parts[i];
		if (part->stage == NULL || run->paused_ms > 0)
			continue;
		at = part_deadline(run, part, &clock, &setting);
		if (now >= at) {
			time_out(run, part, clock, setting);
			return 0;	/* others may start or be skipped */
		}
		if (at < next)
			next = at;
	}
	return run_over(run) ? -1 : next - now;
}

void
run_pause(struct run *run, bool paused, int64_t now)
{
	struct part *part;
	int64_t lost;
	size_t i;

	if (paused == (run->paused_ms > 0))
		return;
	lost = now - run->paused_ms;
	run->paused_ms = paused ? now : 0;
	for (i = 0; i < run->n && !paused; i++) {
		part = &run->parts[i];
		part->job_ms += lost;
		if (part->asked_ms > 0)
			part->asked_ms += lost;
		if (part->heard_ms > 0)
			part->heard_ms += lost;
	}
}

/* --- the end ------------------------------------------------------------ */

bool
run_over(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (is_live(&run->parts[i]))
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
