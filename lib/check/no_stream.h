/*
 * no_stream: what it means if a site answers a request for a run with anything
 * but a stream of events.
 */
#ifndef NO_STREAM_H
#define NO_STREAM_H

#include <stdbool.h>

struct probe;
struct visit;

/*
 * Prints as the verdict why the answer of the site v, for which
 * probe_is_stream is false, is not a stream.
 */
void	no_stream_say(const struct visit *v, const struct probe *p);

/* Whether such an answer shows that the web server never asks the program. */
bool	no_stream_lacks_route(const struct probe *p);

#endif
