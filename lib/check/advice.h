/*
 * advice: the lines to add, for the web server that a check sees.
 */
#ifndef ADVICE_H
#define ADVICE_H

#include <stddef.h>

struct probe;

enum advice {
	ADVICE_HELD,		/* the answer waits in a buffer */
	ADVICE_GZIP,		/* compression keeps it */
	ADVICE_HTTP2,		/* HTTP/2 keeps it */
	ADVICE_CUT,		/* a clock of the server ended it */
	ADVICE_ROUTE,		/* the program is not asked */
	ADVICE_HEADERS,		/* the page's headers are missing */
	ADVICE_CACHING,		/* the stream's Cache-Control was changed */
	ADVICE_COUNT,
};

/* Prints them.  The server is told by the answer's Server header. */
void	advice_say(const struct probe *p, enum advice topic);

/* What stands between, by its own headers; NULL where nothing says so. */
const char *advice_between(const struct probe *p);

/* The policy that the shipped configurations send with every answer. */
extern const char advice_csp[];

#endif
