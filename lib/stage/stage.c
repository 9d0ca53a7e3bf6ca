/*
 * stage.c: worker.  Forks stages and moves bytes through their pipes; knows
 * nothing of what a job means or why one is given.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/leave.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/service.h"
#include "stage/stage.h"

/* The most bytes that wait for a stage: its job and the longest prompt. */
#define OUT_MAX		(1 << 27)
/* Some frames: what has been read but not yet taken. */
#define IN_MAX		(4 * (FRAME_HEADER + FRAME_MAX))
/* How long a stage may take to end its program, and the time between looks. */
#define END_MS		500
#define END_LOOK_NS	200000

/* Whether some stage of the graph runs a program. */
static bool
has_programs(const struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (graph->stages[i].run != NULL)
			return true;
	return false;
}

int
pool_init(struct pool *pool, size_t n, size_t keep,
    const struct stage_heritage *heritage)
{
	size_t i;

	pool->heritage = *heritage;
	if ((pool->stages = calloc(n, sizeof(*pool->stages))) == NULL)
		return -1;
	pool->n = n;
	pool->keep = keep;
	if (has_programs(heritage->graph))
		orphans_adopt(&pool->orphans);
	for (i = 0; i < n; i++) {
		pool->stages[i].pool = pool;
		pool->stages[i].up = pool->stages[i].down = -1;
		buf_init(&pool->stages[i].in, IN_MAX);
		buf_init(&pool->stages[i].out, OUT_MAX);
	}
	return 0;
}

