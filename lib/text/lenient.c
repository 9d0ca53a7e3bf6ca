/*
 * lenient.c: worker.  Reads what is nearly JSON; knows nothing of what it is
 * for.
 *
 * The functions that take s, n and `last` look at the n bytes at s, which are
 * all that is there if `last`.  Each returns how many of them it has read, or 0
 * if it needs more to go on, or has changed the token, which reads them then.
 */
#include <string.h>

#include "text/lenient.h"

#define ALL	((size_t)-1)	/* bytes to trim */

void
lenient_free(struct lenient *l)
{
	outline_free(&l->outline);
	explicit_bzero(l->ahead, sizeof(l->ahead));
}


/* --- strings ------------------------------------------------------------- */

static void
begin_string(struct lenient *l, char quote, enum token token)
{
	struct outline *o = &l->outline;

	outline_begin_string(o);
	l->token = token;
	l->string = (struct stray_place){ .quote = quote, .is_key = o->is_name,
	    .in_array = !outline_in_object(o),
	    .array_open = outline_find(o, '[') > 0 };
}

static void
end_string(struct lenient *l)
{
	outline_end_string(&l->outline);
	l->token = TOKEN_NONE;
}

/*
 * The depth of the array that the next object belongs to: the one that elements
 * came from, or else the outermost array that has an object in it, or else
 * where the innermost object stands.
 */
static int
find_home(struct outline *o)
{
	int i, inner = outline_find(o, '{');

	if (o->home > 0)
		return o->home < o->depth ? o->home : o->depth;
	for (i = 1; i < inner; i++)
		if (o->levels[i - 1].open == '[' && o->levels[i].open == '{')
			return i;
	return inner > 0 ? inner - 1 : o->depth;
}

/*
 * A string has lost its closing quote, and the next object begins in it.  So
 * the string, and what is open up to the array of the objects, ends here; the
 * brackets and commas between the two objects are no text of the string.
 */
static void
start_again(struct lenient *l)
{
	struct outline *o = &l->outline;

	outline_trim(o, " \t\r\n,", ALL);
	outline_trim(o, "}", 1);
	outline_trim(o, " \t\r\n", ALL);
	end_string(l);
	outline_leave(o, find_home(o));
	/* If the objects are members, the name of this one is lost. */
	if (outline_in_object(o) && !o->stop)
		outline_empty_name(o);
	if (!o->stop)
		outline_open(o, '{');
}

/*
 * Reads a backslash and what it escapes.  An escape that JSON does not have
 * counts as the byte after the backslash, and \u without four digits as a
 * backslash that should have been escaped.
 */
static size_t
take_escape(struct lenient *l, const char *s, size_t n, bool last)
{
	size_t need = n > 1 && s[1] == 'u' ? 6 : 2, i;

	if (n < need)
		return last ? n : 0;
	for (i = 2; i < need; i++)
		if (strchr("0123456789abcdefABCDEF", s[i]) == NULL ||
		    s[i] == '\0')
			break;
	if (i < need) {
		outline_escape(&l->outline, '\\');
		return 1;
	}
	if (strchr("\"\\/bfnrtu", s[1]) != NULL && s[1] != '\0')
		outline_put(&l->outline, s, need);
	else
		outline_escape(&l->outline, s[1]);
	return need;
}

/* Reads a quote of `len` bytes at s, which may end the string. */
static size_t
take_quote(struct lenient *l, const char *s, size_t n, size_t len, bool last)
{
	enum stray found = stray_quote(&l->string, s + len, n - len, last);
	struct level *level = outline_top(&l->outline);
	size_t i;

	if (found == STRAY_MORE)
		return 0;
	if (found == STRAY_TEXT) {
		for (i = 0; i < len; i++)
			outline_escape(&l->outline, s[i]);
		l->string.after_comma = false;
		return len;
	}
	if (found == STRAY_BROKEN && level != NULL)
		level->broken = true;
	if (found == STRAY_BEGINS)
		outline_trim(&l->outline, " \t\r\n,;", ALL);
	end_string(l);
	if (found == STRAY_BEGINS)
		begin_string(l, *s, TOKEN_STRING);
	return len;
}

/* Reads a byte, an escape or a quote in a string. */
static size_t
in_string(struct lenient *l, const char *s, size_t n, bool last)
{
	int quote = stray_closes(l->string.quote, s, n, last);
	enum stray found = STRAY_TEXT;

	if (quote == -1)
		return 0;
	if (quote > 0)
		return take_quote(l, s, n, (size_t)quote, last);
	if (*s == '\\')
		return take_escape(l, s, n, last);
	if (*s == '{')
		found = stray_brace(&l->string, s + 1, n - 1, last);
	if (found == STRAY_MORE)
		return 0;
	if (found == STRAY_BEGINS) {
		start_again(l);
		return 1;
	}
	outline_escape(&l->outline, *s);
	if (!stray_is_blank(*s))
		l->string.after_comma = *s == ',' || *s == ';';
	return 1;
}

/* --- words without quotes ------------------------------------------------ */

/* Moves *i over digits; returns whether there were any. */
static bool
skip_digits(const char *s, size_t n, size_t *i)
{
	size_t start = *i;

	while (*i < n && s[*i] >= '0' && s[*i] <= '9')
		++*i;
	return *i > start;
}

/* Whether a word is a number by JSON's rules. */
static bool
is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-';
	bool zero = i < n && s[i] == '0';
	size_t start = i;

	if (!skip_digits(s, n, &i) || (zero && i > start + 1))
		return false;
	if (i < n && s[i] == '.') {
		i++;
		if (!skip_digits(s, n, &i))
			return false;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i += i + 1 < n && (s[i + 1] == '+' || s[i + 1] == '-') ? 2 : 1;
		if (!skip_digits(s, n, &i))
			return false;
	}
	return i == n;
}

