/*
 * accept.c: worker.  The Accept header of a request; knows no forms.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reply/accept.h"

/* The q of one element in thousandths (RFC 9110, 12.4.2); 1000 without one. */
static int
quality_of(const char *params, const char *end)
{
	const char *p;
	double q;

	for (p = params; p + 2 < end; p++)
		if (p[0] == ';') {
			p += strspn(p, "; \t");
			if (strncasecmp(p, "q=", 2) == 0) {
				q = strtod(p + 2, NULL);
				return q >= 0 && q <= 1 ? (int)(q * 1000) : 0;
			}
		}
	return 1000;
}

/* The index of a type of n bytes, `most` if it is none of them. */
static size_t
find_type(const char *type, size_t n, const char *const types[], size_t most)
{
	size_t i;

	for (i = 0; i < most; i++)
		if (n == strlen(types[i]) &&
		    strncasecmp(type, types[i], n) == 0)
			break;
	return i;
}

/* Only a higher q wins, so the first of equals stays. */
size_t
accept_best(const char *header, const char *const types[], size_t n)
{
	const char *s = header, *end;
	size_t i, len, found = 0;
	int q, best = 0;

	for (; *s != '\0'; s = *end == '\0' ? end : end + 1) {
		s += strspn(s, " \t");
		end = s + strcspn(s, ",");
		len = strcspn(s, ",; \t");
		i = find_type(s, len, types, n);
		if (i < n && (q = quality_of(s + len, end)) > best) {
			best = q;
			found = i;
		}
	}
	return found;
}
