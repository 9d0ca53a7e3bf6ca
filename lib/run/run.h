/*
 * run: what one run does next.
 *
 * What starts when and what a frame means; what becomes of a part whose
 * attempt failed is decide's.  No waiting and no descriptors of its own: merge
 * tells it what happened, it tells the reply and the stages.
 */
#ifndef RUN_H
#define RUN_H

#include "run/part.h"

struct frame;
struct state;

/* Says `_run` and begins what can begin.  0, or -1 without memory. */
int	run_begin(struct run *run, const struct plan *plan, struct pool *pool,
	    struct reply *reply, struct state *state, int64_t start_ms);

/* Kills what still runs; idempotent. */
void	run_free(struct run *run);

/* Starts and skips whatever can be by now. */
void	run_advance(struct run *run);

/* A frame of a part's stage; a stage that has gone without an outcome. */
void	run_frame(struct run *run, struct part *part,
	    struct attempt *attempt, const struct frame *frame);
void	run_lost(struct run *run, struct part *part,
	    struct attempt *attempt);

/* Whether every part has ended. */
bool	run_over(const struct run *run);

/* The visitor has left: nothing to say but to the log. */
void	run_abandon(struct run *run);

/* The last event, `_done`. */
void	run_end(struct run *run);

#endif