/* Whether a word is a number, true, false or null. */
static bool
is_literal(const char *s, size_t n)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && memcmp(words[i], s, n) == 0)
			return true;
	return is_number(s, n);
}

/*
 * Ends a word without quotes, before the byte c.  A name must have a colon
 * after it; a value is a literal, or else a string that lost its quotes.
 */
static void
end_bare(struct lenient *l, char c)
{
	struct outline *o = &l->outline;
	const char *s;
	size_t n;

	l->token = TOKEN_NONE;
	outline_trim(o, " \t\r", ALL);
	s = outline_string(o, &n);
	/*
	 * A closing quote without an opening one ends the word, where it was
	 * written as \".
	 */
	if (n > 1 && s[n - 1] == '"') {
		outline_trim(o, "\"", 1);
		outline_trim(o, "\\", 1);
		s = outline_string(o, &n);
	}
	if (o->is_name && c != ':')
		outline_no_name(o);
	else if (!o->is_name && is_literal(s, n))
		outline_literal(o);
	else
		outline_end_string(o);
}

/* Reads a byte of a word without quotes, which ends before JSON's own bytes. */
static size_t
in_bare(struct lenient *l, char c)
{
	if ((strchr(",{}[]\n", c) != NULL && c != '\0') ||
	    (c == ':' && l->string.is_key)) {
		end_bare(l, c);
		return 0;
	}
	outline_escape(&l->outline, c);
	return 1;
}

/*
 * Begins a word without quotes.  If no name or value is due there, the byte is
 * dropped instead.
 */
static size_t
begin_bare(struct lenient *l)
{
	if (l->outline.expect == EXPECT_COLON ||
	    l->outline.expect == EXPECT_COMMA)
		return 1;
	begin_string(l, '\0', TOKEN_BARE);
	return 0;
}

/* --- all of it ----------------------------------------------------------- */

/* Reads a byte of a comment, or its end: a newline, or asterisk and slash. */
static size_t
in_comment(struct lenient *l, const char *s, size_t n, bool last)
{
	if (l->token == TOKEN_BLOCK && *s == '*' && n == 1 && !last)
		return 0;
	if (l->token == TOKEN_LINE ? *s != '\n' : *s != '*' || n == 1 ||
	    s[1] != '/')
		return 1;
	n = l->token == TOKEN_LINE ? 1 : 2;
	l->token = TOKEN_NONE;
	return n;
}

/*
 * Reads a byte outside of all brackets.  Only an opening bracket matters, and
 * whether there are words, since they may introduce an example (list.h).  What
 * follows ``` on its line is no word.
 */
static size_t
in_prose(struct lenient *l, char c)
{
	if (c == '{' || c == '[')
		outline_open(&l->outline, c);
	else if (c == '`' || c == '\n')
		l->fence = c == '`';
	else if (!l->fence && !stray_is_blank(c) && strchr("]},", c) == NULL)
		l->prose = true;
	return 1;
}

/* Reads a byte inside brackets and outside of strings, words and comments. */
static size_t
in_brackets(struct lenient *l, const char *s, size_t n, bool last)
{
	char quote;
	int len = stray_opens(s, n, last, &quote);

	if (len == -1 || (*s == '/' && n == 1 && !last))
		return 0;
	if (len > 0) {
		begin_string(l, quote, TOKEN_STRING);
		return (size_t)len;
	}
	if (*s == '/' && n > 1 && (s[1] == '/' || s[1] == '*')) {
		l->token = s[1] == '/' ? TOKEN_LINE : TOKEN_BLOCK;
		return 2;
	}
	if (*s == '{' || *s == '[')
		outline_open(&l->outline, *s);
	else if (*s == '}' || *s == ']')
		outline_close(&l->outline, *s);
	else if (*s == ',' || *s == ';' || *s == ':')
		outline_separate(&l->outline, *s);
	else if (!stray_is_blank(*s))
		return begin_bare(l);
	return 1;
}

/* Reads the next byte or bytes.  Returns whether that was possible. */
static bool
read_ahead(struct lenient *l, bool last)
{
	const char *s = l->ahead + l->pos;
	size_t n = l->n - l->pos, read;
	enum token token = l->token;

	if (n == 0 || l->outline.stop)
		return false;
	if (token == TOKEN_STRING)
		read = in_string(l, s, n, last);
	else if (token == TOKEN_BARE)
		read = in_bare(l, *s);
	else if (token != TOKEN_NONE)
		read = in_comment(l, s, n, last);
	else if (l->outline.depth == 0)
		read = in_prose(l, *s);
	else
		read = in_brackets(l, s, n, last);
	l->pos += read;
	return read > 0 || l->token != token;
}

void
lenient_feed(struct lenient *l, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n && !l->outline.stop; i++) {
		/* The bytes that are read already make room. */
		if (l->n == sizeof(l->ahead)) {
			memmove(l->ahead, l->ahead + l->pos, l->n - l->pos);
			l->n -= l->pos;
			l->pos = 0;
		}
		l->ahead[l->n++] = text[i];
		/* If the bytes ahead are full, they must be enough. */
		while (read_ahead(l, l->n - l->pos == sizeof(l->ahead)))
			;
		if (l->pos == l->n)
			l->pos = l->n = 0;
	}
}

void
lenient_end(struct lenient *l)
{
	while (read_ahead(l, true))
		;
}
