/*
 * late.c: worker.  Decides whether a late attempt gets a rival; ends none.
 */
#include <sys/random.h>

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

/* Leaves a mark in the file; returns its number, -1 if there is none. */
static int32_t
leave_mark(const struct part *part, uint64_t key)
{
	struct lap mark = LAP_INIT;
	uint32_t id;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id))
		return -1;
	mark.key = key;
	mark.at_ms = io_wall_ms();
	mark.end = LAP_LATE;
	mark.tokens = (int32_t)(id & INT32_MAX);
	laps_write(part->run->laps, &mark, 1);
	return mark.tokens;
}

/* Whether the mark `id` has got a token; -1: whether one would. */
static bool
is_granted(const struct part *part, uint64_t key, int32_t id)
{
	struct run *run = part->run;

	tempo_read(run->tempo, run->state->dir, io_wall_ms() - FASTEST_MS);
	return tempo_grants(run->tempo, key, id);
}

static bool
take_from_bucket(const struct part *part)
{
	const struct attempt *t = &part->attempts[0];
	uint64_t key = laps_key(t->service, t->model);
	int32_t id;

	if (part->run->laps == NULL || part->run->tempo == NULL ||
	    !is_granted(part, key, -1))
		return false;
	id = leave_mark(part, key);
	return id != -1 && is_granted(part, key, id);
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
