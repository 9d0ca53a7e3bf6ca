/*
 * seat: the place of an attempt at its server, and its share of the rate.
 *
 * A server at home answers one request at a time, or perhaps four.  If it is
 * sent more, the others wait there without a sign of life, and it evaluates
 * their prompts even if they were given up meanwhile.  So an attempt is sent to
 * its server only after it has taken one of the server's places, which all
 * processes of the site share (site/places.h).  Services with the same scheme,
 * host and port are one server (service_server).
 *
 *	if (!seat_find(&seat, run, service, tokens))
 *		return;			// it waits; call again later
 *	seat_asks(&seat, tokens);	// the request is sent
 *	seat_speaks(&seat);		// the first token has come
 *	seat_is_done(&seat);		// the answer is whole
 *	seat_leave(&seat, tokens);	// gives the place back
 *
 * A service may say in "parallel" how many places its server has.  If it does
 * not, a server over https has no bound, and a server over http is tried out:
 *
 *	- At first one place counts as proven.
 *	- If all proven places are taken, half as many requests more, but at
 *	  least one, are sent on trial.
 *	- A first token proves that as many requests are answered at once as are
 *	  being written at that moment.  So a big server is full after a few
 *	  seconds, and a server with one place never has more than one request
 *	  waiting.
 *	- The number is lowered if a request had to wait until the whole answer
 *	  to another one was written.
 *
 * The state keeps the number for a day (site/state.h).
 */
#ifndef SEAT_H
#define SEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/places.h"
#include "site/rates.h"

struct run;
struct service;

/*
 * Each attempt has one.  It must stay at its address from seat_find until
 * seat_leave, because site/places keeps a list of these structs.
 */
struct seat {
	struct place	 place;		/* first: see has_waited_for */
	struct run	*run;		/* NULL: not in use */
	struct toll	 toll;		/* what it has taken of the rate */
	bool		 taken;		/* nothing is missing any more */
	int64_t		 wait_ms;	/* until the rate has room; or 0 */
	bool		 bound;		/* the server has a number of places */
	bool		 tried_out;	/* which is tried out, not set */
	bool		 waits;		/* for a place; a patient run stands
					   in no queue */
	int64_t		 looked_ms;	/* when it last asked for a place */
	int64_t		 taken_ms;	/* when it got its place */
	int64_t		 first_ms;	/* when its first token came; or 0 */
	int64_t		 checked_ms;	/* when seat_is_behind last looked */
};

/*
 * Returns true if the attempt, whose answer has at most so many tokens, may be
 * sent to this service now: it has a place at the server, or needs none, and
 * the service's requests and tokens a minute have room (site/rates.h).
 *
 * Returns false if it has to wait.  If wait_ms is more than 0, it waits for so
 * long until the rate has room, and has no place.  Otherwise it stands in the
 * queue; place.ahead says how many requests are before it, or -1 if that is not
 * known.  It may be called as often as one likes: it looks at the queue once in
 * places_look_ms, and besides after this run has given a place back.
 */
bool	seat_find(struct seat *seat, struct run *run,
	    const struct service *service, int64_t tokens);

/* The request is sent, with a prompt of about so many tokens. */
void	seat_asks(struct seat *seat, int64_t tokens);

/*
 * Gives the place back, or leaves the queue; may be called at any time.  The
 * request, if it was sent, has used so many tokens.
 */
void	seat_leave(struct seat *seat, int64_t tokens);

/* A token has come.  Only the first call does something. */
void	seat_speaks(struct seat *seat);

/*
 * The answer is whole.  If another request of this process was sent to the same
 * server before this answer began, and still has no token, then it had to wait
 * for this answer: the server writes fewer answers at once than was proven, and
 * the number is lowered to how many are being written now.
 */
void	seat_is_done(struct seat *seat);

/*
 * For a seat without a token yet: returns whether its server is writing another
 * answer for this site, for which the seat may have to wait.  It looks only if
 * the last look is at least `every` milliseconds ago, and returns false if it
 * does not look.
 */
bool	seat_is_behind(struct seat *seat, int64_t now, int64_t every);

#endif
