/*
 * conduct.c: worker.  Decides what a run does next; knows stages and events,
 * but no visitor, no HTTP and nothing of what a service says.
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
#include "site/state.h"
#include "run/clock.h"
#include "run/conduct.h"
#include "run/decide.h"
#include "run/hear.h"
#include "run/launch.h"
#include "run/part.h"
#include "run/purse.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "text/json.h"

/* --- the first event ----------------------------------------------------- */

static void
push_name(struct json *array, const char *name)
{
	json_push(array, json_new_string(name, strlen(name)));
}

/*
 * A part that is neither to run nor given is not named, so a visitor waits for
 * no part that will not come.
 */
static void
tell_run(struct run *run)
{
	struct json *json = json_new_object(), *parts = json_new_array();
	struct json *given = json_new_array();
	const struct part *part;
	size_t i;

	for (i = 0; i < run->n; i++) {
		part = &run->parts[i];
		if (part_is_live(part))
			push_name(parts, part_name(part));
		else if (part->state == PART_GIVEN)
			push_name(given, partial_name(part_spec(part)));
	}
	json_set_string(json, "id", run->plan->id);
	json_set_int(json, "heartbeat_ms", run_limits(run)->heartbeat_ms);
	json_set(json, "parts", parts);
	json_set(json, "given", given);
	json_set_bool(json, "demo", run->plan->demo);
	json_set_string(json, "hint", run->plan->hint);
	json_set_string(json, "over", run->plan->over);
	if (run->keeper != NULL)
		json_set_bool(json, "kept", run->keeper->kept);
	if (run->plan->by_proxy)
		json_set_bool(json, "untrusted_proxy", true);
	run_tell(run, EVENT_RUN, NULL, json);
}

/* Logs visitors' words only if the operator has asked for it by log_text. */
static void
log_inputs(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->vars.n && run->plan->config->log_text; i++)
		run_log(run, "input=%s text=%s", run->vars.list[i].name,
		    run->vars.list[i].text);
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
conduct_begin(struct run *run, const struct plan *plan, struct pool *pool,
    struct state *state, struct places *places, int64_t start_ms)
{
	const struct request *request = plan->request;
	size_t i;

	run->plan = plan;
	run->pool = pool;
	run->state = state;
	run->places = places;
	run->start_ms = start_ms;
	if (run->ratelimit == NULL)
		run->ratelimit = &run->own_ratelimit;
	if ((run->parts = calloc(plan->n, sizeof(*run->parts))) == NULL)
		return -1;
	run->n = plan->n;
	for (i = 0; i < run->n; i++)
		part_init(&run->parts[i], run, &plan->parts[i],
		    request->partial.given[i]);
	if (copy_vars(run, &request->inputs) == -1 ||
	    copy_vars(run, &request->partial.vars) == -1)
		return -1;
	log_inputs(run);
	tell_run(run);
	return 0;
}

void
conduct_free(struct run *run)
{
	size_t i;

	lack_end(&run->lack);
	for (i = 0; i < run->n; i++)
		part_free(&run->parts[i]);
	tally_write(run);
	free(run->parts);
	run->parts = NULL;
	run->n = 0;
	vars_free(&run->vars);
}

/* --- what starts --------------------------------------------------------- */

/*
 * Returns whether `from` has what `to` needs of it: an `each` part the whole
 * list, others the pick alone or the whole text.
 */
static bool
has_given(const struct part *from, const struct stage_spec *to,
    const struct need *need)
{
	if (to->is_each)
		return from->picking.listed;
	return need->pick ? from->picking.picked : part_is_good(from);
}

/*
 * Returns a part that this one still waits for, or NULL if it can start.  If
 * one of them has ended without what is needed, it returns that one and sets
 * *failed, whatever the others may still bring.
 */
static const struct part *
find_missing(const struct part *part, bool *failed)
{
	const struct stage_spec *s = part_spec(part);
	const struct part *from, *missing = NULL;
	size_t i, n = s->is_each ? 1 : s->nneeds;

	*failed = false;
	for (i = 0; i < n; i++) {
		from = &part->run->parts[s->is_each ? s->each :
		    s->needs[i].stage];
		if (has_given(from, s, &s->needs[i]))
			continue;
		if (!part_is_live(from)) {
			*failed = true;
			return from;
		}
		missing = from;
	}
	return missing;
}

/* Hands all attempts of a part (two in a race) their prompt. */
static void
ask_attempts(struct part *part)
{
	size_t i;

	part->state = PART_RUNNING;
	for (i = 0; i < PART_ATTEMPTS; i++)
		if (part->attempts[i].stage != NULL)
			launch_prompt(&part->attempts[i]);
}

/*
 * Takes a process from a part that has connected ahead of its prompt, for one
 * whose prompt is there.  The last part of the graph gives first, because it
 * has the longest to wait.  Returns whether one was taken.
 */
