/*
 * clock.c: worker.  Deadlines; waits for nothing itself.
 */
#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "config.h"
#include "part.h"
#include "plan.h"

/* When the next clock of an attempt fires, and which it is. */
static int64_t
part_deadline(const struct run *run, const struct part *part,
    const char **clock, int64_t *setting)
{
	const struct limits *l = run_limits(run);

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
		part_fail(run, part, "connect_timeout", true, "%s could not be "
		    "connected to within connect_ms, %" PRId64 " ms", id,
		    setting);
	else if (clock[0] == 'f')
		part_fail(run, part, "first_token_timeout", true, "%s sent no "
		    "token within first_token_ms, %" PRId64 " ms", id,
		    setting);
	else
		part_fail(run, part, "idle_timeout", true, "%s sent no further "
		    "token within idle_ms, %" PRId64 " ms", id, setting);
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

int64_t
clock_tick(struct run *run, int64_t now)
{
	int64_t next = run->start_ms + run_limits(run)->run_ms, at, setting = 0;
	const char *clock = "";
	struct part *part;
	size_t i;

	if (now >= next) {
		stop_all(run);
		return -1;
	}
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
	return next - now;
}

void
clock_pause(struct run *run, bool paused, int64_t now)
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
