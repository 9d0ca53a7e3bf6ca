/*
 * ask: the inputs of a run that nobody has named on the command line.
 *
 * If standard input is a terminal, a person is asked for each required one on
 * standard error, until what he types can be taken.  Otherwise all of them are
 * named in one error.
 */
#ifndef ASK_H
#define ASK_H

struct err;
struct graph;
struct json;

/*
 * Checks that all names are inputs of the graph, and adds the required ones
 * that are missing.  Returns 0, or -1 with err.
 */
int	ask_inputs(const struct graph *graph, struct json *inputs,
	    struct err *err);

#endif
