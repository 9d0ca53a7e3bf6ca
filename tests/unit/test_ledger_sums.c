/*
 * ledger: sums that are greater than a number can be, and what counts as spent.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture_ledger.h"

#define HUGE	(INT64_MAX / 2 + 1)

/* What cost more than can be counted is not less than nothing. */
static void
huge_costs(void **state)
{
	struct guard guard = fixture_guard();
	const struct amount want = { "70b", 1, 1 };
	const struct amount cost = { "70b", HUGE, HUGE };
	struct claim claim;
	struct teller a;
	int i;

	fixture_now = NOON;
	guard.tokens_day = INT64_C(1000000000000);
	guard.cost_day = INT64_C(1000000000000000);
	teller_open(&a, *state, guard);
	assert_int_equal(ledger_begin(&a.ledger, &claim, NULL, &want, 1,
	    &a.refusal), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(ledger_ask(&a.ledger, &claim, (uint16_t)i,
		    &want, i == 0 ? &want : NULL, &a.refusal), 0);
	for (i = 0; i < 3; i++)
		ledger_settle(&a.ledger, &claim, (uint16_t)i, &cost);
	ledger_end(&a.ledger, &claim);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens,
	    INT64_MAX);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).money,
	    INT64_MAX);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_TOKENS);
	teller_close(&a);
}

/* A run whose attempts want more together than can be counted. */
static void
huge_wants(void **state)
{
	struct guard_service limit = { guard_key("70b"), "70b", GUARD_NONE,
	    1000 };
	struct guard guard = fixture_guard(), free = fixture_guard();
	const struct amount wants[] = { { "70b", HUGE, HUGE },
	    { "70b", HUGE, HUGE }, { "70b", 5, 5 } };
	struct claim claim;
	struct teller a, b;

	fixture_now = NOON;
	guard.tokens_day = 100;
	teller_open(&a, *state, guard);
	assert_int_equal(ledger_begin(&a.ledger, &claim, NULL, wants, 3,
	    &a.refusal), -1);
	assert_int_equal(a.refusal.verdict, VERDICT_TOKENS);
	assert_true(a.refusal.never);
	guard.tokens_day = GUARD_NONE;
	guard.services = &limit;
	guard.nservices = 1;
	a.guard = guard;
	assert_int_equal(ledger_begin(&a.ledger, &claim, NULL, wants, 3,
	    &a.refusal), -1);
	assert_int_equal(a.refusal.verdict, VERDICT_SERVICE_COST);
	/* Without limits it fits, and what it held is free again. */
	free.rules = 2;
	teller_open(&b, *state, free);
	assert_int_equal(ledger_begin(&b.ledger, &claim, NULL, wants, 3,
	    &b.refusal), 0);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_SERVICE_COST);
	ledger_end(&b.ledger, &claim);
	assert_int_equal(fixture_sum(*state, 20261129, &free).held_tokens, 0);
	assert_int_equal(fixture_sum(*state, 20261129, &free).held_money, 0);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	teller_close(&a);
	teller_close(&b);
}

/* A run that the demo writes is its visitor's, and nothing of the site's. */
static void
demo_runs(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claim, other;
	struct teller a, b;

	fixture_now = NOON;
	guard.runs_day = 1;
	guard.runs_hour = 3;
	guard.at_once = 1;
	teller_open(&a, *state, guard);
	teller_open(&b, *state, guard);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_RUNS);
	assert_int_equal(ledger_begin_demo(&a.ledger, &claim, "4 192.0.2.7",
	    &a.refusal), 0);
	assert_int_equal(ledger_begin_demo(&b.ledger, &other, "4 192.0.2.7",
	    &b.refusal), -1);
	assert_int_equal(b.refusal.verdict, VERDICT_VISITOR_ONCE);
	/* His own limit is told before the site's. */
	assert_int_equal(teller_run(&b, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_ONCE);
	ledger_end(&a.ledger, &claim);
	assert_int_equal(ledger_begin_demo(&b.ledger, &other, "4 192.0.2.7",
	    &b.refusal), 0);
	ledger_end(&b.ledger, &other);
	assert_int_equal(ledger_begin_demo(&b.ledger, &other, "4 192.0.2.7",
	    &b.refusal), -1);
	assert_int_equal(b.refusal.verdict, VERDICT_VISITOR_HOUR);
	assert_int_equal(teller_run(&b, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 1);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 1);
	teller_close(&a);
	teller_close(&b);
}

/* What has begun and asked nothing is reserved: it may be free in a moment. */
static void
held_runs(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claims[5];
	struct teller a;
	int i;

	fixture_now = NOON;
	guard.runs_day = 5;
	teller_open(&a, *state, guard);
	for (i = 0; i < 5; i++)
		assert_int_equal(teller_begin(&a, &claims[i], NULL, 1),
		    VERDICT_FITS);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_RUNS);
	assert_int_equal(a.refusal.wait_ms, 10000);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 0);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).held_runs, 5);
	/* So the log has told nothing yet. */
	assert_int_equal(a.ledger.shelf.today.replay.told, 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(teller_ask(&a, &claims[i], 0, 1, 1),
		    VERDICT_FITS);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_RUNS);
	assert_int_equal(a.refusal.wait_ms, 12 * HOUR);
	assert_int_equal(a.ledger.shelf.today.replay.told, 100);
	for (i = 0; i < 5; i++)
		ledger_end(&a.ledger, &claims[i]);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 5);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).held_runs, 0);
	teller_close(&a);
}

/* As many processes as die together, the next run finds all of them. */
#define DEAD	100

static void
many_dead(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	struct claim claim;
	pid_t pids[DEAD];
	int i, ready[2];
	char byte;

	fixture_now = NOON;
	guard.tokens_day = DEAD;
	assert_int_equal(pipe(ready), 0);
	for (i = 0; i < DEAD; i++) {
		if ((pids[i] = fork()) != 0)
			continue;
		teller_open(&b, *state, guard);
		byte = teller_begin(&b, &claim, NULL, 1) == VERDICT_FITS;
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	for (i = 0; i < DEAD; i++) {
		assert_int_equal(read(ready[0], &byte, 1), 1);
		assert_int_equal(byte, 1);
	}
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_TOKENS);
	for (i = 0; i < DEAD; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < DEAD; i++)
		assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
	assert_int_equal(teller_run(&a, NULL, DEAD), VERDICT_FITS);
	close(ready[0]);
	close(ready[1]);
	teller_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(huge_costs, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(demo_runs, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(held_runs, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(many_dead, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(huge_wants, unit_dir_setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
