/*
 * stage_main: the life of a stage, behind the fork.
 */
#ifndef STAGE_MAIN_H
#define STAGE_MAIN_H

#include <stdint.h>
#include <sys/types.h>

struct config;
struct crowd;
struct graph;
struct trust;

/* What a stage finds in its memory when it begins; it changes none of it. */
struct stage_heritage {
	const struct graph	*graph;
	const struct config	*config;
	const struct trust	*trust;
	const struct crowd	*crowd;		/* may be NULL */
};

/*
 * Does at most `jobs` jobs that come by `down`, sends their frames by `up`,
 * and leaves.  Closes every other descriptor, dies with `worker`, and between
 * jobs overwrites all that it held of one.  Never returns.
 */
void	stage_main(const struct stage_heritage *heritage, pid_t worker,
	    int down, int up, int64_t jobs) __attribute__((noreturn));

#endif
