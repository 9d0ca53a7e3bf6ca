/*
 * tempo: what can be expected of a model, from the rows of a site (laps.h).
 *
 *	struct tempo tempo = TEMPO_INIT;
 *
 *	tempo_read(&tempo, dir, now_ms - 3600000);
 *	us = tempo_quantile(&tempo, &(struct tempo_query){
 *	    .key = key, .what = TEMPO_TOTAL, .since_ms = since }, 50);
 *	tempo_free(&tempo);
 *
 * A process that asks again and again keeps the struct: each tempo_read reads
 * only what has come since, and drops what has become too old.
 */
#ifndef TEMPO_H
#define TEMPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/laps.h"

struct tempo {
	struct lap		*list;		/* the oldest first */
	size_t			 n, room;
	struct laps_mark	 marks[2];
};

#define TEMPO_INIT { .list = NULL }

enum tempo_what {
	TEMPO_THOUGHT,		/* to any token */
	TEMPO_FIRST,		/* to the first visible text */
	TEMPO_TOTAL,		/* to the last token, of answers that ended */
	TEMPO_RATE,		/* tokens in 1000 s */
};

struct tempo_query {
	uint64_t	key;		/* laps_key */
	enum tempo_what	what;
	enum lap_of	of;
	int64_t		since_ms;	/* rows that are older do not count */
	size_t		most;		/* values, the newest; 0: all */
};

/* See tempo_quantile. */
#define TEMPO_NEVER	INT64_MAX

/*
 * Adds the new rows of the folder `dir` (NULL: there is none), and drops those
 * before since_ms, and those that a clock which went ahead has left.  Without
 * memory some rows are missing.
 */
void	tempo_read(struct tempo *tempo, const char *dir, int64_t since_ms);
void	tempo_free(struct tempo *tempo);

/*
 * The value that `percent` of the attempts do not pass, in microseconds or
 * tokens in 1000 s; TEMPO_NEVER if more than the others never had one, or if
 * the rows do not show it; -1 if there is no row.
 *
 * An attempt that has failed or was too slow counts as one that never came.
 * One that nobody wanted any more says only that it takes longer than it was
 * waited for.  Without these, a service that loses each race in which it is
 * slow would seem fast; and taken for the time that they were waited for, so
 * would one that was asked late and at once not needed any more.  So this is
 * the estimate of Kaplan and Meier (1958) for such observations: each counts
 * among those that may still come until the time at which it was left.  Without
 * any, it is the usual quantile.
 */
int64_t	tempo_quantile(const struct tempo *tempo,
	    const struct tempo_query *query, int percent);

/* How many rows there are, whatever `what` is, and since when. */
struct tempo_count {
	size_t	n;
	size_t	failed;		/* of them, or too slow */
	int64_t	first_ms;	/* of the oldest; 0 if there is none */
};

struct tempo_count tempo_count(const struct tempo *tempo,
	    const struct tempo_query *query);

/*
 * A token bucket for second calls of a model (run/late.h), from the rows and
 * the marks LAP_LATE: it is empty before the first row, each attempt fills a
 * twentieth, it holds TEMPO_BUCKET, and each mark takes one if there is one.
 * The order in the file decides who gets it, and is the same for all processes,
 * so no two get the same one: who wants it writes a mark whose `tokens` are a
 * number of its own, reads the rows, and asks whether that mark got one.  A
 * mark that a full disk has not taken gets none.
 *
 * Returns whether the mark `id` got one; with an id of -1, whether a mark that
 * came now would get one.
 */
#define TEMPO_BUCKET	10
bool	tempo_grants(const struct tempo *tempo, uint64_t key, int32_t id);

#endif
