/*
 * part: one part of a run: its state, its text, and the events that tell them.
 *
 *	WAITING -> RUNNING -> DONE | CUT | FILTERED | FAILED
 *	WAITING -> SKIPPED (a part that it needs has failed)
 *	WAITING, RUNNING -> STOPPED (run_ms is over)
 *	RUNNING -> WAITING (it is tried again)
 *
 * A part that is not to run is GIVEN, if the request has brought along its text
 * or pick, or else ABSENT.  No EVENT_PART is of such a part.
 *
 * While a part is RUNNING, one of its attempts has the prompt.  A part that is
 * WAITING may have attempts as well, which connect ahead of the prompt; or it
 * waits until its next attempt may begin.
 *
 * The life of a part in events:
 *
 *	part_tell(part, TOLD_START, NULL);	an attempt has its prompt
 *	part_write(part, text, n);		as often as text comes
 *	part_reset(part, why);			all of that was in vain
 *	part_end(part, PART_DONE);		or part_fail(part, code, ...)
 *
 * A bad end tells an EVENT_ERROR after its EVENT_PART, and every end writes a
 * line to the log.
 *
 * Who writes what: `state` is written here, by conduct and by decide, `retry`
 * by retry.c alone, and `picking` by picking.c and pick.c.
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
#include "run/seat.h"
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
	struct run		*run;		/* it belongs to this one */
	const struct plan_part	*plan;
	enum part_state		 state;
	struct attempt		 attempts[PART_ATTEMPTS];
	struct seat		 seats[PART_ATTEMPTS];	/* of these */
	bool			 waits;		/* for a place at a server */
	int			 ahead;		/* before it, as was told */
	struct attempt		*speaker;	/* whose text is shown */
	struct attempt		 told;		/* copy of the last one told */
	int			 begun;		/* attempts so far */
	bool			 was_late;	/* its first one (late.h) */
	struct retry		 retry;
	struct tokens		 spent;		/* by attempts before these */
	int			 status;	/* HTTP, last failure */
	struct buf		 refusal;	/* of a call: what it said */
	int			 refused_by;	/* which attempt; 0: none */
	struct newlines		 newlines;	/* of the text that comes */
	bool			 visible;	/* text has been told */
	int64_t			 first_ms;	/* first visible text */
	struct buf		 text;		/* kept if others need it */
	size_t			 text_len;	/* bytes that came */
	struct picking		 picking;	/* of a list stage */
};

/*
 * part_init makes a part from zeros.  It waits, unless the plan says that it
 * does not run: then it is given or absent.  part_free ends its attempts, too.
 */
void	part_init(struct part *part, struct run *run,
	    const struct plan_part *plan, bool given);
void	part_free(struct part *part);

const struct stage_spec *part_spec(const struct part *part);
const char *part_name(const struct part *part);

/* Tokens that an answer of this service may have, with thoughts. */
int64_t	part_tokens(const struct part *part, const struct service *service);

/* What all its attempts have cost, with those that failed or were stopped. */
struct tokens part_spent(const struct part *part);

/* Whether it has not ended yet; whether its text may be used by other parts. */
bool	part_is_live(const struct part *part);
bool	part_is_good(const struct part *part);

/* --- attempts --- */

/* Whether an attempt of it is under way. */
bool	part_is_tried(const struct part *part);

/*
 * Whether it will take over the process of a part that has not ended yet, and
 * with it the connection (plan.h), so that it need not connect ahead.
 */
bool	part_inherits(const struct part *part);

/* Makes room for a new attempt; adds what the old one has cost to `spent`. */
void	part_renew(struct part *part, struct attempt *attempt);

/* The number of the attempt that begins now, from 1. */
int	part_count_attempt(struct part *part);

/* Takes the last number back: nobody was told of it, so it is used again. */
void	part_uncount_attempt(struct part *part);

/* Ends its attempts, which have no prompt yet, and takes their numbers back. */
void	part_withdraw(struct part *part);

/* --- what it tells --- */

/*
 * To be called while the part waits for a place at a server.  `ahead` is how
 * many requests are before it; -1: not known.  Tells TOLD_WAITING at the first
 * call and whenever the number has changed.
 */
void	part_wait(struct part *part, int ahead);

/* Tells an EVENT_PART.  `why` is for people, and may be NULL. */
void	part_tell(struct part *part, enum told told, const char *why);

/*
 * Tells text of the part, with newlines made LF.  TOLD_FIRST comes before the
 * first text of which anything can be seen.  The text is kept if other parts
 * need it, and that of a list part is read (picking.h).  Without memory the
 * part fails when part_end is called.
 */
void	part_write(struct part *part, const char *text, size_t n);

/* Tells TOLD_RESET: all text so far is void, and forgotten. */
void	part_reset(struct part *part, const char *why);

/*
 * The good ends: state is PART_DONE or PART_CUT.  If the text could not be kept
 * as a whole, the part fails with the code no_memory instead.
 */
void	part_end(struct part *part, enum part_state state);

/*
 * The bad ends, which end its attempts, too.  Hosts and addresses are taken out
 * of the words, except in the log.  Whether it is worth the visitor's while to
 * ask again is `retryable`; without that argument the code's rule decides
 * (code.h).  part_fail formats the message of a PART_FAILED; part_give_up has a
 * message that may be a service's, a `retryable` that it knows better, and the
 * milliseconds after which it can be asked again, 0 if that is not known.
 */
void	part_end_badly(struct part *part, enum part_state state,
	    const char *why, enum code code, const char *message);
void	part_fail(struct part *part, enum code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	part_give_up(struct part *part, enum part_state state,
	    enum code code, const char *message, bool retryable,
	    int64_t wait_ms);

/* {in, out, estimated}; what is not known is 0. */
struct json *tokens_json(const struct tokens *tokens);

#endif
