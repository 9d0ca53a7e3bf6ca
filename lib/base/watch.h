/*
 * watch: a set of descriptors for poll(2), each with the function that is
 * called when it is ready.
 *
 * In each round the loop empties the set.  Then every module that waits for
 * something adds its descriptors and the milliseconds to its next clock.  The
 * loop calls poll(2), and watch_serve calls the functions of the descriptors
 * that are ready, in the order in which these were added:
 *
 *	watch_clear(&watch);
 *	watch_add(&watch, fd, POLLIN, on_readable, me);
 *	watch_until(&watch, 250);
 *	poll(watch.fds, watch.n, watch_timeout(&watch));
 *	watch_serve(&watch);
 *
 * The set keeps nothing from one round to the next and owns nothing.  A
 * function may close a descriptor that another one waits for.  The other one is
 * called in this round all the same, so each function first checks whether it
 * still has the thing that it was added for.
 */
#ifndef WATCH_H
#define WATCH_H

#include <poll.h>
#include <stdint.h>

/* 2 pipes for each of 2 attempts at 32 stages are 128; visitors have 32. */
#define WATCH_MAX	160

/* revents are poll(2)'s, never 0; arg is that of watch_add. */
typedef void watch_fn(void *arg, short revents);

struct watch {
	struct pollfd	 fds[WATCH_MAX];
	struct {
		watch_fn *fn;
		void	 *arg;
	}		 whose[WATCH_MAX];	/* of the same place in fds */
	nfds_t		 n;
	int64_t		 until_ms;	/* the nearest clock, from now */
};

/* Empties the set; the next clock is an hour away. */
void	watch_clear(struct watch *watch);

/*
 * Adds a descriptor and the events of poll(2) to wait for.  Returns 0, or -1 if
 * the set is full: then the descriptor is not waited for in this round.
 */
int	watch_add(struct watch *watch, int fd, int events, watch_fn *fn,
	    void *arg);

/* A clock fires in `ms` milliseconds; of several the nearest counts. */
void	watch_until(struct watch *watch, int64_t ms);

/* The timeout for poll(2): to the nearest clock, from 0 to an hour. */
int	watch_timeout(const struct watch *watch);

/* After poll(2): calls the functions of the descriptors that are ready. */
void	watch_serve(const struct watch *watch);

#endif
