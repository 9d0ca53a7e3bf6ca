/*
 * layout: where everything of a graph stands on a sheet, in whole pixels.
 *
 * Each layer is a column of boxes, one for each stage.  An arrow that passes a
 * column has a lane in it, below its boxes, so that no arrow crosses a box.
 * Arrows from one stage that lead on from the same port share their lanes.
 *
 *	struct layout *layout = layout_new(&graph);
 *
 *	layout->boxes[i].x, layout->lanes[column][stage][pick]
 *	free(layout);
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/layers.h"

#define LAYOUT_BOX_HIGH	62
#define LAYOUT_MARGIN	16

/* The most signs that are shown of a line in a box. */
#define LAYOUT_SIGNS	44

struct layout {
	struct layers	layers;
	struct box {
		int	x, y, width;
	}		boxes[GRAPH_STAGES_MAX];	/* by stage */
	struct {
		int	x, width;
		int	high;		/* of all that stands in it */
	}		columns[GRAPH_STAGES_MAX];	/* by layer */
	/* By layer, stage, and whether it is its pick; 0: there is none. */
	int		lanes[GRAPH_STAGES_MAX][GRAPH_STAGES_MAX][2];
	int		width, high;
};

/* A new layout of a graph; NULL without memory. */
struct layout *layout_new(const struct graph *graph);

/* Where an arrow leaves a stage: that from its pick, or from all its text. */
int	layout_port(const struct graph *graph, const struct layout *layout,
	    size_t stage, bool pick);

/* Whether others wait for this stage's pick, or for all its text. */
bool	layout_has_port(const struct graph *graph, size_t stage, bool pick);

/*
 * How wide a text, or one code point, is, in signs of which Chinese or Korean
 * ones count two.
 */
int	layout_signs(const char *text);
int	layout_signs_of(uint32_t cp);

#endif
