/*
 * wipe.c: every process.  Overwrites memory before it is given up; knows
 * nothing of what was in it.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "wipe.h"

#if !defined(NO_WIPE) && defined(__GLIBC__)

/* glibc's own, by the names it exports for replacements. */
extern void __libc_free(void *);

void
free(void *p)
{
	if (p == NULL)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

void *
realloc(void *p, size_t n)
{
	size_t old;
	void *q;

	if (p == NULL)
		return malloc(n);
	if (n == 0) {
		free(p);
		return NULL;
	}
	old = malloc_usable_size(p);
	if (n <= old && n >= old / 2) {
		explicit_bzero((char *)p + n, old - n);
		return p;
	}
	if ((q = malloc(n)) == NULL)
		return NULL;
	memcpy(q, p, n < old ? n : old);
	free(p);
	return q;
}

bool
wipe_is_on(void)
{
	return true;
}

#else

bool
wipe_is_on(void)
{
	return false;
}

#endif

void
wipe_stack(void)
{
	char below[65536];

	explicit_bzero(below, sizeof(below));
}
