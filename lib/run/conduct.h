/*
 * conduct: leads a run from its first event to its last.
 *
 * It decides which part starts when, and which is skipped.  What a stage says
 * is read by hear, and what becomes of an attempt that has failed is decided by
 * decide.  conduct does not wait: merge does, and asks it what to wait for.
 *
 *	conduct_begin(&run, &plan, &pool, &state, &places, arrived_ms);
 *	while (!conduct_is_over(&run)) {
 *		ms = conduct_tick(&run, now);
 *		conduct_watch(&run, &watch, reads, now);
 *		...	waits for at most ms, and calls what is ready
 *	}
 *	conduct_free(&run);
 */
#ifndef CONDUCT_H
#define CONDUCT_H

#include <stdbool.h>
#include <stdint.h>

struct places;
struct plan;
struct pool;
struct run;
struct state;
struct watch;

/*
 * Begins a run whose subscribers are there, and tells EVENT_RUN.  start_ms is
 * when the request arrived, on io_now_ms's clock.  Returns 0, or -1 without
 * memory.  In both cases the run must be freed afterwards.
 */
int	conduct_begin(struct run *run, const struct plan *plan,
	    struct pool *pool, struct state *state, struct places *places,
	    int64_t start_ms);

/* Ends all stages that still run and frees the parts; may be called twice. */
void	conduct_free(struct run *run);

/*
 * Starts and skips the parts that can be by now, and lets clocks fire.  If all
 * parts have ended, it tells EVENT_DONE.  If the run is over, it does nothing.
 * Returns the milliseconds to the next clock.
 */
int64_t	conduct_tick(struct run *run, int64_t now);

/* Starts and skips the parts that can be by now, and does nothing else. */
void	conduct_advance(struct run *run);

/*
 * Adds the pipes of all stages to what is waited for: those that come up only
 * if the worker `reads`, those that go down if something waits to be written.
 * While it does not read, because a visitor does not, clocks stand still
 * (clock.h).  Of a run that is over nothing is added.
 */
void	conduct_watch(struct run *run, struct watch *watch, bool reads,
	    int64_t now);

/* Whether no event will be told any more. */
bool	conduct_is_over(const struct run *run);

#endif
