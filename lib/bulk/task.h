/*
 * task: one line under way: its plan, its run, and what has come of it.
 *
 *	struct task task;
 *
 *	task_init(&task, &shared);		once
 *	if (task_begin(&task, &raw, &fault, &err) != 0)
 *		...				the line is not taken
 *	while (!task_is_over(&task))
 *		task_tick(&task, now);		and poll(2) for task.watch
 *	verdict = task_end(&task, &out);
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
struct raw_line;
struct score;

/* What all tasks of a command share. */
struct task_shared {
	struct house		*house;
	const struct aims	*aims;
	struct score		*score;
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
	TASK_LEFT,		/* it was not asked: a limit of "guard" */
};

void	task_init(struct task *task, struct task_shared *shared);
void	task_free(struct task *task);

/*
 * Checks a line and what it asks for, without beginning it.  Returns 0 with
 * *aim if it is a call, or -1 with *fault.  Free the line in both cases.
 */
int	task_check(const struct task_shared *shared, const struct raw_line *raw,
	    struct line *line, struct aim *aim, struct request *request,
	    struct line_fault *fault);

/*
 * Begins a line.  Returns 0; 1 with err if a limit of "guard" leaves no room
 * for it now; or -1 with *fault.  Unless it is 0, the task is free again.
 */
int	task_begin(struct task *task, const struct raw_line *raw,
	    struct line_fault *fault, struct err *err);

/* Lets clocks fire, sets next_ms, and collects in `watch` what to wait for. */
void	task_tick(struct task *task, int64_t now);

bool	task_is_over(const struct task *task);

/*
 * Ends a line, whether it is over or not, and appends to out what is to be
 * written (without 0x0A; nothing if it is TASK_LEFT).
 */
enum task_verdict task_end(struct task *task, struct buf *out);

#endif
