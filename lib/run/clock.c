/*
 * clock.c: worker.  Fires deadlines; waits for nothing itself.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "plan/plan.h"
#include "run/clock.h"
#include "run/decide.h"
#include "run/late.h"
#include "run/launch.h"
#include "run/part.h"
#include "run/run.h"
#include "run/tally.h"
#include "setup/config.h"

/* Bounds of the time between two looks of wait_for_turn. */
#define TURN_LEAST_MS	20
#define TURN_MOST_MS	500

/* The clocks of an attempt. */
enum attempt_clock { CLOCK_CONNECT, CLOCK_FIRST_TOKEN, CLOCK_IDLE };

static const struct {
	const char	*setting;
	size_t		 limit;		/* its place in struct limits */
	enum code	 code;
	/* What it did not do, between its name and the setting. */
	const char	*of_service, *of_program;
} clocks[] = {
	[CLOCK_CONNECT] = { "connect_ms",
	    offsetof(struct limits, connect_ms), CODE_CONNECT_TIMEOUT,
	    "could not be connected to", "could not be started" },
	[CLOCK_FIRST_TOKEN] = { "first_token_ms",
	    offsetof(struct limits, first_token_ms), CODE_FIRST_TOKEN_TIMEOUT,
	    "sent no token", "wrote nothing" },
	[CLOCK_IDLE] = { "idle_ms",
	    offsetof(struct limits, idle_ms), CODE_IDLE_TIMEOUT,
	    "sent no further token", "wrote nothing more" },
};

/* The milliseconds of a clock, as the configuration has them. */
static int64_t
setting_of(const struct run *run, enum attempt_clock clock)
{
	return *(const int64_t *)((const char *)run_limits(run) +
	    clocks[clock].limit);
}

/*
 * Tells which clock of an attempt runs, and since when.  Returns false if none
 * does: an attempt that is connected may wait for its prompt as long as the
 * parts that it needs take.
 */
static bool
running_clock(const struct attempt *t, enum attempt_clock *clock,
    int64_t *since)
{
	if (!t->connected) {
		*clock = CLOCK_CONNECT;
		*since = t->job_ms;
	} else if (t->heard_ms > 0) {
		*clock = CLOCK_IDLE;
		*since = t->heard_ms;
	} else {
		*clock = CLOCK_FIRST_TOKEN;
		*since = t->asked_ms;
	}
	return *since > 0;
}

static void
time_out(struct attempt *t, enum attempt_clock clock)
{
	struct outcome outcome = OUTCOME_INIT;

	outcome_fail(&outcome, clocks[clock].code, "%s %s within %s, %" PRId64
	    " ms", service_name(t->service), service_is_program(t->service) ?
	    clocks[clock].of_program : clocks[clock].of_service,
	    clocks[clock].setting, setting_of(t->part->run, clock));
	tally_end(t->part->run, t, NULL, LAP_SLOW);
	decide_failed(t, &outcome);
}

void
clock_stop(struct run *run, enum code code, const char *message)
{
	size_t i;

	run->stopped = code;
	for (i = 0; i < run->n; i++)
		if (part_is_live(&run->parts[i]))
			part_end_badly(&run->parts[i], PART_STOPPED, message,
			    code, message);
}

static void
stop_all(struct run *run)
{
	char message[100];

	snprintf(message, sizeof(message), "the whole run took longer than "
	    "run_ms, %" PRId64 " ms", run_limits(run)->run_ms);
	clock_stop(run, CODE_RUN_TIMEOUT, message);
}

/*
 * A server does not say when it begins to work on a request.  It cannot have
 * begun while it was still writing another answer for this site.  So each time
 * we see that, first_token_ms begins anew.  We look eight times within
 * first_token_ms, so the clock may begin too early by an eighth of it.  Returns
 * the time from which first_token_ms counts.
 */
static int64_t
wait_for_turn(struct attempt *t, int64_t now, int64_t *next)
{
	int64_t every = run_limits(t->part->run)->first_token_ms / 8;

	if (every < TURN_LEAST_MS)
		every = TURN_LEAST_MS;
	if (every > TURN_MOST_MS)
		every = TURN_MOST_MS;
	if (seat_is_behind(t->seat, now, every))
		t->asked_ms = now;
	if (t->seat->checked_ms + every < *next)
		*next = t->seat->checked_ms + every;
	return t->asked_ms;
}

/*
 * Returns true if the clock of this attempt has fired.  Otherwise *next becomes
 * the time when it will, if that is sooner.
 */
