/*
 * budget: what services would still take during a run, by their own word.
 *
 * A good answer's head may say how many requests and tokens are left of a
 * limit, and when there will be more.  What the run asks for afterwards is
 * taken off, so that its own stages do not run a service into a 429.  A
 * service that has said nothing, or whose reset has passed, takes all.
 *
 * Borrows services.  No memory of its own; a zeroed struct is an empty one.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stddef.h>
#include <stdint.h>

#include "http/throttle.h"

struct service;

/* Services that one run meets; what more say is not kept. */
#define BUDGET_SERVICES_MAX	16

struct budget {
	struct budget_line {
		const struct service	*service;
		struct remaining	 remaining;
		int64_t			 said_ms;	/* io_now_ms's clock */
	}	 lines[BUDGET_SERVICES_MAX];
	size_t	 n;
};

/* What a service says now takes the place of what it said before. */
void	budget_say(struct budget *budget, const struct service *service,
	    const struct remaining *remaining, int64_t now_ms);

/* One request of at most so many tokens is on its way. */
void	budget_spend(struct budget *budget, const struct service *service,
	    int64_t tokens);

/*
 * Milliseconds until the service would take a request of so many tokens; 0
 * where it would now, or nobody knows.
 */
int64_t	budget_wait_ms(const struct budget *budget,
	    const struct service *service, int64_t tokens, int64_t now_ms);

#endif
