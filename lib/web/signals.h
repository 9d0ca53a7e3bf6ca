/*
 * signals: which signals the listener and its workers take.
 *
 *	sigset_t unblocked;
 *
 *	signals_for_listener(&unblocked);
 *	while (!signals_say_stop())
 *		ppoll(fds, n, timeout, &unblocked);
 *
 *	signals_for_worker();		in a child of the listener
 *
 * TERM, INT and USR1 stop a listener; CHLD only ends its wait.  All four are
 * blocked but for the wait, so none can arrive between a look at
 * signals_say_stop and the wait that it should have prevented.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Fills *unblocked, the mask for the wait. */
void	signals_for_listener(sigset_t *unblocked);

/*
 * A new worker ignores the signals that stop the listener, as it has to finish
 * the runs that it serves.  CHLD stays blocked but for handover_next.
 */
void	signals_for_worker(void);

/* Whether the listener is to stop. */
bool	signals_say_stop(void);

#endif
