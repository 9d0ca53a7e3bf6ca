/*
 * test_graph_template: the templates of a graph, and what is wrong with them.
 */
#include "fixture_graph.h"

static void
templates(void **state)
{
	static const struct { const char *text, *place, *words; } cases[] = {
		{ "{{wrod}}", "/b.txt:1: ", "{{wrod}} is neither an input nor" },
		{ "{{it}}", "/b.txt:1: ", "{{it}} is neither" },
		{ "{{it.size}}", "/b.txt:1: ", "{{it.size}} is neither" },
		{ "{{a}}", "/b.txt:1: ", "{{a}} is neither" },
		{ "{{a.name}}", "/b.txt:1: ", "{{a.name}} is neither" },
		{ "{{name}}", "/b.txt:1: ", "{{name}} is neither" },
		{ "{{b}}", "/b.txt:1: ", "{{b}} is neither" },
		{ "{{word}}\n\n{{#word}}\n{{wrod}}{{/word}}", "/b.txt:4: ",
		    "{{wrod}} is neither" },
		{ "one\n{{#word}}\n{{wrod}}{{/word}}", "/b.txt:3: ",
		  "{{wrod}} is neither an input nor among what stage \"b\" "
		  "needs; add it to \"inputs\" or to \"needs\" in "
		  "stages.json" },
		{ "{{word}}\n{{^wrod}}\n{{/wrod}}", "/b.txt:2: ",
		  "{{wrod}} is neither" },
		{ "one\n{{word", "/b.txt:2: ", "without its" },
		{ "one\n\n{{two words}}", "/b.txt:3: ", "no name" },
	};
	size_t i;

	put(*state, "a.txt", "{{word}}");
	for (i = 0; i < COUNT(cases); i++) {
		put(*state, "b.txt", cases[i].text);
		refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n"
		    "{\"part\": \"b\", \"needs\": [\"it\"]}"), cases[i].place,
		    cases[i].words);
	}
}

/* What an `each` template is filled with is the element alone. */
static void
templates_of_each(void **state)
{
	put(*state, "a.txt", "{{word}}");
	put(*state, "b.txt", "{{name}} {{word}}");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"a\"}"), "/b.txt", "{{word}} is neither");
	put(*state, "b.txt", "{{it.name}}");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"a\"}"), "/b.txt", "{{it.name}} is neither");
}

static void
missing_template(void **state)
{
	refuse(*state, STAGES("{\"part\": \"gone\"}"), "/gone.txt",
	    "No such file or directory; it is the template of stage \"gone\": "
	    "write it");
}

/* PART.system.txt has the variables of PART.txt, and the same checks. */
static void
system_templates(void **state)
{
	struct graph graph;

	put(*state, "a.txt", "{{word}}");
	put(*state, "b.txt", "{{word}}");
	put(*state, "b.system.txt", "{{it.name}} {{#word}}x{{/word}}");
	load_well(&graph, *state, STAGES("{\"part\": \"a\", " LIST "},"
	    "{\"part\": \"b\", \"needs\": [\"it\"]}"));
	assert_int_equal(graph.stages[0].system.n, 0);
	assert_true(graph.stages[1].system.n > 0);
	graph_free(&graph);
	put(*state, "b.system.txt", "one\n{{word");
	refuse(*state, NULL, "/b.system.txt:2: ", "without its");
	put(*state, "b.system.txt", "{{it.size}}");
	refuse(*state, NULL, "/b.system.txt", "{{it.size}} is neither");
	put(*state, "b.system.txt", "{{#a}}{{/a}}");
	refuse(*state, NULL, "/b.system.txt", "{{a}} is neither");
	put(*state, "b.system.txt", "\xff");
	refuse(*state, NULL, "/b.system.txt:1: ", "is not UTF-8");
	put(*state, "b.system.txt", "one\ntwo\nthr\xe9");
	refuse(*state, NULL, "/b.system.txt:3: ", "iconv -f latin1");
	put(*state, "b.system.txt", "{{name}}");
	put(*state, "b.txt", "{{name}}");
	refuse(*state, STAGES("{\"part\": \"a\", " LIST "},\n{\"part\": "
	    "\"b\", \"each\": \"a\"}"), "/b.system.txt",
	    "asks no model, so nobody reads a system message; remove");
}

/* A name can be used in a template, or is refused where it is given. */
static void
hyphens_in_names(void **state)
{
	struct graph graph;
	struct err err;

	put(*state, "side-dish.txt", "{{on-hand}}");
	put(*state, "b.txt", "{{side-dish}}");
	if (load(&graph, *state, "{\"inputs\": {\"on-hand\": {\"type\": "
	    "\"text\"}}, \"stages\": [{\"part\": \"side-dish\"}, "
	    "{\"part\": \"b\", \"needs\": [\"side-dish\"]}]}", &err) == -1)
		unit_assert_has(err.text, "/stages.json:1: ");
	graph_free(&graph);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(templates),
		TEST(templates_of_each),
		TEST(missing_template),
		TEST(system_templates),
		TEST(hyphens_in_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
