/*
 * request: what a visitor asked for, checked.
 *
 * The body a visitor sent passes here once: its type and encoding, its length,
 * JSON or a form's fields, and each input against the graph's bounds.  Path and
 * method are route.h's.
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

struct request {
	const char	*allow;		/* for Allow, once the route is known */
	const char	*origin;	/* one of config's cors, or NULL */
	bool		 is_head;	/* no answer has a body */
	struct vars	 inputs;
	struct partial	 partial;	/* what of the graph runs */
};

#define REQUEST_INIT { NULL, NULL, false, VARS_INIT, PARTIAL_INIT }

/*
 * What every answer has to know, an error too: origin and is_head.  To be
 * called before anything is answered.
 */
void	request_begin(struct request *request, const struct source *source,
	    const struct config *config);

/*
 * Whether an answer to this request has been read before, up to an event of
 * it.  A client that sends a finished POST once more marks it by Last-Event-ID,
 * or by lastEventId in the query (event-source-polyfill).
 */
bool	request_is_repeated(const struct source *source);

/*
 * Reads the body of a POST within limits.body_ms and checks it.  0, or -1 with
 * err.  Free *request either way.
 */
int	request_read(struct request *request, const struct source *source,
	    const struct config *config, const struct graph *graph,
	    struct err *err);
void	request_free(struct request *request);

#endif
