/*
 * layout.c: the command line.  Measures and places; writes no SVG.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/draw.h"
#include "cli/layout.h"

/* Pixels. */
#define SIGN_WIDE	7	/* a sign of the small lines */
#define NAME_WIDE	9	/* a sign of a part's name */
#define PADDING		12	/* in a box, at each side */
#define BOX_GAP		18
#define LANE_HIGH	16
#define COLUMN_GAP	52

int
layout_signs_of(uint32_t cp)
{
	return cp >= 0x1100 && (cp < 0x2000 || cp >= 0x2e80) ? 2 : 1;
}

int
layout_signs(const char *text)
{
	size_t i, len, n = strlen(text);
	uint32_t cp = 0;
	int signs = 0;

	for (i = 0; i < n; i += len) {
		if ((len = utf8_next(text + i, n - i, &cp)) == 0)
			break;
		signs += layout_signs_of(cp);
	}
	return signs;
}

static int
largest(int a, int b)
{
	return a > b ? a : b;
}

/* How wide the lines of a box are: its name, its title, and what it asks. */
static int
text_width(const struct stage_spec *s)
{
	struct buf asks = BUF_INIT(4096);
	int signs;

	draw_asks(s, &asks);
	signs = largest(layout_signs(s->title), layout_signs(asks.data));
	buf_free(&asks);
	/* The sign that is cut off may be a wide one, and a dot follows. */
	if (signs > LAYOUT_SIGNS)
		signs = LAYOUT_SIGNS + 2;
	return largest(signs * SIGN_WIDE, layout_signs(s->part) * NAME_WIDE);
}

/* The first stage that an arrow from this port leads to; graph->n: none. */
static size_t
first_from(const struct graph *graph, size_t stage, bool pick)
{
	struct need needs[GRAPH_NEEDS_MAX];
	size_t i, k, n;

	for (i = stage + 1; i < graph->n; i++) {
		n = layers_needs(graph, i, needs);
		for (k = 0; k < n; k++)
			if (needs[k].stage == stage && needs[k].pick == pick)
				return i;
	}
	return graph->n;
}

bool
layout_has_port(const struct graph *graph, size_t stage, bool pick)
{
	return first_from(graph, stage, pick) < graph->n;
}

/* Of two ports that is above whose first stage is above in the next column. */
int
layout_port(const struct graph *graph, const struct layout *layout,
    size_t stage, bool pick)
{
	int y = layout->boxes[stage].y;
	bool above = first_from(graph, stage, pick) <=
	    first_from(graph, stage, !pick);

	if (!layout_has_port(graph, stage, !pick))
		return y + LAYOUT_BOX_HIGH / 2;
	return y + LAYOUT_BOX_HIGH * (above ? 1 : 2) / 3;
}

/* Gives each column its place; what stands after it is the name of a pick. */
static void
place_columns(struct layout *layout, const struct graph *graph)
{
	const struct stage_spec *s;
	size_t c, i;
	int x = LAYOUT_MARGIN, gap;

	for (c = 0; c < layout->layers.n; c++) {
		gap = COLUMN_GAP;
		for (i = 0; i < graph->n; i++) {
			s = &graph->stages[i];
			if (layout->layers.depth[i] != c)
				continue;
			layout->columns[c].width = largest(
			    layout->columns[c].width, text_width(s));
			if (layout_has_port(graph, i, true))
				gap = largest(gap, COLUMN_GAP + SIGN_WIDE *
				    layout_signs(s->list.pick));
		}
		layout->columns[c].width += 2 * PADDING;
		layout->columns[c].x = x;
		x += layout->columns[c].width + gap;
		layout->width = x - gap + LAYOUT_MARGIN;
	}
}

static void
place_boxes(struct layout *layout, const struct graph *graph)
{
	size_t c, i;
	int y;

	for (c = 0; c < layout->layers.n; c++) {
		y = 0;
		for (i = 0; i < graph->n; i++)
			if (layout->layers.depth[i] == c) {
				layout->boxes[i] = (struct box){
				    layout->columns[c].x, y,
				    layout->columns[c].width };
				y += LAYOUT_BOX_HIGH + BOX_GAP;
			}
		layout->columns[c].high = y;
	}
}

/* Opens the lanes of one arrow, in the columns that it passes. */
static void
open_lanes(struct layout *layout, const struct need *need, size_t to)
{
	size_t c;
	int *lane;

	for (c = layout->layers.depth[need->stage] + 1;
	    c < layout->layers.depth[to]; c++) {
		lane = &layout->lanes[c][need->stage][need->pick];
		if (*lane == 0) {
			*lane = layout->columns[c].high + LANE_HIGH / 2;
			layout->columns[c].high += LANE_HIGH;
		}
	}
}

/* Moves a column down, so that all are in the middle of the sheet. */
static void
move_down(struct layout *layout, const struct graph *graph, size_t c,
    int down)
{
	size_t i;

	for (i = 0; i < graph->n; i++) {
		if (layout->layers.depth[i] == c)
			layout->boxes[i].y += down;
		if (layout->lanes[c][i][0] != 0)
			layout->lanes[c][i][0] += down;
		if (layout->lanes[c][i][1] != 0)
			layout->lanes[c][i][1] += down;
	}
}

struct layout *
layout_new(const struct graph *graph)
{
	struct layout *layout = calloc(1, sizeof(*layout));
	struct need needs[GRAPH_NEEDS_MAX];
	size_t c, i, k, n;
	int high = 0;

	if (layout == NULL)
		return NULL;
	layers_find(&layout->layers, graph);
	place_columns(layout, graph);
	place_boxes(layout, graph);
	for (i = 0; i < graph->n; i++) {
		n = layers_needs(graph, i, needs);
		for (k = 0; k < n; k++)
			open_lanes(layout, &needs[k], i);
	}
	for (c = 0; c < layout->layers.n; c++)
		high = largest(high, layout->columns[c].high);
	for (c = 0; c < layout->layers.n; c++)
		move_down(layout, graph, c, LAYOUT_MARGIN +
		    (high - layout->columns[c].high) / 2);
	layout->high = LAYOUT_MARGIN + high;
	return layout;
}
