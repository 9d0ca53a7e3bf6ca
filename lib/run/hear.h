/*
 * hear: what a stage says, and what it means for its part.
 *
 * A stage speaks in frames (frame.h).  Text is told at once; the outcome ends
 * the attempt, and decide says what becomes of one that failed.
 *
 *	hear_watch(&part->attempts[0], &watch, true);
 *	...	the loop waits, and calls what was added
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

/* One frame of its stage. */
void	hear_frame(struct attempt *attempt, const struct frame *frame);

/* Its stage has gone without an outcome, or says what no stage says. */
void	hear_lost(struct attempt *attempt);

#endif
