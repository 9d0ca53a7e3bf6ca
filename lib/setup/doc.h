/*
 * doc: a JSON file that people write, and what to tell them about it.
 *
 * Every complaint names file and line.  A place in the document is an array
 * of keys ending in NULL, made by AT(); "#2" is an element of an array.
 */
#ifndef DOC_H
#define DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;
struct json;

#define DOC_MAX	(1024 * 1024)

struct doc {
	const char	*path;	/* borrowed */
	struct buf	 text;
	struct json	*root;	/* an object */
};

#define DOC_INIT { NULL, BUF_INIT(DOC_MAX), NULL }

#define AT(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Reads a whole file of less than out->max bytes.  0, or -1 and errno. */
int	doc_slurp(const char *path, struct buf *out);

/* Reads and parses an object.  0, or -1 with err. */
int	doc_read(struct doc *doc, const char *path, struct err *err);
void	doc_free(struct doc *doc);

/* Fills err with "FILE:LINE: ..." for the value at a place.  Returns -1. */
int	doc_complain(const struct doc *doc, struct err *err,
	    const char *const at[], const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));

/* The value at a place, NULL where there is none. */
struct json *doc_get(const struct doc *doc, const char *const at[]);

/*
 * Typed reads of a place.  Where nothing is there they leave *value and
 * return 0; else they set it and return 1, or complain and return -1.
 * Strings are borrowed from the document and hold no NUL.
 */
int	doc_string(const struct doc *doc, struct err *err,
	    const char *const at[], const char **value);
int	doc_int(const struct doc *doc, struct err *err,
	    const char *const at[], int64_t least, int64_t most,
	    int64_t *value);
int	doc_double(const struct doc *doc, struct err *err,
	    const char *const at[], double least, double most, double *value);
int	doc_bool(const struct doc *doc, struct err *err,
	    const char *const at[], bool *value);

/*
 * The strings at a place, an array of them or a single one, as a new
 * NULL-terminated array of copies (doc_free_strings); *n counts them.
 */
int	doc_strings(const struct doc *doc, struct err *err,
	    const char *const at[], char ***value, size_t *n);
void	doc_free_strings(char **strings);

/*
 * Complains of a member of the object at a place that `known` (ended by
 * NULL) does not list, and of a value there that is no object.
 */
int	doc_only(const struct doc *doc, struct err *err,
	    const char *const at[], const char *const known[]);

#endif
