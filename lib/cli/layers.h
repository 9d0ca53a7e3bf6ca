/*
 * layers: where each stage of a graph stands in its drawing, and which chain of
 * stages is the longest.
 *
 * A stage stands one layer after the last of those that it waits for.  A chain
 * is as long as the most tokens that its stages may write, one after the other,
 * since that is what a visitor waits for; a program counts for none.  Of two
 * that are equally long, the one whose last stage comes first in stages.json
 * counts.
 *
 *	struct layers layers;
 *
 *	layers_find(&layers, &graph);
 *	layers.depth[i], layers.on_path[i]
 */
#ifndef LAYERS_H
#define LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/graph.h"

/* All arrays go by the index of a stage in the graph. */
struct layers {
	size_t	depth[GRAPH_STAGES_MAX];	/* 0: waits for nothing */
	size_t	n;				/* layers */
	bool	on_path[GRAPH_STAGES_MAX];
	size_t	path[GRAPH_STAGES_MAX];		/* the longest, in order */
	size_t	npath;
	int64_t	tokens;				/* of it */
};

/* What stage `i` waits for, also by "each". */
size_t	layers_needs(const struct graph *graph, size_t i,
	    struct need needs[GRAPH_NEEDS_MAX]);

void	layers_find(struct layers *layers, const struct graph *graph);

/* Whether the longest chain goes from one of these stages to the other. */
bool	layers_is_step(const struct layers *layers, size_t from, size_t to);

#endif
