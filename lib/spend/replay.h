/*
 * replay: goes through the entries of a day's book in their order.
 *
 * Whether a run, or one more attempt, fits is decided by that order alone: it
 * is what the entries before its own leave.  So all processes that read the
 * same book come to the same verdict, and none needs a lock.
 *
 *	struct replay replay = REPLAY_INIT;
 *
 *	replay_want(&replay, run, false, 0);
 *	replay_take(&replay, &guard, entry);		each, in its order
 *	if (replay.verdict == VERDICT_FITS)
 *		...				run has begun
 *	account_free(&replay.account);
 *
 * Processes that have different limits, after recipe.json was changed, cannot
 * know each other's verdicts.  For such an entry (`rules` differ) each takes it
 * that the run has begun, until its own process says ENTRY_END.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spend/account.h"
#include "spend/judge.h"

struct guard;

/* The most rows that a run reserves when it begins. */
#define REPLAY_PARTS	64

struct replay {
	struct account	account;
	int		told;		/* percent, ENTRY_TOLD */
	uint32_t	told_rules;	/* the limits that it is of */
	uint64_t	told_by;	/* the process that was the first */
	/* A run whose rows have not all come. */
	struct entry	group[1 + REPLAY_PARTS];
	size_t		ngroup;
	/* The run, or its attempt, whose verdict is wanted; see replay_want. */
	uint64_t	wanted;
	uint16_t	wanted_seq;
	bool		wanted_more;
	enum verdict	verdict;
};

#define REPLAY_INIT { .account = ACCOUNT_INIT, .verdict = VERDICT_CLOSED }

/*
 * Asks for the verdict on a run, or on its attempt `seq` if `more` is set.  The
 * entries come after this.  Until they have come it is VERDICT_CLOSED.
 */
void	replay_want(struct replay *replay, uint64_t run, bool more,
	    uint16_t seq);

/* Takes the next entry of the book. */
void	replay_take(struct replay *replay, const struct guard *guard,
	    const struct entry *entry);

#endif
