/*
 * gate: who waits for it is woken when it opens, and when its listener dies.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "unit.h"
#include "web/gate.h"

/* More than any machine needs; a wait that is woken ends at once. */
#define LONG_MS	60000

/* A worker that waits until the gate opens, and then ends with status 7. */
static pid_t
fork_waiting(struct gate *gate)
{
	pid_t pid = fork();
	int fd;

	if (pid != 0)
		return pid;
	fd = gate_enter(gate);
	_exit(io_wait_readable(fd, io_now_ms() + LONG_MS) == 0 &&
	    gate_is_open(fd) ? 7 : 1);
}

static int
status_of(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
it_is_open_at_first_and_as_it_was_set_last(void **state)
{
	static const bool sets[] = { true, false, false, true, true, false };
	struct gate gate;
	size_t i;

	(void)state;
	gate_init(&gate);
	assert_true(gate_is_open(gate.out));
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		gate_set(&gate, sets[i]);
		assert_int_equal(gate_is_open(gate.out), sets[i]);
	}
	gate_free(&gate);
	gate_free(&gate);
}

static void
all_who_wait_are_woken(void **state)
{
	pid_t pids[3];
	struct gate gate;
	size_t i;

	(void)state;
	gate_init(&gate);
	gate_set(&gate, false);
	for (i = 0; i < 3; i++)
		pids[i] = fork_waiting(&gate);
	gate_set(&gate, true);
	for (i = 0; i < 3; i++)
		assert_int_equal(status_of(pids[i]), 7);
	gate_free(&gate);
}

static void
a_dead_listener_leaves_it_open(void **state)
{
	struct gate gate;
	pid_t pid;

	(void)state;
	gate_init(&gate);
	gate_set(&gate, false);
	pid = fork_waiting(&gate);
	gate_free(&gate);
	assert_int_equal(status_of(pid), 7);
}

static void
without_one_it_is_open(void **state)
{
	struct gate none = { -1, -1, true };

	(void)state;
	gate_set(&none, false);
	assert_true(gate_is_open(gate_enter(&none)));
	gate_free(&none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_open_at_first_and_as_it_was_set_last),
		cmocka_unit_test(all_who_wait_are_woken),
		cmocka_unit_test(a_dead_listener_leaves_it_open),
		cmocka_unit_test(without_one_it_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
