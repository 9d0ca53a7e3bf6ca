/*
 * ratelimit: how much of its rate limits each service has for a run, as far as
 * the service has said so.
 *
 * The head of a good answer may say how many requests and tokens remain of a
 * limit, and when the limit is reset (http/throttle.h reads it).  What the run
 * asks for after that is subtracted here, so that the run's own stages do not
 * drive a service into status 429.  A service that has said nothing, or whose
 * reset has passed, is taken to accept everything.
 *
 * Use, once for each run:
 *
 *	struct ratelimit r = { .n = 0 };
 *
 *	wait_ms = ratelimit_wait_ms(&r, service, tokens, io_now_ms());
 *	                       // 0: ask now; else ask another, or wait
 *	ratelimit_send(&r, service, tokens, io_now_ms());
 *	ratelimit_note(&r, service, &remaining, io_now_ms());
 *	                       // the head of its answer has come
 *	ratelimit_cool(&r, service, io_now_ms() + wait_ms);
 *	                       // its answer was status 429
 *
 * A ratelimit that `paces` belongs to many runs for which nobody waits
 * (run/run.h).  As soon as a service has refused one of their requests, or has
 * said that nothing remains, it learns how many were accepted in the time
 * before, and lets so many be sent from then on, evenly, and slowly some more.
 * So a limit of which nothing else is known is used up nearly whole, and few
 * requests are refused.
 *
 * Services are borrowed.  A struct ratelimit that is all zeros is empty; it
 * owns no memory, so there is nothing to free.
 */
#ifndef RATELIMIT_H
#define RATELIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/throttle.h"

struct service;

/* More services than one run asks; the oldest gives way to a further one. */
#define RATELIMIT_SERVICES_MAX	16

struct ratelimit {
	struct ratelimit_line {
		const struct service	*service;
		struct remaining	 remaining;	/* since said_ms */
		int64_t			 said_ms;	/* io_now_ms's clock */
		int64_t			 cool_ms;	/* not before; or 0 */
		int			 refused;	/* times in a row */
		/* If it paces: */
		int64_t			 gap_us;	/* 0: not known yet */
		int64_t			 learned_ms;	/* gap_us was */
		int64_t			 next_us;	/* not before */
		int64_t			 accepted;	/* since... */
		int64_t			 since_ms;	/* this; 0: never */
	}	 lines[RATELIMIT_SERVICES_MAX];
	size_t	 n;
	bool	 paces;
};

/*
 * The service has accepted a request.  Replaces what it had said before.
 * now_ms is io_now_ms's clock.
 */
void	ratelimit_note(struct ratelimit *ratelimit,
	    const struct service *service, const struct remaining *remaining,
	    int64_t now_ms);

/* Subtracts one request and the tokens that it may take at most. */
void	ratelimit_spend(struct ratelimit *ratelimit,
	    const struct service *service, int64_t tokens);

/* The same for one that is sent now, which counts for the pace. */
void	ratelimit_send(struct ratelimit *ratelimit,
	    const struct service *service, int64_t tokens, int64_t now_ms);

/*
 * The service has refused a request for its limit.  Returns how many times in
 * a row it has done so; several requests that were sent before the first of
 * them was refused count as one.
 */
int	ratelimit_refused(struct ratelimit *ratelimit,
	    const struct service *service, int64_t now_ms);

/* None may be sent until until_ms. */
void	ratelimit_cool(struct ratelimit *ratelimit,
	    const struct service *service, int64_t until_ms);

/*
 * Milliseconds until the service accepts a request of `tokens` tokens; 0 if it
 * accepts one now, or if it has not said enough to tell.
 */
int64_t	ratelimit_wait_ms(const struct ratelimit *ratelimit,
	    const struct service *service, int64_t tokens, int64_t now_ms);

#endif
