/*
 * carry.c: worker, and the command line.  Leads a plan to its end with what the
 * house has; knows neither who reads the answer nor in which form.
 */
#include "http/trust.h"
#include "run/conduct.h"
#include "run/merge.h"
#include "run/run.h"
#include "run/turn.h"
#include "web/carry.h"
#include "web/house.h"

static bool
has_process(void *arg, bool may_fork)
{
	struct carry *carry = arg;

	return pool_try(&carry->house->pool, may_fork);
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

int
carry_run(struct carry *carry, struct run *run, const struct plan *plan)
{
	const struct waiter waiter = { has_process, say_ahead, carry };
	struct house *house = carry->house;
	int rc = turn_wait(&house->turn, carry->outbox, &waiter,
	    &run->waited_ms);

	/*
	 * The head is sent first, because trust_load takes time under plain
	 * CGI, which has no listener that has loaded the certificates already.
	 */
	if (rc == -1 || merge_flush(carry->outbox) == -1)
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
