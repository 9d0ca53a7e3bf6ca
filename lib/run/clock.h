/*
 * clock: the clocks of a run, all of them the worker's.
 *
 *	connect_ms	from the job to the stage's CONNECTED
 *	first_token_ms	from the prompt, or the connection, to any token
 *	idle_ms		between tokens
 *	run_ms		the whole run
 *
 * The message of the one that fires names it.  While the worker does not read
 * its stages, because the visitor does not read, all but run_ms stand.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct run;

/*
 * Lets clocks fire.  Returns the ms to the next; 0 where one fired and others
 * may start or be skipped now; -1 where the run was stopped.
 */
int64_t	clock_tick(struct run *run, int64_t now);

void	clock_pause(struct run *run, bool paused, int64_t now);

#endif
