/*
 * check_graph: what looks like a mistake in a graph that can be served all the
 * same.
 *
 *	check_graph(&graph, &config);	after graph_load and page_load
 *
 * It warns of
 *	- an input that no template uses, so it changes nothing;
 *	- a part that no other stage needs and that nobody sees without
 *	  JavaScript, because the template of that page names neither it nor its
 *	  pick;
 *	- a service that a stage names and that there is not;
 *	- inputs that are longer, at their longest, than a request or a prompt
 *	  may be.
 * A visitor who reads the stream or the JSON document gets all parts.  So if
 * there is no template of a page, every part counts as shown.
 */
#ifndef CHECK_GRAPH_H
#define CHECK_GRAPH_H

#include <stddef.h>

struct config;
struct graph;

/*
 * Prints a line for each warning, with the file, the line in it and what to do.
 * Returns how many there are.
 */
size_t	check_graph(const struct graph *graph, const struct config *config);

#endif
