/*
 * body: the body of a request, read to its end and parsed.
 *
 * JSON, or the fields of a form.  Its bytes are bounded by limits.body_bytes
 * and its time by limits.body_ms, whatever its length says; one that is no
 * number of bytes is refused, a negative one (Caddy's word for a chunked
 * body) means that the end is where the web server says it is.  Whoever sent
 * what his tool made of it by mistake is told what to change there.
 *
 *	if ((json = body_read(source, &config->limits, false, err)) == NULL)
 *		return -1;
 */
#ifndef BODY_H
#define BODY_H

#include <stdbool.h>

struct err;
struct json;
struct limits;
struct source;

/* A new document, or NULL with err. */
struct json *body_read(const struct source *source,
	    const struct limits *limits, bool is_form, struct err *err);

#endif
