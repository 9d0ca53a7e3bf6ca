/*
 * delay: how long this process waits for a processor, in the mean of the times
 * that it got one.  That is short unless all processors are busy.
 *
 * Linux counts it in /proc/self/schedstat.
 *
 *	struct delay delay = DELAY_INIT;
 *
 *	delay_begin(&delay, io_now_ms());
 *	us = delay_end(&delay, io_now_ms());	-1 until DELAY_SPAN_MS later
 */
#ifndef DELAY_H
#define DELAY_H

#include <stdint.h>

#define DELAY_SPAN_MS	200	/* of a measurement, or more */
#define DELAY_WAKES	2	/* fewer waits say nothing */

struct delay {
	int64_t			began_ms;	/* 0: nothing is measured */
	unsigned long long	waited_ns, wakes;	/* at that time */
};

#define DELAY_INIT { .began_ms = 0 }

/* Begins to measure, if the system has what is needed. */
void	delay_begin(struct delay *delay, int64_t now_ms);

/*
 * Ends what was begun, and returns us of a wait; -1 if nothing was begun, if it
 * is too soon, or if nothing can be said.
 */
int	delay_end(struct delay *delay, int64_t now_ms);

#endif
