/*
 * fields: the body of an HTML form, application/x-www-form-urlencoded, as a
 * JSON object of strings (URL standard, 5.1).
 *
 * If a name comes twice, the last value counts.  Browsers end the lines of a
 * form's text with CRLF; here they end with LF.  The bytes are not checked to
 * be UTF-8 (%FF is a byte like any other): the caller does that, if it must.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stddef.h>

struct json;

/*
 * Parses the n bytes at text.  Any text is a form, so only a lack of memory
 * fails: then it returns NULL, else a new document for json_free.
 */
struct json	*fields_parse(const char *text, size_t n);

#endif
