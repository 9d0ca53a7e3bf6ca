/*
 * json: documents, parsed and built.  Only json.c knows json-c.
 *
 *	struct json *doc = json_parse(text, n, 16, true, &why, &at);
 *	const char *model = json_string(json_get(json_at(json_get(doc,
 *	    "data"), 0), "id"), NULL);
 *	...
 *	json_free(doc);
 *
 * `struct json` is one value of a document.  The caller owns what json_parse,
 * json_new_* and json_share return, until it calls json_free, or gives it to
 * json_set or json_push, which own it from then on.  Every other value is
 * borrowed from its document.  Every function that reads takes NULL for a value
 * that is not there, and treats it like a value of the wrong type.  So the
 * calls can be nested as above, without a test after each.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct json;

enum json_kind {
	JSON_NONE,		/* not there, or null */
	JSON_BOOL, JSON_INT, JSON_DOUBLE,
	JSON_STRING, JSON_ARRAY, JSON_OBJECT,
};

/*
 * Parses the n bytes at text as one document of at most `depth` levels.  If
 * `strict`, it takes exactly what grammar_check takes.  Otherwise it takes
 * JSON as models write it: with trailing commas, comments, single quotes, NaN
 * and control characters in strings, and without a check for UTF-8.  Returns
 * NULL if the text is no such document, or is null; then *why is the reason,
 * which need not be freed, and *at the byte of the fault.  why and at may be
 * NULL.
 */
struct json	*json_parse(const char *text, size_t n, int depth, bool strict,
		    const char **why, size_t *at);

void		 json_free(struct json *json);

enum json_kind	 json_kind(const struct json *json);

/* What a kind is called in messages: "a whole number", "an object", ... */
const char	*json_kind_name(enum json_kind kind);

/* The member of an object with that name; NULL if there is none. */
struct json	*json_get(const struct json *json, const char *key);

/* The element of an array with that index, from 0; NULL if there is none. */
struct json	*json_at(const struct json *json, size_t i);

/* How many elements an array or members an object has; 0 for all else. */
size_t		 json_count(const struct json *json);

/*
 * The member of an object with that index, in the order in which they were
 * written or set, with its name, borrowed, in *key; NULL if there is none.
 */
struct json	*json_member(const struct json *json, size_t i,
		    const char **key);

/*
 * The bytes of a string, which end in a NUL but may hold others, and their
 * number in *n (n may be NULL); NULL and 0 if it is no string.
 */
const char	*json_string(const struct json *json, size_t *n);

/*
 * The value, or `otherwise` if it is of another type.  json_int gives the
 * nearest value if a whole number needs more than 64 bits; json_double takes
 * whole numbers, too.
 */
int64_t		 json_int(const struct json *json, int64_t otherwise);
double		 json_double(const struct json *json, double otherwise);
bool		 json_boolean(const struct json *json, bool otherwise);

/* A new value, or NULL if there is no memory. */
struct json	*json_new_object(void);
struct json	*json_new_array(void);
struct json	*json_new_string(const char *s, size_t n);
struct json	*json_new_int(int64_t value);

/*
 * Set a member of an object, in place of one of that name.  If the string or
 * value is NULL, nothing is set.
 */
void		 json_set(struct json *object, const char *key, struct json *);
void		 json_set_string(struct json *object, const char *key,
		    const char *s);
void		 json_set_text(struct json *object, const char *key,
		    const char *s, size_t n);
void		 json_set_int(struct json *object, const char *key, int64_t);
void		 json_set_double(struct json *object, const char *key, double);
void		 json_set_bool(struct json *object, const char *key, bool);

/* Sets a member to null. */
void		 json_set_null(struct json *object, const char *key);

/* Takes a member out of an object, if it is there. */
void		 json_drop(struct json *object, const char *key);

/* Appends an element to an array. */
void		 json_push(struct json *array, struct json *element);

/*
 * Returns the same value with one more owner: it stays until as many have
 * called json_free.
 */
struct json	*json_share(struct json *json);

/*
 * Append the document to out: without white space, or with a line for each
 * member, for people.
 */
void		 json_write(const struct json *json, struct buf *out);
void		 json_write_lines(const struct json *json, struct buf *out);

/*
 * The line of text, from 1, on which a member begins that a path of names ends
 * in, for messages: {"services", "70b", "key", NULL}.  "#2" in a path is the
 * element of an array with index 2.  If the path leads further than the text,
 * it is the line of the last member that is there.
 */
int		 json_line(const char *text, const char *const path[]);

#endif
