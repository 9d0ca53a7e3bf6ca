/*
 * merge.c: worker.  Waits, and calls those who wait for something; decides
 * nothing itself.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/conduct.h"
#include "run/merge.h"
#include "run/run.h"
#include "wire/outbox.h"

struct merge {
	struct run		*run;		/* NULL: there is none */
	struct outbox *const	*outboxes;
	size_t			 n;
	struct watch		 watch;
};

/* Has those unsubscribed who are gone, each once. */
static void
unsubscribe_gone(struct merge *m)
{
	struct outbox *outbox;
	size_t i;

	for (i = 0; i < m->n; i++) {
		outbox = m->outboxes[i];
		if (!outbox->gone || outbox->subscriber == NULL)
			continue;
		if (m->run != NULL)
			run_unsubscribe(m->run, outbox->subscriber);
		outbox->subscriber = NULL;
	}
}

/*
 * Lets all clocks fire.  A visitor who is gone is unsubscribed first, or a run
 * that nobody listens to would start another stage.  Then comes the run, and
 * after it the outboxes, because they pad and send what the run says now.  Last
 * are those again whose time was over just now.
 */
static void
tick(struct merge *m, int64_t now)
{
	size_t i;

	unsubscribe_gone(m);
	if (m->run != NULL)
		watch_until(&m->watch, conduct_tick(m->run, now));
	/* What is kept is written before it is sent. */
	if (m->run != NULL && m->run->keeper != NULL)
		watch_until(&m->watch, m->run->keeper->tick(
		    m->run->keeper->arg, m->run, now));
	for (i = 0; i < m->n; i++)
		watch_until(&m->watch, outbox_tick(m->outboxes[i], now));
	unsubscribe_gone(m);
}

/*
 * Collects what to wait for.  The run's descriptors come first, so that what
 * the stages say in a round is sent in the same round.
 */
static void
collect(struct merge *m, int64_t now)
{
	bool full = false;
	size_t i;

	for (i = 0; i < m->n; i++)
		full = full || outbox_is_full(m->outboxes[i]);
	if (m->run != NULL)
		conduct_watch(m->run, &m->watch, !full, now);
	if (m->run != NULL && m->run->keeper != NULL)
		m->run->keeper->watch(m->run->keeper->arg, m->run, &m->watch);
	for (i = 0; i < m->n; i++)
		outbox_watch(m->outboxes[i], &m->watch);
}

/* Whether nothing is to be said any more, and all that was said has left. */
static bool
is_over(const struct merge *m)
{
	size_t i;

	if (m->run != NULL && !conduct_is_over(m->run))
		return false;
	for (i = 0; i < m->n; i++)
		if (!m->outboxes[i]->gone && !outbox_is_empty(m->outboxes[i]))
			return false;
	return true;
}

/*
 * poll(2) has failed, for want of memory.  Nothing can be waited for any more,
 * so all answers break off, instead of ending as if they were whole.
 */
static void
break_off(struct merge *m)
{
	size_t i;

	log_warn("poll");
	for (i = 0; i < m->n; i++)
		m->outboxes[i]->gone = true;
	unsubscribe_gone(m);
}

/* Returns 0 if all that was said has left, else -1. */
static int
verdict(const struct merge *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->outboxes[i]->gone)
			return -1;
	return m->run != NULL && m->run->abandoned ? -1 : 0;
}

/* One wait and what comes of it.  Returns 0, or -1 if poll(2) has failed. */
static int
wait_once(struct merge *m)
{
	if (poll(m->watch.fds, m->watch.n, watch_timeout(&m->watch)) == -1) {
		if (errno == EINTR)
			return 0;
		break_off(m);
		return -1;
	}
	watch_serve(&m->watch);
	return 0;
}

static int
loop(struct merge *m)
{
	int64_t now;

	do {
		now = io_now_ms();
		watch_clear(&m->watch);
		tick(m, now);
		if (is_over(m))
			return verdict(m);
		collect(m, now);
	} while (wait_once(m) == 0);
	return -1;
}

int
merge_run(struct run *run, struct outbox *const outboxes[], size_t n)
{
	struct merge m = { .run = run, .outboxes = outboxes,
	    .n = n < MERGE_OUTBOXES_MAX ? n : MERGE_OUTBOXES_MAX };

	return loop(&m);
}

int
merge_flush(struct outbox *outbox)
{
	struct outbox *const one[] = { outbox };
	struct merge m = { .outboxes = one, .n = 1 };

	return loop(&m);
}

static void
end_wait(void *arg, short revents)
{
	(void)arg, (void)revents;	/* poll(2) has returned for it */
}

int
merge_wait_for(struct outbox *outbox, int fd, int64_t ms)
{
	struct outbox *const one[] = { outbox };
	struct merge m = { .outboxes = one, .n = 1 };
	int64_t now = io_now_ms();

	watch_clear(&m.watch);
	watch_until(&m.watch, ms);
	tick(&m, now);
	if (outbox->gone)
		return -1;
	collect(&m, now);
	if (fd != -1)
		watch_add(&m.watch, fd, POLLIN, end_wait, NULL);
	return wait_once(&m) == -1 || outbox->gone ? -1 : 0;
}

int
merge_wait(struct outbox *outbox, int64_t ms)
{
	return merge_wait_for(outbox, -1, ms);
}
