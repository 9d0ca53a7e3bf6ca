/*
 * stage_main: the life of a stage, behind the fork.
 */
#ifndef STAGE_MAIN_H
#define STAGE_MAIN_H

#include <stdint.h>
#include <sys/types.h>

struct config;
struct graph;
struct trust;

/*
 * Does at most `jobs` jobs that come by `down`, sends their frames by `up`,
 * and leaves.  Closes every other descriptor, dies with `worker`, and between
 * jobs overwrites all that it held of one.  Never returns.
 */
void	stage_main(const struct graph *graph, const struct config *config,
	    const struct trust *trust, pid_t worker, int down, int up,
	    int64_t jobs) __attribute__((noreturn));

#endif
