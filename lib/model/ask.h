/*
 * ask: turns a job into the request that its service takes: a URL and a body.
 */
#ifndef ASK_H
#define ASK_H

#include <stddef.h>

struct buf;
struct job;

/*
 * Appends {base_url}/chat/completions and the service's query.  0, or -1 with
 * out->failed.
 */
int	ask_url(const struct job *job, struct buf *out);

/*
 * Appends the JSON body for a prompt of n bytes: model, messages and stream,
 * and of the other parameters those that job->params allows.  What the
 * service's profile has as extra comes last and so replaces a member of the
 * same name. 0, or -1 with out->failed.
 */
int	ask_body(const struct job *job, const char *prompt, size_t n,
	    struct buf *out);

#endif
