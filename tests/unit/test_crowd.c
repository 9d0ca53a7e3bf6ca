/*
 * crowd: when stages begin to nap and when they stop, for how long, and that
 * stages of one phase wake together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/idle.h"
#include "unit.h"

/* One in which that delay was measured for long, last at the time 1000. */
static struct crowd *
crowd_of(int delay_us)
{
	struct crowd *crowd = crowd_new(IDLE_FILE);
	int64_t ms;

	assert_non_null(crowd);
	for (ms = 1; ms <= 1000; ms++)
		crowd_feel(crowd, ms, delay_us);
	return crowd;
}

static int
nap_at(struct crowd *crowd, int64_t now_ms)
{
	return crowd_nap_ms(crowd, now_ms, 0, 0);
}

static void
who_runs_soon_never_naps(void **state)
{
	struct crowd *crowd = crowd_of(CROWD_LATE_US - 1);

	(void)state;
	assert_int_equal(nap_at(crowd, 1000), 0);
	assert_int_equal(crowd_nap_ms(NULL, 1000, 0, 7), 0);
	crowd_free(crowd);
	crowd_free(NULL);
}

static void
it_is_dense_above_its_measure(void **state)
{
	size_t cores = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	struct crowd *crowd = crowd_new(IDLE_FILE);

	(void)state;
	assert_non_null(crowd);
	assert_false(crowd_is_dense(crowd));
	crowd_set(crowd, CROWD_AT * cores);
	assert_false(crowd_is_dense(crowd));
	crowd_set(crowd, (CROWD_AT + 1) * cores);
	assert_true(crowd_is_dense(crowd));
	assert_false(crowd_is_dense(NULL));
	crowd_set(NULL, 7);
	crowd_free(crowd);
}

static void
a_moment_is_no_crowd(void **state)
{
	struct crowd *crowd = crowd_new(IDLE_FILE);
	int64_t now;

	(void)state;
	assert_non_null(crowd);
	for (now = 1000; now < 2000; now += CROWD_ASK_SOON_MS) {
		crowd_feel(crowd, now, 1000000000);
		assert_int_equal(nap_at(crowd, now), 0);
	}
	for (; now < 2500; now += CROWD_ASK_SOON_MS)
		crowd_feel(crowd, now, 1000000000);
	assert_int_not_equal(nap_at(crowd, now), 0);
	crowd_free(crowd);
}

static void
naps_go_on_until_the_delay_is_short(void **state)
{
	struct crowd *crowd = crowd_of(2 * CROWD_LATE_US);
	int64_t now = 1000;
	int n;

	(void)state;
	assert_int_not_equal(nap_at(crowd, now), 0);
	for (n = 0; n < 100; n++)
		crowd_feel(crowd, now, CROWD_SOON_US + 10);
	assert_int_not_equal(nap_at(crowd, now), 0);
	for (n = 0; nap_at(crowd, now) > 0; n++) {
		assert_true(n < 100);
		crowd_feel(crowd, now += 400, 0);
	}
	for (n = 0; n < 100; n++)
		crowd_feel(crowd, now, CROWD_LATE_US - 10);
	assert_int_equal(nap_at(crowd, now), 0);
	crowd_free(crowd);
}

static void
what_was_measured_long_ago_counts_no_more(void **state)
{
	struct crowd *crowd = crowd_of(10 * CROWD_LATE_US);

	(void)state;
	assert_int_not_equal(nap_at(crowd, 3000), 0);
	assert_int_equal(nap_at(crowd, 3001), 0);
	crowd_feel(crowd, 9000, 0);
	assert_int_equal(nap_at(crowd, 9000), 0);
	crowd_free(crowd);
}

static char counts[] = "/tmp/test_crowd.XXXXXX";

static int
make_counts(void **state)
{
	(void)state;
	return mkstemp(counts) == -1 ? -1 : 0;
}

static int
remove_counts(void **state)
{
	(void)state;
	return unlink(counts);
}

