/*
 * again.c: the command line.  Follows the needs of stages; reads no file.
 */
#include "cli/again.h"
#include "setup/graph.h"

/* Whether the stage needs one that runs again. */
static bool
depends(const struct stage_spec *s, const bool runs[])
{
	size_t k;

	if (s->is_each)
		return runs[s->each];
	for (k = 0; k < s->nneeds; k++)
		if (runs[s->needs[k].stage])
			return true;
	return false;
}

/*
 * Adds the lists that the stage needs whole.  Returns whether one was not yet
 * among those that run.
 */
static bool
add_lists(const struct graph *graph, const struct stage_spec *s, bool runs[])
{
	bool added = false;
	size_t k, from;

	for (k = 0; k < s->nneeds; k++) {
		from = s->needs[k].stage;
		if (graph->stages[from].is_list && !s->needs[k].pick) {
			added = added || !runs[from];
			runs[from] = true;
		}
	}
	if (s->is_each && !runs[s->each])
		added = runs[s->each] = true;
	return added;
}

size_t
again_spread(const struct graph *graph, const bool left_out[], bool runs[])
{
	bool added;
	size_t i, n;

	/* A list that is added comes before what needs it: from the front. */
	do {
		added = false;
		n = 0;
		for (i = 0; i < graph->n; i++) {
			runs[i] = !left_out[i] && (runs[i] ||
			    depends(&graph->stages[i], runs));
			n += runs[i];
			if (runs[i] &&
			    add_lists(graph, &graph->stages[i], runs))
				added = true;
		}
	} while (added);
	return n;
}
