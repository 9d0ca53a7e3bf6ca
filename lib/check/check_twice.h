/*
 * check_twice: names that stand twice in one object of a JSON file, of which
 * the last one counts, so that a setting further up does nothing.
 */
#ifndef CHECK_TWICE_H
#define CHECK_TWICE_H

#include <stddef.h>

/*
 * Prints a warning for each such name in the file, which has been read as JSON
 * before, with its line.  Returns how many there are.
 */
size_t	check_twice(const char *path);

#endif
