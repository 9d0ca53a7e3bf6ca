/*
 * refusal: what a service means by an error.
 *
 * No two hosts report alike, so what is most exact counts first: the error's
 * code and type, then the HTTP status, and then the words of its message.  So a
 * limit of requests a minute is a limit even if its message mentions billing,
 * and a refusal that merely repeats our request does not name a parameter.
 *
 * What is done about a meaning is decided in run/decide.h; docs/failures.md has
 * the table.
 */
#ifndef REFUSAL_H
#define REFUSAL_H

#include "model/job.h"

struct json;

/*
 * Sets outcome->means, refused_params and refused_value, and its status if the
 * error itself names one.  `text` is its message (fault_text), or the body if
 * it has none; json is the body or the event, NULL if it is no JSON.  What was
 * sent is read from the job.
 */
void	refusal_read(struct outcome *outcome, const struct json *json,
	    const char *text, const struct job *job);

#endif
