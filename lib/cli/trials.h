/*
 * trials: what was measured of each model, and the figures of it.
 *
 *	struct trials trials = { .model = model, .service = service };
 *
 *	trials_add(&trials, &outcome);			after each request
 *	f = trials_figure(&trials, TRIAL_TOTAL);	median, least and most
 *	trials_free(&trials);
 */
#ifndef TRIALS_H
#define TRIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/job.h"

struct service;

/* One answer that was good. */
struct timed {
	struct pace	pace;
	struct tokens	tokens;
};

struct trials {
	const struct service	*service;
	const char		*model;
	struct timed		*list;
	size_t			 n;
	size_t			 asked;
	struct outcome		 failure;	/* the last; code 0: none */
};

/* What a figure is about; pace.h has the terms. */
enum trial_of {
	TRIAL_THOUGHT,		/* ms to any token */
	TRIAL_FIRST,		/* ms to the first visible text */
	TRIAL_RATE,		/* tokens a second */
	TRIAL_TOTAL,		/* ms to the last token */
	TRIAL_CHUNK,		/* tokens in an event */
	TRIAL_COLD,		/* ms that a new connection took */
	TRIAL_DNS, TRIAL_TCP, TRIAL_TLS,	/* the same, in its parts */
};

/* n = 0: nothing is known, and the rest is 0. */
struct figure {
	double	median, least, most;
	size_t	n;		/* of how many values */
};

/* Adds the outcome of a request; one that failed is counted, and kept. */
void	trials_add(struct trials *trials, const struct outcome *outcome);
void	trials_free(struct trials *trials);

struct figure trials_figure(const struct trials *trials, enum trial_of of);

/* How many answers came over a connection that was there before. */
size_t	trials_kept(const struct trials *trials);

/* Whether the tokens of an answer were estimated, because no usage came. */
bool	trials_are_estimated(const struct trials *trials);

/* The fastest first, by the median of the total; those that failed last. */
void	trials_sort(struct trials *list, size_t n);

#endif
