/*
 * draw_text.c: the command line.  Draws a graph with the signs of a terminal.
 */
#include <inttypes.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/draw.h"
#include "cli/layers.h"
#include "setup/graph.h"

/* Bytes of one line; names and services are short. */
#define LINE_MAX_BYTES	4096

/* The name of a service or a program, without what a terminal would obey. */
static void
put_id(struct buf *out, const char *id)
{
	const unsigned char *p = (const unsigned char *)id;

	for (; *p != '\0'; p++)
		if (*p < ' ' || *p == 0x7f)
			buf_putc(out, '?');
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p++, buf_putc(out, '?');
		else
			buf_putc(out, (char)*p);
}

void
draw_asks(const struct stage_spec *s, struct buf *out)
{
	size_t i;

	if (s->is_each) {
		buf_puts(out, "a template, no model");
		return;
	}
	if (s->run != NULL) {
		buf_puts(out, "runs ");
		put_id(out, s->run[0]);
		return;
	}
	if (s->nservices == 0)
		buf_puts(out, "the default service");
	for (i = 0; i < s->nservices; i++) {
		buf_puts(out, graph_between(s, i));
		put_id(out, s->services[i]);
	}
	buf_printf(out, "; %" PRId64 " tokens", s->max_tokens);
}

/* Appends blanks until the line, from `begin` on, is `width` signs wide. */
static void
fill_to(struct buf *out, size_t begin, size_t width)
{
	size_t has = utf8_count(out->data + begin, out->len - begin);

	if (has < width)
		buf_fill(out, ' ', width - has);
}

/* "* init" or "*   add ◀─ recipe", with what it waits for. */
static void
put_stage(const struct graph *graph, const struct layers *layers, size_t i,
    struct buf *out)
{
	const struct stage_spec *s = &graph->stages[i], *from;
	struct need needs[GRAPH_NEEDS_MAX];
	size_t k, n = layers_needs(graph, i, needs);

	buf_puts(out, layers->on_path[i] ? "* " : "  ");
	buf_fill(out, ' ', 2 * layers->depth[i]);
	buf_puts(out, s->part);
	for (k = 0; k < n; k++) {
		from = &graph->stages[needs[k].stage];
		buf_printf(out, "%s%s", k == 0 ? " ◀─ " : ", ",
		    needs[k].pick ? from->list.pick : from->part);
	}
	if (s->is_list)
		buf_printf(out, " ─▶ %s", s->list.pick);
}

static size_t
stage_width(const struct graph *graph, const struct layers *layers, size_t i)
{
	struct buf line = BUF_INIT(LINE_MAX_BYTES);
	size_t width;

	put_stage(graph, layers, i, &line);
	width = utf8_count(line.data, line.len);
	buf_free(&line);
	return width;
}

static void
write_path(const struct graph *graph, const struct layers *layers,
    struct buf *out)
{
	size_t i;

	buf_puts(out, "\n* the longest way: ");
	for (i = 0; i < layers->npath; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : " ─▶ ",
		    graph->stages[layers->path[i]].part);
	buf_printf(out, ", at most %" PRId64 " tokens\n", layers->tokens);
}

void
draw_text(const struct graph *graph, struct buf *out)
{
	struct layers layers;
	size_t i, begin, wide = 0;

	layers_find(&layers, graph);
	for (i = 0; i < graph->n; i++)
		if (stage_width(graph, &layers, i) > wide)
			wide = stage_width(graph, &layers, i);
	for (i = 0; i < graph->n; i++) {
		begin = out->len;
		put_stage(graph, &layers, i, out);
		fill_to(out, begin, wide + 2);
		draw_asks(&graph->stages[i], out);
		buf_putc(out, '\n');
	}
	write_path(graph, &layers, out);
}
