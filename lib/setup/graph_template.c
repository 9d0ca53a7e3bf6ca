/*
 * graph_template.c: listener, before any fork.  Reads the templates of a stage
 * and checks that they can be filled; knows nothing of stages.json.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
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

bool
graph_may_use(const struct graph *graph, const struct stage_spec *s,
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

/* Checks that this stage may use all names in a template of its own. */
static int
check_variables(const struct graph *graph, const struct stage_spec *s,
    const struct prompt *prompt, const char *path, struct err *err)
{
	const struct prompt_piece *piece;
	size_t i;

	for (i = 0; i < prompt->n; i++) {
		piece = &prompt->pieces[i];
		if (piece->kind != PROMPT_TEXT &&
		    !graph_may_use(graph, s, piece->text))
			return err_set(err, 503, "config", "%s:%d: {{%s}} is "
			    "neither an input nor among what stage \"%s\" "
			    "needs; %s", path, piece->line, piece->text,
			    s->part, s->is_each ? "with \"each\" it is a "
			    "field of the list" : "add it to \"inputs\" or to "
			    "\"needs\" in stages.json");
	}
	return 0;
}

/* Checks what was read from the file at `path`, and makes it *prompt. */
static int
parse_template(const struct graph *graph, const struct stage_spec *s,
    struct prompt *prompt, const struct buf *text, const char *path,
    struct err *err)
{
	char why[PROMPT_WHY_BYTES];
	int line;

	if (doc_check_utf8(path, text, err) == -1)
		return -1;
	if (prompt_parse(prompt, text->data, text->len, why, &line) == -1)
		return err_set(err, 503, "config", "%s:%d: %s", path, line,
		    why);
	return check_variables(graph, s, prompt, path, err);
}

/* Reads PART.txt and checks it. */
static int
load_template(const struct graph *graph, struct stage_spec *s, struct err *err)
{
	struct buf text = BUF_INIT(TEMPLATE_MAX);
	char *path = place_join(graph->dir, s->part, ".txt");
	int rc = -1;

	if (doc_slurp(path, &text) == -1)
		err_set(err, 503, "config", "%s: %s; it is the template of "
		    "stage \"%s\": write it, or take the stage out", path,
		    strerror(errno), s->part);
	else
		rc = parse_template(graph, s, &s->prompt, &text, path, err);
	free(path);
	buf_free(&text);
	return rc;
}

/*
 * Reads PART.system.txt, if it exists, and checks it.  No other file can be
 * meant by this name, since a part's name has no dot.
 */
static int
load_system(const struct graph *graph, struct stage_spec *s, struct err *err)
{
	struct buf text = BUF_INIT(TEMPLATE_MAX);
	char *path = place_join(graph->dir, s->part, ".system.txt");
	int rc = 0;

	if (doc_slurp(path, &text) == -1) {
		if (errno != ENOENT)
			rc = err_set(err, 503, "config", "%s: %s", path,
			    strerror(errno));
	} else if (s->is_each || s->run != NULL) {
		rc = err_set(err, 503, "config", "%s: stage \"%s\" has "
		    "\"%s\" and asks no model, so nobody reads a system "
		    "message; remove the file", path, s->part,
		    s->is_each ? "each" : "run");
	} else {
		rc = parse_template(graph, s, &s->system, &text, path, err);
	}
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
		if ((rc = doc_check_utf8(path, &text, err)) == 0 &&
		    (s->demo = strdup(text.data)) == NULL)
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
	if (load_template(graph, stage, err) == -1 ||
	    load_system(graph, stage, err) == -1)
		return -1;
	if (stage->is_each || stage->run != NULL)
		return 0;
	return load_demo(graph, stage, err);
}
