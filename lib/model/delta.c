/*
 * delta.c: stage.  Thoughts that come apart from the text; emits nothing.
 */
#include <string.h>

#include "model/delta.h"
#include "text/json.h"

/* Of members and elements: more hold nothing that a host would send. */
#define LOOK_MOST	32

/* How deep the words of a thought may be wrapped. */
#define DEPTH_MOST	3

/* "finish_reason" and "stop_reason" are no thoughts. */
static bool
is_thought(const char *name)
{
	return strcasestr(name, "reasoning") != NULL ||
	    strcasestr(name, "think") != NULL ||
	    strcasestr(name, "thought") != NULL;
}

/* Bytes of the words in a value, whatever they are wrapped in. */
static size_t
count_words(const struct json *json, int depth)
{
	struct json *part;
	const char *name;
	size_t i, n = 0, count = json_count(json);

	if (json_string(json, &n) != NULL || depth == 0)
		return n;
	for (i = 0; i < count && i < LOOK_MOST; i++) {
		name = "text";
		part = json_kind(json) == JSON_ARRAY ? json_at(json, i) :
		    json_member(json, i, &name);
		/* A type, an id or a signature is no token. */
		if (is_thought(name) || strcmp(name, "text") == 0 ||
		    strcmp(name, "summary") == 0 ||
		    strcmp(name, "content") == 0)
			n += count_words(part, depth - 1);
	}
	return n > 0 || count == 0 ? n : 1;
}

size_t
delta_thoughts(const struct json *delta)
{
	struct json *member;
	const char *name = "";
	size_t i, n, most = 0;

	if (json_kind(delta) != JSON_OBJECT)
		return 0;
	/* Some say the same under two names. */
	for (i = 0; i < json_count(delta) && i < LOOK_MOST; i++) {
		member = json_member(delta, i, &name);
		n = is_thought(name) ? count_words(member, DEPTH_MOST) : 0;
		if (n > most)
			most = n;
	}
	return most;
}

const char *
delta_piece(const struct json *piece, size_t *n, size_t *thought)
{
	const char *type = json_string(json_get(piece, "type"), NULL);
	const char *text = json_string(piece, n);

	*thought = type != NULL && is_thought(type) ?
	    count_words(piece, DEPTH_MOST) : delta_thoughts(piece);
	if (text == NULL)
		text = json_string(json_get(piece, "text"), n);
	return *thought > 0 ? NULL : text;
}
