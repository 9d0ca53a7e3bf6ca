/*
 * accept: which of several media types a client likes best (RFC 9110, 12.5.1).
 *
 *	static const char *const types[] = { "text/event-stream",
 *	    "application/json" };
 *
 *	accept_best("application/json, image/png;q=0.9", types, 2)	1
 *	accept_best("image/webp, image/png", types, 2)		0
 */
#ifndef ACCEPT_H
#define ACCEPT_H

#include <stddef.h>

/*
 * The index of the type that an Accept header names with the highest q, and of
 * equals the one that it names first; 0 if it names none of them.  A range, as
 * of all types or of all text, counts as none, because its sender takes any.
 */
size_t	accept_best(const char *header, const char *const types[], size_t n);

#endif
