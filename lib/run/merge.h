/*
 * merge: the loop in which a worker waits during a run.
 *
 * It waits with poll(2) for all at once: for what the stages write, for room in
 * the pipes down to them, for the connections of visitors to take more or to
 * close, and for the nearest clock.
 *
 * Flow control is the pipe.  As long as a visitor does not read, the worker
 * does not read its stages; then their pipes fill, the stages block and stop
 * reading from the services, and TCP stops these.
 *
 * merge knows neither events nor forms.  A run without any outbox is run to its
 * end as well, for those of its subscribers that need none.
 */
#ifndef MERGE_H
#define MERGE_H

#include <stddef.h>
#include <stdint.h>

struct outbox;
struct run;

/* The most outboxes of one run; watch.h has room for as many. */
#define MERGE_OUTBOXES_MAX	16

/*
 * Returns when the run is over and every outbox is empty or gone: 0, or -1 if
 * the run was abandoned or some outbox is gone.  The subscriber of an outbox
 * that is gone is unsubscribed, and run_unsubscribe decides what becomes of the
 * run.  If poll(2) fails, all outboxes are gone.
 */
int	merge_run(struct run *run, struct outbox *const outboxes[], size_t n);

/* Sends all of an outbox, without a run.  Returns 0, or -1 if it is gone. */
int	merge_flush(struct outbox *outbox);

/*
 * One round of the loop, without a run: waits at most `ms` milliseconds and
 * sends what is in the outbox.  Returns 0, or -1 if its visitor is gone.
 */
int	merge_wait(struct outbox *outbox, int64_t ms);

/* The same, but it also ends when there is something to read from fd. */
int	merge_wait_for(struct outbox *outbox, int fd, int64_t ms);

#endif
