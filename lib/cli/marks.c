/*
 * marks.c: the command line.  Reads the files of a graph; loads nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "cli/marks.h"
#include "setup/doc.h"
#include "setup/place.h"
#include "text/json.h"

/* Appends a file, after its name; a file that is not there adds nothing. */
static void
add_file(struct buf *all, const char *dir, const char *part,
    const char *suffix)
{
	struct buf text = BUF_INIT(DOC_MAX);
	char *path = place_join(dir, part, suffix);

	if (doc_slurp(path, &text) == 0) {
		buf_printf(all, "\n%s %zu\n", suffix, text.len);
		buf_add(all, text.data, text.len);
	}
	buf_free(&text);
	free(path);
}

/*
 * A program that was written for the graph is relative to its directory; one
 * that is installed on the machine is not a file of the stage.
 */
static void
add_program(struct buf *all, const char *dir, const char *program)
{
	if (program != NULL && program[0] != '/')
		add_file(all, dir, program, "");
}

static void
mark_stage(struct part_mark *mark, const struct graph *graph,
    const struct stage_spec *s, const struct json *json)
{
	struct buf all = BUF_INIT(8 * (size_t)DOC_MAX);
	char *demo = place_join(graph->dir, "demo", "");

	snprintf(mark->part, sizeof(mark->part), "%s", s->part);
	json_write(json, &all);
	add_file(&all, graph->dir, s->part, ".txt");
	add_file(&all, graph->dir, s->part, ".system.txt");
	buf_puts(&all, "\ndemo");
	add_file(&all, demo, s->part, ".txt");
	add_program(&all, graph->dir, s->program);
	digest_hex(all.data, all.len, mark->digest, sizeof(mark->digest) - 1);
	free(demo);
	buf_free(&all);
}

void
marks_read(struct marks *marks, const struct graph *graph)
{
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;
	char *path = place_join(graph->dir, "stages.json", "");
	char at[24];
	size_t i;

	/* The graph has been loaded; if this fails, all objects are empty. */
	doc_read(&doc, path, &err);
	for (i = 0; i < graph->n; i++) {
		snprintf(at, sizeof(at), "#%zu", i);
		mark_stage(&marks->list[i], graph, &graph->stages[i],
		    doc_get(&doc, AT("stages", at)));
	}
	marks->n = graph->n;
	doc_free(&doc);
	free(path);
}

static const char *
digest_of(const struct marks *marks, const char *part)
{
	size_t i;

	for (i = 0; i < marks->n; i++)
		if (strcmp(marks->list[i].part, part) == 0)
			return marks->list[i].digest;
	return "";
}

static bool
any_differs(const struct marks *before, const struct marks *now)
{
	size_t i;

	for (i = 0; i < now->n; i++)
		if (marks_differ(before, now, now->list[i].part))
			return true;
	return before->n != now->n;
}

bool
marks_differ(const struct marks *before, const struct marks *now,
    const char *part)
{
	if (part == NULL)
		return any_differs(before, now);
	return strcmp(digest_of(before, part), digest_of(now, part)) != 0;
}
