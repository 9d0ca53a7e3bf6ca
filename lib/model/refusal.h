/*
 * refusal: what a service means by an error.
 *
 * No two hosts say it alike, so what is said most exactly counts first: the
 * error's code and type, then the HTTP status, and the words of its message
 * only if they are about the matter.  A limit of the minute whose message
 * mentions billing is a limit; a request that a refusal merely repeats is no
 * word about its parameters.
 *
 * What follows from a meaning is decide's: docs/failures.md is the table.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include "model/job.h"

struct json;

/*
 * Sets outcome->means and outcome->refused_params, and outcome->status if the
 * error itself names one.  `text` is its message (fault_text), or the body if
 * it has none; json is the body or the event, NULL if it is no JSON; `sent` are
 * the parameters of the request, bits of enum param.
 */
void	refusal_read(struct outcome *outcome, const struct json *json,
	    const char *text, unsigned sent);

#endif
