/*
 * stage: the processes that ask services, as their worker sees them.
 *
 * Each stage is a forked process with two pipes: jobs go down, frames come up
 * (text/frame.h).  It does one job at a time and may be kept for the next
 * request of its worker, while its connection to the service stays open.
 *
 * The life of a pool, and of a job:
 *
 *	pool_init(&pool, n, keep, &heritage);
 *	pool_fill(&pool);			// between requests: forks
 *
 *	s = stage_take(&pool, service);
 *	stage_send(s, FRAME_JOB, text, n);	// then SYSTEM, PROMPT, GO
 *	stage_flush(s);				// while s->down is writable
 *	stage_fill(s);				// when s->up is readable
 *	while (stage_next(s, &frame) == 1) ...
 *	stage_release(s);			// after DONE or FAIL
 *	stage_kill(s);				// at any other moment
 *
 *	pool_free(&pool);
 *
 * A process ends
 *	by stage_kill		its attempt met a clock, lost a race, or its run
 *				was abandoned (attempt_drop)
 *	by itself		it has done as many jobs as it may, or finds
 *				that its worker has closed the pipes
 *	by the kernel		its worker has died (Linux)
 *
 * A job may be to run a program (program.h), which may start others.  All of
 * them end with the job.  The stage ends them, when its program exits or its
 * worker closes the pipe, be it in stage_kill or by dying.  If the stage itself
 * was killed, they are given to the worker, which then ends them
 * (base/orphans.h).
 *
 * What a fork copies stays in the child for as long as the child lives.  So
 * stages that will be kept are forked by pool_fill, before a request is read.
 * Those that are forked later serve that request only: pool_reap ends those of
 * pool_lend and pool_try, and one that stage_take has to fork does one job and
 * leaves.
 *
 * A pool owns its stages.  The worker's ends of the pipes do not block: what a
 * stage does not take yet waits in its `out`.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/orphans.h"
#include "stage/stage_main.h"
#include "text/frame.h"

struct service;

struct pool;

struct stage {
	struct pool		*pool;	/* it belongs to this one */
	pid_t			 pid;	/* 0: there is no process */
	int			 up;	/* its frames come here; -1: closed */
	int			 down;	/* our jobs go here; -1: closed */
	struct buf		 in;	/* read, not yet taken */
	size_t			 pos;	/* of the next frame in `in` */
	struct buf		 out;	/* sent, not yet written */
	const struct service	*warm;	/* its last; it may be connected */
	int64_t			 jobs_allowed;	/* that it may yet be given */
	bool			 busy;	/* it has a job */
	bool			 lent;	/* to the present request only */
};

struct pool {
	struct stage_heritage	 heritage;
	struct orphans		 orphans;	/* of programs */
	struct stage		*stages;
	size_t			 n;		/* processes at most */
	size_t			 keep;		/* between requests */
};

#define POOL_INIT { .stages = NULL, .n = 0 }

/*
 * Makes room for n stages, of which `keep` will be kept; none is forked yet.
 * 0, or -1 without memory.
 */
int	pool_init(struct pool *pool, size_t n, size_t keep,
	    const struct stage_heritage *heritage);

/*
 * Waits for stages that have ended and, unless limits.stage_requests is 1,
 * forks as many as are missing to those that are kept.  To be called while the
 * worker holds no visitor's text.  If a fork fails it gives up: stage_take
 * will try again.
 */
void	pool_fill(struct pool *pool);

/*
 * Forks as many as are missing to n, or to those that are kept if these are
 * fewer, for the present request, which has been read: the next pool_reap ends
 * them.  Forks none if limits.stage_requests is 1.  To fork them one after
 * the other is cheaper than when each has its job, because after each fork the
 * worker pays for every page that it writes to.
 */
void	pool_lend(struct pool *pool, size_t n);

/*
 * Returns whether the next stage_take will get a process: whether an idle stage
 * is kept, or, if `may_fork`, one could be forked now.  A stage that is forked
 * here serves the present request.  True also for a pool that may have no
 * stages, because its plan asks for none.
 */
bool	pool_try(struct pool *pool, bool may_fork);

/*
 * Waits for stages that have ended, so that no zombie stays, and ends those
 * that were lent.  To be called after each request.
 */
void	pool_reap(struct pool *pool);

/* Ends all stages, waits for them, and frees what they held. */
void	pool_free(struct pool *pool);

/*
 * Returns a stage that has no job: one that was last at this service, else any
 * other, else a new process.  It is busy from now on.  NULL and errno if there
 * is none; EBUSY means that all stages of the pool have jobs.
 */
struct stage *stage_take(struct pool *pool, const struct service *service);

/*
 * Queues a frame for the stage; a SYSTEM or PROMPT may be of any length and
 * becomes several. 0, or -1 without memory.
 */
int	stage_send(struct stage *stage, enum frame_type type,
	    const char *data, size_t n);

/*
 * Writes as much of the queue as the pipe takes.  If the process has gone, the
 * queue is dropped; what the process had sent before can still be read.
 */
void	stage_flush(struct stage *stage);

/* Reads once.  >0, 0 if the process has gone, or -1 and errno. */
ssize_t	stage_fill(struct stage *stage);

/* Takes the next frame: 1, 0 if there is none yet, or -1 (frame_next). */
int	stage_next(struct stage *stage, struct frame *frame);

/*
 * Says that its job is over.  The stage can be taken again, or leaves by
 * itself if it has done all the jobs that it may do.  A stage that failed
 * before all of its prompt was in the pipe is killed instead, since half a
 * frame would be before the next job.  Call this only after DONE or FAIL.
 */
void	stage_release(struct stage *stage);

/*
 * Kills the process at once, which closes its connections, and waits for it.
 * One that runs a program ends that first, within some ms.
 */
void	stage_kill(struct stage *stage);

#endif
