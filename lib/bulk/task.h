/*
 * task: one line under way: its plan, its run, and what has come of it.
 *
 *	struct task task;
 *
 *	task_init(&task, &shared);		once
 *	if (line_read(&task.line, &raw, &house->graph, &fault) == 0 &&
 *	    task_begin(&task, &fault, &err) == 0)
 *		...				it is under way
 *	while (!task_is_over(&task))
 *		task_tick(&task, now);		and poll(2) for task.watch
 *	verdict = task_result(&task, &out);
 *	task_clear(&task);
 *	task_free(&task);			once
 *
 * A task is used for one line after another.  Its memory must not move while
 * it has one.
 */
#ifndef TASK_H
#define TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/watch.h"
#include "bulk/aim.h"
#include "bulk/line.h"
#include "plan/plan.h"
#include "plan/ratelimit.h"
#include "plan/request.h"
#include "run/purse.h"
#include "run/run.h"
#include "setup/graph.h"
#include "wire/outbox.h"

struct err;
struct form;
struct house;
struct score;

/* What all tasks of a command share. */
struct task_shared {
	struct house		*house;
	const struct aims	*aims;
	struct score		*score;
	const struct err	*no_graph;	/* status 0: there is one */
	struct ratelimit	 ratelimit;	/* what services have said */
	bool			 is_paid;	/* limits of "guard" hold */
};

struct task {
	struct task_shared	*shared;
	bool			 busy;		/* it has a line */
	struct line		 line;
	struct request		 request;
	struct stage_spec	 spec;		/* of a call */
	struct plan		 plan;
	struct purse		 purse;
	struct run		 run;
	struct subscriber	 writer;	/* of the answer */
	struct subscriber	 judge;
	struct outbox		 outbox;	/* of a run's document */
	struct form		*form;
	struct buf		 text;		/* of a call's answer */
	size_t			 good, bad;	/* parts that have ended so */
	char			 code[40];	/* of the first error, */
	char			 message[400];	/* and its words */
	struct watch		 watch;
	int64_t			 next_ms;	/* its nearest clock */
};

/* How a line has ended. */
enum task_verdict {
	TASK_DONE,		/* a result */
	TASK_PARTLY,		/* a result, of which some parts failed */
	TASK_FAILED,		/* for the errors file */
	TASK_LEFT,		/* it was not asked: a limit of "guard", or no
				   process; task->message says which */
};

void	task_init(struct task *task, struct task_shared *shared);
void	task_free(struct task *task);

/*
 * Checks what a line asks for, and fills *request, which must be freed, and if
 * it is a call *aim.  Returns 0, or -1 with *fault.
 */
int	task_check(const struct task_shared *shared, const struct line *line,
	    struct aim *aim, struct request *request,
	    struct line_fault *fault);

/*
 * Begins task->line, which was read.  Returns 0; 1 with err if a limit of
 * "guard" leaves no room for it now; or -1 with *fault.  Unless it is 0, the
 * task is free again.
 */
int	task_begin(struct task *task, struct line_fault *fault,
	    struct err *err);


/* Lets clocks fire, sets next_ms, and collects in `watch` what to wait for. */
void	task_tick(struct task *task, int64_t now);

bool	task_is_over(const struct task *task);

/*
 * Appends to out what is to be written of a line (without 0x0A; nothing if it
 * is TASK_LEFT, as of one that is not over).
 */
enum task_verdict task_result(struct task *task, struct buf *out);

/* Ends all that is under way, and frees the line, begun or not. */
void	task_clear(struct task *task);

#endif
