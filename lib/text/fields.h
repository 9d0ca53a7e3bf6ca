/*
 * fields: the body of a form, application/x-www-form-urlencoded, as a JSON
 * object of strings (URL standard, 5.1).
 *
 * A field that comes twice counts as its last.  The CRLF of a form's lines is
 * LF.  Whoever needs UTF-8 checks it: %FF is a byte as any other.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stddef.h>

struct json;

/* A new document, or NULL without memory. */
struct json	*fields_parse(const char *text, size_t n);

#endif
