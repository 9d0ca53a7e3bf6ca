/*
 * merge: many stages into the answers to those who listen.
 *
 * The one loop that waits while a run is on: for what the stages say, for room
 * in the pipes down to them, for the connections of visitors to take more or
 * to close, and for the nearest clock.  A visitor who does not read stops the
 * worker from reading its stages, whose pipes fill and stop them: so flow
 * control is the pipe.
 *
 * It knows neither events nor forms.  A run with no outbox at all is run to
 * its end as well, for whoever else has subscribed to it.
 */
#ifndef MERGE_H
#define MERGE_H

#include <stddef.h>

struct outbox;
struct run;

/* Visitors of one run. */
#define MERGE_OUTBOXES_MAX	16

/*
 * Runs until the run is over and every outbox empty or gone.  The subscriber
 * of an outbox that is gone is unsubscribed, and run_unsubscribe decides what
 * becomes of the run.  Returns 0; -1 if the run was abandoned or not all that
 * was said could leave.
 */
int	merge_run(struct run *run, struct outbox *const outboxes[], size_t n);

/* Empties an outbox without a run.  0, or -1 if its visitor is gone. */
int	merge_flush(struct outbox *outbox);

#endif
