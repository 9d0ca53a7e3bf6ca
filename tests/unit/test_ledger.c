/*
 * ledger: what fits, what comes back, and what cannot be written.
 */
#include <sys/resource.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/io.h"
#include "fixture_ledger.h"

static void
tokens_of_a_day(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	struct claim claim, other;

	fixture_now = NOON;
	guard.tokens_day = 100;
	teller_open(&a, *state, guard);
	teller_open(&b, *state, guard);
	assert_int_equal(teller_begin(&a, &claim, NULL, 60), VERDICT_FITS);
	assert_int_equal(teller_begin(&b, &other, NULL, 41), VERDICT_TOKENS);
	/* It is only reserved. */
	assert_int_equal(b.refusal.wait_ms, 10000);
	assert_int_equal(other.run, 0);
	assert_int_equal(teller_begin(&b, &other, NULL, 40), VERDICT_FITS);
	/* Less than was reserved, so a part of it is free again. */
	assert_int_equal(teller_ask(&a, &claim, 0, 30, 60), VERDICT_FITS);
	assert_int_equal(teller_ask(&b, &other, 0, 71, 40), VERDICT_TOKENS);
	assert_int_equal(teller_ask(&b, &other, 0, 70, 40), VERDICT_FITS);
	assert_int_equal(teller_ask(&a, &claim, 1, 1, 0), VERDICT_TOKENS);
	teller_settle(&a, &claim, 0, 10);
	ledger_flush(&a.ledger);
	assert_int_equal(teller_ask(&a, &claim, 1, 20, 0), VERDICT_FITS);
	ledger_end(&a.ledger, &claim);
	/* 10 were settled, and 20 asked and never settled. */
	teller_settle(&b, &other, 0, 70);
	ledger_end(&b.ledger, &other);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 100);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).held_tokens, 0);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).money, 1000);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_TOKENS);
	assert_int_equal(a.refusal.wait_ms, 12 * HOUR);
	teller_close(&a);
	teller_close(&b);
}

static void
money_and_services(void **state)
{
	struct guard_service limit = { guard_key("70b"), "70b", GUARD_NONE,
	    500 };
	struct guard guard = fixture_guard();
	const struct amount other = { "8b", 1000, 400 };
	struct claim claim;
	struct teller a;

	fixture_now = NOON;
	guard.cost_day = 900;
	guard.services = &limit;
	guard.nservices = 1;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, NULL, 51), VERDICT_SERVICE_COST);
	assert_int_equal(teller_run(&a, NULL, 50), VERDICT_FITS);
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_SERVICE_COST);
	assert_int_equal(ledger_begin(&a.ledger, &claim, NULL, &other, 1,
	    &a.refusal), 0);
	/* What it gives up is another service's. */
	assert_int_equal(teller_ask(&a, &claim, 0, 1, 0),
	    VERDICT_SERVICE_COST);
	assert_int_equal(ledger_ask(&a.ledger, &claim, 0, &other, &other,
	    &a.refusal), 0);
	ledger_end(&a.ledger, &claim);
	assert_int_equal(ledger_begin(&a.ledger, &claim, NULL,
	    &(struct amount){ "8b", 1, 1 }, 1, &a.refusal), -1);
	assert_int_equal(a.refusal.verdict, VERDICT_COST);
	teller_close(&a);
}

static void
visitors(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	struct claim one, two;
	int i;

	fixture_now = NOON;
	guard.runs_hour = 3;
	guard.at_once = 2;
	teller_open(&a, *state, guard);
	teller_open(&b, *state, guard);
	assert_int_equal(teller_begin(&a, &one, "4 192.0.2.7", 1),
	    VERDICT_FITS);
	assert_int_equal(teller_ask(&a, &one, 0, 1, 1), VERDICT_FITS);
	fixture_now += 60000;
	assert_int_equal(teller_begin(&b, &two, "4 192.0.2.7", 1),
	    VERDICT_FITS);
	assert_int_equal(teller_ask(&b, &two, 0, 1, 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_ONCE);
	assert_int_equal(a.refusal.wait_ms, 10000);
	/* Others are not held up, and who has no limit is nobody. */
	for (i = 0; i < 3; i++)
		assert_int_equal(teller_run(&a, "4 192.0.2.8", 1),
		    VERDICT_FITS);
	for (i = 0; i < 5; i++)
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	ledger_end(&a.ledger, &one);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	ledger_end(&b.ledger, &two);
	assert_int_equal(teller_run(&b, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	/* The first of three was a minute ago. */
	assert_int_equal(b.refusal.wait_ms, HOUR - 60000);
	/* A clock that goes back opens nothing. */
	fixture_now -= 2 * HOUR;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	fixture_now = NOON + HOUR;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	teller_close(&a);
	teller_close(&b);
}

/*
 * One who leaves before anything is asked has cost nothing; but it is one of his
 * runs of this hour, or he might do so without end.
 */
static void
not_begun(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claim;
	struct teller a;
	int i;

	fixture_now = NOON;
	guard.runs_hour = 3;
	guard.runs_day = 1;
	guard.tokens_day = 10;
	teller_open(&a, *state, guard);
	for (i = 0; i < 3; i++) {
		assert_int_equal(teller_begin(&a, &claim, "4 192.0.2.7", 10),
		    VERDICT_FITS);
		ledger_end(&a.ledger, &claim);
	}
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 10),
	    VERDICT_VISITOR_HOUR);
	assert_int_equal(teller_run(&a, "4 192.0.2.8", 10), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.8", 0), VERDICT_RUNS);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 1);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).refused, 2);
	teller_close(&a);
}

/* A process that dies with 50 reserved, after it has asked 20 of them. */
static void
killed(void **state)
{
	struct guard guard = fixture_guard();
	const struct amount wants[] = { { "70b", 20, 0 }, { "70b", 30, 0 } };
	struct claim claim;
	struct teller a, b;
	pid_t pid;

	fixture_now = NOON;
	guard.tokens_day = 100;
	guard.at_once = 1;
	if ((pid = fork()) == 0) {
		teller_open(&b, *state, guard);
		if (ledger_begin(&b.ledger, &claim, "4 192.0.2.7", wants, 2,
		    &b.refusal) == 0 && ledger_ask(&b.ledger, &claim, 0,
		    &wants[0], &wants[0], &b.refusal) == 0)
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 81), VERDICT_TOKENS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 80), VERDICT_FITS);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 100);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).runs, 2);
	teller_close(&a);
}

