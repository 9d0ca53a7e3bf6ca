/*
 * partial: a run of some parts only, with texts that an earlier run has
 * written.
 *
 * A request may have two members beside its inputs:
 *
 *	"want": ["ste"],
 *	"given": {"recipe": {"name": "...", "intro": "..."}, "add": "..."}
 *
 * "given" holds texts.  A part with a given text does not run, and counts as
 * one that has ended well with that text.  Parts go by their names there, but a
 * list part by the name of its pick, and its text is an object of the list's
 * fields.  Of a list part whose pick is given nobody knows the other elements,
 * so what needs the whole list does not run either.
 *
 * "want" names the parts that run, and with them run those that they need and
 * that are not given.  Without "want" all parts run that can.
 *
 * Which names there are is the graph's (stages.json).  A run knows nothing of
 * others, so a visitor who wants one part anew brings along the texts of the
 * others.
 *
 *	struct partial partial = PARTIAL_INIT;
 *
 *	rc = partial_read(&partial, graph, json_get(json, "want"),
 *	    json_get(json, "given"), most, err);
 *	...	partial.absent[i], partial.given[i]
 *	partial_free(&partial);
 *
 * It owns its variables, and a struct of zeros is a whole run.
 */
#ifndef PARTIAL_H
#define PARTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vars.h"
#include "setup/graph.h"

struct err;
struct json;

/* By the index of a stage in the graph. */
struct partial {
	bool		absent[GRAPH_STAGES_MAX];	/* does not run */
	bool		given[GRAPH_STAGES_MAX];	/* text in vars */
	struct vars	vars;		/* given texts: "add", "recipe.name" */
};

#define PARTIAL_INIT { { false }, { false }, VARS_INIT }

/*
 * Reads the two members of a request, each of which may be NULL if it is not
 * there.  A given text has at most `most` bytes.  Returns 0, or -1 with an err
 * for the visitor.  In both cases *partial must be freed afterwards.
 */
int	partial_read(struct partial *partial, const struct graph *graph,
	    const struct json *want, const struct json *given, size_t most,
	    struct err *err);
void	partial_free(struct partial *partial);

/* The name of a stage's text in "given": its part, or the pick of a list. */
const char *partial_name(const struct stage_spec *spec);

#endif
