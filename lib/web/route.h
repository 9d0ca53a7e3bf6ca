/*
 * route: which function answers a path.
 *
 * The table of routes is in recipe.fcgi.c.  The shipped files of every web
 * server hand over the same paths, which `make lint` compares.  The table also
 * has routes that are planned: they have no function and answer 404, and when
 * one gets its function, the files on a server need not change.
 *
 *	static const struct route routes[] = {
 *		{ "/generate", "POST, OPTIONS", generate },
 *		{ "/runs/", "GET, DELETE, OPTIONS", NULL },
 *	};
 *
 *	route = route_find(routes, 2, source);
 *	if (route != NULL && route_allows(route, "POST"))
 *		route->serve(visitor, &err);
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/request.h"
#include "reply/reply.h"
#include "web/detach.h"

struct err;
struct fcgi;
struct house;
struct route;
struct source;

/* One request and its answer; lives as long as a worker works on it. */
struct visitor {
	struct house		*house;
	struct fcgi		*fcgi;
	const struct route	*route;		/* of the request */
	struct request		 request;
	struct reply		 reply;
	struct detach		 detach;
	bool			 is_detached;	/* nobody reads this reply */
};

struct route {
	/*
	 * The end of the path, since the program may be mounted anywhere; with
	 * a slash at its end, everything below that.
	 */
	const char	*path;
	const char	*methods;	/* as the header Allow has them */
	/* 0 with an answer, or -1 with err; NULL: it is not built yet. */
	int		(*serve)(struct visitor *visitor, struct err *err);
};

/* The route of the request's path, NULL if there is none. */
const struct route *route_find(const struct route routes[], size_t n,
	    const struct source *source);

/*
 * What follows the route's path in that of the request, without the query: its
 * length becomes *n.  "" if nothing does.
 */
const char *route_below(const struct route *route,
	    const struct source *source, size_t *n);

/* Whether the route takes this method. */
bool	route_allows(const struct route *route, const char *method);

#endif
