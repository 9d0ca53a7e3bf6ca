/*
 * tally.c: worker.  Makes rows of attempts; computes nothing with them.
 */
#include <stdint.h>

#include "base/io.h"
#include "model/job.h"
#include "run/attempt.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/service.h"

/* Microseconds from the prompt to a time of this worker; -1: 0 is none. */
static int64_t
since_asked(const struct attempt *t, int64_t ms)
{
	return ms == 0 ? -1 : (ms - t->asked_ms) * 1000;
}

/* What the worker itself has seen of an attempt. */
static struct pace
own_pace(const struct attempt *t)
{
	struct pace pace = PACE_INIT;

	pace.first_us = since_asked(t, t->first_ms);
	pace.text_us = since_asked(t, t->text_ms);
	pace.last_us = since_asked(t, t->heard_ms > 0 ? t->heard_ms :
	    io_now_ms());
	return pace;
}

void
tally_end(struct run *run, struct attempt *t, const struct outcome *outcome,
    enum lap_end end)
{
	struct tokens tokens = attempt_tokens(t);
	const struct pace own = own_pace(t);
	struct lap lap = LAP_INIT;

	if (t->tallied || run->laps == NULL || t->asked_ms == 0 ||
	    t->service == NULL || service_is_program(t->service) ||
	    service_is_demo(t->service))
		return;
	t->tallied = true;
	lap.at_ms = io_wall_ms();
	lap.key = laps_key(t->service, t->model);
	lap.end = end;
	lap.estimated = tokens.estimated;
	pace_put(&own, tokens.out, &lap);
	if (outcome != NULL)
		pace_put(&outcome->pace, tokens.out, &lap);
	if (run->nrows == LAPS_AT_ONCE)
		tally_write(run);
	run->rows[run->nrows++] = lap;
}

void
tally_left(struct run *run, struct attempt *t)
{
	if (t->stage != NULL)
		tally_end(run, t, NULL, LAP_LEFT);
}

void
tally_write(struct run *run)
{
	if (run->laps != NULL && run->nrows > 0)
		laps_write(run->laps, run->rows, run->nrows);
	run->nrows = 0;
}