/* Lets the processors have been idle for so many thousandths, and it look. */
static void
see(struct crowd *crowd, int64_t now_ms, int permille)
{
	static int all, idle;
	FILE *out = fopen(counts, "w");

	all += 1000;
	idle += permille;
	assert_non_null(out);
	assert_true(fprintf(out, "cpu  %d 0 0 %d 0 0 0 0\n", all - idle,
	    idle) > 0);
	assert_int_equal(fclose(out), 0);
	crowd_look(crowd, now_ms);
}

/* The time of the nth look. */
#define LOOK(n)		(1 + (n) * (int64_t)CROWD_LOOK_MS)

/* One with so many runs that naps would help, which has looked once. */
static struct crowd *
dense_crowd(void)
{
	struct crowd *crowd = crowd_new(counts);

	assert_non_null(crowd);
	crowd_set(crowd, (CROWD_AT + 1) *
	    (size_t)sysconf(_SC_NPROCESSORS_ONLN));
	see(crowd, LOOK(0), 0);
	return crowd;
}

static void
full_processors_make_many_nap(void **state)
{
	struct crowd *crowd = dense_crowd();

	(void)state;
	see(crowd, LOOK(1), CROWD_FULL);
	assert_int_equal(nap_at(crowd, LOOK(1)), 0);
	see(crowd, LOOK(2), CROWD_FULL + 2);
	assert_int_equal(nap_at(crowd, LOOK(2)), 0);
	see(crowd, LOOK(3), CROWD_FULL - 2);
	assert_int_not_equal(nap_at(crowd, LOOK(3)), 0);
	/* Naps leave the processors some idle time, and go on. */
	see(crowd, LOOK(4), CROWD_FREE - 1);
	see(crowd, LOOK(5), CROWD_FREE - 1);
	assert_int_not_equal(nap_at(crowd, LOOK(5)), 0);
	see(crowd, LOOK(6), CROWD_FREE + 1);
	assert_int_equal(nap_at(crowd, LOOK(6)), 0);
	see(crowd, LOOK(7), 0);
	assert_int_equal(nap_at(crowd, LOOK(7)), 0);
	crowd_free(crowd);
}

static void
full_processors_do_not_make_a_few_nap(void **state)
{
	struct crowd *crowd = dense_crowd();

	(void)state;
	see(crowd, LOOK(1), 0);
	see(crowd, LOOK(2), 0);
	assert_int_not_equal(nap_at(crowd, LOOK(2)), 0);
	crowd_set(crowd, 1);
	assert_int_equal(nap_at(crowd, LOOK(2)), 0);
	crowd_free(crowd);
}

static void
processors_that_were_full_long_ago_count_no_more(void **state)
{
	struct crowd *crowd = dense_crowd();

	(void)state;
	see(crowd, LOOK(1), 0);
	see(crowd, LOOK(2), 0);
	assert_int_not_equal(nap_at(crowd, LOOK(2) + 2000), 0);
	assert_int_equal(nap_at(crowd, LOOK(2) + 2001), 0);
	see(crowd, LOOK(20), 0);
	assert_int_equal(nap_at(crowd, LOOK(20)), 0);
	see(crowd, LOOK(21), 0);
	assert_int_equal(nap_at(crowd, LOOK(21)), 0);
	see(crowd, LOOK(22), 0);
	assert_int_not_equal(nap_at(crowd, LOOK(22)), 0);
	crowd_free(crowd);
}

/* One look in the time of CROWD_LOOK_MS, whoever comes. */
static void
one_looks_at_a_time(void **state)
{
	struct crowd *crowd = dense_crowd();

	(void)state;
	see(crowd, LOOK(1), 0);
	see(crowd, LOOK(1), 0);
	see(crowd, LOOK(2) - 1, 0);
	assert_int_equal(nap_at(crowd, LOOK(2) - 1), 0);
	see(crowd, LOOK(2), 0);
	assert_int_not_equal(nap_at(crowd, LOOK(2)), 0);
	crowd_free(crowd);
}

