/*
 * graph_command: `recipe.fcgi graph [--svg] [--prompts DIR]`, which draws the
 * graph on standard output (draw.h).
 */
#ifndef GRAPH_COMMAND_H
#define GRAPH_COMMAND_H

/*
 * Draws what the n words after "graph" say.  Returns the exit status: 0; 1 if
 * standard output does not take it; 2 if a word or stages.json is wrong.
 */
int	graph_command(int n, char **words);

#endif
