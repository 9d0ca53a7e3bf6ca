/*
 * tally.c: worker.  Makes rows of attempts; computes nothing with them.
 */
#include <stdint.h>
#include <time.h>

#include "base/io.h"
#include "model/job.h"
#include "run/attempt.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/service.h"

/* As the 32 bits of a row take it; -1 stays what it is. */
static int32_t
bounded(int64_t n)
{
	return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

/* Microseconds from the prompt to a time of this worker; -1: 0 is none. */
static int32_t
since_asked(const struct attempt *t, int64_t ms)
{
	return ms == 0 ? -1 : bounded((ms - t->asked_ms) * 1000);
}

/* What the worker itself has seen of an attempt. */
static void
take_own(struct lap *lap, const struct attempt *t)
{
	lap->first_us = since_asked(t, t->first_ms);
	lap->text_us = since_asked(t, t->text_ms);
	lap->total_us = since_asked(t, t->heard_ms > 0 ? t->heard_ms :
	    io_now_ms());
}

static void
take_pace(struct lap *lap, const struct pace *pace, int64_t tokens)
{
	lap->first_us = bounded(pace->first_us);
	lap->text_us = bounded(pace->text_us);
	if (pace->last_us >= 0)
		lap->total_us = bounded(pace->last_us);
	lap->rate_milli = bounded((int64_t)(pace_rate(pace, tokens) * 1000));
}

void
tally_end(struct run *run, struct attempt *t, const struct outcome *outcome,
    enum lap_end end)
{
	struct tokens tokens = attempt_tokens(t);
	struct lap lap = { .end = end, .of = LAP_OF_VISITOR };
	struct timespec now;

	if (t->tallied || run->laps == NULL || t->asked_ms == 0 ||
	    t->service == NULL || service_is_program(t->service) ||
	    service_is_demo(t->service))
		return;
	t->tallied = true;
	clock_gettime(CLOCK_REALTIME, &now);
	lap.at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	lap.key = laps_key(t->service, t->model);
	lap.tokens = bounded(tokens.out);
	lap.estimated = tokens.estimated;
	take_own(&lap, t);
	if (outcome != NULL)
		take_pace(&lap, &outcome->pace, tokens.out);
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
