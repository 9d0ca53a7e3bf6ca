/*
 * durable: a kept run by the read path of Durable Streams, a protocol by which
 * any client can read a stream of messages from any offset, also by polling.
 *
 *	GET /runs/ID?offset=-1				all there is by now
 *	GET /runs/ID?offset=0000000017&live=long-poll	what comes after 17
 *	GET /runs/ID?offset=0000000017&live=sse		the same, as it comes
 *
 * It is version 1.0 of the protocol, as @durable-streams/client 0.2.7 of npm
 * speaks it.  A message is an event: {"id", "event", "text"} of text, which is
 * to be appended to the part `event`, or {"id", "event", "data"} of any other.
 * An offset is the id of the last event that was read, with ten digits; -1 is
 * the beginning, and `now` the end.
 *
 * One thing is otherwise than the protocol says: an answer that has messages
 * never says Stream-Closed, also if no more will come.  The published client
 * takes such an answer for the end even if it is cut off in the middle, and
 * messages are lost; it has to ask once more.  The last message is _done.  A
 * HEAD has nothing that can be cut off, and says it.
 */
#ifndef DURABLE_H
#define DURABLE_H

#include <stdbool.h>

struct err;
struct visitor;

/* A long poll without a message is answered after this time. */
#define DURABLE_POLL_MS		20000

/*
 * How long messages are gathered if a long poll had to wait for the first one,
 * since each answer may cost the start of a program.
 */
#define DURABLE_GATHER_MS	1000

/* Whether the request is one of these. */
bool	durable_is_asked(const struct visitor *visitor);

/* Answers it, for the run of that id.  Returns 0, or -1 with err. */
int	durable_read(struct visitor *visitor, const char *id, struct err *err);

#endif
