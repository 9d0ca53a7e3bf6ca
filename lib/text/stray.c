/*
 * stray.c: worker.  Looks ahead in what a model writes; keeps nothing.
 *
 * In all functions s are n bytes to look at, and i is the index at which the
 * look begins.
 */
#include <ctype.h>
#include <string.h>

#include "text/stray.h"

/* Bytes; a longer word without quotes is not taken for a member's name. */
#define BARE_MOST	40

/* Whether something is there; MORE if the bytes end before that is clear. */
enum looked { NO, YES, MORE };

bool
stray_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The index of the first byte from i on that is no white space, or n. */
static size_t
skip_blanks(const char *s, size_t n, size_t i)
{
	while (i < n && stray_is_blank(s[i]))
		i++;
	return i;
}

/* 3 if one of U+201C to U+201F is at s, -1 if the n bytes begin one, else 0. */
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

	/* A string that a curly quote began may end in any but '\''. */
	if (n > 0 && s[0] == (quote == STRAY_CURLY ? '"' : quote))
		return 1;
	return quote != STRAY_CURLY || (n > 0 && s[0] == '\'') ? 0 :
	    stray_opens(s, n, last, &other);
}

/*
 * Whether a name in quotes and a colon stand at s[i].  If `value`, a value in
 * quotes must follow them, too.
 */
static enum looked
is_member_name(const char *s, size_t n, size_t i, bool value)
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

/*
 * Whether a name without quotes and a colon stand at s[i].  A sentence may hold
 * a word and a colon, too; so what follows must be the beginning of a value.
 */
static enum looked
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

/* Whether a comment begins at s[i]. */
static enum looked
is_comment(const char *s, size_t n, size_t i)
{
	if (s[i] != '/')
		return NO;
	if (i + 1 == n)
		return MORE;
	return s[i + 1] == '/' || s[i + 1] == '*' ? YES : NO;
}

/* Whether an object begins at s[i]: '{', a name in quotes and a colon. */
static enum looked
is_object(const char *s, size_t n, size_t i)
{
	if (s[i] != '{')
		return NO;
	i = skip_blanks(s, n, i + 1);
	return i == n ? MORE : is_member_name(s, n, i, false);
}

/* The string ends if what must follow it is there; else it goes on. */
static enum stray
ends_if(enum looked looked)
{
	return looked == MORE ? STRAY_MORE : looked == YES ? STRAY_ENDS :
	    STRAY_TEXT;
}

/*
 * A quote and a comma were read, in a value of an object.  The quote ends the
 * value if another member comes next, or an end of brackets.
 */
static enum stray
after_comma(const char *s, size_t n, size_t i)
{
	enum looked found;

	i = skip_blanks(s, n, i);
	if (i == n)
		return STRAY_MORE;
	if (s[i] == '}' || s[i] == ']' || s[i] == ',')
		return STRAY_ENDS;
	if ((found = is_member_name(s, n, i, false)) == NO &&
	    (found = is_object(s, n, i)) == NO &&
	    (found = is_comment(s, n, i)) == NO)
		found = is_bare_name(s, n, i);
	return ends_if(found);
}

/*
 * A quote and a `]` were read, in a value of an object that is in an array.
 * The quote ends the value, and the object has lost its brace, if the array
 * really ends here: at the end of a line, or before what may follow an array.
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

/*
 * Another quote follows, at s[i].  If it follows directly, as in "9"", the
 * first is text and the second will end the string.  Otherwise a comma is
 * missing between two strings, and this one ends.
 */
static enum stray
at_quote(const struct stray_place *place, const char *s, size_t n, size_t i)
{
	enum looked found;

	if (i == 0)
		return STRAY_TEXT;
	if (place->in_array || place->is_key)
		return STRAY_ENDS;
	found = is_member_name(s, n, i, false);
	return found == NO ? STRAY_BROKEN : ends_if(found);
}

/*
 * What follows could not follow a string.  So the quote is text; or the string
 * lost its closing quote before its last comma, and this quote begins the name
 * of the next member.
 */
static enum stray
at_text(const struct stray_place *place, const char *s, size_t n, bool last)
{
	char name[STRAY_LOOK + 1] = { '"' };
	enum looked found;

	if (!place->after_comma || place->in_array || place->is_key ||
	    place->quote != '"' || n > STRAY_LOOK)
		return STRAY_TEXT;
	memcpy(name + 1, s, n);
	found = is_member_name(name, n + 1, 0, true);
	return found == YES ? STRAY_BEGINS : found == MORE && !last ?
	    STRAY_MORE : STRAY_TEXT;
}

/* The string is an element of an array, and s[i] is what follows the quote. */
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
	/*
	 * After a comma may come any value.  Of those only true, false and null
	 * begin with a letter; another letter continues the text.
	 */
	return isalpha((unsigned char)s[i]) && strchr("tfn", s[i]) == NULL ?
	    STRAY_TEXT : STRAY_ENDS;
}

/*
 * What the quote before s is.  A name allows the least after it, so it is
 * decided first; then an element of an array; the rest are values of members,
 * after which a brace, a comma or a bracket may come.
 */
static enum stray
judge_quote(const struct stray_place *place, const char *s, size_t n, bool last)
{
	size_t i = skip_blanks(s, n, 0);
	enum looked found;

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
stray_quote(const struct stray_place *place, const char *s, size_t n, bool last)
{
	enum stray found = judge_quote(place, s, n, last);

	return found == STRAY_MORE && last ? STRAY_ENDS : found;
}

enum stray
stray_brace(const struct stray_place *place, const char *s, size_t n, bool last)
{
	size_t i = skip_blanks(s, n, 0);
	enum looked found = i == n ? MORE : is_member_name(s, n, i, false);

	/*
	 * In a valid string that ends in a brace, its closing quote comes next,
	 * and after it what may follow a string.  Or the text quotes Python,
	 * {'a': 1}, in single quotes.
	 */
	if (i + 1 < n && place->quote == '"' && (s[i] != '"' ||
	    stray_is_blank(s[i + 1]) || strchr(",:]}", s[i + 1]) != NULL))
		found = NO;
	return found == YES ? STRAY_BEGINS : found == MORE && !last ?
	    STRAY_MORE : STRAY_TEXT;
}
