/*
 * crew.c: the command line.  Gives lines to tasks, and waits for all of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "bulk/crew.h"
#include "bulk/ids.h"
#include "bulk/score.h"
#include "bulk/results.h"
#include "bulk/source.h"
#include "bulk/stop.h"
#include "bulk/task.h"
#include "bulk/underway.h"
#include "plan/plan.h"
#include "spend/entry.h"
#include "web/house.h"

/* How often what other processes know is read, and progress is told. */
#define TICK_MS		1000
/* A limit that is only reserved may be free soon. */
#define LOOK_MS		250

struct crew_state {
	struct crew	*crew;
	struct task	*tasks;
	struct pollfd	*fds;		/* of all tasks together */
	struct buf	 out;
	struct raw_line	 raw;
	bool		 has_raw;	/* it was read, and has not begun */
	bool		 ended;		/* the source is */
	size_t		 busy;
	size_t		 per_line;	/* processes */
	int64_t		 tick_ms;	/* the next */
	int64_t		 not_before_ms;	/* no line begins; or 0 */
	int64_t		 stop_ms;	/* what is under way ends; or 0 */
	enum crew_end	 end;
};

/* --- the end of a line ---------------------------------------------------- */

static void
count_end(struct crew_state *c, enum task_verdict verdict)
{
	struct score *score = c->crew->shared->score;

	if (verdict == TASK_DONE)
		score->done++;
	else if (verdict == TASK_PARTLY)
		score->partly++;
	else if (verdict == TASK_FAILED)
		score->failed++;
}

/*
 * No line begins any more; what is under way may end.  After a signal it has
 * CREW_GRACE_MS, since a person waits.  Otherwise it has the time that it
 * needs, because it would have to be paid for again.
 */
static void
stop_for(struct crew_state *c, enum crew_end why)
{
	int64_t at = why == CREW_STOPPED ? io_now_ms() + CREW_GRACE_MS :
	    INT64_MAX;

	if (c->end == CREW_DONE)
		c->end = why;
	if (c->stop_ms == 0 || at < c->stop_ms)
		c->stop_ms = at;
}

static void
end_task(struct crew_state *c, struct task *task, struct err *err)
{
	const struct buf *id = &task->line.id;
	enum task_verdict verdict;

	buf_reset(&c->out);
	verdict = task_result(task, &c->out);
	count_end(c, verdict);
	if (verdict != TASK_LEFT) {
		results_put(c->crew->results, verdict == TASK_FAILED,
		    c->out.data, c->out.len);
		ids_add(c->crew->ids, id->data, id->len,
		    (verdict == TASK_FAILED ? 0 : ID_DONE) |
		    (verdict == TASK_DONE ? 0 : ID_FAILED));
	} else if (c->stop_ms == 0) {
		err_set(err, 429, task->code, "%s", task->message);
		stop_for(c, CREW_LIMIT);
	}
	task_clear(task);
	c->busy--;
}

/* --- a line begins -------------------------------------------------------- */

/* Says what is wrong with a line that could not be checked before. */
static void
tell_bad_line(struct crew_state *c, const struct line_fault *fault,
    size_t number)
{
	c->crew->shared->score->failed++;
	log_warnx("line %zu: %s: %s", number, fault->code, fault->message);
}

/*
 * Whether the line of the task has still to be asked.  If the file could not be
 * read beforehand, an id that comes again is found here.
 */
static bool
is_left_to_ask(struct crew_state *c, struct task *task)
{
	struct ids *ids = c->crew->ids;
	const struct buf *id = &task->line.id;
	unsigned known = ids_get(ids, id->data, id->len);
	struct line_fault fault = { "duplicate_custom_id",
	    "an earlier line has the same custom_id" };

	if (!c->crew->is_checked && (known & ID_GIVEN) != 0) {
		tell_bad_line(c, &fault, task->line.number);
		return false;
	}
	if (!c->crew->is_checked)
		ids_add(ids, id->data, id->len, ID_GIVEN);
	return (known & (ID_DONE | ID_FAILED)) == 0;
}

/* Whether a line can be had without waiting for it. */
static bool
line_is_there(const struct crew_state *c)
{
	const struct source_lines *source = c->crew->source;

	return c->has_raw || source->fd == -1 || source->is_ready(source->arg);
}

