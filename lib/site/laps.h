/*
 * laps: how fast services have answered, a row for each attempt.
 *
 * All processes of a site add rows to one file, and some read it to compute
 * what a service can be expected to do (site/tempo.h).  A row has numbers only:
 * never text, no visitor, and the service by a hash of its name.
 *
 *	struct laps laps = LAPS_INIT;
 *
 *	laps_open(&laps, dir);			the folder of the site
 *	laps_write(&laps, list, n);		after a run
 *	laps_read(dir, take, arg);		all rows that are there
 *	laps_close(&laps);
 *
 * The rows are in "laps" and, when that has LAPS_BYTES, in "laps.old", whose
 * rows are then gone: two files of a bounded size, and a command that looks
 * into them needs no lock.  No visitor waits for one either: site/rows says how
 * rows are appended.
 */
#ifndef LAPS_H
#define LAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/rows.h"

struct service;

/* Bytes of a row, and of a file before it becomes the old one: 16384 rows. */
#define LAP_BYTES	ROW_BYTES
#define LAPS_BYTES	((int64_t)1 << 20)

/* How an attempt ended. */
enum lap_end {
	LAP_DONE,		/* well, or cut at its length limit */
	LAP_FAILED,		/* by the service's fault, or a refusal */
	LAP_SLOW,		/* one of our clocks ended it */
	LAP_LEFT,		/* nobody wanted it any more: a race was lost,
				   or its visitor left */
	LAP_LATE,		/* no attempt, but a mark: this model was late,
				   and a second call is wanted (run/late.h) */
};

/* What the attempt was made for. */
enum lap_of {
	LAP_OF_VISITOR,		/* a run */
	LAP_OF_SPEED,		/* the command `speed` */
};

/*
 * Times in microseconds from the request sent, -1 if it has not happened; see
 * model/pace.h.  Of an attempt that ended before its first token, total_us is
 * how long it was waited for.
 */
struct lap {
	uint64_t	key;		/* laps_key */
	int64_t		at_ms;		/* its end, since 1970 */
	int32_t		first_us;	/* any token */
	int32_t		text_us;	/* visible text */
	int32_t		total_us;	/* the last token */
	int32_t		rate_milli;	/* tokens in 1000 s; 0: not known */
	int32_t		tokens;		/* of the answer, -1: not known */
	enum lap_end	end;
	enum lap_of	of;
	bool		estimated;	/* the tokens are */
};

#define LAP_INIT { .first_us = -1, .text_us = -1, .total_us = -1, \
	.tokens = -1 }

struct laps {
	char	*path;		/* of "laps"; NULL: nothing is kept */
	int	 fd;		/* -1: not open yet */
};

#define LAPS_INIT { NULL, -1 }

/* The name of a model of a service in the rows. */
uint64_t laps_key(const struct service *service, const char *model);

/*
 * `dir` is the folder of the site, NULL if there is none: then nothing is kept.
 * Opens no file yet.  laps_close may be called twice.
 */
void	laps_open(struct laps *laps, const char *dir);
void	laps_close(struct laps *laps);

/*
 * Appends n rows, LAPS_AT_ONCE at most.  What cannot be written is lost, and
 * nobody is told: no visitor's answer may depend on it.  Two system calls, and
 * one more the first time.
 */
#define LAPS_AT_ONCE	64
void	laps_write(struct laps *laps, const struct lap *list, size_t n);

/* How far a reader has come in a file. */
struct laps_mark {
	uint64_t	ino;
	int64_t		at;
};

/*
 * Calls `take` for each whole row of both files, the oldest first, that was not
 * there when it was last called with the same marks, which begin as zeros:
 * marks[0] is of "laps.old", marks[1] of "laps".  Returns how many rows there
 * were, 0 if there is no file.
 */
size_t	laps_read(const char *dir, struct laps_mark marks[2],
	    void (*take)(void *arg, const struct lap *lap), void *arg);

#endif
