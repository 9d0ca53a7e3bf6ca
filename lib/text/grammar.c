/*
 * grammar.c: any process.  Checks JSON byte by byte; keeps nothing of it.
 *
 * One function for each rule of the grammar.  Each is called with t->s at the
 * first byte of what the rule describes, moves it to the byte after that, and
 * returns true; or it calls fail, and t->s stays at the fault.
 */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/grammar.h"

struct scan {
	const char	*s, *end;	/* the next byte, and the end */
	const char	*why;		/* what is wrong; NULL so far */
};

/*
 * Notes what is wrong at t->s and returns false, so that a rule can return its
 * result.  At the end of the text every fault is that it ends.
 */
static bool
fail(struct scan *t, const char *why)
{
	t->why = t->s == t->end ? "it ends too early" : why;
	return false;
}

/* Whether there is a next byte and it is one of the set. */
static bool
sees(const struct scan *t, const char *set)
{
	return t->s < t->end && *t->s != '\0' && strchr(set, *t->s) != NULL;
}

/*
 * As fail, between two values or names, where people write comments.
 */
static bool
fail_between(struct scan *t, const char *why)
{
	return fail(t, sees(t, "/#") ? "JSON has no comments; take it out" :
	    why);
}

/* Moves on by one byte if it is one of the set, and returns whether it is. */
static bool
take_one(struct scan *t, const char *set)
{
	bool seen = sees(t, set);

	t->s += seen;
	return seen;
}

static void
skip_space(struct scan *t)
{
	while (take_one(t, " \t\r\n"))
		;
}

/* The four digits of a \u escape. */
static bool
check_hex(struct scan *t, bool is_name)
{
	const char *start = t->s;
	int i;

	for (i = 0; i < 4; i++)
		if (!take_one(t, "0123456789abcdefABCDEF"))
			return fail(t, "four hexadecimal digits must follow "
			    "\\u");
	if (is_name && memcmp(start, "0000", 4) == 0) {
		t->s = start;
		return fail(t, "a name cannot hold \\u0000");
	}
	return true;
}

/* What follows a backslash. */
static bool
check_escape(struct scan *t, bool is_name)
{
	if (take_one(t, "u"))
		return check_hex(t, is_name);
	return take_one(t, "\"\\/bfnrt") || fail(t, "there is no such escape; "
	    "a backslash in a string is written \\\\");
}

/* Skips what can stand in a string as it is, in ASCII: most of most strings. */
static void
skip_plain(struct scan *t)
{
	while (t->s < t->end && *t->s >= ' ' && *t->s < 0x7f &&
	    *t->s != '"' && *t->s != '\\')
		t->s++;
}

/* A string, from its opening quote to its closing one. */
static bool
check_string(struct scan *t, bool is_name)
{
	uint32_t cp;
	size_t n;

	t->s++;
	for (skip_plain(t); t->s < t->end && !sees(t, "\""); skip_plain(t)) {
		if (take_one(t, "\\")) {
			if (!check_escape(t, is_name))
				return false;
			continue;
		}
		n = utf8_next(t->s, (size_t)(t->end - t->s), &cp);
		if (n == 0)
			return fail(t, "a string is not valid UTF-8");
		if (cp < ' ')
			return fail(t, "a line break or another control "
			    "character in a string must be written as an "
			    "escape, like \\n");
		t->s += n;
	}
	/* The loop ended at a quote or at the end of the text. */
	return take_one(t, "\"") || fail(t, NULL);
}

static bool
take_digits(struct scan *t)
{
	const char *start = t->s;

	while (take_one(t, "0123456789"))
		;
	return t->s > start;
}

static bool
check_number(struct scan *t)
{
	bool good;

	/* After a leading 0 no other digit may come. */
	take_one(t, "-");
	good = take_one(t, "0") || take_digits(t);
	good = good && (!take_one(t, ".") || take_digits(t));
	if (good && take_one(t, "eE")) {
		take_one(t, "+-");
		good = take_digits(t);
	}
	if (good && !sees(t, "0123456789.+-eExX"))
		return true;
	return fail(t, "a number must be written like 12, -0.5 or 1e9");
}

/*
 * true, false or null.  A word that the end of the text cuts is reported as an
 * early end, at the end.
 */
static bool
check_word(struct scan *t)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, n, left = (size_t)(t->end - t->s);

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		n = strlen(words[i]);
		if (memcmp(t->s, words[i], n < left ? n : left) != 0)
			continue;
		t->s += n < left ? n : left;
		return n <= left || fail(t, NULL);
	}
	return fail(t, "true, false and null are the only words that stand "
	    "without quotes");
}

static bool	check_value(struct scan *t, int depth);

static bool
check_array(struct scan *t, int depth)
{
	t->s++;
	skip_space(t);
	if (take_one(t, "]"))
		return true;
	do {
		if (!check_value(t, depth))
			return false;
		if (!take_one(t, ","))
			return take_one(t, "]") ||
			    fail_between(t, "a comma or ] is missing");
		skip_space(t);
	} while (!sees(t, "]"));
	return fail(t, "a value is missing, or the comma before this ] is one "
	    "too many");
}

static bool
check_object(struct scan *t, int depth)
{
	t->s++;
	skip_space(t);
	if (take_one(t, "}"))
		return true;
	do {
		skip_space(t);
		if (!sees(t, "\""))
			return fail_between(t, sees(t, "}") ? "a name in "
			    "double quotes is missing, or the comma before "
			    "this } is one too many" :
			    "a name in double quotes is missing");
		if (!check_string(t, true))
			return false;
		skip_space(t);
		if (!take_one(t, ":"))
			return fail_between(t, "a colon is missing");
		if (!check_value(t, depth))
			return false;
	} while (take_one(t, ","));
	return take_one(t, "}") || fail_between(t, "a comma or } is missing");
}

static bool
check_scalar(struct scan *t)
{
	if (sees(t, "\""))
		return check_string(t, false);
	if (sees(t, "0123456789.+-"))
		return check_number(t);
	if (sees(t, "'"))
		return fail(t, "a string must stand in double quotes");
	if (sees(t, "/#"))
		return fail_between(t, NULL);
	if (sees(t, ",:]}") || t->s == t->end)
		return fail(t, "a value is missing");
	return check_word(t);
}

/*
 * A value of at most `depth` levels, with the white space around it.  The depth
 * also bounds the recursion of these functions.
 */
static bool
check_value(struct scan *t, int depth)
{
	bool good;

	skip_space(t);
	if (depth <= 0)
		good = fail(t, "it is nested too deeply");
	else if (sees(t, "["))
		good = check_array(t, depth - 1);
	else if (sees(t, "{"))
		good = check_object(t, depth - 1);
	else
		good = check_scalar(t);
	if (good)
		skip_space(t);
	return good;
}

bool
grammar_check(const char *text, size_t n, int depth, const char **why,
    size_t *at)
{
	struct scan t = { text, text + n, NULL };
	bool good;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		good = fail(&t, "it begins with a byte order mark, which must "
		    "be left out");
	else
		good = check_value(&t, depth);
	if (good && t.s < t.end)
		good = fail_between(&t, "nothing may follow the value");
	*why = t.why;
	*at = (size_t)(t.s - text);
	return good;
}
