/*
 * draw_svg.c: the command line.  Draws a graph as SVG; what stands where is
 * decided by layout.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/draw.h"
#include "cli/layout.h"

#define FOOT_HIGH	34	/* pixels, for the line below the graph */

/* What all functions of this file need. */
struct sheet {
	const struct graph	*graph;
	struct layout		*layout;
	struct buf		*out;
};

static const char style[] =
"<style>\n"
"text{font:12px system-ui,sans-serif;fill:#1f2328}\n"
".name{font-size:15px;font-weight:600}\n"
".small{fill:#59636e}\n"
".sheet{fill:#ffffff}\n"
".box{fill:#f6f8fa;stroke:#818b98}\n"
".arrow{fill:none;stroke:#818b98;stroke-width:1.5}\n"
".head{fill:#818b98}\n"
".pick{fill:#59636e;stroke:#ffffff;stroke-width:4px;paint-order:stroke}\n"
".long .box,.long.arrow{stroke:#bc4c00;stroke-width:2.5}\n"
".long.head,.foot{fill:#bc4c00}\n"
"@media (prefers-color-scheme:dark){\n"
"text{fill:#e6edf3}\n"
".small{fill:#9aa4af}\n"
".sheet{fill:#0d1117}\n"
".box{fill:#161b22;stroke:#6e7681}\n"
".arrow{stroke:#6e7681}\n"
".head{fill:#6e7681}\n"
".pick{fill:#9aa4af;stroke:#0d1117}\n"
".long .box,.long.arrow{stroke:#f0883e}\n"
".long.head,.foot{fill:#f0883e}\n"
"}\n"
"</style>\n";

/*
 * Appends a text as XML takes it; of one that is longer than `most` signs, its
 * beginning.  Control characters and U+FFFE and U+FFFF cannot be in a document.
 */
static void
put_xml(struct buf *out, const char *text, int most)
{
	size_t i, len, n = strlen(text);
	uint32_t cp = 0;
	int signs = 0;

	for (i = 0; i < n && signs < most; i += len) {
		if ((len = utf8_next(text + i, n - i, &cp)) == 0)
			len = 1, cp = 0xfffe;
		signs += layout_signs_of(cp);
		if (cp == '<')
			buf_puts(out, "&lt;");
		else if (cp == '&')
			buf_puts(out, "&amp;");
		else if (cp < ' ' || cp == 0x7f)
			buf_putc(out, ' ');
		else if (cp == 0xfffe || cp == 0xffff)
			buf_puts(out, "\xef\xbf\xbd");
		else
			buf_add(out, text + i, len);
	}
	if (i < n)
		buf_puts(out, "\xe2\x80\xa6");
}

static void
put_line(const struct sheet *sheet, int x, int y, const char *class,
    const char *text)
{
	buf_printf(sheet->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y,
	    class);
	put_xml(sheet->out, text, LAYOUT_SIGNS);
	buf_puts(sheet->out, "</text>\n");
}

static void
put_box(const struct sheet *sheet, size_t i)
{
	const struct stage_spec *s = &sheet->graph->stages[i];
	const struct box *box = &sheet->layout->boxes[i];
	struct buf asks = BUF_INIT(4096);

	draw_asks(s, &asks);
	buf_printf(sheet->out, "<g%s>\n<title>",
	    sheet->layout->layers.on_path[i] ? " class=\"long\"" : "");
	put_xml(sheet->out, s->title, INT32_MAX);
	buf_puts(sheet->out, ": ");
	put_xml(sheet->out, asks.data, INT32_MAX);
	buf_printf(sheet->out, "</title>\n<rect x=\"%d\" y=\"%d\" width=\"%d\""
	    " height=\"%d\" rx=\"7\" class=\"box\"/>\n", box->x, box->y,
	    box->width, LAYOUT_BOX_HIGH);
	put_line(sheet, box->x + 12, box->y + 20, "name", s->part);
	if (strcmp(s->title, s->part) != 0)
		put_line(sheet, box->x + 12, box->y + 37, "title", s->title);
	put_line(sheet, box->x + 12, box->y + 53, "small", asks.data);
	buf_puts(sheet->out, "</g>\n");
	buf_free(&asks);
}

/* A curve from where the path is, (x, y), that is level at both ends. */
static void
put_curve(const struct sheet *sheet, int x, int y, int to_x, int to_y)
{
	int mid = (x + to_x) / 2;

	buf_printf(sheet->out, "C%d %d %d %d %d %d", mid, y, mid, to_y, to_x,
	    to_y);
}

/*
 * Where the height of an arrow's last column before stage `to` is, by which the
 * arrows that arrive there are ordered.
 */
static int
height_before(const struct sheet *sheet, const struct need *need, size_t to)
{
	const struct layout *layout = sheet->layout;
	size_t last = layout->layers.depth[to] - 1;

	if (layout->layers.depth[need->stage] < last)
		return layout->lanes[last][need->stage][need->pick];
	return layout_port(sheet->graph, layout, need->stage, need->pick);
}

