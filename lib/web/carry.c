/*
 * carry.c: worker, and the command line.  Leads a plan to its end with what the
 * house has; knows neither who reads the answer nor in which form.
 */
#include "base/io.h"
#include "http/trust.h"
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

	/* While the gate is closed none is forked, and it is not known. */
	return pool_try(&carry->house->pool, false) ||
	    !gate_is_open(carry->house->gate) ||
	    pool_try(&carry->house->pool, may_fork);
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
 * Waits until the listener has caught up, if stages have to be forked, and
 * forks them.  Returns 0, or -1 if the visitor has left.
 */
static int
pass_gate(struct carry *carry, int64_t *waited_ms)
{
	const struct house *house = carry->house;
	int64_t began = io_now_ms(), now = began;

	if (pool_try(&carry->house->pool, false))
		return 0;
	while (now - began < GATE_MS && !gate_is_open(house->gate)) {
		if (merge_wait_for(carry->outbox, house->gate,
		    began + GATE_MS - now) == -1)
			return -1;
		now = io_now_ms();
	}
	*waited_ms += now - began;
	if (turn_may_fork(&house->turn))
		pool_lend(&carry->house->pool);
	return 0;
}

/* What turn_wait returns.  The head of the answer has been sent by then. */
static int
wait_to_begin(struct carry *carry, int64_t *waited_ms)
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
	if (rc == 0 && pass_gate(carry, waited_ms) == -1)
		return -1;
	/* Only now is it known whether there is a process. */
	return rc == 0 ? turn_wait(turn, carry->outbox, &waiter, waited_ms) :
	    rc;
}

int
carry_run(struct carry *carry, struct run *run, const struct plan *plan)
{
	struct house *house = carry->house;
	int rc = wait_to_begin(carry, &run->waited_ms);

	if (rc == -1)
		return -1;
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
