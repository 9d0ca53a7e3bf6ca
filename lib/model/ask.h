/*
 * ask: a job as the request that one service takes.
 */
#ifndef ASK_H
#define ASK_H

#include <stddef.h>

struct buf;
struct job;

/* Appends {base_url}/chat/completions with the service's query. */
int	ask_url(const struct job *job, struct buf *out);

/*
 * Appends the JSON body: the minimum, and of the rest what the job's params
 * allow.  0, or -1 with out->failed.
 */
int	ask_body(const struct job *job, const char *prompt, size_t n,
	    struct buf *out);

#endif
