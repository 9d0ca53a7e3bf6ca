/*
 * vars: names and their text, what a template is filled with.
 *
 * "ingredientsOnHand", "recipe.name", "add".  A list of at most a few dozen,
 * searched from the front.  Owns copies of names and values; the values may
 * be a visitor's words, so they are overwritten when given up.
 */
#ifndef VARS_H
#define VARS_H

#include <stddef.h>

struct var {
	char	*name;
	char	*text;		/* NUL-terminated, holds no other NUL */
	size_t	 len;
};

struct vars {
	struct var	*list;
	size_t		 n;
};

#define VARS_INIT { NULL, 0 }

/* Adds a variable or replaces its text.  0, or -1 without memory. */
int	vars_set(struct vars *vars, const char *name, const char *text,
	    size_t len);

/* NULL where there is none of that name. */
const struct var *vars_get(const struct vars *vars, const char *name);

void	vars_free(struct vars *vars);

#endif
