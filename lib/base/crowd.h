/*
 * crowd: how many runs this listener's workers serve now, known to them and
 * to their stages, and what follows from it: how long a stage naps, and that a
 * process gives its free memory back.
 *
 * Passed on one by one, each fragment wakes its stage, the worker and the web
 * server; with a hundred runs on a core little else happens.  So from CROWD_AT
 * runs a core on a stage lets fragments gather: 1 ms for every CROWD_STEP runs
 * more, CROWD_NAP_MAX at most, and only where two or more will have come.
 * (Measured on 2 cores with parts of 30 tokens/s: docs/performance.md.)
 *
 * One int in memory that is shared over forks.  The listener alone writes it.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crowd;

#define CROWD_AT	32	/* runs a core */
#define CROWD_STEP	2
#define CROWD_NAP_MAX	100	/* ms; a reader does not see it */

/* NULL where there is no memory to share: then nobody naps. */
struct crowd *crowd_new(void);
void	crowd_free(struct crowd *crowd);

void	crowd_set(struct crowd *crowd, size_t runs);

/* Whether there are more than CROWD_AT runs a core.  crowd may be NULL. */
bool	crowd_is_dense(const struct crowd *crowd);

/*
 * Milliseconds from now on that a stage may nap whose fragments come every
 * gap_ms; 0: not at all.  Those of one phase wake together, so that what they
 * bring travels on together.  crowd may be NULL.
 */
int	crowd_nap_ms(const struct crowd *crowd, int64_t now_ms,
	    int64_t gap_ms, int64_t phase);

#endif
