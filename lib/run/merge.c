/*
 * merge.c: worker.  Waits and passes on; decides nothing (run does) and knows
 * neither events nor services.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"
#include "base/log.h"
#include "plan/plan.h"
#include "reply/reply.h"
#include "run/clock.h"
#include "run/merge.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "stage/stage.h"

/* The visitor, and two pipes for each attempt. */
#define FDS_MAX		(1 + 2 * PART_ATTEMPTS * GRAPH_STAGES_MAX)

struct merge {
	struct run		*run;		/* NULL: only the reply */
	bool			 ended;		/* only the queue is left */
	int64_t			 next;		/* ms to the run's next clock */
	int64_t			 settles;	/* ms to reply_settle; -1 */
	struct reply		*reply;
	const struct limits	*limits;
	struct pollfd		 fds[FDS_MAX];
	struct owner {
		struct part	*part;
		struct attempt	*attempt;
	}			 owners[FDS_MAX];	/* of fds[1] and on */
	nfds_t			 n;
	bool			 deaf;		/* to unread input */
};

static void
watch(struct merge *m, struct part *part, struct attempt *attempt, int fd,
    int events)
{
	m->owners[m->n] = (struct owner){ part, attempt };
	m->fds[m->n++] = (struct pollfd){ fd, (short)events, 0 };
}

static void
collect_attempt(struct merge *m, struct part *part, struct attempt *attempt,
    bool full)
{
	struct stage *stage = attempt->stage;

	if (stage == NULL)
		return;
	if (!full)
		watch(m, part, attempt, stage->up, POLLIN);
	if (stage->out.len > 0)
		watch(m, part, attempt, stage->down, POLLOUT);
}

/* A visitor who does not read stops us reading: flow control is the pipe. */
static void
collect(struct merge *m, int64_t now)
{
	const struct sink *sink = m->reply->sink;
	bool full = reply_pending(m->reply) + reply_held(m->reply) >
	    REPLY_HIGH + (size_t)m->limits->pad;
	struct part *part;
	size_t i, k;

	m->n = 0;
	watch(m, NULL, NULL, sink->fd,
	    (m->deaf ? sink->leave_events & ~POLLIN : sink->leave_events) |
	    (reply_pending(m->reply) > 0 ? POLLOUT : 0));
	if (m->run == NULL)
		return;
	clock_pause(m->run, full, now);
	for (i = 0; i < m->run->n; i++) {
		part = &m->run->parts[i];
		for (k = 0; k < PART_ATTEMPTS; k++)
			collect_attempt(m, part, &part->attempts[k], full);
	}
}

/* Milliseconds to wait for the nearest of all clocks. */
static int
timeout(const struct merge *m, int64_t now)
{
	int64_t next = 3600000, at;

	if (!m->ended && m->next < next)
		next = m->next;
	if (reply_pending(m->reply) > 0)
		at = m->reply->waits_ms + m->limits->stall_ms - now;
	else if (m->settles >= 0)
		at = m->settles;
	else
		at = m->reply->queued_ms + m->limits->heartbeat_ms - now;
	if (at < next)
		next = at;
	return next < 0 ? 0 : (int)next;
}

static void
read_stage(struct merge *m, struct part *part, struct attempt *attempt)
{
	struct stage *stage = attempt->stage;
	struct frame frame;
	ssize_t n = stage_fill(stage);
	int rc = 1;

	if (n == 0 || (n == -1 && errno != EAGAIN)) {
		run_lost(m->run, part, attempt);
		return;
	}
	/* The attempt may end, and give up its stage, in the middle. */
	while (attempt->stage == stage &&
	    (rc = stage_next(stage, &frame)) == 1)
		run_frame(m->run, part, attempt, &frame);
	if (rc == -1)
		run_lost(m->run, part, attempt);
}

static void
serve_stage(struct merge *m, nfds_t i)
{
	struct part *part = m->owners[i].part;
	struct attempt *attempt = m->owners[i].attempt;

	/* Another descriptor of this round may have ended this attempt. */
	if (attempt->stage == NULL || m->fds[i].revents == 0)
		return;
	if (m->fds[i].fd == attempt->stage->up)
		read_stage(m, part, attempt);
	else if (m->fds[i].fd == attempt->stage->down)
		stage_flush(attempt->stage);
}

/* 0, or -1 when the visitor is no longer there. */
static int
serve_visitor(struct merge *m, int64_t now)
{
	const struct sink *sink = m->reply->sink;
	short revents = m->fds[0].revents;

	if ((revents & ~POLLOUT) != 0) {
		if (sink->gone(sink->arg, revents)) {
			m->reply->gone = true;
			return -1;
		}
		/* Unread input: it must not wake us again and again. */
		m->deaf = true;
	}
	if (revents & POLLOUT)
		return reply_flush(m->reply);
	if (reply_pending(m->reply) > 0 &&
	    now - m->reply->waits_ms >= m->limits->stall_ms) {
		log_info("a visitor read nothing for stall_ms, %lld ms",
		    (long long)m->limits->stall_ms);
		m->reply->gone = true;
		return -1;
	}
	return 0;
}

/* All that follows from what has happened, up to the end of the run. */
static void
advance(struct merge *m, int64_t now)
{
	do {
		run_advance(m->run);
		m->next = clock_tick(m->run, now);
	} while (m->next == 0);
	if (run_over(m->run)) {
		run_end(m->run);
		m->ended = true;
	} else if (reply_pending(m->reply) + reply_held(m->reply) == 0 &&
	    now - m->reply->queued_ms >= m->limits->heartbeat_ms) {
		reply_heartbeat(m->reply);
	}
}

static int
loop(struct merge *m)
{
	int64_t now;
	nfds_t i;

	for (;;) {
		now = io_now_ms();
		if (!m->ended)
			advance(m, now);
		m->settles = reply_settle(m->reply, now);
		if (m->ended && m->settles == -1 &&
		    reply_pending(m->reply) == 0)
			return 0;
		collect(m, now);
		if (poll(m->fds, m->n, timeout(m, now)) == -1 &&
		    errno != EINTR)
			return -1;
		for (i = 1; i < m->n; i++)
			serve_stage(m, i);
		if (serve_visitor(m, io_now_ms()) == -1)
			return -1;
	}
}

int
merge_run(struct run *run, struct reply *reply, const struct limits *limits)
{
	struct merge m = { .run = run, .reply = reply, .limits = limits };

	if (loop(&m) == 0)
		return 0;
	if (!m.ended)
		run_abandon(run);
	return -1;
}

int
merge_flush(struct reply *reply, const struct limits *limits)
{
	struct merge m = { .reply = reply, .limits = limits, .ended = true };

	return reply->gone ? -1 : loop(&m);
}
