/*
 * watch.c: worker.  A set of descriptors with their functions; it waits for
 * nothing itself.
 */
#include "base/watch.h"

/* A wait needs some end; no clock of the program is that far away. */
#define HOUR_MS	3600000

void
watch_clear(struct watch *watch)
{
	watch->n = 0;
	watch->until_ms = HOUR_MS;
}

int
watch_add(struct watch *watch, int fd, int events, watch_fn *fn, void *arg)
{
	if (watch->n == WATCH_MAX)
		return -1;
	watch->whose[watch->n].fn = fn;
	watch->whose[watch->n].arg = arg;
	watch->fds[watch->n++] = (struct pollfd){ fd, (short)events, 0 };
	return 0;
}

void
watch_until(struct watch *watch, int64_t ms)
{
	if (ms < watch->until_ms)
		watch->until_ms = ms;
}

/* A clock that is overdue is below 0, which would be no limit for poll(2). */
int
watch_timeout(const struct watch *watch)
{
	return watch->until_ms < 0 ? 0 : (int)watch->until_ms;
}

void
watch_serve(const struct watch *watch)
{
	nfds_t i;

	for (i = 0; i < watch->n; i++)
		if (watch->fds[i].revents != 0)
			watch->whose[i].fn(watch->whose[i].arg,
			    watch->fds[i].revents);
}
