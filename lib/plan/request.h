/*
 * request: what a visitor asks for, after it has been checked.
 *
 * The type of the body and its encoding are checked, the body is read and
 * parsed (body.h), and each input is compared with the bounds that the graph
 * sets.  Path and method are checked by route.h before that.  Whatever is wrong
 * becomes an err with an HTTP status and a sentence that says what to do.
 *
 * Any page of the web can make a browser send a form to us, without its user's
 * knowing.  A form from another site is therefore refused (origin.h), unless
 * the configuration names that site in "cors".
 *
 *	struct request request = REQUEST_INIT;
 *
 *	request_begin(&request, source, &config);	before any answer
 *	if (!request_is_repeated(source) &&
 *	    request_read(&request, source, &config, &graph, err) == 0)
 *		...	plan_build borrows it
 *	request_free(&request);
 *
 * A request owns its inputs and its partial; allow, origin and languages are
 * borrowed.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vars.h"
#include "plan/partial.h"
#include "plan/runname.h"

struct config;
struct err;
struct graph;
struct input;
struct json;
struct source;

struct request {
	const char	*allow;		/* for Allow; NULL: no route yet */
	const char	*origin;	/* one of config's cors, or NULL */
	const char	*languages;	/* Accept-Language; "": none */
	bool		 is_head;	/* no answer may have a body */
	struct runname	 name;		/* that its client has given it */
	char		 digest[65];	/* of inputs, want and given; "" */
	struct vars	 inputs;	/* by the graph's names */
	struct partial	 partial;	/* which parts of the graph run */
};

#define REQUEST_INIT { NULL, NULL, "", false, RUNNAME_INIT, "", VARS_INIT, \
	PARTIAL_INIT }

/*
 * Sets origin, languages and is_head, on which every answer depends, also that
 * to a request with an error.  So it comes before anything is answered.
 */
void	request_begin(struct request *request, const struct source *source,
	    const struct config *config);

/*
 * Whether this request has been sent and answered before.  Some clients of
 * server-sent events send a POST again when its answer has ended, which would
 * be a second run.  They name the last event that they have read, in the header
 * Last-Event-ID or, as event-source-polyfill does, in lastEventId of the query.
 */
bool	request_is_repeated(const struct source *source);

/* The last event that it names; 0 if it names none, or no number. */
uint64_t request_last_event(const struct source *source);

/*
 * Reads and checks the body of a POST.  Returns 0, or -1 with an err for the
 * visitor.  In both cases *request must be freed afterwards.
 */
int	request_read(struct request *request, const struct source *source,
	    const struct config *config, const struct graph *graph,
	    struct err *err);
void	request_free(struct request *request);

/* Reads the body of a request that stops a run: its key.  0, or -1 with err. */
int	request_key(const struct source *source, const struct config *config,
	    struct request *request, struct err *err);

/*
 * The same for a body that is at hand as JSON, whose texts have at most `most`
 * bytes if they are given.
 */
int	request_take(struct request *request, const struct graph *graph,
	    const struct json *json, size_t most, struct err *err);

/*
 * Checks and takes one input, whose value is json, or NULL if there is none.
 * Returns 0, or -1 with err.
 */
int	request_input(struct request *request, const struct input *input,
	    const struct json *json, struct err *err);

#endif
