/*
 * stage: the processes that ask a service, seen from their worker.
 *
 * One forked process and two pipes each: jobs go down, frames come up
 * (frame.h).  A stage does one job at a time and may be kept for the worker's
 * next request, with its connection to the service still open.
 *
 * What a fork copies stays in the child for as long as it lives.  So stages
 * that are to be kept are forked by pool_fill, before a request is read; one
 * that has to be forked later serves that run only.
 *
 * A pool owns its stages.  Pipes are non-blocking on the worker's side; what
 * a stage does not take yet waits in its `out`.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "stage/stage_main.h"
#include "text/frame.h"

struct service;

struct stage {
	pid_t			 pid;	/* 0: there is no process */
	int			 up;	/* its frames, -1 when closed */
	int			 down;	/* our jobs */
	struct buf		 in;
	size_t			 pos;	/* of the next frame in `in` */
	struct buf		 out;
	const struct service	*warm;	/* of its last job */
	int64_t			 jobs_allowed;	/* that it may yet be given */
	bool			 busy;	/* it has one */
};

struct pool {
	struct stage_heritage	 heritage;
	struct stage		*stages;
	size_t			 n;
	size_t			 keep;		/* of them, between runs */
};

#define POOL_INIT { .stages = NULL, .n = 0 }

/*
 * n stages, of which `keep` will be kept, none forked yet.  0, or -1 without
 * memory.
 */
int	pool_init(struct pool *pool, size_t n, size_t keep,
	    const struct stage_heritage *heritage);

/*
 * Reaps what has died and, unless limits.stage_requests is 1, forks what is
 * missing of those to be kept.  To be called while the worker holds no
 * visitor's text.  Where a fork fails it stops: stage_take will try again.
 */
void	pool_fill(struct pool *pool);

/* Waits for stages that have left or died, so that no zombie stays. */
void	pool_reap(struct pool *pool);

/* Ends every stage and waits for it. */
void	pool_free(struct pool *pool);

/*
 * A stage that has no job: one that last spoke with this service, else any,
 * else a new process.  It is busy from now on.  NULL and errno where none can
 * be had; EBUSY says that all of the pool have jobs.
 */
struct stage *stage_take(struct pool *pool, const struct service *service);

/* Queues frames for it: text of any length as PROMPT, else one frame. */
int	stage_send(struct stage *stage, enum frame_type type,
	    const char *data, size_t n);

/*
 * Writes what the pipe takes.  If nobody reads it any more, the rest is
 * dropped: the process has gone, and its last words, or none, are still to be
 * read.
 */
void	stage_flush(struct stage *stage);

/* One read(2).  >0, 0 when the process has gone, -1 and errno. */
ssize_t	stage_fill(struct stage *stage);

/* The next frame, as frame_next. */
int	stage_next(struct stage *stage, struct frame *frame);

/*
 * Its job is over: it can be taken again, or leaves by itself if it has done
 * all it may.  One that failed before its prompt had been written into the
 * pipe is ended instead: the next job would follow half a frame.  Call only
 * after DONE or FAIL.
 */
void	stage_release(struct stage *stage);

/* Ends it at once; the kernel closes its connections.  Waits for it. */
void	stage_kill(struct stage *stage);

#endif
