/*
 * show: `recipe.fcgi check --show PART [NAME=VALUE ...]`, for the author of an
 * application: the request that a model would be sent for a part.
 *
 * It is composed as a run composes it, by the same functions, for the service
 * that would be asked first, with what earlier answers have shown of its model.
 * Nothing is sent.  On stdout there are the method and the URL, the headers, an
 * empty line, and the body, on several lines for people to read:
 *
 *	POST https://api.groq.com/openai/v1/chat/completions
 *	Content-Type: application/json
 *	Accept: text/event-stream
 *	Authorization: Bearer ***
 *
 *	{
 *	  "model": "llama-3.1-8b-instant",
 *	  ...
 *
 * The key, and whatever else in URL or headers is named like a secret, is shown
 * as "***".  A variable of the templates (an input, a part or a field of a pick
 * that the stage needs) is what NAME=VALUE says, which may be empty; without
 * that it is its name, as <NAME>.  Remarks go to stderr.
 */
#ifndef SHOW_H
#define SHOW_H

#include <stddef.h>

/*
 * `values` are n words NAME=VALUE.  Returns the exit status.  0: it is printed.
 * 1: the configuration is wrong, or the request cannot be made.  2: there is no
 * such part or variable, or the part asks no model; then those that there are
 * are named.
 */
int	show_run(const char *part, char *const values[], size_t n);

#endif
