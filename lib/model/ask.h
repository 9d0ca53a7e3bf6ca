/*
 * ask: turns a job into the request that its service takes: a URL and a body.
 */
#ifndef ASK_H
#define ASK_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct http_request;
struct job;
struct messages;
struct service;
struct stage_spec;
struct vars;

/*
 * The parameters for a job's params: those that the stage or the service's
 * profile sets and the profile allows, without `refused`, which the model has
 * refused before.
 */
unsigned ask_params(const struct stage_spec *spec,
	    const struct service *service, unsigned refused);

/*
 * The most tokens that the answer may have, with the thoughts of a model that
 * thinks: the limit that the request names.
 */
int64_t	ask_tokens(const struct job *job);

/*
 * Writes into out, which is empty, the system message, whose length becomes
 * *system_len, and after it the user's message: the stage's templates, filled
 * from vars.  A system message of nothing but white space is left out, since
 * some servers refuse one.  Returns 0, or -1 with out->failed if there is no
 * memory or both together are longer than out->max.
 */
int	ask_prompt(const struct stage_spec *spec, const struct vars *vars,
	    struct buf *out, size_t *system_len);

/*
 * Sets in *request what comes from the service: its key and
 * headers, which certificates it is checked by, and whether its connection is
 * kept.  The URL and the callbacks are the caller's to set.
 */
void	ask_request(const struct service *service,
	    struct http_request *request);

/*
 * Appends {base_url}/chat/completions and the service's query.  0, or -1 with
 * out->failed.
 */
int	ask_url(const struct job *job, struct buf *out);

/*
 * Appends the JSON body: model, messages and stream, and of the other
 * parameters those that job->params allows.  What the service's profile has as
 * "extra" replaces members that come from this program or from the service;
 * what the stage itself sets replaces them all.  0, or -1 with out->failed.
 */
int	ask_body(const struct job *job, const struct messages *messages,
	    struct buf *out);

#endif
