/*
 * judge: who may begin, by the limits of a site (setup/guard.h) and what its
 * account says of today.
 *
 * What is spent and what is reserved are counted together against a limit, so
 * it is kept whatever happens to those who have reserved.
 *
 *	verdict = judge_run(&account, &guard, group, n);
 *	if (verdict != VERDICT_FITS)
 *		...
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account;
struct entry;
struct guard;

enum verdict {
	VERDICT_FITS,
	VERDICT_VISITOR_HOUR,	/* he has begun too many in the last hour */
	VERDICT_VISITOR_ONCE,	/* he has too many at once */
	VERDICT_RUNS,		/* the site's runs of today */
	VERDICT_TOKENS,		/* its tokens of today */
	VERDICT_COST,		/* its money of today */
	VERDICT_SERVICE_TOKENS,	/* those of a service */
	VERDICT_SERVICE_COST,
	VERDICT_CLOSED,		/* the book cannot be written or read */
};

/*
 * Whether a run may begin now: group[0] is its ENTRY_RUN, and the n entries
 * after it are what it reserves.  Its visitor's limits come before the site's,
 * so that no limit of the site hides them.
 */
enum verdict judge_run(const struct account *account,
	    const struct guard *guard, const struct entry *group, size_t n);

/*
 * Whether one more attempt may be asked, an ENTRY_MORE.  If it has reserved
 * something already, only what it wants besides has to be there.
 */
enum verdict judge_more(const struct account *account,
	    const struct guard *guard, const struct entry *entry);

/*
 * Which service has no room for what the n rows want of it; 0: it is none, but
 * the site, or there is room.
 */
uint64_t judge_lacks(const struct account *account,
	    const struct guard *guard, const struct entry *list, size_t n);

/*
 * The same as judge_run, without the visitor, if all that is only reserved were
 * free.
 */
enum verdict judge_spent(const struct account *account,
	    const struct guard *guard, const struct entry *group, size_t n);

/*
 * Whether the rows want more than the limits have on a day on which nothing is
 * spent, so that they can never fit.  Sets *lacks as judge_lacks does.
 */
bool	judge_never(const struct guard *guard, const struct entry *list,
	    size_t n, uint64_t *lacks);

/* How much of the site's own limits is used: the most, in percent of it. */
int	judge_percent(const struct account *account,
	    const struct guard *guard);

#endif
