/*
 * entry: one row of a day's book: what a run may cost, and what it has cost.
 *
 * spend/account says what the rows of a day add up to; spend/book keeps them in
 * a file (site/rows.h).
 *
 * Money is counted in billionths of the currency in which the operator's prices
 * are, so that a price of 0.001 for a million tokens is one of them for each.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdint.h>

#include "site/rows.h"

#define ENTRY_MARK	UINT32_C(0x3144505f)	/* "_PD1" */

/* Billionths in one of the currency. */
#define ENTRY_COIN	INT64_C(1000000000)

enum entry_kind {
	/*
	 * A run wants to begin.  The `n` rows after it are what it reserves; if
	 * one of them is missing, it has not begun.
	 */
	ENTRY_RUN,
	ENTRY_PART,		/* it reserves this for an attempt */
	/* It reserves this for one more attempt, and asks it if that fits. */
	ENTRY_MORE,
	/* An attempt is about to be asked; this is what it can cost at most. */
	ENTRY_ASKED,
	ENTRY_SETTLED,		/* an attempt has ended; this is what it cost */
	/*
	 * The run has ended, or its process is dead: what was asked and not
	 * settled is spent, and what was not asked is free again.
	 */
	ENTRY_END,
	ENTRY_REFUSED,		/* `n` runs were refused without other rows */
	ENTRY_SERVICE,		/* the name of a service; see struct entry */
	ENTRY_TOLD,		/* the log says that `n` percent are used */
	/*
	 * What a book of this day had before it was cleared away, because a
	 * clock that went ahead made it an old one: `run` is how many runs, or
	 * `who` is the service and `run` how many of them asked it.
	 */
	ENTRY_CARRIED,
};

/* What else there is to say of a row. */
enum entry_rest {
	REST_NONE,
	REST_DEMO,		/* RUN: it counts for its visitor alone */
};

struct entry {
	struct row	head;
	uint64_t	run;		/* the run; its high half is the process
					   (SERVICE: the service) */
	union {
		struct {
			int64_t		at_ms;	/* since 1970 */
			int64_t		tokens;	/* RUN: places_identity */
			int64_t		money;
			uint64_t	who;	/* RUN: the visitor, 0: none is
						   limited; else the service */
			uint32_t	rules;	/* by which it was judged */
			uint16_t	place;	/* RUN: its process locks it */
			uint16_t	seq;	/* the attempt, of the run */
		};
		char	name[40];	/* SERVICE */
	};
	uint16_t	n;
	/*
	 * RUN: what the visitor had in the hour before, and has open, in
	 * yesterday's book, in which he has another hash.
	 */
	uint16_t	hour, open;
	uint8_t		kind;
	uint8_t		rest;		/* enum entry_rest */
};

_Static_assert(sizeof(struct entry) == ROW_BYTES, "an entry has no holes");

#endif
