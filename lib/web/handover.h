/*
 * handover: how an accepted connection gets from the listener to a worker.
 *
 * Each worker has a pair of connected sockets (SOCK_SEQPACKET), of which the
 * listener holds one end.  The listener sends a connection's descriptor in a
 * message (SCM_RIGHTS); the worker answers with one byte when it is idle
 * again.  The listener's side of it:
 *
 *	handover_open(ends);		then it forks; the child keeps ends[1]
 *	handover_send(ends[0], fd);	for an idle worker
 *	handover_hear(ends[0]);		each time ends[0] polls readable
 *
 * and the worker's:
 *
 *	while ((fd = handover_next(end, again, idle_ms, woken, arg)) != -1) {
 *		... serve fd ...
 *		again = true;
 *	}
 *
 * A worker that has been idle for long first shuts down its sending side, then
 * serves what still arrives, and ends at EOF.  The listener closes its end
 * when it sees that shutdown.  (Workers that ended at once lost 3 % of the
 * connections that were sent to them in that moment.)
 */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes the pair: ends[0] is the listener's, ends[1] the worker's.  Each
 * of them closes its own.  Returns 0, or -1 with errno.
 */
int	handover_open(int ends[2]);

/*
 * Listener: sends the worker a duplicate of fd; the caller closes its own.
 * Never blocks.  Returns 0, or -1 with errno if the worker is gone.
 */
int	handover_send(int end, int fd);

/* Listener: what a worker says whose end polls readable.  Never blocks. */
enum handover_word {
	HANDOVER_IDLE,		/* it can take a connection */
	HANDOVER_LEAVES,	/* it takes no more, or has died */
	HANDOVER_NOTHING,	/* nothing yet */
};
enum handover_word handover_hear(int end);

/*
 * Worker: says that it is idle, if say_idle is set (a worker that has just
 * been forked is known to be idle), and waits for a connection.  After idle_ms
 * milliseconds without one it begins to leave, as told above.  Signals are
 * blocked but for this wait; woken(arg) is called after each that arrives.
 * Returns a descriptor, which the caller owns, or -1 if the worker is to end.
 */
int	handover_next(int end, bool say_idle, int64_t idle_ms,
	    void (*woken)(void *arg), void *arg);

#endif
