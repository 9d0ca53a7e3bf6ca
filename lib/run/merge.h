/*
 * merge: many stages into one reply.
 *
 * The one loop that waits while a run is on: for frames of the stages, for
 * room in their prompt pipes, for the visitor's connection to take more or to
 * go away, and for the nearest clock.
 */
#ifndef MERGE_H
#define MERGE_H

struct limits;
struct reply;
struct run;

/*
 * Runs to the end: all parts ended, `_done` said and everything handed to the
 * web server.  Returns 0; or -1 when the visitor has left or stopped reading
 * for stall_ms, and every stage of the run is gone.
 */
int	merge_run(struct run *run, struct reply *reply,
	    const struct limits *limits);

/*
 * Hands over what is queued, without a run.  As merge_run; -1 at once if the
 * visitor has left before.
 */
int	merge_flush(struct reply *reply, const struct limits *limits);

#endif
