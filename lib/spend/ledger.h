/*
 * ledger: asks and says what runs may spend, for all processes of a site.
 *
 *	struct ledger ledger = LEDGER_INIT;
 *	struct claim claim = CLAIM_INIT;
 *	struct refusal refusal;
 *
 *	ledger_open(&ledger, dir, &guard, &places);	once in a process
 *
 *	if (ledger_begin(&ledger, &claim, visitor, wants, n, &refusal) == -1)
 *		...				refused: nothing is reserved
 *	if (ledger_ask(&ledger, &claim, 0, &want, &had, &refusal) == 0)
 *		...				the attempt may be asked
 *	ledger_settle(&ledger, &claim, 0, &cost);	it has ended
 *	ledger_flush(&ledger);			now and then
 *	ledger_end(&ledger, &claim);
 *
 *	ledger_close(&ledger);
 *
 * Nothing begins that does not fit.  What a process that is killed had asked is
 * spent; what it had not asked is found by the next one that lacks it, because
 * its place on a ground of its own (site/places.h) is free then.  If the day's
 * book cannot be written or read, nothing fits.
 *
 * This is the one way to what is spent, and no caller knows that there are
 * files: a ledger for many hosts has the same five functions.
 *
 * System calls of a run: to begin 3, to ask 1, or 2 if that needs more than was
 * reserved, to settle and to end 1, if these do not come together.  Besides,
 * the first time in a process about 9.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "spend/life.h"
#include "spend/refusal.h"
#include "spend/shelf.h"

struct guard;

/* Entries that are not written yet. */
#define LEDGER_LATE	64

struct ledger {
	struct shelf		 shelf;
	const struct guard	*guard;
	struct life		 life;		/* of this process */
	uint32_t		 runs;		/* begun by it */
	struct entry		 late[LEDGER_LATE];
	size_t			 nlate;
	int			 late_day;
	struct log_pace		 lost;		/* of entries that are lost */
};

#define LEDGER_INIT { .shelf = SHELF_INIT }

/* What an attempt may cost, or has cost. */
struct amount {
	const char	*service;	/* its id, borrowed */
	int64_t		 tokens;
	int64_t		 money;		/* as in entry.h */
};

/* A run that has begun. */
struct claim {
	uint64_t	run;		/* 0: none */
	int		day;		/* whose book it is in */
};

#define CLAIM_INIT { 0, 0 }

/*
 * Opens no file yet; dir may be NULL.  guard and places are borrowed.  A forked
 * child opens a ledger of its own.
 */
void	ledger_open(struct ledger *ledger, const char *dir,
	    const struct guard *guard, struct places *places);

/*
 * Its folder is emptied now and then, and nobody has chosen it: the log says so
 * as each day begins.
 */
void	ledger_may_vanish(struct ledger *ledger);

/* Writes what is late, and frees all.  Its open runs are dead then. */
void	ledger_close(struct ledger *ledger);

/*
 * A run of a visitor (plan/visitor.h; NULL: one who is not limited) wants to
 * begin, with n first attempts, REPLAY_PARTS at most, which are its attempts 0
 * to n - 1.  Returns 0, or -1 with *refusal.
 */
int	ledger_begin(struct ledger *ledger, struct claim *claim,
	    const char *visitor, const struct amount *wants, size_t n,
	    struct refusal *refusal);

/*
 * The same for a run that the demo writes because a limit of the site is
 * reached: it is one of its visitor's, and counts for nothing of the site.
 */
int	ledger_begin_demo(struct ledger *ledger, struct claim *claim,
	    const char *visitor, struct refusal *refusal);

/*
 * Whether a run that wants this can never begin under these limits, whatever
 * has been spent.  It opens no file.  Sets *lacks to the guard_key of the
 * service that has no room; 0: it is the site.
 */
bool	ledger_never(const struct guard *guard, const struct amount *wants,
	    size_t n, uint64_t *lacks);

/*
 * Writes that a run was refused.  It is for the caller to say, because one that
 * ledger_begin has refused may be tried again for other services.
 */
void	ledger_refuse(struct ledger *ledger, const struct refusal *refusal);

/*
 * Attempt `seq` of the run is about to be asked, and can cost that at most;
 * `had` is what it has reserved, or NULL.  Returns 0, or -1 with *refusal: then
 * it MUST not be asked, and it has nothing reserved any more.
 */
int	ledger_ask(struct ledger *ledger, const struct claim *claim,
	    uint16_t seq, const struct amount *want, const struct amount *had,
	    struct refusal *refusal);

/* An attempt that was asked has cost this.  It is written by the next flush. */
void	ledger_settle(struct ledger *ledger, const struct claim *claim,
	    uint16_t seq, const struct amount *cost);

/* Writes what is settled.  What cannot be written is tried again. */
void	ledger_flush(struct ledger *ledger);

/* The run has ended; *claim is CLAIM_INIT again. */
void	ledger_end(struct ledger *ledger, struct claim *claim);

#endif
