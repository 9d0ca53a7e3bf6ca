/*
 * test_plan: a run on paper.
 */
#include "fixture_world.h"

static const char *const variables[] = { "FIREWORKS_API_KEY", "GROQ_API_KEY",
    "TOGETHER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL" };

static int
setup(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	return unit_dir_setup(state);
}

static void
parts_and_their_services(void **state)
{
	struct world w;
	size_t i;

	world_open(&w, *state, world_services, 0);
	assert_int_equal(w.plan.n, PARTS);
	assert_ptr_equal(w.plan.graph, &w.graph);
	assert_ptr_equal(w.plan.config, &w.config);
	assert_ptr_equal(w.plan.request, &w.request);
	for (i = 0; i < PARTS; i++)
		assert_ptr_equal(w.plan.parts[i].spec, &w.graph.stages[i]);
	assert_string_equal(w.plan.parts[IDEAS].order[0]->id, "one");
	assert_int_equal(w.plan.parts[IDEAS].norder, 1);
	assert_int_equal(w.plan.parts[REST].norder, 0);
	assert_string_equal(w.plan.parts[BUY].order[0]->id, "two");
	assert_false(w.plan.demo);
	assert_false(plan_is_demo(&w.graph, &w.config));
	world_close(&w);
}

static void
demo_in_whole(void **state)
{
	struct world w;
	size_t i;

	world_open(&w, *state, "{}", 0);
	assert_true(w.plan.demo);
	assert_true(plan_is_demo(&w.graph, &w.config));
	for (i = 0; i < PARTS; i++)
		if (i != REST)
			assert_true(service_is_demo(w.plan.parts[i].
			    order[0]));
	world_close(&w);
}

/* Asked for by its name, for one part: the page has to say so. */
static void
demo_in_part(void **state)
{
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT;
	struct world w;
	char path[256];

	world_open(&w, *state, world_services, 0);
	unit_write(w.dir, "stages.json", "{\"inputs\": {\"word\": {\"type\": "
	    "\"text\"}}, \"stages\": [{\"part\": \"solo\", \"service\": "
	    "\"two\"}, {\"part\": \"ideas\", \"service\": \"demo\"}]}", 0600,
	    path);
	assert_int_equal(graph_load(&graph, &err), 0);
	assert_true(plan_is_demo(&graph, &w.config));
	graph_free(&graph);
	world_close(&w);
}

/*
 * A program is in the place of a service, also where the demo writes; one that
 * waits for another may have its process, but never that of an `each` stage.
 */
static void
programs(void **state)
{
	struct graph graph = GRAPH_INIT;
	struct plan plan = PLAN_INIT;
	struct err err = ERR_INIT;
	struct world w;
	char path[256];

	world_open(&w, *state, "{}", 0);
	unit_write(w.dir, "stages.json", "{\"inputs\": {\"word\": {\"type\": "
	    "\"text\"}}, \"stages\": ["
	    "{\"part\": \"ideas\", \"run\": [\"sh\"], \"list\": {\"items\": 3,"
	    " \"fields\": [\"name\", \"intro\"], \"pick\": \"it\"}},"
	    "{\"part\": \"rest\", \"each\": \"ideas\"},"
	    "{\"part\": \"buy\", \"run\": [\"sh\"], \"needs\": [\"it\", "
	    "\"rest\"]},"
	    "{\"part\": \"cook\", \"run\": [\"sh\"], \"needs\": [\"it\", "
	    "\"buy\"]}]}", 0600, path);
	if (graph_load(&graph, &err) == -1)
		fail_msg("%s", err.text);
	assert_false(plan_is_demo(&graph, &w.config));
	assert_int_equal(plan_processes(&graph, &w.config), 2);
	assert_int_equal(plan_build(&plan, &graph, &w.config, &w.state, NULL,
	    &w.request, &err), 0);
	assert_false(plan.demo);
	assert_int_equal(plan.parts[0].norder, 1);
	assert_ptr_equal(plan.parts[0].order[0], &service_program);
	assert_int_equal(plan.parts[1].norder, 0);
	assert_true(plan.parts[2].heir_of == PLAN_NO_HEIR);
	assert_int_equal(plan.parts[3].heir_of, 2);
	plan_free(&plan);
	graph_free(&graph);
	world_close(&w);
}

#define SERVICE(id) "\"" id "\": {\"base_url\": \"http://127.0.0.1:1\", " \
	"\"model\": \"m\"}"

