/*
 * seat: the place of an attempt at its server.
 *
 * A home server answers one request at a time, or four; what is sent beyond
 * that waits there in silence, and costs the server its whole prompt even if it
 * is given up.  So a request is sent only if its server has a place for it
 * (site/places.h), among all processes of the site.  A server is what
 * service_server names: two services may share one.
 *
 *	seat_find(&seat, run, service)	true: the server may be asked now
 *					false: it waits; ask again at each turn
 *	seat_speaks(&seat)		its first token has come
 *	seat_leave(&seat)		it has ended, or waits no more
 *
 * How many places a server has: "parallel" of the service.  Without that, https
 * has no bound, and a server over http begins with one.  While all places that
 * are proven are taken, half as many more requests, at least one, are sent to
 * it on trial.  Each first token that comes while the others are still writing
 * proves one place more, so that a big server is full after a few seconds, and
 * a server with one place never has more than one request waiting.
 *
 * What was proven is in the state (plan/state.h) and is forgotten after a day.
 * It is unlearned if a request had to wait for another one's whole answer.
 */
#ifndef SEAT_H
#define SEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/places.h"

struct run;
struct service;

/* One for each attempt.  Its memory must not move while it is in use. */
struct seat {
	struct place	 place;		/* first: see has_waited_for */
	struct run	*run;		/* it is in use; or NULL */
	bool		 bound;		/* its server has a bound */
	bool		 found_out;	/* how many it has is found out */
	int64_t		 looked_ms;	/* when it last asked for a place */
	int64_t		 first_ms;	/* its first token; 0: none yet */
	int64_t		 sat_ms;	/* when it got its place */
	int64_t		 checked_ms;	/* last look of seat_is_behind */
};

/*
 * Returns whether the attempt may be sent to this service now: it has a place
 * there, or needs none.  Otherwise it waits, and place.ahead requests are
 * before it (-1: not known).  It is asked again at most every PLACES_LOOK_MS,
 * or at once if this process has given a place back.
 */
bool	seat_find(struct seat *seat, struct run *run,
	    const struct service *service);

/* Gives the place back, or leaves the queue; may be called at any time. */
void	seat_leave(struct seat *seat);

/* The first token has come; later calls do nothing. */
void	seat_speaks(struct seat *seat);

/*
 * Its answer is whole.  Unlearns what does not hold any more: if another
 * request of this run at the same server has waited for as long as this answer
 * was written, the server writes fewer at once than was proven.
 */
void	seat_is_done(struct seat *seat);

/*
 * Whether an answer of ours, of any process, is being written at the server of
 * a seat that has had no token yet: it may have to wait for that.  It is looked
 * for at most every `every` ms; in between the answer is no.
 */
bool	seat_is_behind(struct seat *seat, int64_t now, int64_t every);

#endif