/*
 * The lock file is removed while a run is open: who comes later cannot see
 * whether its process is alive, and takes it that it is.
 */
static void
lock_file_removed(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claim;
	struct teller a, b;
	char path[300];
	int status;
	pid_t pid;

	fixture_now = NOON;
	guard.tokens_day = 100;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_begin(&a, &claim, NULL, 60), VERDICT_FITS);
	snprintf(path, sizeof(path), "%s/places.lock", (const char *)*state);
	assert_int_equal(unlink(path), 0);
	if ((pid = fork()) == 0) {
		fixture_tellers = 0;
		teller_open(&b, *state, guard);
		_exit(teller_run(&b, NULL, 50) == VERDICT_TOKENS ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(teller_ask(&a, &claim, 0, 60, 60), VERDICT_FITS);
	ledger_end(&a.ledger, &claim);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 60);
	teller_close(&a);
}

/* --- what cannot be written ------------------------------------------------- */

static void
no_folder(void **state)
{
	struct teller a;

	(void)state;
	fixture_now = NOON;
	teller_open(&a, NULL, fixture_guard());
	assert_int_equal(teller_run(&a, NULL, 1), VERDICT_CLOSED);
	teller_close(&a);
}

/* A disk that takes some bytes more, and then none: RLIMIT_FSIZE. */
static void
full_disk(void **state)
{
	struct guard guard = fixture_guard();
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit = { 0, RLIM_INFINITY };
	struct claim claim;
	struct teller a;
	rlim_t bytes;

	fixture_now = NOON;
	guard.tokens_day = 100;
	signal(SIGXFSZ, SIG_IGN);
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, NULL, 10), VERDICT_FITS);
	for (bytes = 0; bytes < 200; bytes += 7) {
		limit.rlim_cur = (rlim_t)a.ledger.shelf.today.at + bytes;
		setrlimit(RLIMIT_FSIZE, &limit);
		if (teller_begin(&a, &claim, NULL, 10) == VERDICT_FITS) {
			/* There was room for that, but for no more. */
			assert_true(bytes >= 128);
			limit.rlim_cur = (rlim_t)a.ledger.shelf.today.at + 63;
			setrlimit(RLIMIT_FSIZE, &limit);
			assert_int_equal(teller_ask(&a, &claim, 0, 10, 10),
			    VERDICT_CLOSED);
			ledger_end(&a.ledger, &claim);
		} else {
			assert_int_equal(a.refusal.verdict, VERDICT_CLOSED);
		}
		setrlimit(RLIMIT_FSIZE, &none);
	}
	/* All that was late is written now, and nothing is lost. */
	assert_int_equal(teller_run(&a, NULL, 90), VERDICT_FITS);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 100);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).held_tokens, 0);
	teller_close(&a);
	signal(SIGXFSZ, SIG_DFL);
}

/* Other limits, as after a restart: what has begun counts for both. */
static void
other_limits(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a, b;
	struct claim one, two;

	fixture_now = NOON;
	guard.tokens_day = 100;
	teller_open(&a, *state, guard);
	guard.tokens_day = 50;
	guard.rules = 2;
	teller_open(&b, *state, guard);
	assert_int_equal(teller_begin(&a, &one, NULL, 60), VERDICT_FITS);
	assert_int_equal(teller_begin(&b, &two, NULL, 1), VERDICT_TOKENS);
	assert_int_equal(teller_begin(&a, &two, NULL, 50), VERDICT_TOKENS);
	assert_int_equal(teller_begin(&a, &two, NULL, 40), VERDICT_FITS);
	ledger_end(&a.ledger, &one);
	ledger_end(&a.ledger, &two);
	assert_int_equal(teller_run(&b, NULL, 50), VERDICT_FITS);
	assert_int_equal(teller_run(&a, NULL, 50), VERDICT_FITS);
	teller_close(&a);
	teller_close(&b);
}

/* A flood of refusals does not fill the disk. */
static void
many_refused(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a;
	int i;

	fixture_now = NOON;
	guard.runs_day = 0;
	teller_open(&a, *state, guard);
	for (i = 0; i < 50000; i++)
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_RUNS);
	assert_true(a.ledger.shelf.today.at < 64 * 3000);
	assert_in_range(fixture_sum(*state, 20261129, &guard).refused, 40000,
	    60000);
	teller_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tokens_of_a_day,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(money_and_services,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(visitors, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(not_begun, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(killed, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(lock_file_removed,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test(no_folder),
		cmocka_unit_test_setup_teardown(full_disk, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(other_limits, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(many_refused, unit_dir_setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
