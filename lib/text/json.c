/*
 * json.c: any process.  Documents, made by json-c, which no other file
 * includes; knows nothing of what is in them.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/grammar.h"
#include "text/json.h"

/*
 * A `struct json *` is a `struct json_object *` of json-c under another name.
 * json-c declares no argument const, not even where it only reads; the union
 * takes the const off without a warning.
 */
static struct json_object *
theirs(const struct json *json)
{
	union { const struct json *ours; struct json_object *object; } u;

	u.ours = json;
	return u.object;
}

static struct json *
ours(struct json_object *object)
{
	return (struct json *)object;
}

/*
 * Parses one document and skips the white space after it.  Returns json-c's
 * error, and in *end how far it came.
 */
static enum json_tokener_error
parse_document(struct json_tokener *tok, const char *text, size_t n,
    struct json_object **object, size_t *end)
{
	enum json_tokener_error error;

	*object = json_tokener_parse_ex(tok, text, (int)n);
	error = json_tokener_get_error(tok);
	*end = json_tokener_get_parse_end(tok);
	/*
	 * A number that nothing follows might go on, so json-c asks for more;
	 * a space ends it.
	 */
	if (error == json_tokener_continue) {
		*object = json_tokener_parse_ex(tok, " ", 1);
		error = json_tokener_get_error(tok);
		*end = n;
	}
	while (error == json_tokener_success && *end < n &&
	    strchr(" \t\r\n", text[*end]) != NULL && text[*end] != '\0')
		(*end)++;
	return error == json_tokener_success && *end < n ?
	    json_tokener_error_parse_unexpected : error;
}

/* Why json_parse returns NULL, in words. */
static const char *
error_words(enum json_tokener_error error)
{
	if (error == json_tokener_continue)
		return "it ends too early";
	if (error == json_tokener_success)
		return "it is null";
	return json_tokener_error_desc(error);
}

struct json *
json_parse(const char *text, size_t n, int depth, bool strict,
    const char **why, size_t *at)
{
	struct json_tokener *tok;
	struct json_object *object = NULL;
	enum json_tokener_error error;
	const char *fault = "out of memory";
	size_t end = 0;

	if (strict && !grammar_check(text, n, depth, &fault, &end))
		goto refused;
	if ((tok = json_tokener_new_ex(depth)) == NULL)
		goto refused;
	error = parse_document(tok, text, n, &object, &end);
	json_tokener_free(tok);
	if (error == json_tokener_success && object != NULL)
		return ours(object);
	json_object_put(object);
	fault = error_words(error);
refused:
	if (why != NULL)
		*why = fault;
	if (at != NULL)
		*at = end < n ? end : n;
	return NULL;
}

void
json_free(struct json *json)
{
	json_object_put(theirs(json));
}

enum json_kind
json_kind(const struct json *json)
{
	if (json == NULL)
		return JSON_NONE;
	switch (json_object_get_type(theirs(json))) {
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_double:
		return JSON_DOUBLE;
	case json_type_int:
		return JSON_INT;
	case json_type_object:
		return JSON_OBJECT;
	case json_type_array:
		return JSON_ARRAY;
	case json_type_string:
		return JSON_STRING;
	case json_type_null:
		break;
	}
	return JSON_NONE;
}

const char *
json_kind_name(enum json_kind kind)
{
	static const char *const names[] = { "nothing",
	    "true or false", "a whole number", "a number", "a string",
	    "an array", "an object" };

	return names[kind];
}

struct json *
json_get(const struct json *json, const char *key)
{
	struct json_object *member;

	if (json_kind(json) != JSON_OBJECT ||
	    !json_object_object_get_ex(theirs(json), key, &member))
		return NULL;
	return ours(member);
}

struct json *
json_at(const struct json *json, size_t i)
{
	if (json_kind(json) != JSON_ARRAY || i >= json_count(json))
		return NULL;
	return ours(json_object_array_get_idx(theirs(json), i));
}

size_t
json_count(const struct json *json)
{
	switch (json_kind(json)) {
	case JSON_ARRAY:
		return json_object_array_length(theirs(json));
	case JSON_OBJECT:
		return (size_t)json_object_object_length(theirs(json));
	default:
		return 0;
	}
}

struct json *
json_member(const struct json *json, size_t i, const char **key)
{
	if (i >= json_count(json) || json_kind(json) != JSON_OBJECT)
		return NULL;
	json_object_object_foreach(theirs(json), name, value) {
		if (i-- == 0) {
			*key = name;
			return ours(value);
		}
	}
	return NULL;
}

const char *
json_string(const struct json *json, size_t *n)
{
	if (json_kind(json) != JSON_STRING) {
		if (n != NULL)
			*n = 0;
		return NULL;
	}
	if (n != NULL)
		*n = (size_t)json_object_get_string_len(theirs(json));
	return json_object_get_string(theirs(json));
}

