/*
 * test_graph_run: which program a stage runs, and what is refused.
 */
#include <sys/stat.h>

#include "fixture_graph.h"
#include "setup/service.h"

/* A file in the directory of the graph, with this mode. */
static void
file(const char *dir, const char *name, mode_t mode)
{
	char path[256];

	unit_write(dir, name, "#!/bin/sh\n", 0600, path);
	assert_int_equal(chmod(path, mode), 0);
}

static void
unlink_in(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
}

static void
setup_files(const char *dir)
{
	put(dir, "a.txt", "{{word}}");
	put(dir, "b.txt", "{{word}}");
	file(dir, "lookit", 0755);
	file(dir, "text", 0644);
}

static void
finds_it(void **state)
{
	struct graph graph;
	char absolute[300], stages[800];

	setup_files(*state);
	snprintf(absolute, sizeof(absolute), "%s/lookit", (char *)*state);
	setenv("PATH", ".:look::/nowhere:/bin", 1);
	snprintf(stages, sizeof(stages), STAGES("{\"part\": \"a\", \"run\": "
	    "[\"./lookit\", \"--top\", \"\", \"{{word}}\"], \"title\": \"A\"},"
	    "{\"part\": \"b\", \"needs\": [\"a\"], \"run\": [\"%s\"], " LIST
	    "}"), absolute);
	load_well(&graph, *state, stages);
	assert_string_equal(graph.stages[0].program, "./lookit");
	assert_string_equal(graph.stages[0].run[0], "./lookit");
	assert_string_equal(graph.stages[0].run[2], "");
	assert_string_equal(graph.stages[0].run[3], "{{word}}");
	assert_null(graph.stages[0].run[4]);
	assert_true(graph.stages[0].is_needed);
	assert_string_equal(graph.stages[1].program, absolute);
	assert_true(graph.stages[1].is_list);
	/* Each program has a stage process beside it. */
	assert_int_equal(graph_stages(&graph), 2);
	assert_int_equal(graph_processes(&graph), 4);
	graph_free(&graph);

	load_well(&graph, *state,
	    STAGES("{\"part\": \"a\", \"run\": [\"sh\"]}"));
	assert_string_equal(graph.stages[0].program, "/bin/sh");
	graph_free(&graph);
	unsetenv("PATH");
	load_well(&graph, *state,
	    STAGES("{\"part\": \"a\", \"run\": [\"cat\"]}"));
	unit_assert_has(graph.stages[0].program, "bin/cat");
	graph_free(&graph);
}

#define RUN(value) STAGES("{\"part\": \"a\",\n\"run\": " value "}")

static void
refuses_what_is_no_program(void **state)
{
	setup_files(*state);
	setenv("PATH", "/bin:relative", 1);
	refuse(*state, RUN("\"./lookit\""), "/stages.json:4: ",
	    "array of 1 to");
	refuse(*state, RUN("[]"), "/stages.json:4: ", "array of 1 to");
	refuse(*state, RUN("{}"), "/stages.json:4: ", "array of 1 to");
	refuse(*state, RUN("[\"\"]"), "/stages.json:4: ", "not empty");
	refuse(*state, RUN("[\"./lookit\",\n5]"), "/stages.json:5: ",
	    "only strings");
	refuse(*state, RUN("[\"./lookit\", \"a\\u0000b\"]"), "/stages.json:4: ",
	    "NUL");
	refuse(*state, RUN("[\n\"./none\"]"), "/stages.json:5: ",
	    "No such file or directory");
	refuse(*state, RUN("[\"./text\"]"), "/stages.json:4: ", "chmod +x");
	refuse(*state, RUN("[\"./\"]"), "/stages.json:4: ", "directory");
	refuse(*state, RUN("[\"/dev/null\"]"), "/stages.json:4: ",
	    "cannot be executed");
	/* In the directory, but not in $PATH. */
	refuse(*state, RUN("[\"lookit\"]"), "/stages.json:4: ",
	    "write \"./lookit\"");
}

static void
refuses_what_is_for_a_model(void **state)
{
	static const char *const members[] = { "\"service\": \"8b\"",
	    "\"race\": 2", "\"max_tokens\": 5", "\"temperature\": 1",
	    "\"each\": \"b\"" };
	char stages[500], name[40];
	size_t i;

	setup_files(*state);
	for (i = 0; i < COUNT(members); i++) {
		snprintf(stages, sizeof(stages), STAGES("{\"part\": \"b\", "
		    LIST "},\n{\"part\": \"a\", \"run\": [\"./lookit\"],\n%s}"),
		    members[i]);
		snprintf(name, sizeof(name), "takes no %.*s",
		    (int)strcspn(members[i], ":"), members[i]);
		refuse(*state, stages, "/stages.json:5: ", name);
	}
	/* Its template is its input. */
	refuse(*state, STAGES("{\"part\": \"c\", \"run\": [\"./lookit\"]}"),
	    "/c.txt: ", "template");
	put(*state, "a.system.txt", "You are a poet.");
	refuse(*state, RUN("[\"./lookit\"]"), "/stages.json:4: ",
	    "a.system.txt");
	unlink_in(*state, "a.system.txt");
	put(*state, "a.txt", "{{b}}");
	refuse(*state, RUN("[\"./lookit\"]"), "/a.txt:1: ", "{{b}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_it),
		TEST(refuses_what_is_no_program),
		TEST(refuses_what_is_for_a_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
