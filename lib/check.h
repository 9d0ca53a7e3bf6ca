/*
 * check: `recipe.fcgi check`, for the person who sets it up.
 *
 * Reads all that a start would read and says on stdout what the program would
 * do: as which user, with which file, which service for which part, how many
 * runs at once.  Each usable host is asked for its models (GET /models).
 * Returns the exit status: 0, or 1 where something is wrong, with file, line
 * and remedy.
 */
#ifndef CHECK_H
#define CHECK_H

int	check_run(void);

#endif
