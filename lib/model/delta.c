/*
 * delta.c: stage.  Finds and counts thoughts that come apart from the text;
 * does nothing with them.
 */
#include <string.h>

#include "model/delta.h"
#include "text/json.h"

/* Members or elements that are looked at; no host sends as many. */
#define LOOK_MOST	32

/* How deep the words of a thought may be wrapped. */
#define DEPTH_MOST	3

/*
 * Whether the name of a member tells of thoughts.  "reasoning" and not
 * "reason", since "finish_reason" and "stop_reason" are no thoughts.
 */
static bool
is_thought(const char *name)
{
	return strcasestr(name, "reasoning") != NULL ||
	    strcasestr(name, "think") != NULL ||
	    strcasestr(name, "thought") != NULL;
}

/*
 * How many bytes of words a value holds, at most `depth` objects or arrays
 * deep. An object without words counts as 1 byte: it is a thought that is
 * hidden.
 */
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
		/* Not a type, an id or a signature: these are no tokens. */
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
	/* The longest, not the sum: some say the same under two names. */
	for (i = 0; i < json_count(delta) && i < LOOK_MOST; i++) {
		member = json_member(delta, i, &name);
		n = is_thought(name) ? count_words(member, DEPTH_MOST) : 0;
		if (n > most)
			most = n;
	}
	return most;
}

bool
delta_has_text(const struct json *delta)
{
	struct json *content = json_get(delta, "content");
	size_t n;

	return (json_string(content, &n) != NULL && n > 0) ||
	    json_count(content) > 0;
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
