/*
 * doc: a JSON file that people write, read so that every complaint about it
 * names the file, the line and what to do.
 *
 * A place in the document is an array of names that ends in NULL, made by
 * AT(); "#2" in it is the element of an array with index 2.
 *
 *	struct doc doc = DOC_INIT;
 *	int64_t n = 64;
 *
 *	if (doc_read(&doc, path, err) == -1 ||
 *	    doc_only(&doc, err, AT("limits"), known) == -1 ||
 *	    doc_int(&doc, err, AT("limits", "max_runs"), 1, 1000, &n) == -1)
 *		... err->text says why
 *	doc_free(&doc);
 */
#ifndef DOC_H
#define DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;
struct json;

#define DOC_MAX	(1024 * 1024)	/* bytes of a file */

struct doc {
	const char	*path;	/* borrowed, for messages */
	struct buf	 text;	/* of the file */
	struct json	*root;	/* what it holds, an object */
	const char	*naming;	/* the member by which messages name an
				   element of an array; NULL: its number */
};

#define DOC_INIT { NULL, BUF_INIT(DOC_MAX), NULL, NULL }

/* The most names of a place that is spelled, and the bytes of one. */
#define DOC_DEPTH	6
#define DOC_NAME_BYTES	40
/* Room for doc_spell. */
#define DOC_SPELL_BYTES	128

#define AT(...) ((const char *const[]){ __VA_ARGS__, NULL })

/*
 * Appends a whole file to out.  Returns 0, or -1 and errno: EFBIG if out->max
 * bytes are not more than the file has.
 */
int	doc_slurp(const char *path, struct buf *out);

/*
 * Checks that what was read from a file is UTF-8, without a NUL.  Returns 0, or
 * -1 with err, which names the first line that is not, and what to do.
 */
int	doc_check_utf8(const char *path, const struct buf *text,
	    struct err *err);

/*
 * Reads a file and parses it as an object.  Returns 0, or -1 with err.  Free
 * *doc in both cases; `path` is borrowed until then.
 */
int	doc_read(struct doc *doc, const char *path, struct err *err);
void	doc_free(struct doc *doc);

/*
 * Fills err with "FILE:LINE: " and the message, for the value at a place.
 * Always returns -1.
 */
int	doc_complain(const struct doc *doc, struct err *err,
	    const char *const at[], const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));

/*
 * Writes a place into text, which has room for `size` bytes, as people call it:
 * "limits.run_ms"; "stages.plot.seed" for the stage whose member `naming` is
 * "plot"; else "stages.2nd.seed".  Returns text.
 */
const char *doc_spell(const struct doc *doc, const char *const at[],
	    char *text, size_t size);

/* The value at a place, borrowed; NULL if nothing or null is there. */
struct json *doc_get(const struct doc *doc, const char *const at[]);

/*
 * Read a value of one type at a place.  They return 1 and set *value, or 0 and
 * leave *value as it was if nothing is there, or -1 with err if the value has
 * another type or is not between `least` and `most`.  A string is not empty,
 * holds no NUL, and is borrowed from the document.
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
 * Reads the strings at a place, which are an array of strings or a single one,
 * and returns as the functions above.  *value becomes a new array of *n copies
 * and a NULL, for doc_free_strings; the array that it was is freed.
 */
int	doc_strings(const struct doc *doc, struct err *err,
	    const char *const at[], char ***value, size_t *n);
void	doc_free_strings(char **strings);

/*
 * Checks that the value at a place, if there is one, is an object and has only
 * members that `known`, which ends in NULL, lists.  Returns 0, or -1 with err.
 */
int	doc_only(const struct doc *doc, struct err *err,
	    const char *const at[], const char *const known[]);

/*
 * A new copy of a setting's text, which the caller frees; NULL for NULL.  If
 * there is no memory it ends the program, so it is only for start-up, while
 * nothing is served yet.
 */
char	*doc_copy(const char *s);

#endif
