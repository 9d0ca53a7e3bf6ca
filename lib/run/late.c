/*
 * late.c: worker.  Decides whether a late attempt gets a rival; ends none.
 */
#include "base/io.h"
#include "plan/plan.h"
#include "run/late.h"
#include "run/launch.h"
#include "run/part.h"
#include "run/run.h"
#include "setup/service.h"
#include "site/laps.h"
#include "site/state.h"
#include "site/tempo.h"

int64_t
late_next(const struct part *part)
{
	const struct attempt *t = &part->attempts[0];

	if (part->plan->late_ms < 0 || part->was_late || part->begun != 1 ||
	    part->state != PART_RUNNING || t->stage == NULL ||
	    !t->connected || t->asked_ms == 0 || t->first_ms > 0)
		return INT64_MAX;
	return t->asked_ms + part->plan->late_ms;
}

/* Leaves the mark, so that other processes see at once that it is taken. */
static void
leave_mark(const struct part *part, uint64_t key)
{
	struct lap mark = LAP_INIT;

	mark.key = key;
	mark.at_ms = io_wall_ms();
	mark.end = LAP_LATE;
	laps_write(part->run->laps, &mark, 1);
}

static bool
take_from_bucket(const struct part *part)
{
	const struct attempt *t = &part->attempts[0];
	struct run *run = part->run;
	uint64_t key = laps_key(t->service, t->model);

	if (run->laps == NULL || run->tempo == NULL)
		return false;
	tempo_read(run->tempo, run->state->dir, io_wall_ms() - FASTEST_MS);
	if (tempo_bucket(run->tempo, key) == 0)
		return false;
	leave_mark(part, key);
	return true;
}

void
late_begin(struct part *part)
{
	const struct service *next = part->plan->order[1];

	part->was_late = true;
	if (state_aside_ms(part->run->state, next) == 0 &&
	    take_from_bucket(part) && launch_second(part))
		run_log(part->run, "part=%s state=late service=%s after=%lld "
		    "next=%s", part_name(part), part->attempts[0].service->id,
		    (long long)part->plan->late_ms, next->id);
}
