/*
 * request: what a visitor asked for, checked.
 *
 * Everything a visitor sent passes here once: path, method, headers, length,
 * encoding, JSON or a form's fields, and each input against the graph's bounds.
 * What is wrong becomes an err with its HTTP status and a sentence that says
 * what to do.
 *
 * A form can be sent from any page of the web, without its visitor's knowing:
 * one that comes from another site is refused (origin.h), but for those of the
 * configuration's cors.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>

#include "base/vars.h"
#include "plan/partial.h"

struct config;
struct err;
struct graph;
struct source;

enum route {
	ROUTE_NONE,
	ROUTE_GENERATE,		/* POST, a run */
	ROUTE_SERVICES,		/* GET, what it would run on */
	ROUTE_PREFLIGHT,	/* OPTIONS on either */
	ROUTE_REPEATED,		/* a POST that was answered before */
};

/* How a run is answered. */
enum form {
	FORM_STREAM,		/* text/event-stream */
	FORM_JSON,		/* application/json */
	FORM_TEXT,		/* text/plain */
	FORM_HTML,		/* text/html */
};

struct request {
	enum route	 route;
	enum form	 form;
	const char	*allow;		/* for Allow, once the path is known */
	const char	*origin;	/* one of config's cors, or NULL */
	bool		 is_head;	/* no answer has a body */
	struct vars	 inputs;
	const struct prompt *page;	/* the graph's, where HTML is asked */
	struct partial	 partial;	/* what of the graph runs */
};

#define REQUEST_INIT { ROUTE_NONE, FORM_STREAM, NULL, NULL, false, \
	VARS_INIT, NULL, PARTIAL_INIT }

/*
 * What every answer has to know, an error too: origin and is_head.  To be
 * called before anything is answered.
 */
void	request_begin(struct request *request, const struct source *source,
	    const struct config *config);

/*
 * Reads head and body within limits.body_ms.  0, or -1 with err; allow is set
 * if the path is one of ours.  Free *request either way.
 *
 * A client that sends a finished POST once more marks it by Last-Event-ID, or
 * by lastEventId in the query (event-source-polyfill): that is
 * ROUTE_REPEATED, whose body is not read, so that nothing is paid for twice.
 */
int	request_read(struct request *request, const struct source *source,
	    const struct config *config, const struct graph *graph,
	    struct err *err);
void	request_free(struct request *request);

#endif
