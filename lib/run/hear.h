/*
 * hear: reads what a stage says, and what that means for its part.
 *
 * A stage speaks in frames (text/frame.h).  Text is told to the subscribers of
 * the run at once.  The outcome ends the attempt; if it has failed, decide is
 * asked what becomes of it.
 *
 *	hear_watch(&part->attempts[0], &watch, true);
 *	...	the loop waits, and calls what is ready
 */
#ifndef HEAR_H
#define HEAR_H

#include <stdbool.h>

struct attempt;
struct frame;
struct watch;

/*
 * Adds the pipes of an attempt that has a stage: what it says, if `reads`, and
 * room for what has not gone down to it yet.
 */
void	hear_watch(struct attempt *attempt, struct watch *watch, bool reads);

/* Does what follows from one frame of the attempt's stage. */
void	hear_frame(struct attempt *attempt, const struct frame *frame);

/*
 * Ends an attempt whose process has gone without an outcome, or which has said
 * what no stage says.
 */
void	hear_lost(struct attempt *attempt);

#endif
