/*
 * launch.c: worker.  Sends jobs and prompts to stages; hears nothing of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "model/ask.h"
#include "model/batch_call.h"
#include "model/job.h"
#include "plan/plan.h"
#include "site/state.h"
#include "run/decide.h"
#include "run/launch.h"
#include "run/part.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "site/places.h"
#include "stage/stage.h"
#include "text/json.h"

/* Sends the job down the pipe of a stage that was just taken. */
static int
send_job(const struct attempt *t, const struct job *job)
{
	struct buf text = BUF_INIT(FRAME_MAX);
	int rc = job_write(job, &text);

	if (rc == 0)
		rc = stage_send(t->stage, FRAME_JOB, text.data, text.len);
	/* The prompt of a call comes at once, so the stage wakes up once. */
	if (rc == 0 && !part_spec(t->part)->is_call)
		stage_flush(t->stage);
	buf_free(&text);
	return rc;
}

/* The name of a service's model: the one that is asked for, or the i-th. */
static const char *
model_of(const struct part *part, const struct service *service, size_t i)
{
	const char *model = part->plan->model;
	size_t k;

	for (k = 0; model != NULL && k < service->nmodels; k++)
		if (strcmp(service->models[k], model) == 0)
			return service->models[k];
	return service->models[i < service->nmodels ? i : 0];
}

/*
 * Begins one attempt.  The parameters that the model has refused in this run or
 * in another one are left out.  Returns 0, or -1 and errno without a process.
 */
static int
launch_one(struct part *part, struct attempt *t,
    const struct service *service, size_t model)
{
	struct run *run = part->run;
	struct job job = { .spec = part_spec(part), .service = service,
	    .model = model_of(part, service, model) };

	job.params = ask_params(job.spec, service,
	    part->retry.refused_params | state_refused(run->state, service,
	    job.model, job.spec));
	job.thinks = state_thinks(run->state, service, job.model);
	part_renew(part, t);
	if ((t->stage = stage_take(run->pool, service)) == NULL)
		return -1;
	run->starved_ms = 0;
	lack_end(&run->lack);
	t->service = service;
	t->model = job.model;
	t->params = job.params;
	t->thinks = job.thinks;
	t->number = part_count_attempt(part);
	t->job_ms = io_now_ms();
	if (send_job(t, &job) == 0)
		return 0;
	attempt_drop(t);
	errno = ENOMEM;
	return -1;
}

/* Two that race begin together; after that, attempts come one at a time. */
static size_t
count_wanted(const struct part *part)
{
	return part->plan->race && part->retry.turn == 0 &&
	    part->plan->norder > 1 && part->begun == 0 ? 2 : 1;
}

/*
 * The service of the k-th attempt: of the attempt that has begun, or if none
 * has, of the one that will begin next.
 */
static const struct service *
service_of(const struct part *part, size_t k)
{
	const struct attempt *t = &part->attempts[k];

	return t->stage != NULL ? t->service :
	    part->plan->order[part->retry.turn + k];
}

/* A seat for the k-th attempt (seat.h). */
static bool
find_seat(struct part *part, size_t k)
{
	const struct service *service = service_of(part, k);

	return seat_find(&part->seats[k], part->run, service,
	    part_tokens(part, service));
}

int
launch_part(struct part *part)
{
	size_t i, n = count_wanted(part);

	for (i = 0; i < n; i++) {
		/*
		 * seats[0].run is set if the prompt is about to be sent.  Then
		 * the second attempt needs a place at its server as well.
		 */
		if (i > 0 && part->seats[0].run != NULL &&
		    !find_seat(part, i)) {
			seat_leave(&part->seats[i], 0);
			return 0;
		}
		if (launch_one(part, &part->attempts[i],
		    part->plan->order[part->retry.turn + i],
		    i == 0 ? part->retry.model : 0) == -1)
			return i == 0 ? -1 : 0;
	}
	return 0;
}

bool
launch_second(struct part *part)
{
	struct attempt *t = &part->attempts[1];
	const struct service *service = part->plan->order[1];

	if (!seat_find(&part->seats[1], part->run, service,
	    part_tokens(part, service)) ||
	    launch_one(part, t, service, 0) == -1) {
		seat_leave(&part->seats[1], 0);
		return false;
	}
	launch_prompt(t);
	return true;
}

/* The index of the first attempt that has begun; 0 if none has. */
static size_t
first_of(const struct part *part)
{
	size_t k;

	for (k = 0; k < PART_ATTEMPTS; k++)
		if (part->attempts[k].stage != NULL)
			return k;
	return 0;
}

bool
launch_is_seated(struct part *part)
{
	size_t k = first_of(part);

	if (!find_seat(part, k)) {
		if (part->seats[k].wait_ms > 0)
			retry_wait(&part->retry, part->seats[k].wait_ms);
		part_wait(part, part->seats[k].wait_ms > 0 ? -1 :
		    part->seats[k].place.ahead);
		return false;
	}
	part->waits = false;
	/*
	 * The second attempt of a race may have connected already.  If its
	 * server has no place for it, the first one goes on alone.
	 */
	for (k++; k < PART_ATTEMPTS; k++)
		if (part->attempts[k].stage != NULL && !find_seat(part, k)) {
			attempt_drop(&part->attempts[k]);
			part_uncount_attempt(part);
		}
	return true;
}