int64_t
json_int(const struct json *json, int64_t otherwise)
{
	return json_kind(json) != JSON_INT ? otherwise :
	    json_object_get_int64(theirs(json));
}

double
json_double(const struct json *json, double otherwise)
{
	enum json_kind kind = json_kind(json);

	return kind != JSON_INT && kind != JSON_DOUBLE ? otherwise :
	    json_object_get_double(theirs(json));
}

bool
json_boolean(const struct json *json, bool otherwise)
{
	return json_kind(json) != JSON_BOOL ? otherwise :
	    json_object_get_boolean(theirs(json));
}

struct json *
json_new_object(void)
{
	return ours(json_object_new_object());
}

struct json *
json_new_array(void)
{
	return ours(json_object_new_array());
}

struct json *
json_new_string(const char *s, size_t n)
{
	return ours(json_object_new_string_len(s, (int)n));
}

struct json *
json_new_int(int64_t value)
{
	return ours(json_object_new_int64(value));
}

void
json_set(struct json *object, const char *key, struct json *value)
{
	if (value != NULL)
		json_object_object_add(theirs(object), key, theirs(value));
}

void
json_set_text(struct json *object, const char *key, const char *s, size_t n)
{
	if (s != NULL)
		json_set(object, key, json_new_string(s, n));
}

void
json_set_string(struct json *object, const char *key, const char *s)
{
	if (s != NULL)
		json_set_text(object, key, s, strlen(s));
}

void
json_set_int(struct json *object, const char *key, int64_t value)
{
	json_set(object, key, ours(json_object_new_int64(value)));
}

void
json_set_double(struct json *object, const char *key, double value)
{
	char text[32];

	/* Ten digits write 0.55 as 0.55; seventeen would end in ...0004. */
	snprintf(text, sizeof(text), "%.10g", value);
	json_set(object, key, ours(json_object_new_double_s(value, text)));
}

void
json_set_bool(struct json *object, const char *key, bool value)
{
	json_set(object, key, ours(json_object_new_boolean(value)));
}

void
json_set_null(struct json *object, const char *key)
{
	json_object_object_add(theirs(object), key, NULL);
}

void
json_drop(struct json *object, const char *key)
{
	json_object_object_del(theirs(object), key);
}

void
json_push(struct json *array, struct json *element)
{
	json_object_array_add(theirs(array), theirs(element));
}

struct json *
json_share(struct json *json)
{
	return ours(json_object_get(theirs(json)));
}

void
json_write(const struct json *json, struct buf *buf)
{
	size_t n;
	const char *text = json_object_to_json_string_length(theirs(json),
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	buf_add(buf, text, n);
}

void
json_write_lines(const struct json *json, struct buf *buf)
{
	size_t n;
	const char *text = json_object_to_json_string_length(theirs(json),
	    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	buf_add(buf, text, n);
}

/* The byte after the string whose opening quote is at s, or the text's end. */
static const char *
skip_string(const char *s)
{
	for (s++; *s != '\0' && *s != '"'; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return *s == '"' ? s + 1 : s;
}

/*
 * Finds a member in the text of the first array or object that begins at or
 * after s.  Returns the quote before the name `key`, or for "#2" the first byte
 * of the element with index 2; NULL if there is none.  json_parse has accepted
 * the text, so brackets and quotes are balanced.
 */
static const char *
find_in_text(const char *s, const char *key)
{
	long index = key[0] == '#' ? strtol(key + 1, NULL, 10) : -1;
	size_t n = strlen(key);
	const char *end;
	int depth = 0;

	for (; *s != '\0'; s++) {
		if (strchr("{[", *s) != NULL) {
			depth++;
		} else if (strchr("}]", *s) != NULL) {
			if (--depth == 0)
				return NULL;
		} else if (*s == '"') {
			end = skip_string(s);
			if (depth == 1 && (size_t)(end - s) == n + 2 &&
			    strncmp(s + 1, key, n) == 0 &&
			    end[strspn(end, " \t\r\n")] == ':')
				return s;
			s = end - 1;
			continue;
		}
		/* Depth 1 is the inside of the array that is searched. */
		if (depth == 1 && index >= 0 && strchr("[,", *s) != NULL &&
		    index-- == 0)
			return s + 1 + strspn(s + 1, " \t\r\n");
	}
	return NULL;
}

int
json_line(const char *text, const char *const path[])
{
	const char *s = text, *found = NULL;
	int line = 1;

	for (; *path != NULL && (s = find_in_text(s, *path)) != NULL; path++) {
		found = s;
		/* The next step begins at the value, which a name precedes. */
		if (*s == '"' && (*path)[0] != '#')
			s = skip_string(s);
	}
	for (s = text; found != NULL && s < found; s++)
		line += *s == '\n';
	return line;
}
