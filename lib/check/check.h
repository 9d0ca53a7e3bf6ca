/*
 * check: `recipe.fcgi check`, for the person who sets it up.
 *
 * Reads all that a start would read and says on stdout what the program would
 * do: as which user, with which file, which service for which part, how many
 * runs at once.  Each usable service is asked for its models (GET /models).
 *
 * Returns the exit status: 0 if a start serves, also with warnings (a service
 * without a key, one that does not answer now, a model that is not listed); 1
 * if the configuration is wrong, or no stage has a service that could write,
 * and then the last line says why, with file, line and remedy.
 */
#ifndef CHECK_H
#define CHECK_H

int	check_run(void);

#endif
