/*
 * carry: one run in this house, from the wait for its turn to its last event.
 *
 * A worker carries a visitor's run, and the command line one of its own; both
 * take a place among the runs of the site, and fork their stages from the pool
 * of the house.
 *
 *	struct run run = RUN_INIT;
 *
 *	turn_peek(&house->turn, &house->places, &house->config.limits);
 *	run_subscribe(&run, &subscriber);
 *	carry_run(&carry, &run, &plan)
 *	turn_give(&house->turn);
 *
 * A carry borrows all that it points at.
 */
#ifndef CARRY_H
#define CARRY_H

#include <stdbool.h>
#include <stdint.h>

struct house;
struct outbox;
struct plan;
struct purse;
struct run;

struct carry {
	struct house	*house;
	struct outbox	*outbox;	/* of who reads the answer */
	/* Tells him how many runs are before his; -1: not known. */
	void		(*say)(void *arg, int ahead);
	void		*arg;
	int64_t		 arrived_ms;	/* the request, by io_now_ms */
	struct purse	*purse;		/* of the run; NULL: it counts not */
	bool		 passed;	/* the gate; carry's own */
};

/*
 * Whether no more can be waiting: the run has no turn now, and too many wait
 * for theirs (turn_is_hopeless).  While the gate is closed nobody knows whether
 * there would be a process, so it is not asked, and who gets none then is told
 * so by his run.
 */
bool	carry_is_hopeless(struct carry *carry);

/*
 * Waits for the turn of a run that has subscribers, and then runs the plan to
 * its last event.  Returns 0, or -1 if not all of the answer has reached the
 * reader.  The run has been freed in both cases.
 */
int	carry_run(struct carry *carry, struct run *run,
	    const struct plan *plan);

#endif
