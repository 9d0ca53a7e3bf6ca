/*
 * json.c: any process.  Documents over json-c, which nobody else includes.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/grammar.h"
#include "text/json.h"

/* json-c takes no const, though it only reads. */
static struct json_object *
in(const struct json *json)
{
	union { const struct json *ours; struct json_object *theirs; } u;

	u.ours = json;
	return u.theirs;
}

static struct json *
out(struct json_object *object)
{
	return (struct json *)object;
}

/* One document and the white space after it.  The error, the end in *end. */
static enum json_tokener_error
parse(struct json_tokener *tok, const char *text, size_t n,
    struct json_object **object, size_t *end)
{
	enum json_tokener_error error;

	*object = json_tokener_parse_ex(tok, text, (int)n);
	error = json_tokener_get_error(tok);
	*end = json_tokener_get_parse_end(tok);
	/* A bare number is only whole when something ends it. */
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

static const char *
reason(enum json_tokener_error error)
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
	error = parse(tok, text, n, &object, &end);
	json_tokener_free(tok);
	if (error == json_tokener_success && object != NULL)
		return out(object);
	json_object_put(object);
	fault = reason(error);
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
	json_object_put(in(json));
}

enum json_kind
json_kind(const struct json *json)
{
	if (json == NULL)
		return JSON_NONE;
	switch (json_object_get_type(in(json))) {
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
json_kind_name(enum json_kind type)
{
	static const char *const names[] = { "nothing",
	    "true or false", "a whole number", "a number", "a string",
	    "an array", "an object" };

	return names[type];
}

struct json *
json_get(const struct json *json, const char *key)
{
	struct json_object *member;

	if (json_kind(json) != JSON_OBJECT ||
	    !json_object_object_get_ex(in(json), key, &member))
		return NULL;
	return out(member);
}

struct json *
json_at(const struct json *json, size_t i)
{
	if (json_kind(json) != JSON_ARRAY || i >= json_count(json))
		return NULL;
	return out(json_object_array_get_idx(in(json), i));
}

size_t
json_count(const struct json *json)
{
	switch (json_kind(json)) {
	case JSON_ARRAY:
		return json_object_array_length(in(json));
	case JSON_OBJECT:
		return (size_t)json_object_object_length(in(json));
	default:
		return 0;
	}
}

struct json *
json_member(const struct json *json, size_t i, const char **key)
{
	if (i >= json_count(json) || json_kind(json) != JSON_OBJECT)
		return NULL;
	json_object_object_foreach(in(json), name, value) {
		if (i-- == 0) {
			*key = name;
			return out(value);
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
		*n = (size_t)json_object_get_string_len(in(json));
	return json_object_get_string(in(json));
}

int64_t
json_int(const struct json *json, int64_t otherwise)
{
	return json_kind(json) != JSON_INT ? otherwise :
	    json_object_get_int64(in(json));
}

double
json_double(const struct json *json, double otherwise)
{
	enum json_kind type = json_kind(json);

	return type != JSON_INT && type != JSON_DOUBLE ? otherwise :
	    json_object_get_double(in(json));
}

bool
json_boolean(const struct json *json, bool otherwise)
{
	return json_kind(json) != JSON_BOOL ? otherwise :
	    json_object_get_boolean(in(json));
}

struct json *
json_new_object(void)
{
	return out(json_object_new_object());
}

struct json *
json_new_array(void)
{
	return out(json_object_new_array());
}

struct json *
json_new_string(const char *s, size_t n)
{
	return out(json_object_new_string_len(s, (int)n));
}

void
json_set(struct json *object, const char *key, struct json *value)
{
	if (value != NULL)
		json_object_object_add(in(object), key, in(value));
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
	json_set(object, key, out(json_object_new_int64(value)));
}

void
json_set_double(struct json *object, const char *key, double value)
{
	char text[32];

	/* 0.55 as people write it, not with all the digits of its double. */
	snprintf(text, sizeof(text), "%.10g", value);
	json_set(object, key, out(json_object_new_double_s(value, text)));
}

void
json_set_bool(struct json *object, const char *key, bool value)
{
	json_set(object, key, out(json_object_new_boolean(value)));
}

void
json_push(struct json *array, struct json *element)
{
	json_object_array_add(in(array), in(element));
}

struct json *
json_share(struct json *json)
{
	return out(json_object_get(in(json)));
}

void
json_write(const struct json *json, struct buf *buf)
{
	size_t n;
	const char *text = json_object_to_json_string_length(in(json),
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	buf_add(buf, text, n);
}

/* The end of the string whose opening quote is at s. */
static const char *
skip_string(const char *s)
{
	for (s++; *s != '\0' && *s != '"'; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return *s == '"' ? s + 1 : s;
}

/*
 * In the array or object that begins behind s: the member named `key`, or for
 * "#2" the element with that index; NULL where there is none.  Only text that
 * json_parse has taken comes here, so brackets and quotes are in order.
 */
static const char *
find(const char *s, const char *key)
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

	for (; *path != NULL && (s = find(s, *path)) != NULL; path++) {
		found = s;
		if (*s == '"' && (*path)[0] != '#')
			s = skip_string(s);
	}
	for (s = text; found != NULL && s < found; s++)
		line += *s == '\n';
	return line;
}
