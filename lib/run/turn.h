/*
 * turn: when a visitor's run may begin, among all runs of the site.
 *
 * limits.max_runs counts runs, in all processes of the site together
 * (site/places.h).  A visitor who finds them all taken waits, in the order of
 * arrival, and is told how many are before him; limits.max_waiting may wait.
 * The worker of a visitor who waits has forked no stages for him, so he costs
 * one process.
 *
 *	turn_peek(&turn, &places, &limits)	before the request is read
 *	turn_may_begin(&turn, &waiter)		his run may begin at once
 *	turn_is_hopeless(&turn, &waiter)	too many wait: send him away
 *	turn_wait(&turn, &outbox, &waiter)	0: his run may begin
 *	turn_give(&turn)			the run is over, or he has left
 *
 * What waits must not hold what a run needs.  So a visitor whose turn it is,
 * but for whom no process can be had, waits only as long as another run lives,
 * which will give processes back.
 */
#ifndef TURN_H
#define TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "site/places.h"

struct limits;
struct outbox;

/* One in a worker.  Its memory must not move. */
struct turn {
	struct places		*places;	/* NULL: it was never asked */
	const struct limits	*limits;
	struct place		 place;
	bool			 starved;	/* his turn, but no process */
};

#define TURN_INIT { .places = NULL }

/* What turn_wait asks and says. */
struct waiter {
	bool	(*ready)(void *arg);	/* whether a process can be had now */
	void	(*say)(void *arg, int ahead);	/* so many are before him */
	void	*arg;
};

/*
 * Takes a place if one is free, but does not join the queue: whoever stands
 * there has to look again all the time, and a request is yet to be read.
 * Returns whether it is this visitor's turn.
 */
bool	turn_peek(struct turn *turn, struct places *places,
	    const struct limits *limits);

/*
 * Takes a place or joins the queue.  Returns whether it is his turn and his run
 * can have a process.  If not, turn_wait must follow soon, or turn_give.
 */
bool	turn_may_begin(struct turn *turn, const struct waiter *waiter);

/*
 * Whether he should be sent away, after turn_may_begin has said no: max_waiting
 * wait before him; or no process could be had for LAUNCH_STARVE_MS (launch.h),
 * and no other run lives that will give one back.
 */
bool	turn_is_hopeless(struct turn *turn, const struct waiter *waiter);

/*
 * Waits for the turn of a visitor whose answer has begun.  waiter->say appends
 * to the outbox how many are before him (-1: not known): at once, when that
 * changes, and every heartbeat_ms.  Returns 0, also if it has become hopeless;
 * or -1 if he has left.  Adds to *waited_ms how long that took.
 */
int	turn_wait(struct turn *turn, struct outbox *outbox,
	    const struct waiter *waiter, int64_t *waited_ms);

/* Gives the place back or leaves the queue; may be called at any time. */
void	turn_give(struct turn *turn);

#endif
