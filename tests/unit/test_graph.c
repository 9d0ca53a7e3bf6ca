/*
 * test_graph: stages.json, and what is wrong with others'.
 */
#include <fcntl.h>

#include "fixture_graph.h"
#include "text/json.h"

static void
whole_graph(void **state)
{
	const struct stage_spec *s;
	struct graph graph;
	char path[256];

	put(*state, "ideas.txt", "Three for {{word}}, {{n}} minutes\n");
	put(*state, "rest.txt", "<li>{{name}} {{intro}}</li>\n");
	put(*state, "buy.txt", "{{it.name}}: {{it.intro}} for {{word}}\n");
	put(*state, "cook.txt", "{{buy}} {{it.name}} {{rest}}\n");
	snprintf(path, sizeof(path), "%s/demo", (const char *)*state);
	assert_int_equal(mkdir(path, 0700), 0);
	put(path, "buy.txt", "1 {{word}}\n");
	load_well(&graph, *state, "{\"inputs\": {"
	    "\"word\": {\"type\": \"text\", \"min\": 2, \"max\": 20, "
	    "\"letter\": true, \"required\": true},"
	    "\"n\": {\"type\": \"integer\", \"min\": 1, \"max\": 1440}},"
	    "\"stages\": ["
	    "{\"part\": \"ideas\", \"service\": \"8b\", \"max_tokens\": 500, "
	    "\"temperature\": 0.25, " LIST "},"
	    "{\"part\": \"rest\", \"title\": \"Others\", \"each\": \"ideas\"},"
	    "{\"part\": \"buy\", \"needs\": [\"it\"]},"
	    "{\"part\": \"cook\", \"needs\": [\"buy\", \"it\", \"rest\"]}]}");
	assert_int_equal(graph.n, 4);
	assert_int_equal(graph_processes(&graph), 3);
	assert_int_equal(graph.ninputs, 2);
	assert_string_equal(graph.inputs[0].name, "word");
	assert_false(graph.inputs[0].is_integer);
	assert_true(graph.inputs[0].required && graph.inputs[0].letter);
	assert_int_equal(graph.inputs[0].min, 2);
	assert_int_equal(graph.inputs[0].max, 20);
	assert_true(graph.inputs[1].is_integer);
	assert_false(graph.inputs[1].required);

	s = &graph.stages[0];
	assert_string_equal(s->part, "ideas");
	assert_string_equal(s->title, "ideas");
	assert_int_equal(s->nservices, 1);
	assert_string_equal(s->services[0], "8b");
	assert_null(s->services[1]);
	assert_false(s->race);
	assert_int_equal(s->max_tokens, 500);
	assert_true(json_double(json_get(s->params, "temperature"), 0) ==
	    0.25);
	assert_true(s->is_list && !s->is_each && !s->is_needed);
	assert_int_equal(s->list.items, 3);
	assert_int_equal(s->list.nfields, 2);
	assert_string_equal(s->list.fields[0], "name");
	assert_string_equal(s->list.pick, "it");
	assert_int_equal(s->nneeds, 0);
	assert_null(s->demo);

	s = &graph.stages[1];
	assert_string_equal(s->title, "Others");
	assert_true(s->is_each && s->is_needed);
	assert_int_equal(s->each, 0);
	assert_int_equal(s->nservices, 0);

	s = &graph.stages[2];
	assert_true(s->is_needed);
	assert_int_equal(s->nneeds, 1);
	assert_int_equal(s->needs[0].stage, 0);
	assert_true(s->needs[0].pick);
	assert_null(s->params);
	assert_null(s->extra);
	unit_assert_has(s->demo, "1 {{word}}");

	s = &graph.stages[3];
	assert_int_equal(s->nneeds, 3);
	assert_int_equal(s->needs[0].stage, 2);
	assert_false(s->needs[0].pick);
	assert_true(s->needs[1].pick);
	assert_int_equal(s->needs[2].stage, 1);
	assert_false(s->is_needed);
	graph_free(&graph);
	graph_free(&graph);
}

