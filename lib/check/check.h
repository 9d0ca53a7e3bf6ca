/*
 * check: `recipe.fcgi check`, for the person who sets the program up.
 *
 * Reads all that a start would read, and says on stdout what a start would do:
 * as which user, with which files, which service is asked for which part, how
 * many runs at once.  Each service that can be used is asked for its models
 * (GET /models), which costs nothing.  It warns of what looks like a mistake in
 * the prompts (check_graph.h, check_window.h).
 */
#ifndef CHECK_H
#define CHECK_H

/*
 * Returns the exit status.  0: a start would serve, perhaps with warnings (a
 * service without a key, one that does not answer now, a model that is not
 * listed, an input that no template uses).  1: the configuration is wrong, or
 * no stage has a service that could write; then the last line says why, with
 * file, line and remedy.
 */
int	check_run(void);

#endif
