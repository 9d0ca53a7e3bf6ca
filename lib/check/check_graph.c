/*
 * check_graph.c: runs on the command line.  Looks for inputs and parts to no
 * use; knows neither services nor requests.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check/check_graph.h"
#include "check/say.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/place.h"
#include "text/prompt.h"

/* Whether a template has {{name}}, also as a condition. */
static bool
names(const struct prompt *prompt, const char *name)
{
	size_t i;

	for (i = 0; i < prompt->n; i++)
		if (prompt->pieces[i].kind != PROMPT_TEXT &&
		    strcmp(prompt->pieces[i].text, name) == 0)
			return true;
	return false;
}

/*
 * Whether the template of a stage names the input.  One of a stage with "each"
 * has the fields of an element, which may be called as an input is.
 */
static bool
is_used(const struct graph *graph, const struct input *input)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (!s->is_each && (names(&s->prompt, input->name) ||
		    names(&s->system, input->name)))
			return true;
	}
	return false;
}

/* Whether another stage needs the part at that index, its pick or its list. */
static bool
is_needed(const struct graph *graph, size_t index)
{
	const struct stage_spec *s;
	size_t i, k;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (s->is_each && s->each == index)
			return true;
		for (k = 0; k < s->nneeds; k++)
			if (s->needs[k].stage == index)
				return true;
	}
	return false;
}

/* Whether the page without JavaScript has the part, or a field of its pick. */
static bool
is_shown(const struct graph *graph, const struct stage_spec *s)
{
	const struct prompt *page = &graph->page;
	size_t i;

	if (page->n == 0 || names(page, s->part))
		return true;
	for (i = 0; i < page->n; i++)
		if (page->pieces[i].kind != PROMPT_TEXT &&
		    graph_is_field(s, page->pieces[i].text))
			return true;
	return false;
}

/* Prints a warning about a place in the file. */
static void
warn_at(const struct doc *doc, const char *const at[], const char *what,
    const char *name, const char *remedy)
{
	struct err err = ERR_INIT;

	doc_complain(doc, &err, at, "%s \"%s\" %s", what, name, remedy);
	say_warning("warning", "%s", err.text);
}

static size_t
warn_of_inputs(const struct graph *graph, const struct doc *doc)
{
	const struct input *input;
	size_t i, n = 0;

	for (i = 0; i < graph->ninputs; i++) {
		input = &graph->inputs[i];
		if (is_used(graph, input))
			continue;
		warn_at(doc, AT("inputs", input->name), "the input",
		    input->name, "is in no template, so it changes nothing; "
		    "write {{NAME}} with its name into one, or take it out");
		n++;
	}
	return n;
}

static size_t
warn_of_parts(const struct graph *graph, const struct doc *doc)
{
	const struct stage_spec *s;
	char at[24];
	size_t i, n = 0;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (is_shown(graph, s) || is_needed(graph, i))
			continue;
		snprintf(at, sizeof(at), "#%zu", i);
		warn_at(doc, AT("stages", at, "part"), "the part", s->part,
		    "is not on the page without JavaScript, and no stage needs"
		    " it; write {{PART}} with its name into plain.html, or "
		    "take the stage out");
		n++;
	}
	return n;
}

size_t
check_graph(const struct graph *graph)
{
	char *path = place_join(graph->dir, "stages.json", "");
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;
	size_t n = 0;

	/* It was read a moment ago; here it is read for its lines. */
	if (doc_read(&doc, path, &err) == 0)
		n = warn_of_inputs(graph, &doc) + warn_of_parts(graph, &doc);
	doc_free(&doc);
	free(path);
	return n;
}
