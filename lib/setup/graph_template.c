/*
 * graph_template.c: listener, before any fork.  Reads the templates of a stage
 * and checks that they can be filled; knows nothing of stages.json.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/place.h"

#define TEMPLATE_MAX	(64 * 1024)	/* bytes */

/*
 * Whether a template of a stage with "each" may use {{name}}: it has the fields
 * of one element.
 */
static bool
may_use_of_element(const struct graph *graph, const struct stage_spec *s,
    const char *name)
{
	const struct list_spec *list = &graph->stages[s->each].list;
	size_t i;

	for (i = 0; i < list->nfields; i++)
		if (strcmp(list->fields[i], name) == 0)
			return true;
	return false;
}

/*
 * Whether a template of this stage may use {{name}}: an input, or the text of a
 * part or a field of a pick that the stage needs.
 */
static bool
may_use(const struct graph *graph, const struct stage_spec *s,
    const char *name)
{
	const struct stage_spec *from;
	size_t i;

	if (s->is_each)
		return may_use_of_element(graph, s, name);
	for (i = 0; i < graph->ninputs; i++)
		if (strcmp(graph->inputs[i].name, name) == 0)
			return true;
	for (i = 0; i < s->nneeds; i++) {
		from = &graph->stages[s->needs[i].stage];
		if (s->needs[i].pick ? graph_is_field(from, name) :
		    strcmp(from->part, name) == 0)
			return true;
	}
	return false;
}

/* Checks that this stage may use all names in its template. */
static int
check_variables(const struct graph *graph, const struct stage_spec *s,
    const char *path, struct err *err)
{
	const struct prompt_piece *piece;
	size_t i;

	for (i = 0; i < s->prompt.n; i++) {
		piece = &s->prompt.pieces[i];
		if (piece->kind != PROMPT_TEXT &&
		    !may_use(graph, s, piece->text))
			return err_set(err, 503, "config", "%s: {{%s}} is "
			    "neither an input nor among what stage \"%s\" "
			    "needs", path, piece->text, s->part);
	}
	return 0;
}

/* Reads PART.txt and checks it. */
static int
load_template(const struct graph *graph, struct stage_spec *s, struct err *err)
{
	struct buf text = BUF_INIT(TEMPLATE_MAX);
	char *path = place_join(graph->dir, s->part, ".txt");
	const char *why;
	int line, rc = -1;

	if (doc_slurp(path, &text) == -1)
		err_set(err, 503, "config", "%s: %s (the template of stage "
		    "\"%s\")", path, strerror(errno), s->part);
	else if (!utf8_valid(text.data, text.len))
		err_set(err, 503, "config", "%s is not UTF-8", path);
	else if (prompt_parse(&s->prompt, text.data, text.len, &why,
	    &line) == -1)
		err_set(err, 503, "config", "%s:%d: %s", path, line, why);
	else
		rc = check_variables(graph, s, path, err);
	free(path);
	buf_free(&text);
	return rc;
}

/* Reads demo/PART.txt, if it exists. */
static int
load_demo(const struct graph *graph, struct stage_spec *s, struct err *err)
{
	struct buf text = BUF_INIT(TEMPLATE_MAX);
	char *dir = place_join(graph->dir, "demo", "");
	char *path = place_join(dir, s->part, ".txt");
	int rc = 0;

	if (doc_slurp(path, &text) == 0) {
		if ((s->demo = strdup(text.data)) == NULL)
			rc = err_set(err, 503, "config", "out of memory");
	} else if (errno != ENOENT) {
		rc = err_set(err, 503, "config", "%s: %s", path,
		    strerror(errno));
	}
	free(dir);
	free(path);
	buf_free(&text);
	return rc;
}

int
graph_load_templates(const struct graph *graph, struct stage_spec *stage,
    struct err *err)
{
	if (load_template(graph, stage, err) == -1)
		return -1;
	if (stage->is_each || stage->run != NULL)
		return 0;
	return load_demo(graph, stage, err);
}
