/*
 * test_graph_face: what stages.json says for a page, and what is wrong in it.
 */
#include "fixture_graph.h"
#include "text/json.h"

#define INPUTS(members) "{\"inputs\": {\"word\": {\"type\": \"text\"" members \
	"}},\n\"stages\": [{\"part\": \"a\"}]}"

static const char *
words(const struct json *json, const char *language)
{
	return json_string(json_get(json, language), NULL);
}

static void
all_of_it(void **state)
{
	struct graph graph;
	struct input *input;

	put(*state, "a.txt", "{{word}}");
	put(*state, "b.txt", "{{name}}");
	put(*state, "c.txt", "{{a}}");
	load_well(&graph, *state, "{\"title\": \"The site\", \"inputs\": "
	    "{\"word\": {\"type\": \"text\", \"label\": {\"ko\": \"\xeb\xa7\x90\", "
	    "\"pt-BR\": \"Palavra\"}, \"hint\": \"one\", \"choices\": "
	    "[\"x\", {\"value\": \"y\", \"label\": \"Y!\"}]},"
	    "\"n\": {\"type\": \"integer\", \"choices\": [-0, 10]}},"
	    "\"stages\": [{\"part\": \"a\", \"title\": {\"de\": \"Eins\", "
	    "\"en\": \"One\"}, \"list\": {\"fields\": [\"name\"], "
	    "\"pick\": \"p\"}}, {\"part\": \"b\", \"each\": \"a\"}, "
	    "{\"part\": \"c\", \"needs\": [\"a\"], \"form\": \"steps\"}]}");
	assert_string_equal(graph_title(&graph, "?"), "The site");
	input = &graph.inputs[0];
	assert_string_equal(words(input->label, "pt-BR"), "Palavra");
	assert_string_equal(json_string(input->hint, NULL), "one");
	assert_int_equal(json_count(input->choices), 2);
	assert_string_equal(words(json_at(input->choices, 0), "value"), "x");
	assert_null(json_get(json_at(input->choices, 0), "label"));
	assert_string_equal(words(json_at(input->choices, 1), "label"), "Y!");
	/* A text answer has the first language. */
	assert_string_equal(graph.stages[0].title, "Eins");
	assert_string_equal(words(graph.stages[0].titles, "en"), "One");
	assert_string_equal(graph.stages[1].title, "b");
	assert_null(graph.stages[1].titles);
	assert_string_equal(graph.stages[0].form, "list");
	assert_string_equal(graph.stages[1].form, "choice");
	assert_string_equal(graph.stages[2].form, "steps");
	graph_free(&graph);
	graph_free(&graph);
}

static void
offers(void **state)
{
	struct graph graph;

	put(*state, "a.txt", "{{word}}");
	load_well(&graph, *state, "{\"inputs\": {\"word\": {\"type\": \"text\", "
	    "\"choices\": [\"x\", \"long one\"]}, \"n\": {\"type\": \"integer\","
	    " \"min\": -5, \"choices\": [-5, 0, 10]}, \"free\": {\"type\": "
	    "\"text\"}}, \"stages\": [{\"part\": \"a\"}]}");
	assert_true(graph_offers(&graph.inputs[0], "x", 1));
	assert_true(graph_offers(&graph.inputs[0], "long one", 8));
	assert_false(graph_offers(&graph.inputs[0], "long one", 4));
	assert_false(graph_offers(&graph.inputs[0], "X", 1));
	assert_false(graph_offers(&graph.inputs[0], "", 0));
	assert_true(graph_offers(&graph.inputs[1], "-5", 2));
	assert_true(graph_offers(&graph.inputs[1], "10", 2));
	assert_false(graph_offers(&graph.inputs[1], "1", 1));
	assert_true(graph_offers(&graph.inputs[2], "", 0));
	assert_true(graph_offers(&graph.inputs[2], "any", 3));
	assert_string_equal(graph_title(&graph, "none"), "none");
	graph_free(&graph);
}

static void
bad_words(void **state)
{
	static const char *const cases[] = {
		"5", "\"\"", "[]", "{}", "{\"en\": \"\"}", "{\"en\": 5}",
		"{\"e\": \"x\"}", "{\"en_\": \"x\"}", "{\"1n\": \"x\"}",
		"{\"en-\": \"x\"}", "{\"\": \"x\"}", "\"a\\u0000b\"",
		"\"a\\u001bb\"", "{\"en\": \"x\", \"ko\": {\"en\": \"x\"}}",
	};
	char text[512];
	size_t i;

	put(*state, "a.txt", "{{word}}");
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "{\n\"title\": %s,\n" INPUT
		    ", \"stages\": [{\"part\": \"a\"}]}", cases[i]);
		refuse(*state, text, "/stages.json:2: ", "");
		snprintf(text, sizeof(text), INPUTS(", \"hint\":\n%s"),
		    cases[i]);
		refuse(*state, text, "/stages.json:", "");
		snprintf(text, sizeof(text), INPUTS(", \"choices\": "
		    "[{\"value\": \"x\", \"label\": %s}]"), cases[i]);
		refuse(*state, text, "/stages.json:1: ", "");
		snprintf(text, sizeof(text), STAGES("{\"part\": \"a\", "
		    "\"title\": %s}"), cases[i]);
		refuse(*state, text, "/stages.json:3: ", "");
	}
}

static void
bad_choices(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ ", \"choices\": {}", "array of 1 to 100" },
		{ ", \"choices\": []", "array of 1 to 100" },
		{ ", \"choices\": [1]", "a choice must be a text" },
		{ ", \"choices\": [\"\"]", "a choice must be a text" },
		{ ", \"choices\": [null]", "a choice must be a text" },
		{ ", \"choices\": [{}]", "a choice must be a text" },
		{ ", \"choices\": [{\"value\": \"x\", \"more\": 1}]", "more" },
		{ ", \"choices\": [\"x\", {\"value\": \"x\"}]", "already" },
		{ ", \"min\": 2, \"choices\": [\"x\"]", "\"min\" and \"max\"" },
		{ ", \"max\": 2, \"choices\": [\"xyz\"]", "\"max\"" },
		{ ", \"letter\": true, \"choices\": [\"1\"]", "letter" },
	};
	size_t i;
	char text[512];

	put(*state, "a.txt", "{{word}}");
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), INPUTS("%s"), cases[i].text);
		refuse(*state, text, "/stages.json:1: ", cases[i].words);
	}
	refuse(*state, STAGES("{\"part\": \"a\", \"form\": \"Prose\"}"),
	    ":3: ", "\"form\" must be prose, lines, list, steps or choice");
	refuse(*state, STAGES("{\"part\": \"a\", \"form\": 1}"), ":3: ",
	    "form");
}

#define IN_DIR(test) \
	cmocka_unit_test_setup_teardown(test, unit_dir_setup, \
	    unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(all_of_it),
		IN_DIR(offers),
		IN_DIR(bad_words),
		IN_DIR(bad_choices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
