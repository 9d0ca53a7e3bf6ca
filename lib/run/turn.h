/*
 * turn: when a visitor's run may begin, among all runs of the site.
 *
 * At most limits.max_runs runs go on at once in all processes of the site
 * together; each of them has a place (site/places.h).  If all places are taken,
 * a visitor waits in a queue and is told how many are before him.  At most
 * limits.max_waiting visitors wait; another one is sent away.  A worker forks
 * no stages while its visitor waits, so a waiting visitor costs one process.
 *
 *	turn_peek(&turn, &places, &limits)	before the request is read
 *	turn_may_begin(&turn, &waiter)		his run may begin at once
 *	turn_is_hopeless(&turn, &waiter)	too many wait: send him away
 *	turn_wait(&turn, &outbox, &waiter)	0: his run may begin
 *	turn_give(&turn)			the run is over, or he has left
 *
 * It may be a visitor's turn while the system refuses to fork a stage for him.
 * What waits must not hold what a run needs, and a visitor who waits holds a
 * process.  So only the first who lacks a stage waits for one, as long as
 * another run of the site is alive that will give one back (lack.h).
 */
#ifndef TURN_H
#define TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "run/lack.h"
#include "site/places.h"

struct limits;
struct outbox;

/* One in a worker.  Its memory must not move. */
struct turn {
	struct places		*places;	/* NULL before turn_peek */
	const struct limits	*limits;
	struct place		 place;
	struct lack		 lack;		/* has a place, but no stage */
	int64_t			 useless_ms;	/* since when; 0: it is not */
};

#define TURN_INIT { .places = NULL, .lack = LACK_INIT }

/* What this module asks of its caller, and what it tells the visitor. */
struct waiter {
	/*
	 * Returns whether there is a stage; if there is none and `may_fork`,
	 * tries to fork one.
	 */
	bool	(*ready)(void *arg, bool may_fork);
	/* Tells the visitor how many are before him; -1: not known. */
	void	(*say)(void *arg, int ahead);
	void	*arg;
};

/*
 * Takes a place if one is free.  Does not join the queue, because whoever is in
 * it must look again and again (places_look_ms), which cannot be done while a
 * request is read.  Returns whether the visitor has a place.
 */
bool	turn_peek(struct turn *turn, struct places *places,
	    const struct limits *limits);

/*
 * Whether stages may be forked for this visitor: no other run lacks one, or
 * this one is the first that does.
 */
bool	turn_may_fork(const struct turn *turn);

/*
 * Takes a place or joins the queue, unless it has max_waiting visitors already.
 * Returns whether the visitor has a place and his run can have a stage.  If it
 * returns false, the caller must call turn_wait or turn_give within
 * places_look_ms.
 */
bool	turn_may_begin(struct turn *turn, const struct waiter *waiter);

/*
 * To be called after turn_may_begin has returned false.  Returns whether the
 * visitor should be sent away.  That is so if max_waiting visitors wait before
 * him; if another run lacks a stage; or if his own is the first that lacks one,
 * but no other run is alive and none could be forked for LAUNCH_STARVE_MS
 * (launch.h).  It may take as long as that.
 */
bool	turn_is_hopeless(struct turn *turn, const struct waiter *waiter);

/*
 * Waits until the run of a visitor whose answer has begun may begin.  It calls
 * waiter->say, which appends to the outbox, at once, each time the number has
 * changed, and every heartbeat_ms.  Returns 0 if the run may begin; 1 if it has
 * been of no use to wait for LAUNCH_STARVE_MS, for the reasons of
 * turn_is_hopeless, and then the caller sets `hopeless` of the run; or -1 if
 * the visitor has left.  Adds the milliseconds that it has waited to
 * *waited_ms.
 */
int	turn_wait(struct turn *turn, struct outbox *outbox,
	    const struct waiter *waiter, int64_t *waited_ms);

/* Gives the place back, or leaves the queue; may be called at any time. */
void	turn_give(struct turn *turn);

/*
 * Whether other processes of the site need the processes that a worker would
 * keep for its next visitor: a run lacks a stage, or a visitor waits for his
 * turn, who will need stages of his own then.
 */
bool	turn_is_tight(const struct places *places);

#endif
