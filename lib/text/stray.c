/*
 * stray.c: worker.  Looks ahead in what a model writes; keeps nothing.
 */
#include <ctype.h>
#include <string.h>

#include "text/stray.h"

/* No member that is not quoted has a longer name. */
#define BARE_MOST	40

enum answer { NO, YES, MORE };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
skip_blanks(const char *s, size_t n, size_t i)
{
	while (i < n && is_blank(s[i]))
		i++;
	return i;
}

/* U+201C to U+201F; -1 for what may become one of them. */
static int
curly(const char *s, size_t n)
{
	static const char begin[] = "\xe2\x80";
	size_t k = n < 2 ? n : 2;

	if (k == 0 || memcmp(s, begin, k) != 0)
		return 0;
	if (n < 3)
		return -1;
	return s[2] >= '\x9c' && s[2] <= '\x9f' ? 3 : 0;
}

int
stray_opens(const char *s, size_t n, bool last, char *quote)
{
	int len = n == 0 ? 0 : curly(s, n);

	*quote = STRAY_CURLY;
	if (len == 0 && n > 0)
		*quote = s[0];
	if (len != 0)
		return len == -1 && last ? 0 : len;
	return n > 0 && (s[0] == '"' || s[0] == '\'');
}

int
stray_closes(char quote, const char *s, size_t n, bool last)
{
	char other;

	if (n > 0 && s[0] == (quote == STRAY_CURLY ? '"' : quote))
		return 1;
	return quote != STRAY_CURLY || (n > 0 && s[0] == '\'') ? 0 :
	    stray_opens(s, n, last, &other);
}

/*
 * Whether a quoted name and a colon stand at s[i].  With `value`, a value in
 * quotes must follow, too.
 */
static enum answer
is_name(const char *s, size_t n, size_t i, bool value)
{
	char quote, other;
	int len = i < n ? stray_opens(s + i, n - i, false, &quote) : -1;

	if (len <= 0)
		return len == 0 ? NO : MORE;
	for (i += (size_t)len; i < n; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '\n')
			return NO;
		else if ((len = stray_closes(quote, s + i, n - i, false)) != 0)
			break;
	}
	if (i >= n || len == -1)
		return MORE;
	i = skip_blanks(s, n, i + (size_t)len);
	if (i == n || s[i] != ':')
		return i == n ? MORE : NO;
	if (!value)
		return YES;
	i = skip_blanks(s, n, i + 1);
	len = i < n ? stray_opens(s + i, n - i, false, &other) : -1;
	return len == -1 ? MORE : len > 0 ? YES : NO;
}

/* The same for a name without quotes, before what can only be a value. */
static enum answer
is_bare_name(const char *s, size_t n, size_t i)
{
	size_t start = i;

	while (i < n && i - start < BARE_MOST && (isalnum((unsigned char)s[i])
	    || strchr("_$-", s[i]) != NULL) && s[i] != '\0')
		i++;
	if (i == start)
		return NO;
	i = skip_blanks(s, n, i);
	if (i < n && s[i] != ':')
		return NO;
	i = i < n ? skip_blanks(s, n, i + 1) : n;
	if (i == n)
		return MORE;
	return strchr("\"'[{-0123456789", s[i]) != NULL && s[i] != '\0' ?
	    YES : NO;
}

static enum answer
is_comment(const char *s, size_t n, size_t i)
{
	if (s[i] != '/')
		return NO;
	if (i + 1 == n)
		return MORE;
	return s[i + 1] == '/' || s[i + 1] == '*' ? YES : NO;
}

/* `{` and a name: whatever is open, an object begins. */
static enum answer
is_object(const char *s, size_t n, size_t i)
{
	if (s[i] != '{')
		return NO;
	i = skip_blanks(s, n, i + 1);
	return i == n ? MORE : is_name(s, n, i, false);
}

static enum stray
ends_if(enum answer answer)
{
	return answer == MORE ? STRAY_MORE : answer == YES ? STRAY_ENDS :
	    STRAY_TEXT;
}

/* A value in an object, and a comma: another member, or an end. */
static enum stray
after_comma(const char *s, size_t n, size_t i)
{
	enum answer found;

	i = skip_blanks(s, n, i);
	if (i == n)
		return STRAY_MORE;
	if (s[i] == '}' || s[i] == ']' || s[i] == ',')
		return STRAY_ENDS;
	if ((found = is_name(s, n, i, false)) == NO &&
	    (found = is_object(s, n, i)) == NO &&
	    (found = is_comment(s, n, i)) == NO)
		found = is_bare_name(s, n, i);
	return ends_if(found);
}

