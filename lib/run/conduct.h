/*
 * conduct: a run from its first event to its last.
 *
 * What starts when.  What a stage says is hear's, what becomes of an attempt
 * that failed is decide's.  It waits for nothing and has no descriptors of its
 * own: merge asks it what to wait for.
 *
 *	conduct_begin(&run, &plan, &pool, &state, arrived_ms);
 *	while (!conduct_is_over(&run)) {
 *		ms = conduct_tick(&run, now);
 *		conduct_watch(&run, &watch, reads);
 *		...	waits so long, and calls what was added
 *	}
 *	conduct_free(&run);
 */
#ifndef CONDUCT_H
#define CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct pool;
struct run;
struct state;
struct watch;

/* Says EVENT_RUN.  0, or -1 without memory. */
int	conduct_begin(struct run *run, const struct plan *plan,
	    struct pool *pool, struct state *state, int64_t start_ms);

/* Ends what still runs and frees the parts; may be called twice. */
void	conduct_free(struct run *run);

/*
 * Starts and skips what can be by now and lets clocks fire.  When all parts
 * have ended it says EVENT_DONE.  A run that is over starts nothing more.
 * Returns the milliseconds to the next clock.
 */
int64_t	conduct_tick(struct run *run, int64_t now);

/* Starts and skips whatever can be by now, and that alone. */
void	conduct_advance(struct run *run);

/*
 * Adds what the stages say, if the worker `reads`, and room in their pipes.
 * While it does not read, because a visitor does not, clocks stand still.
 */
void	conduct_watch(struct run *run, struct watch *watch, bool reads,
	    int64_t now);

/* Whether nothing more will be said. */
bool	conduct_is_over(const struct run *run);

#endif
