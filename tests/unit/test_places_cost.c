/*
 * test_places_cost: how many system calls it takes, as site/places.h says.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "fixture_places.h"

/* A step whose calls are counted, of `n` places of one process. */
typedef void step_fn(struct places *places, struct place *const list[],
    size_t n);

enum { OWN = 6, LIMIT = 64 };

static void
take_one(struct places *places, struct place *const list[], size_t n)
{
	(void)n;
	places_take(places, list[0], LIMIT);
}

static void
give_one(struct places *places, struct place *const list[], size_t n)
{
	(void)n;
	places_give(places, list[0]);
}

static void
take_all(struct places *places, struct place *const list[], size_t n)
{
	places_take_many(places, list, n, LIMIT);
}

static void
give_half(struct places *places, struct place *const list[], size_t n)
{
	places_give_many(places, list, n / 2);
}

static void
give_all(struct places *places, struct place *const list[], size_t n)
{
	places_give_many(places, list, n);
}

static void
mark_one(struct places *places, struct place *const list[], size_t n)
{
	(void)n;
	places_mark(places, list[0]);
}

static void
ask_others(struct places *places, struct place *const list[], size_t n)
{
	(void)n;
	places_others(places, list[0]->ground);
}

/* One that waits, and the place that it waits for is the only one. */
static void
look(struct places *places, struct place *const list[], size_t n)
{
	(void)n;
	places_take(places, list[0], 1);
}

static void
forget(struct places *places, struct place *const list[], size_t n)
{
	(void)list, (void)n;
	places_forget(places);
}

/* In a process that is traced: a getppid(2) between steps. */
static void
take_steps(const char *dir, step_fn *const steps[])
{
	struct place own[OWN];
	struct place *list[OWN];
	struct places places;
	size_t i;

	for (i = 0; i < OWN; i++) {
		own[i] = (struct place)PLACE_OF(places_ground("runs"));
		list[i] = &own[i];
	}
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
		_exit(99);
	raise(SIGSTOP);
	syscall(SYS_getppid);
	places_open(&places, dir);
	for (i = 0; steps[i] != NULL; i++) {
		syscall(SYS_getppid);
		steps[i](&places, list, OWN);
	}
	syscall(SYS_getppid);
	_exit(0);
}

/* counts[0] are those of places_open, then come those of the steps. */
static void
count_calls(const char *dir, step_fn *const steps[], int counts[])
{
	struct __ptrace_syscall_info info;
	int status, at = -1;
	pid_t pid = fork();

	if (pid == 0)
		take_steps(dir, steps);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		skip();
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD);
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 &&
	    waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
			continue;
		if (info.entry.nr == SYS_getppid)
			counts[++at] = 0;
		else if (at >= 0)
			counts[at]++;
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
assert_costs(const char *dir, step_fn *const steps[], const int expected[])
{
	int counts[32];
	size_t i;

	count_calls(dir, steps, counts);
	/* The end of the process is counted after the last step. */
	assert_int_equal(counts[0], 3);
	for (i = 0; steps[i] != NULL; i++)
		if (counts[i + 1] != expected[i])
			fail_msg("step %zu takes %d calls, not %d", i,
			    counts[i + 1], expected[i]);
}

static void
while_places_are_free(void **state)
{
	step_fn *const steps[] = { take_one, take_one, give_one, give_one,
	    take_all, mark_one, mark_one, ask_others, give_half, give_all,
	    take_all, give_all, take_all, forget, NULL };
	const int expected[] = { 2, 0, 1, 0, 2, 1, 0, 1, 2, 1, 2, 1, 2, 0 };

	assert_costs(*state, steps, expected);
}

/*
 * The first look finds the queue, draws a number after two others and counts
 * them; later looks only ask whether somebody is before.
 */
static void
while_others_wait(void **state)
{
	step_fn *const steps[] = { look, look, look, give_one, ask_others,
	    NULL };
	const int expected[] = { 8, 1, 1, 1, 1 };
	struct player p[3];
	size_t i;

	players_start(p, 3, *state);
	assert_int_equal(player_take(&p[0], 1), 1);
	for (i = 1; i < 3; i++)
		assert_int_equal(player_take(&p[i], 1), 0);
	assert_costs(*state, steps, expected);
	players_end(p, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(while_places_are_free),
		TEST(while_others_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
