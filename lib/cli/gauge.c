/*
 * gauge.c: the command line.  Does for one attempt what the modules of run/ do
 * for a run, without clocks of a run or a second attempt.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "cli/gauge.h"
#include "http/trust.h"
#include "model/ask.h"
#include "model/job.h"
#include "setup/service.h"

/* How often a model may refuse one more parameter by its name. */
#define REFUSALS_MAX	8

static volatile sig_atomic_t stopped;

static void
note_stop(int number)
{
	(void)number;
	stopped = 1;
}

int
gauge_open(struct gauge *gauge, int64_t tokens, size_t n)
{
	static char part[] = "speed";
	struct house *house = &gauge->house;
	struct sigaction stop = { .sa_handler = note_stop };

	/* Both come during a wait alone, so no wait begins after one came. */
	sigemptyset(&stop.sa_mask);
	sigaddset(&stop.sa_mask, SIGINT);
	sigaddset(&stop.sa_mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop.sa_mask, &gauge->unblocked);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	gauge->spec = (struct stage_spec){ .part = part,
	    .max_tokens = tokens };
	house->graph.stages = &gauge->spec;
	house->graph.n = 1;
	/* Each stage does all requests to its service. */
	house->config.limits.stage_requests = INT32_MAX;
	house_open(house);
	trust_load(house->trust, &house->config.services);
	if (pool_init(&house->pool, n, n, &(struct stage_heritage){
	    &house->graph, &house->config, house->trust, NULL }) == -1)
		return -1;
	pool_fill(&house->pool);
	return 0;
}

void
gauge_close(struct gauge *gauge)
{
	/* The only stage is no memory of its own. */
	gauge->house.graph.stages = NULL;
	gauge->house.graph.n = 0;
	house_free(&gauge->house);
}

/* --- one attempt --------------------------------------------------------- */

/* Where an attempt is, which tells the clock that runs. */
enum step { STEP_CONNECTS, STEP_WAITS, STEP_READS };

static int64_t
setting_at(const struct gauge *gauge, enum step step, const char **name)
{
	const struct limits *limits = &gauge->house.config.limits;
	const int64_t ms[] = { limits->connect_ms, limits->first_token_ms,
	    limits->idle_ms };
	static const char *const names[] = { "connect_ms", "first_token_ms",
	    "idle_ms" };

	*name = names[step];
	return ms[step];
}

static int
give_up_waiting(const struct gauge *gauge, const struct service *service,
    enum step step, struct outcome *outcome)
{
	static const enum code codes[] = { CODE_CONNECT_TIMEOUT,
	    CODE_FIRST_TOKEN_TIMEOUT, CODE_IDLE_TIMEOUT };
	const char *name;
	int64_t ms = setting_at(gauge, step, &name);

	outcome_fail(outcome, codes[step], "%s has not answered within %s, %"
	    PRId64 " ms", service->id, name, ms);
	return 0;
}

/* Sends the job and its prompt; the stage connects first. */
static int
send_all(struct stage *stage, const struct job *job, const char *prompt)
{
	struct buf text = BUF_INIT(FRAME_MAX);
	int rc = job_write(job, &text);

	if (rc == 0)
		rc = stage_send(stage, FRAME_JOB, text.data, text.len);
	if (rc == 0)
		rc = stage_send(stage, FRAME_PROMPT, prompt, strlen(prompt));
	if (rc == 0)
		rc = stage_send(stage, FRAME_GO, "", 0);
	buf_free(&text);
	return rc;
}

/*
 * Takes the frames that have come.  Returns 1 if the last of them was the
 * outcome, 0 if it was not, or -1 if the stage says what none says.
 */
static int
take_frames(struct stage *stage, enum step *step, struct outcome *outcome)
{
	struct frame frame;
	int rc;

	while ((rc = stage_next(stage, &frame)) == 1) {
		if (frame.type == FRAME_DONE || frame.type == FRAME_FAIL)
			return outcome_read(outcome, frame.data, frame.len) ==
			    0 ? 1 : -1;
		if (frame.type == FRAME_CONNECTED)
			*step = STEP_WAITS;
		else if (frame.type == FRAME_DELTA ||
		    frame.type == FRAME_THINKING)
			*step = STEP_READS;
	}
	return rc;
}