/*
 * Reads lines up to one that is to be asked.  Returns 1, 0 at the end, 2 if
 * there is none yet, or -1 with err.
 */
static int
next_line(struct crew_state *c, struct task *task, struct err *err)
{
	const struct graph *graph = &c->crew->shared->house->graph;
	struct source_lines *source = c->crew->source;
	struct line_fault fault;
	bool is_again;
	int rc;

	for (;;) {
		if (!line_is_there(c))
			return 2;
		/* A line that has waited for room has passed this before. */
		is_again = c->has_raw;
		if (!is_again && (rc = source->next(source->arg, &c->raw,
		    err)) != 1)
			return rc;
		c->has_raw = false;
		if (line_read(&task->line, &c->raw, graph, &fault) == -1)
			tell_bad_line(c, &fault, c->raw.number);
		else if (is_again || is_left_to_ask(c, task))
			return 1;
		task_clear(task);
	}
}

/* A process for each stage of one more line is forked before it begins. */
static void
grow_pool(struct crew_state *c)
{
	struct pool *pool = &c->crew->shared->house->pool;
	size_t want = (c->busy + 1) * c->per_line;

	if (pool->keep >= want)
		return;
	pool->keep = want < pool->n ? want : pool->n;
	pool_fill(pool);
}

/* A limit has no room.  Returns whether it may have soon. */
static bool
wait_for_room(struct crew_state *c, struct err *err)
{
	if (c->busy == 0 && err->retry_s >= 60)
		return false;
	*err = (struct err)ERR_INIT;
	c->has_raw = true;
	c->not_before_ms = io_now_ms() + LOOK_MS;
	return true;
}

/* Begins the next line.  Returns whether another one may begin. */
static bool
begin_next(struct crew_state *c, struct task *task, struct err *err)
{
	struct line_fault fault;
	int rc;

	grow_pool(c);
	if ((rc = next_line(c, task, err)) != 1) {
		/* Of a signal, watch_signals will see which. */
		if (rc == -1 && strcmp(err->code, "interrupted") == 0)
			*err = (struct err)ERR_INIT;
		if (rc == 2 || (rc == -1 && err->status == 0))
			return false;
		c->ended = true;
		if (rc == -1)
			stop_for(c, CREW_BROKEN);
		return false;
	}
	rc = task_begin(task, &fault, err);
	if (rc == 0) {
		underway_put(c->crew->underway, task->line.id.data,
		    task->line.id.len);
		c->busy++;
		return true;
	}
	if (rc == -1) {
		tell_bad_line(c, &fault, c->raw.number);
		return true;
	}
	if (!wait_for_room(c, err))
		stop_for(c, CREW_LIMIT);
	return false;
}

static bool
may_take(const struct crew_state *c, int64_t now)
{
	return !c->ended && c->stop_ms == 0 && c->busy < c->crew->at_once &&
	    now >= c->not_before_ms;
}

static void
fill(struct crew_state *c, int64_t now, struct err *err)
{
	size_t i;

	for (i = 0; i < c->crew->at_once; i++)
		if (!may_take(c, now) || !line_is_there(c) ||
		    (!c->tasks[i].busy && !begin_next(c, &c->tasks[i], err)))
			return;
}

/* --- the work ------------------------------------------------------------- */

/* Lets the clocks fire of those tasks that have something to do. */
static void
tick_tasks(struct crew_state *c, int64_t now, struct err *err)
{
	struct task *task;
	size_t i;

	for (i = 0; i < c->crew->at_once; i++) {
		task = &c->tasks[i];
		if (!task->busy || now < task->next_ms)
			continue;
		task_tick(task, now);
		if (task_is_over(task))
			end_task(c, task, err);
	}
}

static size_t
count_waiting(const struct crew_state *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->crew->at_once; i++)
		if (c->tasks[i].busy && c->tasks[i].run.waits_ms > 0)
			n++;
	return n;
}

static void
tick_second(struct crew_state *c, int64_t now)
{
	struct house *house = c->crew->shared->house;

	if (now < c->tick_ms)
		return;
	c->tick_ms = now + TICK_MS;
	state_read(&house->state);
	state_finish(&house->state);
	pool_reap(&house->pool);
	pool_fill(&house->pool);
	if (c->crew->tick != NULL)
		c->crew->tick(c->crew->arg, c->busy, count_waiting(c));
}

