/*
 * crowd: how many runs the workers of one listener serve at the moment.
 *
 * Two decisions follow from that number: for how long a stage lets fragments
 * gather before it passes them on, and whether a process gives its free
 * memory back to the kernel after each request.
 *
 * If every fragment is passed on at once, it wakes its stage, the worker and
 * the web server; with a hundred runs a core the processors do little else.
 * So if there are more than CROWD_AT runs a core, a stage sleeps for some
 * milliseconds, in which several fragments arrive, and then passes on all of
 * them together.  It sleeps 1 ms for every CROWD_STEP runs above CROWD_AT, at
 * most CROWD_NAP_MAX ms, and only if at least two fragments will have come.
 * (Measured on 2 cores, parts of 30 tokens a second: docs/performance.md.)
 *
 *	listener, before any fork	crowd = crowd_new();
 *	listener, a run began or ended	crowd_set(crowd, runs);
 *	worker and stage		crowd_is_dense(crowd)
 *					crowd_nap_ms(crowd, now, gap, phase)
 *
 * The number is one int in memory that is shared across forks.  Only the
 * listener writes it.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crowd;

#define CROWD_AT	32	/* runs a core; up to here nobody sleeps */
#define CROWD_STEP	2	/* runs a core for each ms of sleep */
#define CROWD_NAP_MAX	100	/* ms; a reader does not notice as much */

/*
 * A number shared with all processes that are forked later, 0 at first; NULL
 * if there is no memory.  All functions take NULL, and then nobody sleeps.
 */
struct crowd *crowd_new(void);
void	crowd_free(struct crowd *crowd);

void	crowd_set(struct crowd *crowd, size_t runs);

/* Whether there are more than CROWD_AT runs a core. */
bool	crowd_is_dense(const struct crowd *crowd);

/*
 * For how many milliseconds from now_ms a stage should sleep if its fragments
 * come every gap_ms; 0 if it should not.  Stages with the same `phase` wake at
 * the same moment, so that the worker, too, can pass on what they bring in one
 * piece.
 */
int	crowd_nap_ms(const struct crowd *crowd, int64_t now_ms,
	    int64_t gap_ms, int64_t phase);

#endif