/* Whether a part of this run has a process, which is going to end. */
static bool
holds_process(const struct run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++)
		if (part_is_tried(&run->parts[i]))
			return true;
	return false;
}

/* The same, of this run or another one of the site. */
static bool
has_hope(const struct run *run)
{
	return holds_process(run) || (run->places != NULL &&
	    places_others(run->places, places_ground(PLACES_RUNS)));
}

void
launch_starve(struct part *part)
{
	struct run *run = part->run;
	int saved = errno;
	int64_t now = io_now_ms();

	if (run->hopeless && !holds_process(run))
		run->starved_ms = now - LAUNCH_STARVE_MS;
	else if (run->starved_ms == 0 || has_hope(run))
		run->starved_ms = now;
	if (now - run->starved_ms >= LAUNCH_STARVE_MS)
		part_fail(part, CODE_NO_PROCESS, "the server had no "
		    "process for this part for %d seconds: %s",
		    LAUNCH_STARVE_MS / 1000, strerror(saved));
	else
		lack_begin(&run->lack, run->places);
}

/*
 * Writes the system message, whose length becomes *system_len, and after it the
 * prompt.  The demo has no system message, and is given the variables
 * themselves, as JSON; a model the templates, filled with them.  Returns 0, or
 * -1 if both together are too long.
 */
static int
write_prompt(const struct attempt *t, struct buf *out, size_t *system_len)
{
	const struct run *run = t->part->run;
	struct json *json;
	size_t i;

	*system_len = 0;
	if (!service_is_demo(t->service))
		return ask_prompt(part_spec(t->part), &run->vars, out,
		    system_len);
	json = json_new_object();
	for (i = 0; i < run->vars.n; i++)
		json_set_text(json, run->vars.list[i].name,
		    run->vars.list[i].text, run->vars.list[i].len);
	json_write(json, out);
	json_free(json);
	return out->failed ? -1 : 0;
}

/* What the pipe does not take yet, stage keeps.  -1: there is no memory. */
static int
send_prompt(const struct attempt *t, const struct buf *text,
    size_t system_len)
{
	if ((system_len > 0 && stage_send(t->stage, FRAME_SYSTEM, text->data,
	    system_len) == -1) ||
	    stage_send(t->stage, FRAME_PROMPT, text->data + system_len,
	    text->len - system_len) == -1 ||
	    stage_send(t->stage, FRAME_GO, "", 0) == -1)
		return -1;
	stage_flush(t->stage);
	return 0;
}

/* Returns 0, or -1 with the outcome of one that may not be paid for. */
static int
reserve(struct attempt *t, struct outcome *outcome)
{
	const struct part *part = t->part;
	const struct job job = { .spec = part_spec(part),
	    .service = t->service, .model = t->model, .params = t->params,
	    .thinks = t->thinks };

	return purse_ask(part->run->purse, (size_t)(part - part->run->parts),
	    &job, t->prompt_len, &t->ticket, outcome);
}

static int64_t
prompt_tokens(const struct attempt *t)
{
	struct tokens tokens = { -1, 0, false };

	tokens_estimate(&tokens, t->prompt_len, 0);
	return tokens.in;
}

/* Returns 0, or -1 with the outcome of an attempt that cannot be asked. */
static int
ask_service(struct attempt *t, struct outcome *outcome)
{
	int64_t most = part_spec(t->part)->is_call ? CALL_MAX :
	    run_limits(t->part->run)->prompt_bytes;
	struct buf text = BUF_INIT((size_t)most);
	size_t system_len;
	int rc = write_prompt(t, &text, &system_len);

	t->prompt_len = text.len;
	if (rc == -1)
		outcome_fail(outcome, CODE_TOO_BIG, "the prompt would be "
		    "longer than prompt_bytes, %" PRId64, most);
	else if ((rc = reserve(t, outcome)) == 0 &&
	    (rc = send_prompt(t, &text, system_len)) == -1)
		outcome_fail(outcome, CODE_LOST, "the server is short of "
		    "memory for this prompt");
	if (rc == 0)
		seat_asks(t->seat, prompt_tokens(t));
	buf_free(&text);
	return rc;
}

/* Why this service is asked, in words; NULL: it is the next of the list. */
static const char *
words_for(const struct attempt *t, char words[FASTEST_WORDS])
{
	const struct part *part = t->part;
	const struct plan_part *plan = part->plan;

	if (part->was_late && t == &part->attempts[1]) {
		snprintf(words, FASTEST_WORDS, "a second call, as %.40s has "
		    "sent nothing for %lld ms", part->attempts[0].service->id,
		    (long long)plan->late_ms);
		return words;
	}
	return t->service != plan->order[0] || t->number > 1 ? NULL :
	    fastest_words(&plan->choice, part_spec(part), words);
}

void
launch_prompt(struct attempt *t)
{
	struct part *part = t->part;
	struct outcome outcome = OUTCOME_INIT;
	char words[FASTEST_WORDS];

	t->asked_ms = io_now_ms();
	ratelimit_send(part->run->ratelimit, t->service,
	    part_tokens(part, t->service), t->asked_ms);
	part->told = *t;
	part_tell(part, TOLD_START, words_for(t, words));
	if (ask_service(t, &outcome) == -1)
		decide_failed(t, &outcome);
}
