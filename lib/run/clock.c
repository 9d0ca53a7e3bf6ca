/*
 * clock.c: worker.  Deadlines; waits for nothing itself.
 */
#include <inttypes.h>
#include <stdio.h>

#include "plan/plan.h"
#include "run/attempt.h"
#include "run/clock.h"
#include "run/decide.h"
#include "run/part.h"
#include "setup/config.h"

/* When the next clock of an attempt fires, and which it is. */
static int64_t
deadline(const struct run *run, const struct attempt *t,
    const char **clock, int64_t *setting)
{
	const struct limits *l = run_limits(run);

	if (!t->connected) {
		*clock = "connect";
		*setting = l->connect_ms;
		return t->job_ms + l->connect_ms;
	}
	if (t->asked_ms == 0)
		return INT64_MAX;
	if (t->heard_ms == 0) {
		*clock = "first_token";
		*setting = l->first_token_ms;
		return t->asked_ms + l->first_token_ms;
	}
	*clock = "idle";
	*setting = l->idle_ms;
	return t->heard_ms + l->idle_ms;
}

static void
time_out(struct run *run, struct part *part, struct attempt *t,
    const char *clock, int64_t setting)
{
	struct outcome outcome = OUTCOME_INIT;
	const char *id = t->service->id;

	if (clock[0] == 'c')
		outcome_fail(&outcome, "connect_timeout", "%s could not be "
		    "connected to within connect_ms, %" PRId64 " ms", id,
		    setting);
	else if (clock[0] == 'f')
		outcome_fail(&outcome, "first_token_timeout", "%s sent no "
		    "token within first_token_ms, %" PRId64 " ms", id,
		    setting);
	else
		outcome_fail(&outcome, "idle_timeout", "%s sent no further "
		    "token within idle_ms, %" PRId64 " ms", id, setting);
	decide_failed(run, part, t, &outcome);
}

static void
stop_all(struct run *run)
{
	char message[100];
	size_t i;

	snprintf(message, sizeof(message), "the whole run took longer than "
	    "run_ms, %" PRId64 " ms", run_limits(run)->run_ms);
	for (i = 0; i < run->n; i++)
		if (part_is_live(&run->parts[i]))
			part_end_badly(run, &run->parts[i], PART_STOPPED,
			    message, "run_timeout", message, true);
}

/* The next clock of one attempt: it fires, or *next comes down to it. */
static bool
tick(struct run *run, struct part *part, struct attempt *t, int64_t now,
    int64_t *next)
{
	int64_t at, setting = 0;
	const char *clock = "";

	if (t->stage == NULL || run->paused_ms > 0)
		return false;
	at = deadline(run, t, &clock, &setting);
	if (now >= at) {
		time_out(run, part, t, clock, setting);
		return true;
	}
	if (at < *next)
		*next = at;
	return false;
}

int64_t
clock_tick(struct run *run, int64_t now)
{
	int64_t next = run->start_ms + run_limits(run)->run_ms;
	struct part *part;
	size_t i, k;

	if (now >= next) {
		stop_all(run);
		return -1;
	}
	for (i = 0; i < run->n; i++) {
		part = &run->parts[i];
		for (k = 0; k < PART_ATTEMPTS; k++)
			if (tick(run, part, &part->attempts[k], now, &next))
				return 0;
		if (part->state == PART_WAITING && part->not_before_ms > now &&
		    part->not_before_ms < next)
			next = part->not_before_ms;
		if (part->state == PART_WAITING && run->starved_ms > 0 &&
		    now + ATTEMPT_LOOK_MS < next)
			next = now + ATTEMPT_LOOK_MS;
	}
	return next - now;
}

void
clock_pause(struct run *run, bool paused, int64_t now)
{
	struct attempt *t;
	int64_t lost;
	size_t i, k;

	if (paused == (run->paused_ms > 0))
		return;
	lost = now - run->paused_ms;
	run->paused_ms = paused ? now : 0;
	for (i = 0; i < run->n && !paused; i++)
		for (k = 0; k < PART_ATTEMPTS; k++) {
			t = &run->parts[i].attempts[k];
			t->job_ms += lost;
			if (t->asked_ms > 0)
				t->asked_ms += lost;
			if (t->heard_ms > 0)
				t->heard_ms += lost;
		}
}
