/*
 * test_idle: the counts of /proc/stat, as Linux writes them and as it does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/idle.h"
#include "unit.h"

static char file[] = "/tmp/test_idle.XXXXXX";

static int
make_file(void **state)
{
	(void)state;
	return mkstemp(file) == -1 ? -1 : 0;
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(file);
}

/* Reads a file that has this text. */
static int
reads(const char *text, struct idle *now)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	return idle_read(file, now);
}

static void
waiting_for_a_disk_is_idle(void **state)
{
	struct idle before, now;

	(void)state;
	assert_int_equal(reads("cpu  100 20 30 1000 50 6 7 8 90 9\n"
	    "cpu0 1 2 3 4 5 6 7 8 9 9\n", &before), 0);
	assert_int_equal(before.idle, 1050);
	assert_int_equal(before.all, 1221);
	assert_int_equal(reads("cpu  160 20 40 1020 60 6 7 8 99 9\n", &now), 0);
	assert_int_equal(idle_share(&before, &now), 300);
}

static void
counts_that_go_back(void **state)
{
	const struct idle before = { 500, 1000 }, same = before,
	    less = { 499, 1010 }, odd = { 530, 1020 }, full = { 500, 1001 };

	(void)state;
	assert_int_equal(idle_share(&before, &same), -1);
	assert_int_equal(idle_share(&before, &less), 0);
	assert_int_equal(idle_share(&before, &odd), 1000);
	assert_int_equal(idle_share(&before, &full), 0);
}

static void
what_is_no_such_file_is_told(void **state)
{
	struct idle now;

	(void)state;
	assert_int_equal(reads("", &now), -1);
	assert_int_equal(reads("cpu", &now), -1);
	assert_int_equal(reads("cpu  1 2 3\n", &now), -1);
	assert_int_equal(reads("cpu0 1 2 3 4 5 6 7 8\n", &now), -1);
	assert_int_equal(reads("cpu  a b c d e f g h\n", &now), -1);
	assert_int_equal(idle_read("/tmp/no/such/file", &now), -1);
}

static void
reads_the_real_one(void **state)
{
	struct idle now;

	(void)state;
	/* Some containers have none, or one that is all zeros. */
	if (idle_read(IDLE_FILE, &now) == -1 || now.all == 0)
		skip();
	assert_true(now.idle <= now.all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting_for_a_disk_is_idle),
		cmocka_unit_test(counts_that_go_back),
		cmocka_unit_test(what_is_no_such_file_is_told),
		cmocka_unit_test(reads_the_real_one),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
