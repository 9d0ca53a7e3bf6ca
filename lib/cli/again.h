/*
 * again: which stages have to run again after some were changed.
 */
#ifndef AGAIN_H
#define AGAIN_H

#include <stdbool.h>
#include <stddef.h>

struct graph;

/*
 * runs[], by the index of a stage, has those that were changed.  Adds those
 * that depend on them.  One that needs a whole list has the list written again
 * as well, and all that depends on it, since only a list's pick can be given.
 * Stages of which left_out[] is set stay out.  Returns how many run.
 */
size_t	again_spread(const struct graph *graph, const bool left_out[],
	    bool runs[]);

#endif
