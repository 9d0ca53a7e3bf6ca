/*
 * pickname: PICK.FIELD, the name by which templates, requests and pages know a
 * field of the picked element.
 *
 *	char name[PICKNAME_MAX];
 *
 *	pickname_write(name, "recipe", "intro");	"recipe.intro"
 *	pickname_field("recipe.intro", "recipe");	"intro"
 *	pickname_field("recipes.intro", "recipe");	NULL
 *
 * The dot is in neither half: graph.c lets names have letters, digits, '-' and
 * '_', at most 32 of them, so nothing that is composed here is ever cut.
 */
#ifndef PICKNAME_H
#define PICKNAME_H

#define PICKNAME_MAX	80

void	pickname_write(char name[PICKNAME_MAX], const char *pick,
	    const char *field);

/* The field of a name that is one of this pick's; NULL for any other name. */
const char *pickname_field(const char *name, const char *pick);

#endif