/* The ids of a part's order, "a b c". */
static void
order_of(const struct plan *plan, size_t i, char out[100])
{
	size_t k;

	out[0] = '\0';
	for (k = 0; k < plan->parts[i].norder; k++)
		snprintf(out + strlen(out), 100 - strlen(out), "%s%s",
		    k == 0 ? "" : " ", plan->parts[i].order[k]->id);
}

/* Set aside is last, in the order among themselves, and never left out. */
static void
set_aside_comes_last(void **state)
{
	static const struct { const char *aside[4], *order; } cases[] = {
		{ { NULL }, "a b c d" }, { { "a", NULL }, "b c d a" },
		{ { "c", "a", NULL }, "b d a c" },
		{ { "d", NULL }, "a b c d" },
		{ { "a", "b", "c", "d" }, "a b c d" },
	};
	static char id_a[] = "a", id_b[] = "b", id_c[] = "c", id_d[] = "d";
	char *ids[] = { id_a, id_b, id_c, id_d, NULL }, **saved, got[100];
	struct err err = ERR_INIT;
	struct plan plan;
	struct world w;
	size_t i, k;

	for (i = 0; i < COUNT(cases); i++) {
		world_open(&w, *state, "{\"services\": {" SERVICE("a") ", "
		    SERVICE("b") ", " SERVICE("c") ", " SERVICE("d") "}}", 0);
		for (k = 0; k < 4 && cases[i].aside[k] != NULL; k++)
			state_set_aside(&w.state, services_find(
			    &w.config.services, cases[i].aside[k]), 60000,
			    "test");
		saved = w.graph.stages[SOLO].services;
		w.graph.stages[SOLO].services = ids;
		plan = (struct plan)PLAN_INIT;
		assert_int_equal(plan_build(&plan, &w.graph, &w.config,
		    &w.state, NULL, &w.request, &err), 0);
		order_of(&plan, SOLO, got);
		assert_string_equal(got, cases[i].order);
		w.graph.stages[SOLO].services = saved;
		plan_free(&plan);
		world_forget(&w);
		world_close(&w);
	}
}

/* A service that is set aside is not replaced by the demo. */
static void
no_demo_for_what_is_set_aside(void **state)
{
	struct err err = ERR_INIT;
	struct plan plan = PLAN_INIT;
	struct world w;

	world_open(&w, *state, world_services, 0);
	state_set_aside(&w.state, w.plan.parts[SOLO].order[0], 60000, "test");
	assert_int_equal(plan_build(&plan, &w.graph, &w.config, &w.state, NULL,
	    &w.request, &err), 0);
	assert_false(plan.demo);
	assert_string_equal(plan.parts[SOLO].order[0]->id, "two");
	plan_free(&plan);
	world_close(&w);
}

/* 128 random bits in hex, and a draw for each list. */
static void
ids_and_draws_differ(void **state)
{
	struct plan plans[64];
	struct err err = ERR_INIT;
	uint32_t ones = 0, zeros = 0;
	struct world w;
	size_t i, k;

	world_open(&w, *state, world_services, 0);
	for (i = 0; i < COUNT(plans); i++) {
		plans[i] = (struct plan)PLAN_INIT;
		assert_int_equal(plan_build(&plans[i], &w.graph, &w.config,
		    &w.state, NULL, &w.request, &err), 0);
		assert_int_equal(strspn(plans[i].id, "0123456789abcdef"), 32);
		assert_int_equal(strlen(plans[i].id), 32);
		ones |= plans[i].parts[IDEAS].draw;
		zeros |= ~plans[i].parts[IDEAS].draw;
		for (k = 0; k < i; k++)
			assert_string_not_equal(plans[i].id, plans[k].id);
	}
	/* Every bit was 1 in one of 64 and 0 in another. */
	assert_int_equal(ones, UINT32_MAX);
	assert_int_equal(zeros, UINT32_MAX);
	for (i = 0; i < COUNT(plans); i++) {
		plan_free(&plans[i]);
		plan_free(&plans[i]);
	}
	world_close(&w);
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(parts_and_their_services),
		OWN(demo_in_whole),
		OWN(demo_in_part),
		OWN(programs),
		OWN(set_aside_comes_last),
		OWN(no_demo_for_what_is_set_aside),
		OWN(ids_and_draws_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
