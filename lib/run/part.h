/*
 * part: one part of a run, and how it speaks and ends.
 *
 *	WAITING -> RUNNING -> DONE | CUT | FILTERED | FAILED
 *	WAITING -> SKIPPED (a part that it needs has failed)
 *	WAITING, RUNNING -> STOPPED (run_ms is over)
 *	RUNNING -> WAITING (it is tried again)
 *
 * A part that is not to run is GIVEN, with the text or pick that the request
 * has brought along, or ABSENT; no event names it.
 *
 * While a part is RUNNING one of its attempts has its prompt.  A part that is
 * WAITING may have attempts, too, which connect ahead of their prompt; or it
 * waits for its next attempt.
 *
 * Every change is told as an EVENT_PART, and every bad end by one EVENT_ERROR
 * right after it, with a line in the log.
 *
 * The state of a part is written here and in conduct and decide; whose turn it
 * is by retry alone, the list by picking alone.
 */
#ifndef PART_H
#define PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "run/attempt.h"
#include "run/picking.h"
#include "run/retry.h"
#include "text/newlines.h"
#include "wire/event.h"

struct plan_part;
struct run;
struct stage_spec;

enum part_state {
	PART_WAITING, PART_RUNNING, PART_DONE, PART_CUT, PART_FILTERED,
	PART_FAILED, PART_SKIPPED, PART_STOPPED, PART_GIVEN, PART_ABSENT,
};

/* Two if the stage is raced; otherwise only the first is used. */
#define PART_ATTEMPTS	2

struct part {
	struct run		*run;		/* that it belongs to */
	const struct plan_part	*plan;
	enum part_state		 state;
	struct attempt		 attempts[PART_ATTEMPTS];
	struct attempt		*speaker;	/* whose text is shown */
	struct attempt		 told;		/* copied, as it was told */
	int			 begun;		/* attempts so far */
	struct retry		 retry;
	struct tokens		 spent;		/* by attempts before these */
	int			 status;	/* HTTP, last failure */
	struct newlines		 newlines;	/* of the text that comes */
	bool			 visible;	/* text has been told */
	int64_t			 first_ms;	/* first visible text */
	struct buf		 text;		/* if other parts need it */
	size_t			 text_len;	/* bytes that came */
	struct picking		 picking;	/* of a list stage */
};

/*
 * A part of zeros begins: waiting, or given or absent if the plan does not
 * have it run.  part_free ends its attempts.
 */
void	part_init(struct part *part, struct run *run,
	    const struct plan_part *plan, bool given);
void	part_free(struct part *part);

const struct stage_spec *part_spec(const struct part *part);
const char *part_name(const struct part *part);

/* Tokens that an attempt at a service may cost, its prompt not counted. */
int64_t	part_tokens(const struct part *part, const struct service *service);

/* What all its attempts have cost, those that failed or were stopped too. */
struct tokens part_spent(const struct part *part);

/* Not ended yet; ended with text that other parts may use. */
bool	part_is_live(const struct part *part);
bool	part_is_good(const struct part *part);

/* --- attempts --- */

/* Whether an attempt is under way. */
bool	part_is_tried(const struct part *part);

/*
 * Whether it will take over the process of a part that is still running, and
 * with it the connection (plan.h).
 */
bool	part_inherits(const struct part *part);

/* Makes room for an attempt in the place of one that has ended. */
void	part_renew(struct part *part, struct attempt *attempt);

/* The number of the attempt that begins now, from 1. */
int	part_count_attempt(struct part *part);

/* An attempt of which nobody was told: its number is used again. */
void	part_uncount_attempt(struct part *part);

/* Ends its attempts, which have no prompt yet, and uncounts them. */
void	part_withdraw(struct part *part);

/* --- what it tells --- */

/* An EVENT_PART; why may be NULL. */
void	part_tell(struct part *part, enum told told, const char *why);

/*
 * Text of its own.  Newlines become LF; TOLD_FIRST precedes the first text in
 * which anything is to be seen; the text is kept if other parts need it, and a
 * list is read.
 */
void	part_write(struct part *part, const char *text, size_t n);

/* All text so far is void: says TOLD_RESET and forgets it. */
void	part_reset(struct part *part, const char *why);

/* The good ends: state is PART_DONE or PART_CUT. */
void	part_end(struct part *part, enum part_state state);

/*
 * The bad ends.  Hosts and addresses are taken out of the words before anybody
 * but the log sees them.  Whether it is worth the visitor's asking again is
 * what the code's rule says; part_give_up is for an attempt whose service has
 * said more than the code.
 */
void	part_end_badly(struct part *part, enum part_state state,
	    const char *why, enum code code, const char *message);
void	part_fail(struct part *part, enum code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	part_give_up(struct part *part, enum part_state state,
	    enum code code, const char *message, bool retryable);

/* {in, out, estimated}; what is not known is 0. */
struct json *tokens_json(const struct tokens *tokens);

#endif
