/*
 * check_guard: what visitors may spend, and whether a run fits into that.
 *
 *	check_guard(&config, &graph);
 */
#ifndef CHECK_GUARD_H
#define CHECK_GUARD_H

#include <stddef.h>

struct config;
struct graph;

/*
 * Prints the limits that are in force, when a day begins, and what a run
 * reserves at least.  Returns how many warnings it printed: one if no run can
 * ever begin.
 */
size_t	check_guard(const struct config *config, const struct graph *graph);

#endif
