/*
 * test_layers: in which layer a stage stands, and which chain is the longest.
 */
#include "cli/layers.h"
#include "unit.h"

static void
alone(void **state)
{
	struct stage_spec stages[] = { { .max_tokens = 7 },
	    { .max_tokens = 7 } };
	const struct graph graph = { .stages = stages, .n = 2 };
	struct layers layers;

	(void)state;
	layers_find(&layers, &graph);
	assert_int_equal(layers.n, 1);
	assert_int_equal(layers.npath, 1);
	assert_int_equal(layers.tokens, 7);
	/* Of two that are equally long, the first. */
	assert_true(layers.on_path[0]);
	assert_false(layers.on_path[1]);
}

/* 0 - 1 - 3 has more stages, 0 - 2 more tokens. */
static void
tokens_count(void **state)
{
	struct stage_spec stages[] = { { .max_tokens = 10 },
	    { .max_tokens = 10, .needs = { { 0, false } }, .nneeds = 1 },
	    { .max_tokens = 99, .needs = { { 0, true } }, .nneeds = 1 },
	    { .max_tokens = 10, .needs = { { 0, false }, { 1, false } },
	    .nneeds = 2 } };
	const struct graph graph = { .stages = stages, .n = 4 };
	struct layers layers;

	(void)state;
	layers_find(&layers, &graph);
	assert_int_equal(layers.n, 3);
	assert_int_equal(layers.depth[3], 2);
	assert_int_equal(layers.npath, 2);
	assert_int_equal(layers.path[1], 2);
	assert_int_equal(layers.tokens, 109);
	assert_true(layers_is_step(&layers, 0, 2));
	assert_false(layers_is_step(&layers, 0, 3));
	stages[3].max_tokens = 90;
	layers_find(&layers, &graph);
	assert_int_equal(layers.npath, 3);
	assert_true(layers_is_step(&layers, 1, 3));
	assert_false(layers_is_step(&layers, 0, 3));
}

/* Its template is filled at once, so it takes no time. */
static void
each_writes_no_tokens(void **state)
{
	struct stage_spec stages[] = { { .max_tokens = 5, .is_list = true },
	    { .max_tokens = 512, .is_each = true, .each = 0 } };
	const struct graph graph = { .stages = stages, .n = 2 };
	struct need needs[GRAPH_NEEDS_MAX];
	struct layers layers;

	(void)state;
	layers_find(&layers, &graph);
	assert_int_equal(layers.depth[1], 1);
	assert_int_equal(layers.npath, 1);
	assert_int_equal(layers.tokens, 5);
	assert_int_equal(layers_needs(&graph, 1, needs), 1);
	assert_int_equal(needs[0].stage, 0);
	assert_false(needs[0].pick);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone),
		cmocka_unit_test(tokens_count),
		cmocka_unit_test(each_writes_no_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
