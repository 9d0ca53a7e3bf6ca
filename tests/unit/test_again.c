/*
 * test_again: what runs again, in a graph in which 0 is a list, 1 shows its
 * other elements, 2 needs its pick, 3 needs it whole, 4 needs 2, 5 needs
 * nothing, and 6 needs 4 and 5.
 */
#include "cli/again.h"
#include "setup/graph.h"
#include "unit.h"

static struct stage_spec stages[] = {
	{ .is_list = true },
	{ .is_each = true, .each = 0 },
	{ .needs = { { 0, true } }, .nneeds = 1 },
	{ .needs = { { 0, false } }, .nneeds = 1 },
	{ .needs = { { 2, false } }, .nneeds = 1 },
	{ .nneeds = 0 },
	{ .needs = { { 4, false }, { 5, false } }, .nneeds = 2 },
};

#define N	(sizeof(stages) / sizeof(stages[0]))

/* Both are the indexes of stages, as digits. */
static void
expect(const char *changed, const char *out, const char *again)
{
	const struct graph graph = { .stages = stages, .n = N };
	bool runs[GRAPH_STAGES_MAX] = { false };
	bool left_out[GRAPH_STAGES_MAX] = { false };
	char found[N + 1];
	size_t i, n = 0;

	for (; *changed != '\0'; changed++)
		runs[*changed - '0'] = true;
	for (; *out != '\0'; out++)
		left_out[*out - '0'] = true;
	assert_int_equal(again_spread(&graph, left_out, runs),
	    strlen(again));
	for (i = 0; i < N; i++)
		if (runs[i])
			found[n++] = (char)('0' + i);
	found[n] = '\0';
	assert_string_equal(found, again);
}

static void
nothing_changed(void **state)
{
	(void)state;
	expect("", "", "");
}

static void
what_depends_follows(void **state)
{
	(void)state;
	expect("6", "", "6");
	expect("5", "", "56");
	expect("2", "", "246");
	expect("0", "", "012346");
}

/* And with the list all that depends on it. */
static void
a_whole_list_is_written_again(void **state)
{
	(void)state;
	expect("1", "", "012346");
	expect("3", "", "012346");
}

static void
what_is_left_out_stays_out(void **state)
{
	(void)state;
	expect("2", "2", "");
	expect("2", "4", "2");
	expect("0", "13", "0246");
	expect("5", "0123", "56");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changed),
		cmocka_unit_test(what_depends_follows),
		cmocka_unit_test(a_whole_list_is_written_again),
		cmocka_unit_test(what_is_left_out_stays_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
