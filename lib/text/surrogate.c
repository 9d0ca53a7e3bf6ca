/*
 * surrogate.c: stage.  Edits the text of a chunk before its JSON is parsed;
 * knows nothing else of the chunk.
 */
#include <string.h>

#include "base/buf.h"
#include "text/surrogate.h"

/*
 * The first byte of the string "content", or NULL if that is empty or missing.
 */
static char *
content_in(char *data)
{
	char *s = strstr(data, "\"content\"");

	if (s == NULL)
		return NULL;
	s += strlen("\"content\"");
	s += strspn(s, " \t:");
	return s[0] == '"' && s[1] != '"' ? s + 1 : NULL;
}

/*
 * Whether an escape begins at s that is half of a pair: \uD8.. to \uDB.. is
 * a first one, \uDC.. to \uDF.. a second one.  `digits` are those that may
 * follow the D.  Of the two digits after that only their presence is checked.
 */
static bool
is_half(const char *s, const char *digits)
{
	return s[0] == '\\' && s[1] == 'u' && (s[2] == 'd' || s[2] == 'D') &&
	    s[3] != '\0' && strchr(digits, s[3]) != NULL &&
	    s[4] != '\0' && s[5] != '\0';
}

/* Whether the backslash at s is itself escaped, so that it begins nothing. */
static bool
is_escaped(const char *s, const char *start)
{
	const char *p = s;

	while (p > start && p[-1] == '\\')
		p--;
	return (s - p) % 2 == 1;
}

/* Inserts the half, six bytes, before s; without memory it is lost. */
static void
put_before(const char half[SURROGATE_HALF], struct buf *data, const char *s)
{
	size_t at = (size_t)(s - data->data);
	char *there;

	if (buf_room(data, 6) == NULL)
		return;
	there = data->data + at;
	memmove(there + 6, there, data->len - at + 1);
	memcpy(there, half, 6);
	data->len += 6;
}

bool
surrogate_join(char half[SURROGATE_HALF], struct buf *data)
{
	char *s = content_in(data->data);
	size_t at;
	bool alone;

	if (s == NULL)
		return false;
	at = (size_t)(s - data->data);
	alone = half[0] != '\0' && !is_half(s, "cdefCDEF");
	if (half[0] != '\0' && !alone)
		put_before(half, data, s);
	half[0] = '\0';
	/* put_before may have moved the data. */
	s = data->data + at;
	/* Now a first half just before a quote, which ends the content. */
	for (; (s = strstr(s, "\\u")) != NULL; s += 2) {
		if (!is_half(s, "89abAB") || s[6] != '"' ||
		    is_escaped(s, data->data))
			continue;
		memcpy(half, s, 6);
		half[6] = '\0';
		at = (size_t)(s - data->data);
		memmove(s, s + 6, data->len - at - 6 + 1);
		data->len -= 6;
		break;
	}
	return alone;
}
