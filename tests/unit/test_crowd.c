/*
 * crowd: where it begins, who naps, for how long, and that stages of one phase
 * wake together.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "base/crowd.h"
#include "unit.h"

/* With n runs on every core. */
static struct crowd *
crowd_of(size_t n)
{
	struct crowd *crowd = crowd_new();

	assert_non_null(crowd);
	crowd_set(crowd, n * (size_t)sysconf(_SC_NPROCESSORS_ONLN));
	return crowd;
}

static void
few_never_nap(void **state)
{
	struct crowd *crowd = crowd_of(CROWD_AT);

	(void)state;
	assert_int_equal(crowd_nap_ms(crowd, 1000, 0, 7), 0);
	assert_int_equal(crowd_nap_ms(NULL, 1000, 0, 7), 0);
	crowd_free(crowd);
	crowd_free(NULL);
}

static void
it_is_dense_above_its_measure(void **state)
{
	struct crowd *few = crowd_of(CROWD_AT), *many = crowd_of(CROWD_AT + 1);

	(void)state;
	assert_false(crowd_is_dense(few));
	assert_true(crowd_is_dense(many));
	assert_false(crowd_is_dense(NULL));
	crowd_free(few);
	crowd_free(many);
}

static void
only_where_two_fragments_gather(void **state)
{
	struct crowd *crowd = crowd_of(CROWD_AT + 40 * CROWD_STEP);

	(void)state;
	assert_int_equal(crowd_nap_ms(crowd, 0, 20, 0), 40);
	assert_int_equal(crowd_nap_ms(crowd, 0, 21, 0), 0);
	crowd_free(crowd);
}

static void
however_many_there_are_it_is_bounded(void **state)
{
	struct crowd *crowd = crowd_of(10000);

	(void)state;
	assert_int_equal(crowd_nap_ms(crowd, 0, 0, 0), CROWD_NAP_MAX);
	crowd_free(crowd);
}

static void
one_phase_wakes_together(void **state)
{
	struct crowd *crowd = crowd_of(CROWD_AT + 30 * CROWD_STEP);
	int64_t now, wakes = 30 - 4;

	(void)state;
	for (now = 0; now < 100; now++) {
		if (now == wakes)
			wakes += 30;
		assert_int_equal(now + crowd_nap_ms(crowd, now, 1, 4), wakes);
	}
	crowd_free(crowd);
}

static void
children_see_what_changes(void **state)
{
	struct crowd *crowd = crowd_of(0);
	int go[2], status;
	char byte = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(go), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(read(go[0], &byte, 1) == 1 &&
		    crowd_nap_ms(crowd, 0, 0, 0) == CROWD_NAP_MAX ? 0 : 1);
	crowd_set(crowd, 1000000);
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
		cmocka_unit_test(few_never_nap),
		cmocka_unit_test(it_is_dense_above_its_measure),
		cmocka_unit_test(only_where_two_fragments_gather),
		cmocka_unit_test(however_many_there_are_it_is_bounded),
		cmocka_unit_test(one_phase_wakes_together),
		cmocka_unit_test(children_see_what_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