/* Ends it if what was asked for has cost as much as it may. */
static void
watch_cost(struct crew_state *c, struct err *err)
{
	const struct crew *crew = c->crew;

	if (c->stop_ms == 0 && score_reaches(crew->shared->score,
	    crew->tokens_most, crew->money_most, err))
		stop_for(c, CREW_LIMIT);
}

static void
watch_signals(struct crew_state *c)
{
	if (stop_count() > 0)
		stop_for(c, CREW_STOPPED);
	if (stop_count() > 1)
		c->stop_ms = 1;
}

/* Collects what all tasks wait for.  Returns how many descriptors that are. */
static nfds_t
collect_fds(struct crew_state *c, int64_t *until)
{
	const struct task *task;
	nfds_t n = 0;
	size_t i;

	*until = may_take(c, io_now_ms()) && line_is_there(c) ? 0 : c->tick_ms;
	for (i = 0; i < c->crew->at_once; i++) {
		task = &c->tasks[i];
		if (!task->busy)
			continue;
		memcpy(c->fds + n, task->watch.fds,
		    task->watch.n * sizeof(*c->fds));
		n += task->watch.n;
		if (task->next_ms < *until)
			*until = task->next_ms;
	}
	if (c->not_before_ms > io_now_ms() && c->not_before_ms < *until)
		*until = c->not_before_ms;
	if (c->crew->source->fd != -1 && may_take(c, io_now_ms()))
		c->fds[n++] = (struct pollfd){ c->crew->source->fd, POLLIN, 0 };
	return n;
}

/* Hands back what poll(2) has found. */
static void
hand_back(struct crew_state *c)
{
	const struct pollfd *found = c->fds;
	struct task *task;
	size_t i, k;
	bool any;

	for (i = 0; i < c->crew->at_once; i++) {
		task = &c->tasks[i];
		if (!task->busy)
			continue;
		for (any = false, k = 0; k < task->watch.n; k++) {
			task->watch.fds[k].revents = found->revents;
			any = any || found->revents != 0;
			found++;
		}
		if (!any)
			continue;
		watch_serve(&task->watch);
		task->next_ms = 0;
	}
}

static void
wait_for_tasks(struct crew_state *c)
{
	int64_t until, ms;
	nfds_t n = collect_fds(c, &until);
	struct timespec t;

	ms = until - io_now_ms();
	if (ms < 0)
		ms = 0;
	t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	if (ppoll(c->fds, n, &t, stop_mask()) > 0)
		hand_back(c);
}

/* Whether nothing is under way, or it has had its time. */
static bool
has_ended(const struct crew_state *c, int64_t now)
{
	if (c->busy == 0)
		return c->ended || c->stop_ms != 0;
	return c->stop_ms != 0 && now >= c->stop_ms;
}

static void
work(struct crew_state *c, struct err *err)
{
	int64_t now;

	for (;;) {
		now = io_now_ms();
		tick_second(c, now);
		fill(c, now, err);
		/* What a line asks for begins after its id is written. */
		if (underway_flush(c->crew->underway, err) == -1)
			break;
		tick_tasks(c, now, err);
		if (results_flush(c->crew->results, err) == -1)
			break;
		watch_signals(c);
		watch_cost(c, err);
		if (has_ended(c, now))
			return;
		wait_for_tasks(c);
	}
	c->end = CREW_BROKEN;
}

enum crew_end
crew_run(struct crew *crew, struct err *err)
{
	struct house *house = crew->shared->house;
	struct crew_state c = { .crew = crew, .end = CREW_DONE };
	size_t i;

	c.tasks = calloc(crew->at_once, sizeof(*c.tasks));
	c.fds = calloc(crew->at_once * WATCH_MAX + 1, sizeof(*c.fds));
	if (c.tasks == NULL || c.fds == NULL)
		fatal("bulk");
	buf_init(&c.out, 128 * 1024 * 1024);
	c.per_line = house->pool.n / crew->at_once;
	for (i = 0; i < crew->at_once; i++)
		task_init(&c.tasks[i], crew->shared);
	work(&c, err);
	/* Lines that are still under way stay for another time. */
	for (i = 0; i < crew->at_once; i++)
		task_free(&c.tasks[i]);
	state_finish(&house->state);
	free(c.tasks);
	free(c.fds);
	buf_free(&c.out);
	return c.end;
}
