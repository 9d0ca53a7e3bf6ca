/*
 * part: the state of a run and of its parts, and how a part begins, speaks
 * and ends towards the visitor.
 *
 *	WAITING -> RUNNING -> DONE | CUT | FILTERED | FAILED
 *	WAITING -> SKIPPED (an input failed); any live one -> STOPPED
 *
 * A part that RUNs has a stage from its job on, and `asked_ms` from when its
 * prompt is whole.  A WAITING part may have a stage too, connecting ahead.
 *
 * Every change is told as `_part`, and every bad end as one `_error` right
 * behind it, with a line in the log.
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "job.h"
#include "list.h"
#include "vars.h"

struct json;
struct limits;
struct plan;
struct plan_part;
struct pool;
struct reply;
struct stage;
struct stage_spec;

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

const struct stage_spec *part_spec(const struct part *part);
const struct limits *run_limits(const struct run *run);

/* Not ended yet; ended with text that others may use. */
bool	part_is_live(const struct part *part);
bool	part_is_good(const struct part *part);

/* Says `_part` with this state; why may be NULL. */
void	part_tell(struct run *run, struct part *part, const char *state,
	    const char *why);

/* Passes text on, with `first` before the first that can be seen. */
void	part_show(struct run *run, struct part *part, const char *text,
	    size_t n);

/* Ends its stage's process, if it has one. */
void	part_drop_stage(struct part *part);

/* The ends.  state is PART_DONE or PART_CUT; for the bad ones, any other. */
void	part_end(struct run *run, struct part *part, enum part_state state);
void	part_end_badly(struct run *run, struct part *part,
	    enum part_state state, const char *why, const char *code,
	    const char *message, bool retryable);
void	part_fail(struct run *run, struct part *part, const char *code,
	    bool retryable, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));

struct json *tokens_json(const struct tokens *tokens);

#endif
