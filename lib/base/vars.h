/*
 * vars: the variables that a template is filled from, by name.
 *
 * A name is that of an input ("ingredientsOnHand"), of a part ("add"), or of
 * a field of a picked element ("recipe.name").  There are a few dozen at most,
 * so a lookup searches the list from its front.
 *
 *	struct vars vars = VARS_INIT;
 *
 *	vars_set(&vars, "recipe.name", name, strlen(name));
 *	prompt_render(&prompt, &vars, PROMPT_PLAIN, &out);
 *	vars_free(&vars);
 *
 * A list owns copies of its names and texts.  A text may be a visitor's
 * words, so it is overwritten before it is freed.
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

/*
 * Adds a variable, or replaces the text of the one of that name.  Returns 0,
 * or -1 if there is no memory, and then nothing has changed.
 */
int	vars_set(struct vars *vars, const char *name, const char *text,
	    size_t len);

/*
 * The variable of that name, or NULL.  It is borrowed until the next vars_set
 * or vars_free.
 */
const struct var *vars_get(const struct vars *vars, const char *name);

/* Frees all of them; the list is empty again and may be used. */
void	vars_free(struct vars *vars);

#endif