/* Where the k-th of n arrows arrives: each has a height of its own. */
static int
arrival_height(const struct sheet *sheet, const struct need *needs, size_t n,
    size_t k, size_t to)
{
	int mine = height_before(sheet, &needs[k], to), other;
	size_t j, rank = 1;

	for (j = 0; j < n; j++) {
		other = height_before(sheet, &needs[j], to);
		rank += other < mine || (other == mine && j < k);
	}
	return sheet->layout->boxes[to].y +
	    LAYOUT_BOX_HIGH * (int)rank / (int)(n + 1);
}

/* One arrow: through a lane of each column that it passes. */
static void
put_arrow(const struct sheet *sheet, const struct need *need, size_t to,
    int to_y, bool is_long)
{
	const struct layout *layout = sheet->layout;
	const struct box *from = &layout->boxes[need->stage];
	int x = from->x + from->width, y, to_x = layout->boxes[to].x;
	size_t c;

	y = layout_port(sheet->graph, layout, need->stage, need->pick);
	buf_printf(sheet->out, "<path class=\"arrow%s\" d=\"M%d %d",
	    is_long ? " long" : "", x, y);
	for (c = layout->layers.depth[need->stage] + 1;
	    c < layout->layers.depth[to]; c++) {
		put_curve(sheet, x, y, layout->columns[c].x,
		    layout->lanes[c][need->stage][need->pick]);
		x = layout->columns[c].x + layout->columns[c].width;
		y = layout->lanes[c][need->stage][need->pick];
		buf_printf(sheet->out, "H%d", x);
	}
	put_curve(sheet, x, y, to_x - 8, to_y);
	buf_printf(sheet->out, "\"/>\n<path class=\"head%s\" d=\"M%d %dl-9 "
	    "-5v10z\"/>\n", is_long ? " long" : "", to_x, to_y);
}

/* All arrows that are on the longest way, or all that are not. */
static void
put_arrows(const struct sheet *sheet, bool is_long)
{
	struct need needs[GRAPH_NEEDS_MAX];
	size_t i, k, n;

	for (i = 0; i < sheet->graph->n; i++) {
		n = layers_needs(sheet->graph, i, needs);
		for (k = 0; k < n; k++)
			if (layers_is_step(&sheet->layout->layers,
			    needs[k].stage, i) == is_long)
				put_arrow(sheet, &needs[k], i,
				    arrival_height(sheet, needs, n, k, i),
				    is_long);
	}
}

/* The name of each pick, where the arrows from it begin. */
static void
put_picks(const struct sheet *sheet)
{
	const struct box *box;
	size_t i;

	for (i = 0; i < sheet->graph->n; i++) {
		if (!layout_has_port(sheet->graph, i, true))
			continue;
		box = &sheet->layout->boxes[i];
		put_line(sheet, box->x + box->width + 6,
		    layout_port(sheet->graph, sheet->layout, i, true) - 6,
		    "pick", sheet->graph->stages[i].list.pick);
	}
}

/* "The longest way: init, add, ste; at most 1100 tokens". */
static void
put_path(const struct sheet *sheet, struct buf *out)
{
	const struct layers *layers = &sheet->layout->layers;
	size_t i;

	buf_puts(out, "The longest way: ");
	for (i = 0; i < layers->npath; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : ", ",
		    sheet->graph->stages[layers->path[i]].part);
	buf_printf(out, "; at most %" PRId64 " tokens", layers->tokens);
}

static void
put_sheet(const struct sheet *sheet, const char *path)
{
	struct layout *layout = sheet->layout;
	int high = layout->high + FOOT_HIGH, foot = layout_signs(path) * 7 +
	    2 * LAYOUT_MARGIN;
	size_t i;

	if (layout->width < foot)
		layout->width = foot;
	buf_printf(sheet->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"Which prompt waits for which. %s.\">\n%s<rect "
	    "width=\"%d\" height=\"%d\" rx=\"8\" class=\"sheet\"/>\n",
	    layout->width, high, layout->width, high, path, style,
	    layout->width, high);
	put_arrows(sheet, false);
	put_arrows(sheet, true);
	for (i = 0; i < sheet->graph->n; i++)
		put_box(sheet, i);
	put_picks(sheet);
	buf_printf(sheet->out, "<text x=\"%d\" y=\"%d\" class=\"foot\">%s."
	    "</text>\n</svg>\n", LAYOUT_MARGIN, high - LAYOUT_MARGIN, path);
}

void
draw_svg(const struct graph *graph, struct buf *out)
{
	struct sheet sheet = { graph, layout_new(graph), out };
	struct buf path = BUF_INIT(4096);

	if (sheet.layout == NULL) {
		out->failed = true;
		return;
	}
	put_path(&sheet, &path);
	put_sheet(&sheet, path.data);
	buf_free(&path);
	free(sheet.layout);
}
