/*
 * advice: what a person should add to the configuration of the web server that
 * a check has met, as lines to copy.
 */
#ifndef ADVICE_H
#define ADVICE_H

#include <stddef.h>

struct probe;

enum advice {
	ADVICE_HELD,		/* a buffer holds the answer */
	ADVICE_GZIP,		/* compression holds it */
	ADVICE_HTTP2,		/* HTTP/2 holds it */
	ADVICE_CUT,		/* a time-out of the web server ended it */
	ADVICE_ROUTE,		/* the program is not asked */
	ADVICE_HEADERS,		/* the page comes without its headers */
	ADVICE_CACHING,		/* the stream's Cache-Control was changed */
	ADVICE_COUNT,
};

/*
 * Prints the lines for one topic.  They are for the web server that the
 * answer's Server header names; for another one, or none, they are general.
 */
void	advice_say(const struct probe *p, enum advice topic);

/*
 * The name (static) of a proxy or cache before the web server, if one shows by
 * its headers, else NULL.
 */
const char *advice_between(const struct probe *p);

/* The policy that the shipped configurations send with every answer. */
extern const char advice_csp[];

#endif