/*
 * A value in an object, and a `]`: the object has lost its brace, if the array
 * really ends here.
 */
static enum stray
after_bracket(const char *s, size_t n, size_t i)
{
	size_t end = skip_blanks(s, n, i);

	if (memchr(s + i, '\n', end - i) != NULL)
		return STRAY_ENDS;
	if (end == n)
		return STRAY_MORE;
	return strchr("}],`", s[end]) != NULL && s[end] != '\0' ?
	    STRAY_ENDS : STRAY_TEXT;
}

/* Another quote: "9"" is text and an end; else a comma is missing. */
static enum stray
at_quote(const struct place *place, const char *s, size_t n, size_t i)
{
	enum answer found;

	if (i == 0)
		return STRAY_TEXT;
	if (place->in_array || place->is_key)
		return STRAY_ENDS;
	found = is_name(s, n, i, false);
	return found == NO ? STRAY_BROKEN : ends_if(found);
}

/* What else begins with the quote: a name, after a string without an end. */
static enum stray
at_text(const struct place *place, const char *s, size_t n, bool last)
{
	char name[STRAY_LOOK + 1] = { '"' };
	enum answer found;

	if (!place->after_comma || place->in_array || place->is_key ||
	    place->quote != '"' || n > STRAY_LOOK)
		return STRAY_TEXT;
	memcpy(name + 1, s, n);
	found = is_name(name, n + 1, 0, true);
	return found == YES ? STRAY_BEGINS : found == MORE && !last ?
	    STRAY_MORE : STRAY_TEXT;
}

static enum stray
in_array(const char *s, size_t n, size_t i)
{
	if (strchr("]}:[{", s[i]) != NULL && s[i] != '\0')
		return STRAY_ENDS;
	if (s[i] != ',')
		return ends_if(is_comment(s, n, i));
	i = skip_blanks(s, n, i + 1);
	if (i == n)
		return STRAY_MORE;
	/* true, false and null are the only words that may follow. */
	return isalpha((unsigned char)s[i]) && strchr("tfn", s[i]) == NULL ?
	    STRAY_TEXT : STRAY_ENDS;
}

static enum stray
judge(const struct place *place, const char *s, size_t n, bool last)
{
	size_t i = skip_blanks(s, n, 0);
	enum answer found;

	if (i == n)
		return STRAY_MORE;
	if (stray_closes(place->quote, s + i, n - i, true) > 0)
		return at_quote(place, s, n, i);
	if (place->is_key)
		return strchr(":,}]", s[i]) != NULL && s[i] != '\0' ?
		    STRAY_ENDS : STRAY_TEXT;
	if (place->in_array)
		return in_array(s, n, i);
	if (s[i] == '}')
		return STRAY_ENDS;
	if (s[i] == ',' || s[i] == ';')
		return after_comma(s, n, i + 1);
	if (s[i] == ']')
		return place->array_open ? after_bracket(s, n, i + 1) :
		    STRAY_TEXT;
	if (s[i] == '{')
		return ends_if(is_object(s, n, i));
	found = is_comment(s, n, i);
	return found == NO ? at_text(place, s, n, last) : ends_if(found);
}

enum stray
stray_quote(const struct place *place, const char *s, size_t n, bool last)
{
	enum stray found = judge(place, s, n, last);

	return found == STRAY_MORE && last ? STRAY_ENDS : found;
}

enum stray
stray_brace(const struct place *place, const char *s, size_t n, bool last)
{
	size_t i = skip_blanks(s, n, 0);
	enum answer found = i == n ? MORE : is_name(s, n, i, false);

	/*
	 * In a sound string a quote that ends it may come next, with what may
	 * follow one; or Python: {'a': 1}
	 */
	if (i + 1 < n && place->quote == '"' && (s[i] != '"' ||
	    is_blank(s[i + 1]) || strchr(",:]}", s[i + 1]) != NULL))
		found = NO;
	return found == YES ? STRAY_BEGINS : found == MORE && !last ?
	    STRAY_MORE : STRAY_TEXT;
}