static void
close_pair(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

/*
 * A pipe whose end `ours` (0 or 1) does not block.  Both ends are closed on
 * exec. 0, or -1 and errno.
 */
static int
make_pipe(int fds[2], int ours)
{
	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	if (fcntl(fds[ours], F_SETFL, O_NONBLOCK) == -1) {
		close_pair(fds);
		return -1;
	}
	return 0;
}

/*
 * Forks a stage that ends after `jobs` jobs, or after this request if it is
 * lent.  Returns 0, or -1 and errno.
 */
static int
fork_stage(const struct pool *pool, struct stage *stage, int64_t jobs,
    bool lent)
{
	int down[2], up[2], saved;
	pid_t worker = getpid(), pid;

	if (make_pipe(down, 1) == -1)
		return -1;
	if (make_pipe(up, 0) == -1) {
		close_pair(down);
		return -1;
	}
	if ((pid = fork()) == -1) {
		saved = errno;
		close_pair(down);
		close_pair(up);
		errno = saved;
		return -1;
	}
	if (pid == 0)
		stage_main(&pool->heritage, worker, down[0], up[1], jobs,
		    lent);
	close(down[0]);
	close(up[1]);
	stage->pid = pid;
	stage->down = down[1];
	stage->up = up[0];
	stage->jobs_allowed = jobs;
	stage->warm = NULL;
	stage->busy = false;
	stage->lent = lent;
	stage->pos = 0;
	return 0;
}

static void
close_down(struct stage *stage)
{
	if (stage->down != -1)
		close(stage->down);
	stage->down = -1;
}

/*
 * Closes the pipes of a stage, waits for its process, and frees its buffers.
 * The process must have ended, or end by itself because its pipe closes.
 */
static void
give_back(struct stage *stage)
{
	if (stage->pid == 0)
		return;
	close_down(stage);
	close(stage->up);
	stage->up = -1;
	while (waitpid(stage->pid, NULL, 0) == -1 && errno == EINTR)
		;
	stage->pid = 0;
	stage->busy = false;
	stage->pos = 0;
	buf_free(&stage->in);
	buf_free(&stage->out);
}

/*
 * Ends a stage that has no job.  It would leave by itself when `down` closes,
 * and does so in a build that looks for leaks; to kill it is faster.
 */
static void
dismiss(struct stage *stage)
{
	if (!LEAVE_CHECKS)
		kill(stage->pid, SIGKILL);
	give_back(stage);
}

/*
 * Ends an idle stage that has gone or may do no more jobs; returns whether it
 * did. A stage sends nothing while it is idle, so anything that can be read,
 * which is the end of the file or a stray byte, means that it is of no more
 * use.
 */
static bool
reap(struct stage *stage)
{
	char byte;

	if (stage->pid == 0 || stage->busy)
		return false;
	if (read(stage->up, &byte, 1) == -1 &&
	    (errno == EAGAIN || errno == EINTR) && stage->jobs_allowed > 0)
		return false;
	dismiss(stage);
	return true;
}

void
pool_reap(struct pool *pool)
{
	struct stage *s;

	for (s = pool->stages; s < pool->stages + pool->n; s++)
		if (s->pid != 0 && s->lent && !s->busy)
			dismiss(s);
		else
			reap(s);
}

/* Forks those that are missing to `wanted`. */
static void
fork_missing(struct pool *pool, size_t wanted, int64_t jobs, bool lent)
{
	size_t i, n = 0;

	for (i = 0; i < pool->n; i++)
		n += pool->stages[i].pid != 0;
	for (i = 0; i < pool->n && n < wanted; i++) {
		if (pool->stages[i].pid != 0)
			continue;
		if (fork_stage(pool, &pool->stages[i], jobs, lent) == -1)
			return;
		n++;
	}
}

void
pool_fill(struct pool *pool)
{
	int64_t jobs;

	if (pool->n == 0)
		return;
	jobs = pool->heritage.config->limits.stage_requests;
	pool_reap(pool);
	if (jobs != 1)
		fork_missing(pool, pool->keep, jobs == 0 ? INT64_MAX : jobs,
		    false);
}

/* How many jobs one may do that is lent. */
static int64_t
jobs_lent(const struct pool *pool)
{
	return pool->heritage.config->limits.stage_requests == 1 ? 1 :
	    INT64_MAX;
}

void
pool_lend(struct pool *pool, size_t n)
{
	if (pool->n > 0 && jobs_lent(pool) > 1)
		fork_missing(pool, n < pool->keep ? n : pool->keep,
		    jobs_lent(pool), true);
}

bool
pool_try(struct pool *pool, bool may_fork)
{
	size_t i;

	for (i = 0; i < pool->n; i++)
		if (pool->stages[i].pid != 0)
			return true;
	return pool->n == 0 ||
	    (may_fork && fork_stage(pool, &pool->stages[0],
	    jobs_lent(pool), true) == 0);
}

void
pool_free(struct pool *pool)
{
	size_t i;

	for (i = 0; i < pool->n; i++) {
		if (pool->stages[i].busy)
			stage_kill(&pool->stages[i]);
		else if (pool->stages[i].pid != 0)
			dismiss(&pool->stages[i]);
	}
	free(pool->stages);
	pool->stages = NULL;
	pool->n = 0;
}

/*
 * A stage that has no job, if possible one that was last at this service; else
 * a place without a process; NULL if all are busy.
 */
static struct stage *
find_free(struct pool *pool, const struct service *service)
{
	struct stage *s, *idle = NULL, *empty = NULL;
	size_t i;

	for (i = 0; i < pool->n; i++) {
		s = &pool->stages[i];
		if (s->pid == 0)
			empty = s;
		else if (!s->busy && (idle == NULL || s->warm == service))
			idle = s;
	}
	return idle != NULL ? idle : empty;
}

struct stage *
stage_take(struct pool *pool, const struct service *service)
{
	struct stage *s = find_free(pool, service);

	/* It may have died since it was last looked at. */
	while (s != NULL && s->pid != 0 && reap(s))
		s = find_free(pool, service);
	if (s == NULL) {
		errno = EBUSY;
		return NULL;
	}
	if (s->pid == 0 && fork_stage(pool, s, 1, false) == -1)
		return NULL;
	s->busy = true;
	s->warm = service;
	s->jobs_allowed--;
	return s;
}

int
stage_send(struct stage *stage, enum frame_type type, const char *data,
    size_t n)
{
	return type == FRAME_SYSTEM || type == FRAME_PROMPT ?
	    frame_put_text(&stage->out, type, data, n) :
	    frame_put(&stage->out, type, data, n);
}

void
stage_flush(struct stage *stage)
{
	ssize_t n;

	while (stage->out.len > 0) {
		n = write(stage->down, stage->out.data, stage->out.len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return;
		buf_drop(&stage->out, n == -1 ? stage->out.len : (size_t)n);
	}
}

ssize_t
stage_fill(struct stage *stage)
{
	return frame_fill(&stage->in, stage->up);
}

int
stage_next(struct stage *stage, struct frame *frame)
{
	int rc = frame_next(&stage->in, &stage->pos, frame);

	if (rc == 0) {
		buf_drop(&stage->in, stage->pos);
		stage->pos = 0;
	}
	return rc;
}

void
stage_release(struct stage *stage)
{
	if (stage->out.len > 0) {
		stage_kill(stage);
		return;
	}
	stage->busy = false;
	stage->pos = 0;
	buf_reset(&stage->in);
}

/* Ends all children of the worker that are no stages of its pool. */
static void
end_orphans(const struct pool *pool)
{
	pid_t mine[2 * GRAPH_STAGES_MAX];
	size_t i, n = 0;

	for (i = 0; i < pool->n && n < sizeof(mine) / sizeof(mine[0]); i++)
		if (pool->stages[i].pid != 0)
			mine[n++] = pool->stages[i].pid;
	orphans_end(&pool->orphans, mine, n);
}

/*
 * Closes the pipe to a stage that runs a program, which is its sign to end the
 * program and itself, and waits for that.  So whatever becomes of this worker
 * meanwhile, the program's processes are never without one that ends them.  A
 * stage that somebody has stopped cannot do it, and is not waited for.
 */
static void
let_end(struct stage *stage)
{
	const struct timespec look = { 0, END_LOOK_NS };
	int64_t until = io_now_ms() + END_MS;
	siginfo_t info = { 0 };

	close_down(stage);
	while (waitid(P_PID, (id_t)stage->pid, &info, WEXITED | WSTOPPED |
	    WNOHANG | WNOWAIT) == 0 && info.si_pid == 0 && io_now_ms() < until)
		nanosleep(&look, NULL);
}

void
stage_kill(struct stage *stage)
{
	bool runs = stage->pid != 0 && stage->busy &&
	    stage->warm == &service_program;

	if (runs)
		let_end(stage);
	if (stage->pid != 0)
		kill(stage->pid, SIGKILL);
	give_back(stage);
	/* It may have been killed, by others or because it did not answer. */
	if (runs)
		end_orphans(stage->pool);
}
