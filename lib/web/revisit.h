/*
 * revisit: a visitor who comes to a run that has begun before: he reads it from
 * its beginning or after some event, and live to its end; or he stops it.
 *
 *	GET /runs/ID		its events; Last-Event-ID: after that one
 *	GET /runs/ID?offset=	the same by another protocol (web/durable.h)
 *	DELETE /runs/ID		with the key: stops it
 *	POST /runs/ID/stop	the same, with the key as "run" in the body
 *
 * Who has the key may send it as Idempotency-Key to /runs/mine instead.
 * There a poll or a stop of a run that has not begun is answered with 204, as
 * he may be ahead of his POST.
 */
#ifndef REVISIT_H
#define REVISIT_H

#include <stdint.h>

struct err;
struct house;
struct plan;
struct reply;
struct request;
struct visitor;

/* A function of a route, for all of these. */
int	revisit(struct visitor *visitor, struct err *err);

/*
 * For a POST with a key: answers with the kept run, from the event after
 * `after` on.  `plan` has the parts whose order the form knows.  Returns 0, or
 * -1 with err, and nothing was sent: status 404 if there is none, and 422 if
 * another request has begun it.
 */
int	revisit_again(struct house *house, struct reply *reply,
	    const struct request *request, const struct plan *plan,
	    uint64_t after, struct err *err);

#endif
