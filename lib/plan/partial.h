/*
 * partial: a run of some parts only, with texts that an earlier one wrote.
 *
 * A request may say, beside its inputs,
 *
 *	"want": ["ste"],
 *	"given": {"recipe": {"name": "...", "intro": "..."}, "add": "..."}
 *
 * Each given text counts as that of a part that is done: parts by their names,
 * a list part by the name of its pick, which takes the list's fields.  With
 * "want" those parts run and what they need; without it, all that can.  A
 * list part whose pick is given does not run, nor does what needs the whole
 * list.  Which names there are follows from stages.json.
 *
 * Nothing is kept between requests: whoever has the texts brings them along.
 * A struct of zeros is a whole run.
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
	bool		given[GRAPH_STAGES_MAX];	/* is in vars */
	struct vars	vars;		/* "add", "recipe.name" */
};

#define PARTIAL_INIT { { false }, { false }, VARS_INIT }

/*
 * Reads the two members of a request, each NULL where it is not there; a text
 * has at most `most` bytes.  0, or -1 with err, which says what to do.  Free
 * *partial either way.
 */
int	partial_read(struct partial *partial, const struct graph *graph,
	    const struct json *want, const struct json *given, size_t most,
	    struct err *err);
void	partial_free(struct partial *partial);

/* What a request calls the text of a stage: its part, or a list's pick. */
const char *partial_name(const struct stage_spec *spec);

#endif
