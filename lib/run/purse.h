/*
 * purse: what one run may spend (spend/ledger.h).
 *
 * Before it begins, and before its visitor is told to wait, a run reserves what
 * its first attempts can cost at most.  Each attempt says what it can cost
 * before it is asked, and what it has cost when it has ended.  An attempt may
 * need more than the run has reserved for it, and for a second attempt of a
 * part the run has reserved nothing.  Such an attempt reserves what it needs
 * just before it is asked.  If the limits have no room for that, it is not
 * asked.
 *
 *	struct purse purse = PURSE_INIT;
 *
 *	if (purse_open(&purse, &ledger, &plan, visitor, err) == -1)
 *		...			429, and nothing was reserved
 *	run->purse = &purse;
 *	if (purse_ask(&purse, i, &job, bytes, &ticket, &outcome) == -1)
 *		...			it must not be asked
 *	purse_settle(&ticket, &outcome);
 *	purse_flush(&purse);			each round of the loop
 *	purse_close(&purse);			the run has ended
 *
 * What an attempt has cost is what its service has said in `usage` at the end.
 * If the service has not said it, all that the attempt can have cost counts.
 * An attempt that the service has refused (purse.c says by which status)
 * without a word of what that cost (model/usage.h), and one that was not sent,
 * cost nothing.
 *
 * The demo and programs cost nothing either, but a run that they write counts
 * as a run.  Only what the demo writes because the site is over a limit is no
 * run of the site (purse_demo).
 */
#ifndef PURSE_H
#define PURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/job.h"
#include "setup/graph.h"
#include "spend/ledger.h"

struct config;
struct err;
struct graph;
struct outcome;
struct plan;
struct request;
struct service;

struct purse {
	struct ledger	*ledger;	/* NULL: nothing is counted */
	struct claim	 claim;
	/* By the part's index in the plan: what its first attempt reserved. */
	struct amount	 had[GRAPH_STAGES_MAX];
	uint16_t	 seq[GRAPH_STAGES_MAX];	/* of that attempt */
	bool		 is_left[GRAPH_STAGES_MAX];	/* nobody has used it */
	uint16_t	 next_seq;
	bool		 counts;	/* as a run of the site, already */
};

#define PURSE_INIT { .ledger = NULL }

/* What an attempt holds of a purse. */
struct ticket {
	struct purse		*purse;		/* NULL: it holds nothing */
	const struct service	*service;
	const char		*model;
	struct tokens		 most;		/* what it can cost */
	uint16_t		 seq;		/* its number in the run */
};

/*
 * Reserves for a plan.  `visitor` is as in visitor.h, NULL if he has no limit.
 * Returns 0, or -1 with err: status 429, and "limit_visitor" or "limit_site".
 */
int	purse_open(struct purse *purse, struct ledger *ledger,
	    const struct plan *plan, const char *visitor, struct err *err);

/*
 * The same for a run that the demo is to write, because a limit of the site is
 * reached: it counts for its visitor, and for nothing of the site.
 */
int	purse_demo(struct purse *purse, struct ledger *ledger,
	    const char *visitor, struct err *err);

/*
 * The same for a command that asks models without a plan: it reserves nothing,
 * and all its attempts are of "part" 0.
 */
int	purse_begin(struct purse *purse, struct ledger *ledger,
	    struct err *err);

/*
 * Whether a run of the request can never begin under the limits of config.
 * Fills *least with what its first attempts cost at most; without inputs that
 * is the least that any run reserves.  It plans the run without what the site
 * has learned of its services, and opens no file.
 */
bool	purse_foresee(const struct config *config, const struct graph *graph,
	    const struct request *request, struct amount *least);

/*
 * An attempt of part `i` of the plan is about to be asked: this job, with a
 * prompt of so many bytes.  purse may be NULL.  Returns 0 with *ticket, or -1
 * with the outcome of an attempt that is not asked.
 */
int	purse_ask(struct purse *purse, size_t i, const struct job *job,
	    size_t bytes, struct ticket *ticket, struct outcome *outcome);

/*
 * The attempt has ended; `outcome` is what its stage has said, or NULL if it
 * was ended before that.  Only the first call counts.
 */
void	purse_settle(struct ticket *ticket, const struct outcome *outcome);

/* Writes what was settled; purse_close also gives back what was not used. */
void	purse_flush(struct purse *purse);
void	purse_close(struct purse *purse);

#endif
