/*
 * clock: the deadlines of a run.
 *
 * These are all clocks of a request, by their setting in `limits`, and the
 * modules that keep them:
 *
 *	connect_ms	clock	from the job to the stage's CONNECTED
 *	first_token_ms	clock	from the prompt, or from the connection if that
 *				comes later, to any token, a thought's too
 *	idle_ms		clock	from one token to the next
 *	run_ms		clock	the whole run
 *	retry_wait_ms	decide	the longest wait before another attempt
 *	heartbeat_ms	outbox	silence towards a visitor
 *	stall_ms	outbox	a visitor who reads nothing
 *	body_ms		fcgi	a visitor who is sending his request
 *	worker_idle_ms	handover, fcgi	a worker without a request
 *
 * Three more are no settings: after a time that is known of a service its
 * attempt is late (late.h); LAUNCH_STARVE_MS (launch.h) is how long
 * a run looks for a process; and OUTBOX_PAD_MS (outbox.h) is the time between
 * two paddings.
 *
 * The message of a clock that fires names its setting.  While a visitor does
 * not read, the worker does not read its stages (merge.h), so it cannot know
 * whether they say anything; then all clocks of this module but run_ms stand
 * still.
 *
 *	do {
 *		conduct_advance(run);
 *		next_ms = clock_tick(run, now);
 *	} while (next_ms == 0);
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/code.h"

struct run;

/*
 * Lets clocks fire.  Returns the milliseconds to the next one; 0 if one has
 * fired, because then other parts may be started or skipped, and this has to be
 * called again; -1 if run_ms was over and all parts were stopped.
 */
int64_t	clock_tick(struct run *run, int64_t now);

/* Ends all parts that are not at their end, with these words. */
void	clock_stop(struct run *run, enum code code, const char *message);

/* The worker does not read its stages from now on (paused), or does again. */
void	clock_pause(struct run *run, bool paused, int64_t now);

#endif