/* Returns 0 with the outcome, or -1 if a signal came. */
static int
listen_to(const struct gauge *gauge, struct stage *stage,
    const struct service *service, struct outcome *outcome)
{
	enum step step = STEP_CONNECTS;
	const char *name;
	int ready, rc = 0;

	while (rc == 0) {
		ready = io_wait_either(stage->up, stage->out.len > 0 ?
		    stage->down : -1, setting_at(gauge, step, &name),
		    &gauge->unblocked);
		if (stopped)
			return -1;
		if (ready == 0)
			return give_up_waiting(gauge, service, step, outcome);
		if (ready > 0 && (ready & IO_OUT) != 0)
			stage_flush(stage);
		if (ready > 0 && (ready & IO_IN) != 0)
			rc = stage_fill(stage) > 0 || errno == EAGAIN ?
			    take_frames(stage, &step, outcome) : -1;
	}
	if (rc == -1)
		outcome_fail(outcome, CODE_LOST,
		    "the process that asked %s has gone", service->id);
	else
		stage_release(stage);
	return 0;
}

static int
ask_once(struct gauge *gauge, const struct job *job, const char *prompt,
    struct outcome *outcome)
{
	struct stage *stage = stage_take(&gauge->house.pool, job->service);
	int rc;

	*outcome = (struct outcome)OUTCOME_INIT;
	if (stage == NULL || send_all(stage, job, prompt) == -1) {
		outcome_fail(outcome, CODE_NO_PROCESS, "there is no process "
		    "to ask %s with: %s", job->service->id, strerror(errno));
		rc = 0;
	} else {
		stage_flush(stage);
		rc = listen_to(gauge, stage, job->service, outcome);
	}
	/* stage_release has taken the job from a stage that has done it. */
	if (stage != NULL && stage->busy)
		stage_kill(stage);
	pool_fill(&gauge->house.pool);
	return rc;
}

/* --- its place at the server --------------------------------------------- */

/* How many requests the server takes at once; 0: any number. */
static size_t
places_at(const struct gauge *gauge, const struct service *service,
    uint64_t ground)
{
	if (service->parallel > 0)
		return (size_t)service->parallel;
	return service_is_https(service) ? 0 :
	    state_proven(&gauge->house.state, ground);
}

/* Waits for a place.  Returns 0, or -1 if a signal came. */
static int
take_place(struct gauge *gauge, const struct service *service,
    struct place *place)
{
	struct places *places = &gauge->house.places;
	char *server = service_server(service);
	size_t limit;
	int rc = 0;

	if (server == NULL)
		return 0;
	*place = (struct place)PLACE_OF(places_ground(server));
	limit = places_at(gauge, service, place->ground);
	while (rc == 0 && limit > 0 &&
	    places_take(places, place, limit) == 0) {
		io_wait_either(-1, -1, places_look_ms(place),
		    &gauge->unblocked);
		rc = stopped ? -1 : 0;
	}
	free(server);
	return rc;
}

/* The same, if it may be paid for. */
static int
ask_paid(struct gauge *gauge, const struct job *job, const char *prompt,
    struct outcome *outcome)
{
	const struct gauge_till *till = &gauge->till;
	int rc;

	*outcome = (struct outcome)OUTCOME_INIT;
	if (till->may_ask != NULL && till->may_ask(till->arg, job,
	    strlen(prompt), outcome) == -1)
		return 0;
	rc = ask_once(gauge, job, prompt, outcome);
	if (till->asked != NULL)
		till->asked(till->arg, rc == 0 ? outcome : NULL);
	return rc;
}

int
gauge_ask(struct gauge *gauge, const struct service *service,
    const char *model, const char *prompt, struct outcome *outcome)
{
	struct place place = PLACE_OF(0);
	struct job job = { .spec = &gauge->spec, .service = service,
	    .model = model, .exact = true,
	    .thinks = state_thinks(&gauge->house.state, service, model) };
	unsigned refused = state_refused(&gauge->house.state, service, model,
	    NULL);
	int i, rc = take_place(gauge, service, &place);

	for (i = 0; i < REFUSALS_MAX && rc == 0; i++) {
		job.params = ask_params(job.spec, service, refused);
		rc = ask_paid(gauge, &job, prompt, outcome);
		if (rc == -1 || outcome->finish != FINISH_NONE ||
		    outcome->refused_params == 0)
			break;
		refused |= outcome->refused_params;
	}
	places_give(&gauge->house.places, &place);
	return rc;
}
