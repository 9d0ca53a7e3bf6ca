/*
 * members.c: any process.  Cuts the members of an object out of its text; does
 * not check it, which grammar.c has done, but reads no byte after its end.
 */
#include <string.h>

#include "base/buf.h"
#include "text/members.h"
#include "text/stray.h"

/* --- escapes -------------------------------------------------------------- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code of a \uXXXX at s; -1 if there is none. */
static int32_t
unit_at(const char *s, const char *end)
{
	int32_t unit = 0;
	int i, digit;

	if (end - s < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if ((digit = hex_digit(s[i])) == -1)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static uint32_t
short_escape(char c)
{
	static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *p = c == '\0' ? NULL : strchr(names, c);

	return p != NULL ? (uint32_t)values[p - names] : (unsigned char)c;
}

size_t
member_escape(const char *s, const char *end, uint32_t *cp)
{
	int32_t first = unit_at(s, end), second;

	if (first == -1) {
		*cp = end - s < 2 ? '\\' : short_escape(s[1]);
		return end - s < 2 ? 1 : 2;
	}
	*cp = (uint32_t)first;
	if (first < 0xD800 || first > 0xDBFF)
		return 6;
	second = unit_at(s + 6, end);
	if (second < 0xDC00 || second > 0xDFFF)
		return 6;
	*cp = 0x10000 + (((uint32_t)first - 0xD800) << 10) +
	    ((uint32_t)second - 0xDC00);
	return 12;
}

/* Writes the code point's UTF-8, 1 to 4 bytes, and returns how many. */
static size_t
encode(uint32_t cp, char out[4])
{
	static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	size_t n, i;

	if (cp >= 0xD800 && cp <= 0xDFFF)
		cp = 0xFFFD;
	n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	for (i = n; i-- > 0; cp >>= 6)
		out[i] = (char)(i == 0 ? marks[n] | cp : 0x80 | (cp & 0x3F));
	return n;
}

/*
 * Copies the character at *s, of a string whose bytes end at `end`, to out, and
 * moves *s after it.  Returns its bytes: of a character that is no escape, one
 * at a time.
 */
static size_t
next_bytes(const char **s, const char *end, char out[4])
{
	uint32_t cp;

	if (**s != '\\') {
		out[0] = *(*s)++;
		return 1;
	}
	*s += member_escape(*s, end, &cp);
	return encode(cp, out);
}

int
member_string(struct buf *out, const char *string, size_t n)
{
	const char *s = string + 1, *end = string + n - 1, *plain;
	char bytes[4];

	if (n < 2 || string[0] != '"' || *end != '"')
		return -1;
	while (s < end) {
		plain = memchr(s, '\\', (size_t)(end - s));
		plain = plain == NULL ? end : plain;
		buf_add(out, s, (size_t)(plain - s));
		if ((s = plain) < end) {
			n = next_bytes(&s, end, bytes);
			buf_add(out, bytes, n);
		}
	}
	return out->failed ? -1 : 0;
}

bool
member_is(const struct member *member, const char *name)
{
	const char *s = member->name + 1;
	const char *end = member->name + member->name_len - 1;
	char bytes[4];
	size_t n;

	while (s < end) {
		n = next_bytes(&s, end, bytes);
		/* A name has no NUL, so this does not pass the end of it. */
		if (strncmp(bytes, name, n) != 0)
			return false;
		name += n;
	}
	return *name == '\0';
}

/* --- finding them --------------------------------------------------------- */

/* The byte after the string that begins at s. */
static const char *
after_string(const char *s, const char *end)
{
	const char *quote = s, *p;

	while ((quote = memchr(quote + 1, '"', (size_t)(end - quote - 1))) !=
	    NULL) {
		for (p = quote; p[-1] == '\\'; p--)
			;
		/* Each two of them are one backslash of the text. */
		if ((quote - p) % 2 == 0)
			return quote + 1;
	}
	return end;
}

/* The byte after the array or object that begins at s. */
static const char *
after_nested(const char *s, const char *end)
{
	size_t depth = 0;

	while (s < end) {
		if (*s == '"') {
			s = after_string(s, end);
			continue;
		}
		depth += *s == '{' || *s == '[';
		depth -= *s == '}' || *s == ']';
		s++;
		if (depth == 0)
			break;
	}
	return s;
}

static const char *
after_value(const char *s, const char *end)
{
	if (s < end && *s == '"')
		return after_string(s, end);
	if (s < end && (*s == '{' || *s == '['))
		return after_nested(s, end);
	while (s < end && !stray_is_blank(*s) && *s != ',' && *s != '}')
		s++;
	return s;
}

bool
members_next(struct members *it, struct member *member)
{
	const char *s = it->at;

	/* What stands before the first name, or between two members. */
	while (s < it->end && (stray_is_blank(*s) || *s == '{' || *s == ','))
		s++;
	if (s == it->end || *s != '"') {
		it->at = it->end;
		return false;
	}
	member->name = s;
	s = after_string(s, it->end);
	member->name_len = (size_t)(s - member->name);
	while (s < it->end && (stray_is_blank(*s) || *s == ':'))
		s++;
	member->value = s;
	it->at = after_value(s, it->end);
	member->value_len = (size_t)(it->at - s);
	return true;
}
