/*
 * generate: POST /generate, which makes a run for a visitor.
 *
 * A run without a name ends with its visitor.  One with a name (plan/runname.h)
 * is kept (web/keep.h): if it has begun before, the visitor reads that one, and
 * nothing is paid for twice.  Under plain CGI, where the web server ends this
 * process with its visitor, another process makes it (web/detach.h).
 */
#ifndef GENERATE_H
#define GENERATE_H

struct err;
struct visitor;

/* A function of a route: 0 if an answer was begun or sent, or -1 with err. */
int	generate(struct visitor *visitor, struct err *err);

#endif