static void
orders_and_races(void **state)
{
	const struct stage_spec *s;
	struct graph graph;

	put(*state, "a.txt", "{{word}}");
	put(*state, "b.txt", "{{word}}");
	load_well(&graph, *state, STAGES("{\"part\": \"a\", \"service\": "
	    "[\"groq-8b\", \"8b\", \"70b\"], \"race\": 2}, {\"part\": "
	    "\"b\", \"race\": 1}"));
	s = &graph.stages[0];
	assert_int_equal(s->nservices, 3);
	assert_string_equal(s->services[0], "groq-8b");
	assert_string_equal(s->services[2], "70b");
	assert_null(s->services[3]);
	assert_true(s->race);
	assert_false(graph.stages[1].race);
	assert_int_equal(graph.stages[1].nservices, 0);
	/* Each of a race is a process of its own. */
	assert_int_equal(graph_processes(&graph), 3);
	graph_free(&graph);
	refuse(*state, STAGES("{\"part\": \"a\", \"race\": 3}"),
	    "/stages.json:3: ", "race");
	refuse(*state, STAGES("{\"part\": \"a\", \"race\": true}"),
	    "/stages.json:3: ", "race");
	refuse(*state, STAGES("{\"part\": \"a\", \"service\": [1]}"),
	    "/stages.json:3: ", "service");
}

static void
bad_documents(void **state)
{
	refuse(*state, "{", "/stages.json:1: ", "not JSON");
	refuse(*state, "[]", "/stages.json:1: ", "one JSON object");
	refuse(*state, STAGES("{\"part\": \"\xea\xb9\"}"),
	    "/stages.json:3: ", "not valid UTF-8");
	refuse(*state, "{\n\"input\": {}}", "/stages.json:2: ",
	    "\"input\" is not known here; known are $schema, title, inputs, "
	    "stages");
	refuse(*state, "{\n\"stages\": [{}]}", "/stages.json:1: ",
	    "\"inputs\" must name what a request gives");
	refuse(*state, "{\n\"inputs\": {}}", ":2: ", "\"inputs\"");
	refuse(*state, "{\n\"inputs\": []}", ":2: ", "\"inputs\"");
	refuse(*state, "{" INPUT "}", ":1: ", "\"stages\" must be");
	refuse(*state, "{" INPUT ",\n\"stages\": {}}", ":2: ", "\"stages\"");
	refuse(*state, "{" INPUT ",\n\"stages\": []}", ":2: ", "\"stages\"");
	refuse(*state, STAGES("5"), ":3: ", "an object");
}

static void
bad_inputs(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "\"a b\": {\"type\": \"text\"}", "an input's name" },
		{ "\"\": {\"type\": \"text\"}", "an input's name" },
		{ "\"a.b\": {\"type\": \"text\"}", "an input's name" },
		{ "\"a\": {}", "\"type\" must be" },
		{ "\"a\": 5", "an object" },
		{ "\"a\": {\"type\": \"number\"}", "\"type\" must be" },
		{ "\"a\": {\"type\": \"text\", \"mim\": 1}", "\"mim\"" },
		{ "\"a\": {\"type\": \"text\", \"min\": \"1\"}",
		    "\"inputs.a.min\" must be a whole number" },
		{ "\"a\": {\"type\": \"text\", \"min\": -1}", "is -1" },
		{ "\"a\": {\"type\": \"text\", \"min\": 9, \"max\": 8}",
		    "\"inputs.a.min\" is 9" },
		{ "\"a\": {\"type\": \"text\", \"letter\": 1}",
		    "true or false" },
		{ "\"a\": {\"type\": \"text\", \"required\": \"yes\"}",
		    "true or false" },
	};
	char text[300];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "{\"inputs\": {\n%s},"
		    "\"stages\": [{\"part\": \"p\"}]}", cases[i].text);
		refuse(*state, text, "/stages.json:2: ", cases[i].words);
	}
}

/* The value of an integer may be under 0; a length may not. */
static void
integers_below_zero(void **state)
{
	struct graph graph;

	put(*state, "p.txt", "{{year}}");
	load_well(&graph, *state, "{\"inputs\": {\"year\": {\"type\": "
	    "\"integer\", \"min\": -500, \"max\": -1}}, \"stages\": "
	    "[{\"part\": \"p\"}]}");
	assert_int_equal(graph.inputs[0].min, -500);
	assert_int_equal(graph.inputs[0].max, -1);
	graph_free(&graph);
}

