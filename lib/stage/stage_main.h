/*
 * stage_main: what a stage does after the fork.
 */
#ifndef STAGE_MAIN_H
#define STAGE_MAIN_H

#include <stdint.h>
#include <sys/types.h>

struct config;
struct crowd;
struct graph;
struct trust;

/* What a stage inherits by the fork and may read but not change. */
struct stage_heritage {
	const struct graph	*graph;
	const struct config	*config;
	const struct trust	*trust;
	struct crowd		*crowd;		/* may be NULL */
};

/*
 * Reads jobs from `down`, does at most `jobs` of them, writes their frames to
 * `up`, and leaves.  It closes all other descriptors, is killed when `worker`
 * dies (on Linux), and overwrites after each job all that it held of it.  While
 * it runs a program (program.h), it is not killed then, but ends that first.
 * One that is `lent` is ended by its worker after the present request, and
 * overwrites nothing.  Never returns.
 */
void	stage_main(const struct stage_heritage *heritage, pid_t worker,
	    int down, int up, int64_t jobs, bool lent)
	    __attribute__((noreturn));

#endif
