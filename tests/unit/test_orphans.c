/*
 * test_orphans: real processes that have lost their parents.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/io.h"
#include "base/orphans.h"
#include "unit.h"

/* Forks one that waits for ever, in a session of its own. */
static pid_t
fork_sleeper(void)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid != 0)
		return pid;
	setsid();
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

/*
 * Forks a chain of n, each the child of the one before, in a session of its
 * own.  All hold the pipe open.
 */
static void
chain(int n, int pipe_end)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid != 0)
		return;
	setsid();
	if (n > 1)
		chain(n - 1, pipe_end);
	else if (write(pipe_end, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void
ends_chains_but_not_ours(void **state)
{
	struct orphans orphans = ORPHANS_INIT;
	pid_t before = fork_sleeper(), mine[2], pid;
	int fds[2], i;
	char byte;

	(void)state;
	orphans_adopt(&orphans);
	assert_int_equal(orphans.n, 1);
	assert_int_equal(orphans.others[0], before);
	for (i = 0; i < 2; i++)
		mine[i] = fork_sleeper();
	assert_int_equal(orphans_end(&orphans, mine, 2), 0);

	/* A parent whose children are chains, and which is killed. */
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		for (i = 0; i < 5; i++)
			chain(10, fds[1]);
		for (;;)
			pause();
	}
	close(fds[1]);
	for (i = 0; i < 5; i++)
		assert_int_equal(read(fds[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(orphans_end(&orphans, mine, 2), 0);
	/* All ends of the pipe are closed: all of them have gone. */
	assert_int_equal(io_wait_readable(fds[0], io_now_ms() + 60000), 0);
	assert_int_equal(read(fds[0], &byte, 1), 0);
	close(fds[0]);

	assert_int_equal(kill(before, 0), 0);
	assert_int_equal(waitpid(mine[0], NULL, WNOHANG), 0);
	assert_int_equal(waitpid(before, NULL, WNOHANG), 0);
	assert_int_equal(orphans_end(&orphans, NULL, 0), 0);
	for (i = 0; i < 2; i++)
		assert_int_equal(kill(mine[i], 0), -1);
	kill(before, SIGKILL);
	assert_int_equal(waitpid(before, NULL, 0), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ends_chains_but_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
