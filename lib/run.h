/*
 * run: the state of one run, and every decision about it.
 *
 * What starts when, what a frame means, which clock fires, what becomes of a
 * part whose attempt failed.  No waiting and no descriptors of its own: merge
 * tells it what happened, it tells the reply and the stages.
 *
 *	WAITING -> RUNNING -> DONE | CUT | FILTERED | FAILED
 *	WAITING -> SKIPPED (an input failed); any live one -> STOPPED
 *
 * A part that RUNs has a stage from its job on; `asked` says that its prompt
 * is whole.  A WAITING part may have one too, connecting ahead.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "job.h"
#include "list.h"
#include "vars.h"

struct json;
struct plan;
struct plan_part;
struct pool;
struct reply;
struct stage;

enum part_state {
	PART_WAITING, PART_RUNNING, PART_DONE, PART_CUT, PART_FILTERED,
	PART_FAILED, PART_SKIPPED, PART_STOPPED,
};

struct part {
	const struct plan_part	*plan;
	enum part_state		 state;
	const struct service	*service;	/* of this attempt */
	const char		*model;
	struct stage		*stage;		/* NULL: none */
	int			 attempt;	/* from 1 */
	bool			 connected;
	bool			 visible;	/* text has been shown */
	int64_t			 job_ms;	/* attempt begun */
	int64_t			 asked_ms;	/* prompt sent, 0: not yet */
	int64_t			 heard_ms;	/* last token, 0: none */
	int64_t			 first_ms;	/* first visible text */
	struct buf		 text;		/* where others need it */
	size_t			 text_len;
	struct tokens		 tokens;
	struct list		 list;		/* of a list stage */
	struct json		*items;		/* its elements so far */
	bool			 picked, listed; /* final; array has ended */
	size_t			 pick;
};

struct run {
	const struct plan	*plan;
	struct pool		*pool;
	struct reply		*reply;
	struct part		*parts;
	size_t			 n;
	struct vars		 vars;		/* inputs, picks, texts */
	int64_t			 start_ms;	/* the request's arrival */
	int64_t			 first_ms;	/* any visible text, 0: none */
	int64_t			 paused_ms;	/* not reading since, 0: is */
};

/* Says `_run` and begins what can begin.  0, or -1 without memory. */
int	run_begin(struct run *run, const struct plan *plan, struct pool *pool,
	    struct reply *reply, int64_t start_ms);

/* Kills what still runs; idempotent. */
void	run_free(struct run *run);

/* Starts and skips whatever can be by now. */
void	run_advance(struct run *run);

/* A frame of a part's stage; a stage that has gone without an outcome. */
void	run_frame(struct run *run, struct part *part,
	    const struct frame *frame);
void	run_lost(struct run *run, struct part *part);

/* Lets clocks fire.  Returns ms until the next may, -1 where none runs. */
int64_t	run_tick(struct run *run, int64_t now);

/* While the worker does not read its stages their clocks stand. */
void	run_pause(struct run *run, bool paused, int64_t now);

/* Whether every part has ended. */
bool	run_over(const struct run *run);

/* The last event, `_done`. */
void	run_end(struct run *run);

#endif
