/*
 * handover: accepted connections on their way from the listener to a worker.
 *
 * One socketpair (SOCK_SEQPACKET) per worker.  Down goes one descriptor a
 * message, by SCM_RIGHTS; up comes one byte, "idle".  A worker that wants to
 * leave shuts down its sending side, serves what still arrives, and goes at
 * EOF; the listener, on seeing the shutdown, closes its end.  (Leaving at
 * once lost 3 % of the connections handed over in that window.)
 */
#ifndef HANDOVER_H
#define HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

/* ends[0] is the listener's, ends[1] the worker's.  0, or -1 and errno. */
int	handover_open(int ends[2]);

/* Listener: sends fd, which stays open here.  0, or -1 and errno. */
int	handover_send(int end, int fd);

/* Listener: what a readable end says. */
enum handover_word { HANDOVER_IDLE, HANDOVER_LEAVES, HANDOVER_NOTHING };
enum handover_word handover_hear(int end);

/*
 * Worker: says "idle" (unless it has just begun) and waits for a connection.
 * After idle_ms without one it begins to leave.  `woken` is called whenever a
 * signal interrupts the wait.  Returns the descriptor, or -1: leave.
 */
int	handover_next(int end, bool say_idle, int64_t idle_ms,
	    void (*woken)(void *arg), void *arg);

#endif
