/*
 * guard: what visitors may spend: "guard" and "trusted_proxies" of recipe.json.
 *
 *	{ "guard": {
 *	    "visitor": {"runs_hour": 30, "at_once": 4},
 *	    "site": {"runs_day": 1000, "tokens_day": 2000000, "cost_day": 5},
 *	    "service": {"70b": {"tokens_day": 500000, "cost_day": 1}},
 *	    "over": "refuse" },
 *	  "trusted_proxies": ["10.0.0.2", "fd00::/8", "unix"] }
 *
 * What is not named has no limit.  Without "guard", and if a service that has a
 * key can be used, the limits of GUARD_* hold; "guard": false lifts them all.
 * Headers in a profile may hold a key, and a base URL with "@" or "key=".
 *
 *	struct guard guard = GUARD_INIT;
 *
 *	if (guard_read(&guard, doc, &services, err) == -1)
 *		...
 *	guard_free(&guard);
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct doc;
struct err;
struct network;
struct services;

/* The built-in limits. */
#define GUARD_AT_ONCE		4
#define GUARD_RUNS_HOUR		60
#define GUARD_RUNS_DAY		1000

/* No limit. */
#define GUARD_NONE	INT64_C(-1)

struct guard_service {
	uint64_t	 key;		/* guard_key of its id */
	const char	*id;		/* borrowed from the service */
	int64_t		 tokens_day;
	int64_t		 cost_day;	/* as all money in spend/entry.h */
};

struct guard {
	bool		 on;		/* runs are counted at all */
	bool		 is_builtin;	/* recipe.json has no "guard" */
	bool		 to_demo;	/* what is over is the demo's */
	int64_t		 runs_hour;	/* of one visitor */
	int64_t		 at_once;
	int64_t		 runs_day;	/* of the site */
	int64_t		 tokens_day;
	int64_t		 cost_day;
	struct guard_service *services;
	size_t		 nservices;
	struct network	*proxies;	/* "trusted_proxies" */
	bool		 trusts_unix;	/* "unix" is among them */
	size_t		 nproxies;
	uint32_t	 rules;		/* a hash of all limits */
};

#define GUARD_INIT { .on = false }

/*
 * Reads both.  doc may be NULL.  Returns 0, or -1 with err, which names the
 * file and the line.  Free *guard in both cases; it borrows the ids of
 * services.
 */
int	guard_read(struct guard *guard, const struct doc *doc,
	    const struct services *services, struct err *err);
void	guard_free(struct guard *guard);

/* What a service is called in a book (spend/entry.h). */
uint64_t guard_key(const char *id);

/* The limits of a service; NULL if it has none. */
const struct guard_service *guard_of(const struct guard *guard, uint64_t key);

/*
 * Whether the operator's own commands are held to it: what is built in is for
 * visitors, and what recipe.json names for the site or a service for all.
 */
bool	guard_holds_owner(const struct guard *guard);

/* Whether tokens or money are limited for a service: it needs a bound then. */
bool	guard_counts_tokens(const struct guard *guard, uint64_t key);

#endif
