/*
 * check_window: whether what a stage asks fits into the window of a model.
 *
 * A model's window has room for the prompt and the answer together.  Some
 * services say in their list of models how large it is (models_window).  How
 * long a prompt will be, nobody knows before a visitor has written; here it is
 * estimated for a visitor who writes as much as the inputs let him, and for
 * parts that are as long as their "max_tokens" let them.  What a program writes
 * is not known, and counts as nothing.
 */
#ifndef CHECK_WINDOW_H
#define CHECK_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

struct graph;
struct service;
struct stage_spec;

/*
 * Warns if the stage may need more tokens than `window`, that of the service's
 * models, or 0 if it is not known.  Returns whether it has warned.
 */
bool	check_window(const struct graph *graph, const struct stage_spec *stage,
	    const struct service *service, int64_t window);

#endif
