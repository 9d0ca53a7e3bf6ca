/*
 * lack: a run lacks a stage process, and what other processes do about it.
 *
 * An account may have a limited number of processes.  If the system refuses to
 * fork a stage, the run says that it lacks one.  As long as it does,
 *
 *	- a worker that has served its visitor ends, with its stages, which it
 *	  would have kept for the next one;
 *	- no run begins that would have to fork its first stage, unless it is
 *	  the first of those that lack one;
 *	- visitors who wait for a run leave, as each of them holds a process.
 *
 * So runs that have begun get the processes that become free, and a run that
 * begins has one stage at least.  That is what keeps runs that each have too
 * few processes from waiting for each other for ever.
 *
 *	lack_begin(&lack, places);	a fork was refused
 *	lack_end(&lack);		a stage was forked, or the run is over
 *
 *	if (lack_elsewhere(places))	in another process
 *		leave(0);
 *
 * To be the first who lacks a stage is to hold the only place of a ground
 * (site/places.h), so it ends with the process.  Nothing of it costs a system
 * call while nothing is lacking, but for lack_elsewhere, which costs one.
 */
#ifndef LACK_H
#define LACK_H

#include <stdbool.h>

#include "site/places.h"

/* Must not move while it lacks. */
struct lack {
	struct places	*places;	/* NULL: nothing is lacking */
	struct place	 place;
};

#define LACK_INIT { .places = NULL }

/*
 * To be called again each time that a fork was refused, because those that lack
 * a stage stand in a queue.  Does nothing if places is NULL.
 */
void	lack_begin(struct lack *lack, struct places *places);

/* May be called at any time. */
void	lack_end(struct lack *lack);

/* Whether it is the first in the site that lacks a stage. */
bool	lack_is_first(const struct lack *lack);

/* Whether another process of the site lacks a stage. */
bool	lack_elsewhere(const struct places *places);

#endif
