/*
 * tally: the row that each attempt of a run leaves for the site (site/laps.h).
 *
 *	tally_end(run, attempt, &outcome, LAP_DONE);	as it ends, once
 *	tally_write(run);			after the last event
 *
 * An attempt leaves one row, of what it was told first.  None is left by one
 * that was never asked, by the demo, or by a program.
 */
#ifndef TALLY_H
#define TALLY_H

#include "site/laps.h"

struct attempt;
struct outcome;
struct run;

/*
 * The attempt ends.  `outcome` is what its stage has said, or NULL if it was
 * ended before that: then the times are those of this worker, to a millisecond.
 */
void	tally_end(struct run *run, struct attempt *attempt,
	    const struct outcome *outcome, enum lap_end end);

/* The same of one whose answer nobody wants any more, if it is under way. */
void	tally_left(struct run *run, struct attempt *attempt);

/* Adds the rows to those of the site, by one write(2).  No visitor waits. */
void	tally_write(struct run *run);

#endif