static bool
yield_process(struct run *run)
{
	struct part *part;
	bool failed;
	size_t i;

	for (i = run->n; i-- > 0;) {
		part = &run->parts[i];
		if (part->state != PART_WAITING || !part_is_tried(part) ||
		    find_missing(part, &failed) == NULL)
			continue;
		part_withdraw(part);
		return true;
	}
	return false;
}

/*
 * A part that is not ready may connect ahead of its prompt, unless it will
 * take over the connection of a part that it waits for.
 */
static bool
may_connect_ahead(const struct part *part)
{
	return part->plan->order[part->retry.turn]->preconnect &&
	    !part_inherits(part);
}

/*
 * Returns whether the part has a stage process; if not, tries to get one.  If
 * the part is `ready`, its prompt is complete, so it may take the process of a
 * part that is not, and it starves if there is none.  If it is not ready, it
 * would only connect early, for which it can wait.
 */
static bool
find_process(struct part *part, bool ready)
{
	if (part_is_tried(part))
		return true;
	if (!ready && !may_connect_ahead(part))
		return false;
	while (launch_part(part) == -1) {
		if (ready && yield_process(part->run))
			continue;
		if (ready) {
			launch_starve(part);
			part_withdraw(part);	/* its place is for others */
		}
		return false;
	}
	return true;
}

/* Ends a part that can never start, because `from` was not written. */
static void
skip(struct part *part, const struct part *from)
{
	char why[100];

	snprintf(why, sizeof(why), "it needs \"%s\", which was not written",
	    part_name(from));
	part_end_badly(part, PART_SKIPPED, part_name(from), CODE_SKIPPED,
	    why);
}

/*
 * Does for a waiting part what can be done by now.  The order matters.  A part
 * that can never start is skipped before a process is taken for it.  Its
 * service is looked at before that as well, and once more when the prompt is
 * there, because in between it may have been set aside or have said that its
 * limit is used up; decide_service may then have the part wait, so
 * not_before_ms is read after it.
 */
static void
advance_part(struct part *part)
{
	bool failed, ready;
	const struct part *from = find_missing(part, &failed);

	ready = from == NULL;
	if (failed) {
		skip(part, from);
		return;
	}
	/* No service writes it: pick does, when the list is there. */
	if (part_spec(part)->is_each)
		return;
	if (ready || !part_is_tried(part))
		decide_service(part);
	if (part->retry.not_before_ms > io_now_ms())
		return;
	if (ready && !launch_is_seated(part))
		return;
	if (find_process(part, ready) && ready)
		ask_attempts(part);
}

void
conduct_advance(struct run *run)
{
	size_t i;

	state_settle(run->state);
	purse_flush(run->purse);
	/* In the graph's order, so one pass is enough for a chain of skips. */
	for (i = 0; i < run->n; i++)
		if (run->parts[i].state == PART_WAITING)
			advance_part(&run->parts[i]);
}

/* --- the last event ------------------------------------------------------ */

static bool
has_live_part(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (part_is_live(&run->parts[i]))
			return true;
	return false;
}

static const char *
how_it_ended(const struct run *run)
{
	switch (run->stopped) {
	case CODE_RUN_TIMEOUT:
		return "run_ms";
	case CODE_STOPPED:
		return "stopped";
	case CODE_LEFT:
		return "left";
	default:
		return "done";
	}
}

static void
tell_done(struct run *run)
{
	struct tokens all = { 0, 0, false }, one;
	struct json *json = json_new_object();
	int64_t ms = run_ms(run), first_ms = run_first_ms(run);
	size_t i;

	for (i = 0; i < run->n; i++) {
		one = part_spent(&run->parts[i]);
		tokens_add(&all, &one);
	}
	json_set_int(json, "ms", ms);
	if (first_ms >= 0)
		json_set_int(json, "first_ms", first_ms);
	json_set(json, "tokens", tokens_json(&all));
	if (run->keeper != NULL)
		json_set_string(json, "how", how_it_ended(run));
	run->ended = true;
	run_tell(run, EVENT_DONE, NULL, json);
	run_log(run, "state=done first=%" PRId64 " ms=%" PRId64 " tokens=%"
	    PRId64, first_ms, ms, all.out);
}

bool
conduct_is_over(const struct run *run)
{
	return run->ended || run->abandoned;
}

int64_t
conduct_tick(struct run *run, int64_t now)
{
	int64_t next;

	if (conduct_is_over(run))
		return INT64_MAX;
	do {
		conduct_advance(run);
		next = clock_tick(run, now);
	} while (next == 0);
	if (has_live_part(run))
		return next;
	tell_done(run);
	return INT64_MAX;
}

void
conduct_watch(struct run *run, struct watch *watch, bool reads, int64_t now)
{
	size_t i, k;

	/* An abandoned run says nothing more, though an outbox may be full. */
	if (conduct_is_over(run))
		return;
	clock_pause(run, !reads, now);
	for (i = 0; i < run->n; i++)
		for (k = 0; k < PART_ATTEMPTS; k++)
			hear_watch(&run->parts[i].attempts[k], watch, reads);
}
