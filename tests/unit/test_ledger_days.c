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

/* The clock goes ahead for two days and comes back: he is still the same. */
static void
clock_ahead(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a;

	fixture_now = NOON;
	guard.runs_hour = 1;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	fixture_now = NOON + 2 * DAY;
	assert_int_equal(teller_run(&a, "4 192.0.2.9", 1), VERDICT_FITS);
	fixture_now = NOON;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	teller_close(&a);
}

/* Room is there again when the oldest run of the hour, yesterday's, is over. */
static void
retry_after_midnight(void **state)
{
	struct guard guard = fixture_guard();
	struct teller a;

	fixture_now = NOON + 12 * HOUR - 50 * 60000;
	guard.runs_hour = 3;
	teller_open(&a, *state, guard);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	fixture_now += 10 * 60000;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	fixture_now += 42 * 60000;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	assert_int_equal(a.refusal.wait_ms, 8 * 60000);
	fixture_now += 8 * 60000;
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1), VERDICT_FITS);
	assert_int_equal(teller_run(&a, "4 192.0.2.7", 1),
	    VERDICT_VISITOR_HOUR);
	assert_int_equal(a.refusal.wait_ms, 10 * 60000);
	teller_close(&a);
}

/* One whole run of a service.  Returns its verdict. */
static enum verdict
run_of(struct teller *teller, const char *id)
{
	const struct amount want = { id, 10, 10 };
	struct claim claim;

	if (ledger_begin(&teller->ledger, &claim, NULL, &want, 1,
	    &teller->refusal) == -1)
		return teller->refusal.verdict;
	assert_int_equal(ledger_ask(&teller->ledger, &claim, 0, &want, &want,
	    &teller->refusal), 0);
	ledger_settle(&teller->ledger, &claim, 0, &want);
	ledger_end(&teller->ledger, &claim);
	return VERDICT_FITS;
}

/* Two that are the same in the bytes that a row has room for. */
#define LONG	"a-service-with-an-id-of-more-than-forty-bytes-in-it-"

static void
long_ids(void **state)
{
	struct guard_service limits[] = {
		{ guard_key(LONG "1"), LONG "1", 20, GUARD_NONE },
		{ guard_key(LONG "2"), LONG "2", 10, GUARD_NONE },
	};
	struct guard guard = fixture_guard();
	struct teller a;
	int i;

	fixture_now = NOON;
	guard.services = limits;
	guard.nservices = 2;
	teller_open(&a, *state, guard);
	assert_int_equal(run_of(&a, LONG "1"), VERDICT_FITS);
	assert_int_equal(run_of(&a, LONG "2"), VERDICT_FITS);
	for (i = 1; i < 8; i++) {
		fixture_now = NOON + i * DAY;
		assert_int_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	}
	/* The book of that day was cleared away, and is carried back. */
	fixture_now = NOON;
	assert_int_equal(run_of(&a, LONG "2"), VERDICT_SERVICE_TOKENS);
	assert_int_equal(run_of(&a, LONG "1"), VERDICT_FITS);
	assert_int_equal(run_of(&a, LONG "1"), VERDICT_SERVICE_TOKENS);
	assert_int_equal(fixture_sum(*state, 20261129, &guard).tokens, 30);
	teller_close(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(clock_ahead, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(retry_after_midnight,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(long_ids, unit_dir_setup,
		    unit_dir_teardown),
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
