/*
 * speed_print: the table and the document of `recipe.fcgi speed`.
 */
#ifndef SPEED_PRINT_H
#define SPEED_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trials;

/*
 * Prints a row for each of the n models, which are sorted, and below that what
 * their connections took; with bars if `bars`.
 */
void	speed_print(const struct trials *list, size_t n, bool bars);

/* The same as one JSON document, whose members recipe.fcgi(8) names. */
void	speed_print_json(const struct trials *list, size_t n, int64_t runs,
	    int64_t tokens);

#endif
