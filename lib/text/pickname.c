/*
 * pickname.c: composes and takes apart the names of a pick's fields.
 */
#include <stdio.h>
#include <string.h>

#include "text/pickname.h"

void
pickname_write(char name[PICKNAME_MAX], const char *pick, const char *field)
{
	snprintf(name, PICKNAME_MAX, "%s.%s", pick, field);
}

const char *
pickname_field(const char *name, const char *pick)
{
	size_t n = strlen(pick);

	return strncmp(name, pick, n) == 0 && name[n] == '.' ? name + n + 1 :
	    NULL;
}
