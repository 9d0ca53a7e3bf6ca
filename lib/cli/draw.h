/*
 * draw: a graph as a picture, for a terminal or as SVG.
 *
 * Both show the stages by the names of their parts, what each waits for, a pick
 * by its name, the services that stages.json names, and the longest chain
 * (layers.h).  They depend on stages.json alone, so the same file always gives
 * the same bytes.
 */
#ifndef DRAW_H
#define DRAW_H

struct buf;
struct graph;
struct stage_spec;

/* Lines of UTF-8.  A stage is indented by its layer. */
void	draw_text(const struct graph *graph, struct buf *out);

/*
 * A document of its own, without fonts or scripts from elsewhere, which is
 * readable in light and in dark.
 */
void	draw_svg(const struct graph *graph, struct buf *out);

/*
 * What a stage asks, and how much it may write: "groq-8b, then 8b; 500 tokens",
 * or which program it runs, or that it does neither.
 */
void	draw_asks(const struct stage_spec *stage, struct buf *out);

#endif
