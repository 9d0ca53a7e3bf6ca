/*
 * check_graph.c: runs on the command line.  Compares a graph with itself and
 * with the configuration; asks no service.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "check/check_graph.h"
#include "check/check_twice.h"
#include "check/say.h"
#include "setup/config.h"
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

/* Lists the services that a stage may name: all but the demo. */
static void
list_services(const struct config *config, struct buf *out)
{
	size_t i;

	for (i = 0; i < config->services.n; i++)
		if (!service_is_demo(&config->services.list[i]))
			buf_printf(out, "%s%s", out->len == 0 ? "" : ", ",
			    config->services.list[i].id);
}

/* Warns of services of one stage that there are not. */
static size_t
warn_of_unknown(const struct stage_spec *s, const char *at,
    const struct config *config, const struct doc *doc)
{
	const struct service *order[1];
	struct buf known = BUF_INIT(4096);
	struct err err = ERR_INIT;
	size_t i, n = 0;

	list_services(config, &known);
	config_order(config, s->services, order, 1);
	for (i = 0; i < s->nservices; i++) {
		if (services_find(&config->services, s->services[i]) != NULL)
			continue;
		doc_complain(doc, &err, AT("stages", at, "service"), "there is"
		    " no service \"%.40s\", so %s is asked instead; known are "
		    "%.160s", s->services[i], order[0]->id, known.data);
		say_warning("warning", "%s", err.text);
		n++;
	}
	buf_free(&known);
	return n;
}

static size_t
warn_of_services(const struct graph *graph, const struct config *config,
    const struct doc *doc)
{
	char at[24];
	size_t i, n = 0;

	for (i = 0; i < graph->n; i++) {
		snprintf(at, sizeof(at), "#%zu", i);
		n += warn_of_unknown(&graph->stages[i], at, config, doc);
	}
	return n;
}

/* The bytes of a code point, at most, and of what is around the inputs. */
#define POINT_BYTES	4
#define AROUND_BYTES	1024

/* The most bytes of an input; one with choices or of a number has few. */
static int64_t
most_bytes(const struct input *input)
{
	return input->is_integer || input->choices != NULL ? 0 :
	    input->max * POINT_BYTES;
}

/*
 * Warns of an input that a visitor may not give at the length that it takes.
 * Several that fit one by one are seldom all at their longest.
 */
static size_t
warn_of_length(const struct graph *graph, const struct config *config,
    const struct doc *doc)
{
	const struct limits *l = &config->limits;
	int64_t bytes, need = AROUND_BYTES;
	struct err err = ERR_INIT;
	const char *limit;
	size_t i, n = 0;

	for (i = 0; i < graph->ninputs; i++)
		need += most_bytes(&graph->inputs[i]);
	for (i = 0; i < graph->ninputs; i++) {
		bytes = most_bytes(&graph->inputs[i]);
		limit = bytes > l->body_bytes ? "body_bytes" :
		    bytes > l->prompt_bytes ? "prompt_bytes" : NULL;
		if (limit == NULL)
			continue;
		doc_complain(doc, &err, AT("inputs", graph->inputs[i].name,
		    "max"), "the input \"%s\" may have %" PRId64 " characters,"
		    " up to %" PRId64 " bytes, but limits.%s is %" PRId64
		    ": set that to %" PRId64 " in recipe.json, or \"max\" "
		    "lower", graph->inputs[i].name,
		    graph->inputs[i].max, bytes, limit, *limit == 'b' ?
		    l->body_bytes : l->prompt_bytes, need);
		say_warning("warning", "%s", err.text);
		n++;
	}
	return n;
}

size_t
check_graph(const struct graph *graph, const struct config *config)
{
	char *path = place_join(graph->dir, "stages.json", "");
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;
	size_t n = 0;

	/* It was read a moment ago; here it is read for its lines. */
	if (doc_read(&doc, path, &err) == 0)
		n = warn_of_inputs(graph, &doc) + warn_of_parts(graph, &doc) +
		    warn_of_services(graph, config, &doc) +
		    warn_of_length(graph, config, &doc) + check_twice(path);
	doc_free(&doc);
	free(path);
	return n;
}
