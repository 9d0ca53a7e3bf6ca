/*
 * watch: the descriptors that a loop waits for, and who is called when one of
 * them is ready.
 *
 * The loop empties the set, everybody who waits for something adds his
 * descriptors and says when his next clock fires, the loop waits with poll(2),
 * and the set calls those whose descriptors are ready, in the order in which
 * they were added:
 *
 *	watch_clear(&watch);
 *	watch_add(&watch, fd, POLLIN, on_readable, me);
 *	watch_until(&watch, 250);
 *	poll(watch.fds, watch.n, watch_timeout(&watch));
 *	watch_serve(&watch);
 *
 * The set keeps nothing from one round to the next and owns nothing.  A
 * function that is called may close descriptors of others; these others are
 * still called in this round, so each looks first whether it still has what it
 * waited for.
 */
#ifndef WATCH_H
#define WATCH_H

#include <poll.h>
#include <stdint.h>

/* Two pipes for each of two attempts at 32 stages, and a few visitors. */
#define WATCH_MAX	160

/* What poll(2) said of the descriptor, never 0. */
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

void	watch_clear(struct watch *watch);

/*
 * Adds a descriptor.  0, or -1 if the set is full: then nobody is called for
 * it in this round, and it has its chance in the next.
 */
int	watch_add(struct watch *watch, int fd, int events, watch_fn *fn,
	    void *arg);

/* Somebody's clock fires in so many milliseconds; the nearest one counts. */
void	watch_until(struct watch *watch, int64_t ms);

/* For poll(2): the milliseconds to the nearest clock, an hour at most. */
int	watch_timeout(const struct watch *watch);

/* After poll(2) has returned more than 0: calls those that are ready. */
void	watch_serve(const struct watch *watch);

#endif
