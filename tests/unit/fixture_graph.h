/*
 * fixture_graph: a directory of a graph, which a test writes and loads.
 */
#ifndef FIXTURE_GRAPH_H
#define FIXTURE_GRAPH_H

#include "base/err.h"
#include "setup/graph.h"
#include "unit.h"

/* A directory of a graph, written by the test. */
static inline void
put(const char *dir, const char *name, const char *text)
{
	char path[256];

	unit_write(dir, name, text, 0600, path);
}

static inline int
load(struct graph *graph, const char *dir, const char *stages,
    struct err *err)
{
	if (stages != NULL)
		put(dir, "stages.json", stages);
	*graph = (struct graph)GRAPH_INIT;
	*err = (struct err)ERR_INIT;
	setenv("RECIPE_PROMPTS", dir, 1);
	return graph_load(graph, err);
}

static inline void
load_well(struct graph *graph, const char *dir, const char *stages)
{
	struct err err;

	if (load(graph, dir, stages, &err) == -1)
		fail_msg("%s", err.text);
}

/* Refused, and the message names this file (and line) and says this. */
static inline void
refuse(const char *dir, const char *stages, const char *place,
    const char *words)
{
	struct graph graph;
	struct err err;

	if (load(&graph, dir, stages, &err) != -1)
		fail_msg("%s was taken", stages);
	assert_int_equal(err.status, 503);
	assert_string_equal(err.code, "config");
	unit_assert_has(err.text, dir);
	unit_assert_has(err.text, place);
	unit_assert_has(err.text, words);
	graph_free(&graph);
}

#define INPUT "\"inputs\": {\"word\": {\"type\": \"text\"}}"
#define STAGES(list) "{" INPUT ",\n\"stages\": [\n" list "\n]}"
#define LIST "\"list\": {\"items\": 3, \"fields\": [\"name\", \"intro\"], " \
	"\"pick\": \"it\"}"

#endif
