/*
 * part: the state of a run and of its parts, and how a part begins, speaks
 * and ends towards the visitor.
 *
 *	WAITING -> RUNNING -> DONE | CUT | FILTERED | FAILED
 *	WAITING -> SKIPPED (an input failed); any live one -> STOPPED
 *
 * One that is not to run is GIVEN, with the text or pick that the request has
 * brought along, or ABSENT; nothing is said of it.
 *
 * A part that RUNs has an attempt whose prompt is whole.  A WAITING part may
 * have one too, connecting ahead; or it waits to be tried again.
 *
 * Every change is told as `_part`, and every bad end as one `_error` right
 * behind it, with a line in the log.
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/vars.h"
#include "model/job.h"
#include "plan/ratelimit.h"
#include "text/list.h"

struct json;
struct limits;
struct plan;
struct plan_part;
struct pool;
struct reply;
struct service;
struct stage;
struct stage_spec;
struct state;

enum part_state {
	PART_WAITING, PART_RUNNING, PART_DONE, PART_CUT, PART_FILTERED,
	PART_FAILED, PART_SKIPPED, PART_STOPPED, PART_GIVEN, PART_ABSENT,
};

/* One job at one service. */
struct attempt {
	struct stage		*stage;		/* NULL: there is none */
	const struct service	*service;
	const char		*model;
	int			 number;	/* of the part, from 1 */
	unsigned		 params;	/* bits of enum param, sent */
	bool			 thinks;	/* was expected to begin so */
	bool			 connected;
	bool			 accepted;	/* the service said START */
	int64_t			 job_ms;	/* begun */
	int64_t			 asked_ms;	/* prompt sent, 0: not yet */
	int64_t			 heard_ms;	/* last token, 0: none */
	size_t			 prompt_len;	/* bytes sent */
	size_t			 heard;		/* bytes of all that came */
	bool			 ended;		/* with an outcome */
	struct tokens		 tokens;	/* as that has them */
};

/* Two where a stage is raced, else the first alone. */
#define PART_ATTEMPTS	2

struct part {
	const struct plan_part	*plan;
	enum part_state		 state;
	struct attempt		 attempts[PART_ATTEMPTS];
	struct attempt		*speaker;	/* whose text is shown */
	struct attempt		 told;		/* as the visitor knows it */
	int			 begun;		/* attempts so far */
	int			 unsent;	/* of them, without a prompt */
	int			 answers;	/* paid for, and of no use */
	size_t			 turn;		/* whose, in plan->order */
	size_t			 model;		/* in that service's models */
	int			 repeats;	/* failures there in a row */
	unsigned		 given_up;	/* bits: places in the order */
	unsigned		 refused_params;	/* by its service */
	int64_t			 not_before_ms;	/* the next attempt */
	bool			 visible;	/* text has been shown */
	int64_t			 first_ms;	/* first visible text */
	struct buf		 text;		/* where others need it */
	size_t			 text_len;
	struct tokens		 spent;		/* by attempts before these */
	int			 status;	/* of the last refusal */
	struct list		 list;		/* of a list stage */
	struct json		*items;		/* its elements so far */
	bool			 picked, listed; /* final; array has ended */
	size_t			 pick;
};

struct run {
	const struct plan	*plan;
	struct pool		*pool;
	struct reply		*reply;
	struct state		*state;		/* what all workers know */
	struct ratelimit	 ratelimit;	/* what services said since */
	struct part		*parts;
	size_t			 n;
	struct vars		 vars;		/* inputs, picks, texts */
	int64_t			 start_ms;	/* the request's arrival */
	int64_t			 first_ms;	/* any visible text, 0: none */
	int64_t			 paused_ms;	/* not reading since, 0: is */
	int64_t			 starved_ms;	/* no process since; or 0 */
};

/*
 * A part of zeros begins: waiting, or given or absent where the plan has it
 * not run.  part_free ends its attempts.
 */
void	part_init(struct part *part, const struct plan_part *plan, bool given,
	    size_t text_max);
void	part_free(struct part *part);

const struct stage_spec *part_spec(const struct part *part);
const struct limits *run_limits(const struct run *run);

/* Tokens that an attempt at a service may cost, its prompt not counted. */
int64_t	part_tokens(const struct part *part, const struct service *service);

/* Not ended yet; ended with text that others may use. */
bool	part_is_live(const struct part *part);
bool	part_is_good(const struct part *part);

/* Says `_part` with this state; why may be NULL. */
void	part_tell(struct run *run, struct part *part, const char *state,
	    const char *why);

/* Passes text on, with `first` before the first that can be seen. */
void	part_show(struct run *run, struct part *part, const char *text,
	    size_t n);

/* All text so far is void: says `reset` and forgets it. */
void	part_reset(struct run *run, struct part *part, const char *why);

/*
 * What an attempt has cost: what its outcome says, or an estimate where the
 * service had begun to answer; else nothing.  And what all of a part's have,
 * those that failed or were stopped among them.
 */
struct tokens attempt_tokens(const struct attempt *attempt);
struct tokens part_spent(const struct part *part);

/* Makes room for another attempt in the place of one that has ended. */
void	part_renew(struct part *part, struct attempt *attempt);

/* Ends an attempt's process, if it has one; all of a part's. */
void	attempt_drop(struct attempt *attempt);
void	part_drop(struct part *part);

/* Whether an attempt is under way. */
bool	part_is_tried(const struct part *part);

/* Whether it will take over another's process, which is not free yet. */
bool	part_inherits(const struct run *run, const struct part *part);

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