static void
bad_stages(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "{}", "needs a \"part\"" },
		{ "{\"part\": 5}", "must be a string" },
		{ "{\"part\": \"\"}", "must be a string" },
		{ "{\"part\": \"_part\"}", "needs a \"part\" of letters" },
		{ "{\"part\": \"a|b\"}", "needs a \"part\" of letters" },
		{ "{\"part\": \"../p\"}", "needs a \"part\" of letters" },
		{ "{\"part\": \"a.b\"}", "needs a \"part\" of letters" },
		{ "{\"part\": \"abcdefghijklmnopqrstuvwxyz1234567\"}",
		    "at most 32" },
		{ "{\"part\": \"p\", \"need\": \"q\"}", "\"need\" is not "
		    "known" },
		{ "{\"part\": \"p\", \"title\": 7}", "must be a string" },
		{ "{\"part\": \"p\", \"service\": 7}", "must be a string" },
		{ "{\"part\": \"p\", \"max_tokens\": 0}", "is 0" },
		{ "{\"part\": \"p\", \"max_tokens\": \"9\"}", "whole number" },
		{ "{\"part\": \"p\", \"temperature\": 3}",
		    "\"stages.p.temperature\" is 3" },
		{ "{\"part\": \"p\", \"seed\": 99999999999999999999}",
		    "\"stages.p.seed\" is too large, it must be from" },
		{ "{\"part\": \"p\", \"seed\": -99999999999999999999}",
		    "\"stages.p.seed\" is too small" },
		{ "{\"race\": 3}", "\"stages.1st.race\" is 3" },
		{ "{\"part\": \"p\", \"temperature\": \"hot\"}", "a number" },
		{ "{\"part\": \"p\", \"needs\": 7}", "array of strings" },
		{ "{\"part\": \"p\", \"needs\": [\"none\"]}",
		    "\"none\" is neither a part nor a pick" },
		{ "{\"part\": \"p\", \"needs\": [\"p\"]}",
		    "\"p\" is neither a part nor a pick" },
		{ "{\"part\": \"p\", \"list\": 1}", "an object" },
		{ "{\"part\": \"p\", \"list\": {}}", "\"fields\" must name" },
		{ "{\"part\": \"p\", \"list\": {\"fields\": [\"a\"]}}",
		    "\"pick\" must be" },
		{ "{\"part\": \"p\", \"list\": {\"fields\": [\"a\"], "
		    "\"pick\": \"a b\"}}", "\"pick\" must be" },
		{ "{\"part\": \"p\", \"list\": {\"fields\": [], \"pick\": "
		    "\"it\"}}", "strings" },
		{ "{\"part\": \"p\", \"list\": {\"fields\": [\"1\",\"2\","
		    "\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"], \"pick\": "
		    "\"it\"}}", "1 to 8" },
		{ "{\"part\": \"p\", \"list\": {\"items\": 0, \"fields\": "
		    "[\"a\"], \"pick\": \"it\"}}", "is 0" },
		{ "{\"part\": \"p\", \"list\": {\"item\": 3}}", "\"item\"" },
		{ "{\"part\": \"p\", \"each\": \"none\"}", "\"none\" is no "
		    "list stage" },
		{ "{\"part\": \"p\", \"each\": \"p\"}", "no list stage" },
		{ "{\"part\": \"p\", \"each\": 1}", "must be a string" },
	};
	char text[600];
	size_t i;

	put(*state, "p.txt", "words");
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), STAGES("%s"), cases[i].text);
		refuse(*state, text, "/stages.json:3: ", cases[i].words);
	}
}

/* A need stands further up, so nobody can wait for himself. */
static void
no_cycles(void **state)
{
	put(*state, "a.txt", "a");
	put(*state, "b.txt", "b");
	refuse(*state, STAGES("{\"part\": \"a\", \"needs\": [\"b\"]},\n"
	    "{\"part\": \"b\", \"needs\": [\"a\"]}"), "/stages.json:3: ",
	    "\"b\" is neither a part nor a pick of a stage further up; the "
	    "stage that writes it is further down: move this one below it");
	refuse(*state, STAGES("{\"part\": \"a\", \"needs\": [\"it\"]},\n"
	    "{\"part\": \"b\", " LIST "}"), ":3: ", "\"it\" is neither a part"
	    " nor a pick of a stage further up; the stage that writes");
	refuse(*state, STAGES("{\"part\": \"a\", \"needs\": [\"it\"],\n "
	    LIST "}"), ":3: ", "\"it\" is neither a part nor a pick of a stage "
	    "further up; a stage cannot need itself");
	refuse(*state, STAGES("{\"part\": \"a\", \"needs\": [\"word\"]}"),
	    ":3: ", "it is an input, which every template may use");
	refuse(*state, STAGES("{\"part\": \"a\", \"needs\": [\"x\"]}"),
	    ":3: ", "write it as a stage before this one");
	refuse(*state, STAGES("{\"part\": \"a\", \"each\": \"b\"},\n"
	    "{\"part\": \"b\", " LIST "}"), ":3: ", "\"b\" is no list stage");
}