static void
nobody_naps_where_nothing_is_counted(void **state)
{
	struct crowd *crowd = crowd_new("/tmp/no/such/file");
	int64_t now;

	(void)state;
	assert_non_null(crowd);
	crowd_set(crowd, 1000000);
	for (now = 1000; now < 9000; now += CROWD_LOOK_MS)
		crowd_look(crowd, now);
	assert_int_equal(nap_at(crowd, now), 0);
	crowd_look(NULL, now);
	crowd_free(crowd);
}

static void
only_if_fragments_gather(void **state)
{
	struct crowd *crowd = crowd_of(2 * CROWD_LATE_US);
	int gap = CROWD_NAP * 2 / 3;

	(void)state;
	assert_true(crowd_nap_ms(crowd, 1000, gap, 0) > 0);
	assert_int_equal(crowd_nap_ms(crowd, 1000, gap + 1, 0), 0);
	crowd_free(crowd);
}

static void
one_phase_wakes_together(void **state)
{
	struct crowd *crowd = crowd_of(2 * CROWD_LATE_US);
	int64_t now, wakes = 8 * CROWD_NAP - 4;

	(void)state;
	for (now = 1000; now < 1400; now++) {
		if (now == wakes)
			wakes += CROWD_NAP;
		assert_int_equal(now + crowd_nap_ms(crowd, now, 1, 4), wakes);
	}
	crowd_free(crowd);
}

static void
one_measures_at_a_time(void **state)
{
	struct crowd *idle = crowd_of(0), *busy = crowd_of(CROWD_LATE_US);

	(void)state;
	assert_true(crowd_asks(idle, 1000));
	assert_false(crowd_asks(idle, 1000 + CROWD_ASK_MS - 1));
	assert_true(crowd_asks(idle, 1000 + CROWD_ASK_MS));
	assert_true(crowd_asks(busy, 1000));
	assert_false(crowd_asks(busy, 1000 + CROWD_ASK_SOON_MS - 1));
	assert_true(crowd_asks(busy, 1000 + CROWD_ASK_SOON_MS));
	assert_false(crowd_asks(NULL, 1000));
	crowd_feel(NULL, 1000, 7);
	crowd_free(idle);
	crowd_free(busy);
}

static void
children_see_what_changes(void **state)
{
	struct crowd *crowd = crowd_new(IDLE_FILE);
	int go[2], status, n;
	char byte = 0;
	pid_t pid;

	(void)state;
	assert_non_null(crowd);
	assert_int_equal(pipe(go), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(read(go[0], &byte, 1) == 1 && crowd_is_dense(crowd) &&
		    nap_at(crowd, 1000) > 0 ? 0 : 1);
	crowd_set(crowd, 1000000);
	for (n = 0; n < 100; n++)
		crowd_feel(crowd, 1000, 2 * CROWD_LATE_US);
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(go[0]);
	close(go[1]);
	crowd_free(crowd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_runs_soon_never_naps),
		cmocka_unit_test(it_is_dense_above_its_measure),
		cmocka_unit_test(a_moment_is_no_crowd),
		cmocka_unit_test(naps_go_on_until_the_delay_is_short),
		cmocka_unit_test(what_was_measured_long_ago_counts_no_more),
		cmocka_unit_test(full_processors_make_many_nap),
		cmocka_unit_test(full_processors_do_not_make_a_few_nap),
		cmocka_unit_test(processors_that_were_full_long_ago_count_no_more),
		cmocka_unit_test(one_looks_at_a_time),
		cmocka_unit_test(nobody_naps_where_nothing_is_counted),
		cmocka_unit_test(only_if_fragments_gather),
		cmocka_unit_test(one_phase_wakes_together),
		cmocka_unit_test(one_measures_at_a_time),
		cmocka_unit_test(children_see_what_changes),
	};

	return cmocka_run_group_tests(tests, make_counts, remove_counts);
}
