/*
 * clock: the deadlines of a run.
 *
 * Every clock of the program is a setting of `limits`; these are all of them,
 * and who keeps each:
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
 * and two that are no settings: LAUNCH_STARVE_MS (launch.h), how long a run
 * looks for a process, and OUTBOX_PAD_MS (outbox.h), between two paddings.
 *
 * The message of a clock that fires names it.  While the worker does not read
 * its stages, because the visitor does not read, all clocks of this module but
 * run_ms stand still.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct run;

/*
 * Lets clocks fire.  Returns the milliseconds to the next one; 0 if one has
 * fired, after which other parts may start or be skipped; -1 if run_ms was
 * over and all parts were stopped.
 */
int64_t	clock_tick(struct run *run, int64_t now);

/* The worker stops reading its stages, or reads them again. */
void	clock_pause(struct run *run, bool paused, int64_t now);

#endif
