/*
 * vars.c: worker.  Variables by name; knows nothing of where their texts come
 * from.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vars.h"

/* A new string of len bytes and a NUL; NULL if there is no memory. */
static char *
copy_text(const char *text, size_t len)
{
	char *ours = malloc(len + 1);

	if (ours != NULL) {
		memcpy(ours, text, len);
		ours[len] = '\0';
	}
	return ours;
}

/* Frees a variable's strings, either of which may be NULL. */
static void
free_var(struct var *var)
{
	if (var->text != NULL)
		explicit_bzero(var->text, var->len);
	free(var->text);
	free(var->name);
}

int
vars_set(struct vars *vars, const char *name, const char *text, size_t len)
{
	/* Made first, so that a failure leaves the list as it is. */
	struct var new = { copy_text(name, strlen(name)),
	    copy_text(text, len), len };
	struct var *list;
	size_t i;

	if (new.name == NULL || new.text == NULL)
		goto fail;
	for (i = 0; i < vars->n; i++)
		if (strcmp(vars->list[i].name, name) == 0)
			break;
	if (i < vars->n) {
		free_var(&vars->list[i]);
		vars->list[i] = new;
		return 0;
	}
	list = realloc(vars->list, (vars->n + 1) * sizeof(*list));
	if (list == NULL)
		goto fail;
	list[vars->n] = new;
	vars->list = list;
	vars->n++;
	return 0;
fail:
	free_var(&new);
	return -1;
}

const struct var *
vars_get(const struct vars *vars, const char *name)
{
	size_t i;

	for (i = 0; i < vars->n; i++)
		if (strcmp(vars->list[i].name, name) == 0)
			return &vars->list[i];
	return NULL;
}

void
vars_free(struct vars *vars)
{
	size_t i;

	for (i = 0; i < vars->n; i++)
		free_var(&vars->list[i]);
	free(vars->list);
	vars->list = NULL;
	vars->n = 0;
}
