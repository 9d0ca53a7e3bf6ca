/*
 * body: the body of a request, read to its end and parsed as JSON or as the
 * fields of an HTML form.
 *
 * A body has at most limits.body_bytes bytes and must have arrived within
 * limits.body_ms milliseconds; both hold whatever its Content-Length says.  A
 * Content-Length that is no number is refused.  A negative one, which Caddy
 * sends for a chunked body, means that the length is not known: then the body
 * ends where the web server ends it.
 *
 * Some bodies are wrong because of the tool that sent them: curl's default
 * type, the quotes of a Windows shell, a byte order mark.  These are
 * recognised, and the error says what to change in that tool.
 *
 *	struct json *json = body_read(source, &config->limits, false, err);
 *
 *	if (json == NULL)
 *		return -1;
 *	...
 *	json_free(json);
 */
#ifndef BODY_H
#define BODY_H

#include <stdbool.h>

struct err;
struct json;
struct limits;
struct source;

/*
 * Reads the whole body.  Returns a document that the caller frees with
 * json_free: of JSON any kind of value, of a form an object of strings.
 * Returns NULL with err and its HTTP status if the body is missing, too large,
 * too slow or not to be parsed, or if there is no memory.
 */
struct json *body_read(const struct source *source,
	    const struct limits *limits, bool is_form, struct err *err);

#endif
