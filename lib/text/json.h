/*
 * json: documents, read and built.  The only file that knows json-c.
 *
 * `struct json` is opaque.  What json_parse or json_new_* returned is owned
 * by the caller until json_free, or until it is given to json_set or
 * json_push; everything reached from it is borrowed.  Every function takes
 * NULL for "not there" and answers as for a value of another type, so a chain
 * of json_get needs no tests between.
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
 * Parses one whole document of at most `depth` levels.  Strict takes what
 * grammar_check takes, in UTF-8, and nothing else.  Otherwise it is as models
 * write JSON: trailing commas, comments, single quotes, NaN and raw control
 * characters pass, and UTF-8 is not looked at.  NULL if it is none or if it is
 * null, with a reason in *why (static) and the byte offset in *at; either may
 * be NULL.
 */
struct json	*json_parse(const char *text, size_t n, int depth, bool strict,
		    const char **why, size_t *at);

void		 json_free(struct json *json);

enum json_kind	 json_kind(const struct json *json);
const char	*json_kind_name(enum json_kind type);

/* A member of an object, an element of an array. */
struct json	*json_get(const struct json *json, const char *key);
struct json	*json_at(const struct json *json, size_t i);
/* Elements of an array, members of an object, else 0. */
size_t		 json_count(const struct json *json);
/* The i-th member of an object in its own order; its name in *key. */
struct json	*json_member(const struct json *json, size_t i,
		    const char **key);

/* A string's bytes (it may hold NULs; *n is its length, NULL to ignore). */
const char	*json_string(const struct json *json, size_t *n);
/* A whole number beyond 64 bits is the nearest one within them. */
int64_t		 json_int(const struct json *json, int64_t otherwise);
double		 json_double(const struct json *json, double otherwise);
bool		 json_boolean(const struct json *json, bool otherwise);

struct json	*json_new_object(void);
struct json	*json_new_array(void);
struct json	*json_new_string(const char *s, size_t n);

/* Set a member; NULL as a string or document leaves the member out. */
void		 json_set(struct json *object, const char *key, struct json *);
void		 json_set_string(struct json *object, const char *key,
		    const char *s);
void		 json_set_text(struct json *object, const char *key,
		    const char *s, size_t n);
void		 json_set_int(struct json *object, const char *key, int64_t);
void		 json_set_double(struct json *object, const char *key, double);
void		 json_set_bool(struct json *object, const char *key, bool);
void		 json_push(struct json *array, struct json *element);

/* A second owner of the same document. */
struct json	*json_share(struct json *json);

/* Appends the document without white space. */
void		 json_write(const struct json *json, struct buf *out);

/*
 * The 1-based line of text on which the member at a path of keys begins
 * ("services", "70b", "key", NULL), as far as the path goes; "#2" is the
 * element of an array with that index.  For messages.
 */
int		 json_line(const char *text, const char *const path[]);

#endif
