/*
 * carry.c: worker, and the command line.  Leads a plan to its end with what the
 * house has; knows neither who reads the answer nor in which form.
 */
#include "base/crowd.h"
#include "base/io.h"
#include "http/trust.h"
#include "plan/plan.h"
#include "run/conduct.h"
#include "run/merge.h"
#include "run/run.h"
#include "run/turn.h"
#include "web/carry.h"
#include "web/gate.h"
#include "web/house.h"

static bool
has_process(void *arg, bool may_fork)
{
	struct carry *carry = arg;

	struct house *house = carry->house;

	if (pool_try(&house->pool, false))
		return true;
	/*
	 * Before it has passed the gate, a run that has not been refused a
	 * process forks none while the gate is closed, and may expect one.
	 */
	if (!carry->passed && !lack_is_first(&house->turn.lack) &&
	    !gate_is_open(house->gate))
		return true;
	return pool_try(&house->pool, may_fork);
}

static void
say_ahead(void *arg, int ahead)
{
	struct carry *carry = arg;

	carry->say(carry->arg, ahead);
}

bool
carry_is_hopeless(struct carry *carry)
{
	const struct waiter waiter = { has_process, say_ahead, carry };
	struct turn *turn = &carry->house->turn;

	return !turn_may_begin(turn, &waiter) &&
	    turn_is_hopeless(turn, &waiter);
}

/*
 * Waits until the listener has caught up, if there is no stage yet, and forks
 * the n that the run needs.  Returns 0, or -1 if the visitor has left.
 */
static int
pass_gate(struct carry *carry, size_t n, int64_t *waited_ms)
{
	struct house *house = carry->house;
	int64_t began = io_now_ms(), now = began;

	while (n > 0 && !pool_try(&house->pool, false) &&
	    now - began < GATE_MS && !gate_is_open(house->gate)) {
		if (merge_wait_for(carry->outbox, house->gate,
		    began + GATE_MS - now) == -1)
			return -1;
		now = io_now_ms();
	}
	*waited_ms += now - began;
	carry->passed = true;
	if (turn_may_fork(&house->turn))
		pool_lend(&house->pool, n);
	return 0;
}

/* What turn_wait returns.  The head of the answer has been sent by then. */
static int
wait_to_begin(struct carry *carry, const struct plan *plan, int64_t *waited_ms)
{
	const struct waiter waiter = { has_process, say_ahead, carry };
	struct turn *turn = &carry->house->turn;
	int rc = turn_wait(turn, carry->outbox, &waiter, waited_ms);

	/*
	 * The head is sent first, because the gate may be closed for long, and
	 * trust_load takes time under plain CGI, which has no listener that has
	 * loaded the certificates already.
	 */
	if (rc == -1 || merge_flush(carry->outbox) == -1)
		return -1;
	if (rc == 0 && pass_gate(carry, plan_needs(plan), waited_ms) == -1)
		return -1;
	/* Only now is it known whether there is a process. */
	return rc == 0 ? turn_wait(turn, carry->outbox, &waiter, waited_ms) :
	    rc;
}

int
carry_run(struct carry *carry, struct run *run, const struct plan *plan)
{
	struct house *house = carry->house;
	int rc;

	/* Stages look, too, but a crowd that begins has none for a second. */
	crowd_look(house->crowd, io_now_ms());
	rc = wait_to_begin(carry, plan, &run->waited_ms);
	if (rc == -1)
		return -1;
	crowd_look(house->crowd, io_now_ms());
	run->hopeless = rc == 1;
	run->rates = &house->rates;
	run->purse = carry->purse;
	run->laps = &house->laps;
	run->tempo = &house->tempo;
	trust_load(house->trust, &house->config.services);
	rc = conduct_begin(run, plan, &house->pool, &house->state,
	    &house->places, carry->arrived_ms);
	if (rc == 0)
		merge_run(run, &carry->outbox, 1);
	conduct_free(run);
	return rc;
}
