/*
 * stop: the signals by which a person ends a command.
 *
 *	stop_catch();
 *	...
 *	ppoll(fds, n, &timeout, stop_mask());	they come during a wait alone
 *	if (stop_count() > 0)
 *		...
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* From now on SIGINT and SIGTERM are blocked, and end nothing by themselves. */
void	stop_catch(void);

/* The mask during a wait, in which they are not blocked. */
const sigset_t *stop_mask(void);

/* How many of them have come. */
int	stop_count(void);

#endif
