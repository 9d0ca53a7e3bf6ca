/*
 * fixture_ledger: a ledger with limits and a clock that a test sets.
 */
#ifndef FIXTURE_LEDGER_H
#define FIXTURE_LEDGER_H

#include "setup/guard.h"
#include "spend/day.h"
#include "spend/ledger.h"
#include "unit.h"

/* Noon of 2026-11-29, in any time zone. */
#define NOON		(day_begins(20261129) + INT64_C(12) * 3600000)
#define HOUR		INT64_C(3600000)
#define DAY		(24 * HOUR)

static int64_t fixture_now;

static inline int64_t
fixture_wall_ms(void)
{
	return fixture_now;
}

/* Limits that are all lifted. */
static inline struct guard
fixture_guard(void)
{
	return (struct guard){ .on = true, .runs_hour = GUARD_NONE,
	    .at_once = GUARD_NONE, .runs_day = GUARD_NONE,
	    .tokens_day = GUARD_NONE, .cost_day = GUARD_NONE, .rules = 1 };
}

/* The places of this process, for all its ledgers. */
static struct places fixture_places;
static int fixture_tellers;

struct teller {
	struct guard	guard;
	struct ledger	ledger;
	struct refusal	refusal;
};

/* It must not move from here on. */
static inline void
teller_open(struct teller *teller, const char *dir, struct guard guard)
{
	teller->guard = guard;
	if (fixture_tellers++ == 0)
		places_open(&fixture_places, dir);
	ledger_open(&teller->ledger, dir, &teller->guard, &fixture_places);
	teller->ledger.shelf.wall_ms = fixture_wall_ms;
}

static inline void
teller_close(struct teller *teller)
{
	ledger_close(&teller->ledger);
	if (--fixture_tellers == 0)
		places_close(&fixture_places);
}

/* A run with one attempt that reserves so many tokens.  Returns its verdict. */
static inline enum verdict
teller_begin(struct teller *teller, struct claim *claim, const char *visitor,
    int64_t tokens)
{
	const struct amount want = { "70b", tokens, 10 * tokens };

	if (ledger_begin(&teller->ledger, claim, visitor, &want, 1,
	    &teller->refusal) == 0)
		return VERDICT_FITS;
	ledger_refuse(&teller->ledger, &teller->refusal);
	return teller->refusal.verdict;
}

/* It asks that attempt, which has reserved `had` (0: nothing). */
static inline enum verdict
teller_ask(struct teller *teller, const struct claim *claim, uint16_t seq,
    int64_t tokens, int64_t had)
{
	const struct amount want = { "70b", tokens, 10 * tokens };
	const struct amount reserved = { "70b", had, 10 * had };

	return ledger_ask(&teller->ledger, claim, seq, &want, had == 0 ? NULL :
	    &reserved, &teller->refusal) == 0 ? VERDICT_FITS :
	    teller->refusal.verdict;
}

static inline void
teller_settle(struct teller *teller, const struct claim *claim, uint16_t seq,
    int64_t tokens)
{
	const struct amount cost = { "70b", tokens, 10 * tokens };

	ledger_settle(&teller->ledger, claim, seq, &cost);
}

/* One whole run, of a visitor.  Returns the verdict of its begin. */
static inline enum verdict
teller_run(struct teller *teller, const char *visitor, int64_t tokens)
{
	struct claim claim;
	enum verdict verdict = teller_begin(teller, &claim, visitor, tokens);

	if (verdict == VERDICT_FITS) {
		assert_int_equal(teller_ask(teller, &claim, 0, tokens,
		    tokens), VERDICT_FITS);
		teller_settle(teller, &claim, 0, tokens);
		ledger_end(&teller->ledger, &claim);
	}
	return verdict;
}

/* What the book of a day says, read anew. */
static inline struct sum
fixture_sum(const char *dir, int day, const struct guard *guard)
{
	struct book book = BOOK_INIT;
	struct sum sum = { 0 };

	if (book_open(&book, dir, day, false) == 0) {
		book_read(&book, guard);
		sum = book.replay.account.all;
	}
	book_close(&book);
	return sum;
}

#endif
