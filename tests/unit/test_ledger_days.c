/*
 * ledger: what days and clocks do to it.
 */
#include <signal.h>
#include <sys/wait.h>

#include "base/io.h"
#include "fixture_ledger.h"
#include "spend/past.h"

/* Killed before midnight, it holds nobody up after it. */
static void
killed_before_midnight(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claim;
	struct teller a, b;
	pid_t pid;

	fixture_now = NOON + 12 * HOUR - 60000;
	guard.at_once = 1;
	if ((pid = fork()) == 0) {
		teller_open(&b, *state, guard);
		if (teller_begin(&b, &claim, "4 192.0.2.7", 1) == VERDICT_FITS)
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	fixture_now += 120000;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	teller_close(&a);
}

static void
midnight(void **state)
{
	struct guard guard = fixture_guard();
	struct claim claim;
	struct teller a;

	fixture_now = NOON + 12 * HOUR - 60000;
	guard.tokens_day = 10;
	guard.runs_hour = 2;
	guard.at_once = 2;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_begin(&a, &claim, "4 192.0.2.7", 8),
	    VERDICT_FITS);
	assert_int_equal(teller_run(&a, NULL, 3), VERDICT_TOKENS);
	fixture_now += 120000;
	/* A new day's tokens, but the visitor has begun one in this hour. */
	assert_int_equal(teller_run(&a, NULL, 5), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	/* What began yesterday is settled there. */
	assert_int_equal(teller_ask(&a, &claim, 0, 8, 8), VERDICT_FITS);
	assert_int_equal(teller_ask(&a, &claim, 1, 3, 0), VERDICT_TOKENS);
	teller_settle(&a, &claim, 0, 7);
	ledger_end(&a.ledger, &claim);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 7);
	assert_int_equal(fixture_sum(*state, 20261130, &guard).tokens, 6);
	fixture_now += HOUR;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	teller_close(&a);
}

static void
set_back(void **state)
{
	struct guard guard = fixture_guard();
	const int days[] = { 0, 1, 2, 5, 0, 400, 0, 1, 399, 401, 402, 0, 5 };
	struct teller a;
	size_t i;
	int k;

	guard.tokens_day = 10;
	teller_open(&a, *state, guard);
	for (i = 0; i < COUNT(days); i++) {
		fixture_now = NOON + days[i] * DAY;
		for (k = 0; k < 4; k++)
			teller_run(&a, NULL, 3);
		assert_int_equal(fixture_sum(*state, day_of(fixture_now),
		    &guard).tokens, 9);
	}
	teller_close(&a);
}

/* The sums of old days are kept, their books and salts are not. */
static void
old_days(void **state)
{
	struct guard guard = fixture_guard();
	struct account account = ACCOUNT_INIT;
	struct past past;
	struct teller a;
	char path[4200];
	int i;

	teller_open(&a, *state, guard);
	for (i = 0; i < 40; i++) {
		fixture_now = NOON + i * DAY;
		teller_run(&a, "4 192.0.2.7", 3);
	}
	teller_close(&a);
	snprintf(path, sizeof(path), "%s/spend-20261129",
	    (const char *)*state);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/salt-20261129",
	    (const char *)*state);
	assert_int_equal(access(path, F_OK), -1);
	past_read(&past, *state);
	assert_false(past_get(&past, 20261129, &account));
	assert_true(past_get(&past, day_of(NOON + 30 * DAY), &account));
	assert_int_equal(account.all.runs, 1);
	assert_int_equal(account.all.tokens, 3);
	assert_string_equal(account.services[0].name, "70b");
	account_free(&account);
	past_free(&past);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_before_midnight,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(midnight, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(set_back, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(old_days, unit_dir_setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
