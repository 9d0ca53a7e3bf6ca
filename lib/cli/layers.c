/*
 * layers.c: the command line.  Follows the needs of a graph; draws nothing.
 */
#include <string.h>

#include "cli/layers.h"

#define NONE	GRAPH_STAGES_MAX

size_t
layers_needs(const struct graph *graph, size_t i,
    struct need needs[GRAPH_NEEDS_MAX])
{
	const struct stage_spec *s = &graph->stages[i];

	if (s->is_each) {
		needs[0] = (struct need){ s->each, false };
		return 1;
	}
	memcpy(needs, s->needs, s->nneeds * sizeof(*needs));
	return s->nneeds;
}

/* Templates and programs write no tokens. */
static int64_t
tokens_of(const struct stage_spec *s)
{
	return s->is_each || s->run != NULL ? 0 : s->max_tokens;
}

/* Writes down the chain that ends in `last`, where before[] leads back. */
static void
follow_back(struct layers *layers, const size_t before[], size_t last)
{
	size_t i, at;

	for (i = last; i != NONE; i = before[i])
		layers->npath++;
	for (i = last, at = layers->npath; i != NONE; i = before[i]) {
		layers->path[--at] = i;
		layers->on_path[i] = true;
	}
}

/* A stage stands in the graph after those that it needs: one pass is enough. */
void
layers_find(struct layers *layers, const struct graph *graph)
{
	size_t before[GRAPH_STAGES_MAX], i, k, n, from, last = 0;
	int64_t tokens[GRAPH_STAGES_MAX] = { 0 };
	struct need needs[GRAPH_NEEDS_MAX];

	*layers = (struct layers){ .n = 1 };
	for (i = 0; i < GRAPH_STAGES_MAX; i++)
		before[i] = NONE;
	for (i = 0; i < graph->n; i++) {
		n = layers_needs(graph, i, needs);
		for (k = 0; k < n; k++) {
			from = needs[k].stage;
			if (layers->depth[from] + 1 > layers->depth[i])
				layers->depth[i] = layers->depth[from] + 1;
			if (before[i] == NONE || tokens[from] > tokens[i]) {
				before[i] = from;
				tokens[i] = tokens[from];
			}
		}
		tokens[i] += tokens_of(&graph->stages[i]);
		if (layers->depth[i] + 1 > layers->n)
			layers->n = layers->depth[i] + 1;
		if (tokens[i] > tokens[last])
			last = i;
	}
	layers->tokens = tokens[last];
	follow_back(layers, before, last);
}

bool
layers_is_step(const struct layers *layers, size_t from, size_t to)
{
	size_t i;

	for (i = 1; i < layers->npath; i++)
		if (layers->path[i - 1] == from && layers->path[i] == to)
			return true;
	return false;
}