static bool
tick_attempt(struct attempt *t, int64_t now, int64_t *next)
{
	const struct run *run = t->part->run;
	enum attempt_clock clock;
	int64_t since, at;

	if (t->stage == NULL || run->paused_ms > 0 ||
	    !running_clock(t, &clock, &since))
		return false;
	if (clock == CLOCK_FIRST_TOKEN && t->seat != NULL &&
	    t->seat->place.held)
		since = wait_for_turn(t, now, next);
	at = since + setting_of(run, clock);
	if (now >= at) {
		time_out(t, clock);
		return true;
	}
	if (at < *next)
		*next = at;
	return false;
}

/*
 * An attempt that is late gets a rival.  A visitor who does not read would not
 * see it sooner.
 */
static void
tick_late(struct part *part, int64_t now, int64_t *next)
{
	int64_t at = part->run->paused_ms > 0 ? INT64_MAX : late_next(part);

	if (now >= at)
		late_begin(part);
	else if (at < *next)
		*next = at;
}

/* When a part that waits for a place at its server is to ask for it again. */
static int64_t
next_look(const struct part *part, int64_t now)
{
	int64_t least = now + PLACES_LOOK_MS, at;
	bool found = false;
	size_t k;

	for (k = 0; k < PART_ATTEMPTS; k++) {
		if (!part->seats[k].place.waits)
			continue;
		at = part->seats[k].looked_ms +
		    places_look_ms(&part->seats[k].place);
		if (at > now && (!found || at < least)) {
			least = at;
			found = true;
		}
	}
	return least;
}

/*
 * *next becomes the time at which a waiting part has to be looked at again, if
 * that is sooner.  It is looked at when its next attempt may begin; and again
 * and again while it lacks a process, or a place at its server.
 */
static void
tick_waiting(const struct part *part, int64_t now, int64_t *next)
{
	int64_t at = part->retry.not_before_ms;

	if (part->state != PART_WAITING)
		return;
	if (at > now && at < *next)
		*next = at;
	if (part->run->starved_ms > 0 && now + LAUNCH_LOOK_MS < *next)
		*next = now + LAUNCH_LOOK_MS;
	if (part->waits && (at = next_look(part, now)) < *next)
		*next = at;
}

/* Whether a part of a patient run waits until a limit has room again. */
static bool
waits_for_limit(const struct part *part, int64_t now)
{
	return part->run->patient && part->state == PART_WAITING &&
	    part->retry.not_before_ms > now;
}

/*
 * Whether at least one part waits for a place at a server, or for the limit of
 * one, and no part has an attempt.
 */
static bool
only_waits(const struct run *run, int64_t now)
{
	bool waits = false;
	size_t i;

	for (i = 0; i < run->n; i++) {
		if (part_is_tried(&run->parts[i]))
			return false;
		waits = waits || run->parts[i].waits ||
		    waits_for_limit(&run->parts[i], now);
	}
	return waits;
}

/*
 * Returns the time at which run_ms is over.  run_ms does not count the time in
 * which the run only waited for places, because others had them; while that is
 * so, INT64_MAX is returned.
 */
static int64_t
end_of_run(struct run *run, int64_t now)
{
	bool waits = only_waits(run, now);

	if (waits && run->waits_ms == 0)
		run->waits_ms = now;
	if (!waits && run->waits_ms > 0) {
		run->waited_ms += now - run->waits_ms;
		run->waits_ms = 0;
	}
	return waits ? INT64_MAX : run->start_ms + run->waited_ms +
	    run_limits(run)->run_ms;
}

int64_t
clock_tick(struct run *run, int64_t now)
{
	int64_t next = end_of_run(run, now);
	size_t i, k;

	if (now >= next) {
		stop_all(run);
		return -1;
	}
	for (i = 0; i < run->n; i++) {
		for (k = 0; k < PART_ATTEMPTS; k++)
			if (tick_attempt(&run->parts[i].attempts[k], now,
			    &next))
				return 0;
		tick_late(&run->parts[i], now, &next);
		tick_waiting(&run->parts[i], now, &next);
	}
	return next - now;
}

/* Puts off the clocks of an attempt; those that do not run have a 0. */
static void
shift(struct attempt *t, int64_t ms)
{
	int64_t *times[] = { &t->asked_ms, &t->first_ms, &t->text_ms,
	    &t->heard_ms };
	size_t i;

	t->job_ms += ms;
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (*times[i] > 0)
			*times[i] += ms;
}

void
clock_pause(struct run *run, bool paused, int64_t now)
{
	int64_t lost = now - run->paused_ms;
	size_t i, k;

	if (paused == (run->paused_ms > 0))
		return;
	run->paused_ms = paused ? now : 0;
	for (i = 0; i < run->n && !paused; i++)
		for (k = 0; k < PART_ATTEMPTS; k++)
			shift(&run->parts[i].attempts[k], lost);
}