static void
stages_that_do_not_go_together(void **state)
{
	put(*state, "a.txt", "a");
	put(*state, "b.txt", "b");
	refuse(*state, STAGES("{\"part\": \"a\"},\n{\"part\": \"a\"}"),
	    ":4: ", "\"a\" is taken");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"it\"}"), ":4: ", "\"it\" is taken");
	refuse(*state, STAGES("{\"part\": \"a\"},\n{\"part\": \"b\", "
	    "\"each\": \"a\"}"), ":4: ", "\"a\" is no list stage");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"it\"}"), ":4: ", "\"it\" is no list stage");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"a\", \"needs\": \"it\"}"), ":4: ",
	    "a stage with \"each\" asks no model");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"a\", \"service\": \"70b\"}"), ":4: ",
	    "a stage with \"each\" asks no model");
	refuse(*state, STAGES("{\"part\": \"a\"},\n{\"part\": \"b\", "
	    "\"needs\": [\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
	    "\"a\"]}"), ":4: ", "at most 8");
}

static void
as_many_stages_as_may_be(void **state)
{
	struct buf text = BUF_INIT(10000);
	struct graph graph;
	char name[32];
	int i, n;

	for (n = GRAPH_STAGES_MAX; n <= GRAPH_STAGES_MAX + 1; n++) {
		buf_reset(&text);
		buf_puts(&text, "{" INPUT ", \"stages\": [");
		for (i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "s%d.txt", i);
			put(*state, name, "x");
			buf_printf(&text, "%s{\"part\": \"s%d\"}",
			    i == 0 ? "" : ",\n", i);
		}
		buf_puts(&text, "]}");
		if (n > GRAPH_STAGES_MAX) {
			refuse(*state, text.data, ":1: ", "1 to 32");
			continue;
		}
		load_well(&graph, *state, text.data);
		assert_int_equal(graph.n, GRAPH_STAGES_MAX);
		graph_free(&graph);
	}
	buf_free(&text);
}

static void
directory_that_is_not_there(void **state)
{
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT;
	int here;

	(void)state;
	setenv("RECIPE_PROMPTS", "/nowhere/prompts", 1);
	assert_int_equal(graph_load(&graph, &err), -1);
	unit_assert_has(err.text, "/nowhere/prompts/stages.json: No such");
	graph_free(&graph);
	/* Whoever thought of another directory is told which one it is. */
	here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(chdir("/tmp"), 0);
	setenv("RECIPE_PROMPTS", ".", 1);
	assert_int_equal(graph_load(&graph, &err), -1);
	unit_assert_has(err.text, "/tmp/stages.json: No such file or directory"
	    "; that is what RECIPE_PROMPTS=. means here: write the whole");
	assert_int_equal(fchdir(here), 0);
	close(here);
	graph_free(&graph);
}

/* The graphs of this tree. */
static void
recipes(void **state)
{
	struct graph graph;
	char dir[512];
	size_t i;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/../prompts", unit_tests_dir());
	load_well(&graph, dir, NULL);
	assert_int_equal(graph.n, 7);
	assert_int_equal(graph_processes(&graph), 6);
	for (i = 0; i < graph.n; i++)
		assert_true(graph.stages[i].is_each ||
		    graph.stages[i].demo != NULL);
	graph_free(&graph);
}

static void
lighthouse(void **state)
{
	struct graph graph;
	char dir[512];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/graphs/tiny", unit_tests_dir());
	load_well(&graph, dir, NULL);
	assert_true(graph.n > 1);
	graph_free(&graph);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(orders_and_races),
		TEST(whole_graph),
		TEST(bad_documents),
		TEST(bad_inputs),
		TEST(integers_below_zero),
		TEST(bad_stages),
		TEST(no_cycles),
		TEST(stages_that_do_not_go_together),
		TEST(as_many_stages_as_may_be),
		TEST(directory_that_is_not_there),
		TEST(recipes),
		TEST(lighthouse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
