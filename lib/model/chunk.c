/*
 * chunk.c: stage.  Strict: whatever it has not been told of is not for it.
 */
#include <string.h>

#include "base/buf.h"
#include "model/chunk.h"

/* A place in the text; `bad` once it is no such chunk. */
struct cursor {
	const char	*p, *end;
	struct buf	*out;
	bool		 bad;
};

/* What stands under a name. */
enum member { MEMBER_UNKNOWN, MEMBER_SCALAR, MEMBER_KIND, MEMBER_CHOICES,
    MEMBER_INDEX, MEMBER_DELTA, MEMBER_CONTENT };

struct name {
	const char	*word;
	enum member	 member;
};

static void
blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' ||
	    *c->p == '\n' || *c->p == '\r'))
		c->p++;
}

/* Whether the next is this byte; passes it and blanks around it. */
static bool
next_is(struct cursor *c, char wanted)
{
	blanks(c);
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	blanks(c);
	return true;
}

static void
need(struct cursor *c, char wanted)
{
	if (!next_is(c, wanted))
		c->bad = true;
}

static bool
word_is(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, word, n) != 0)
		return false;
	c->p += n;
	return true;
}

static void
need_word(struct cursor *c, const char *word)
{
	if (!word_is(c, word))
		c->bad = true;
}

/* Bytes of a string that stand for themselves. */
static size_t
literal(const struct cursor *c)
{
	const char *p = c->p;

	while (p < c->end && (unsigned char)*p >= ' ' && *p != '"' &&
	    *p != '\\')
		p++;
	return (size_t)(p - c->p);
}

/* A string without escapes, its length in *n. */
static const char *
plain_string(struct cursor *c, size_t *n)
{
	const char *s;

	*n = 0;
	need_word(c, "\"");
	s = c->p;
	if (!c->bad)
		*n = literal(c);
	c->p += *n;
	need_word(c, "\"");
	return s;
}

/* The text, its escapes undone; \u is json-c's. */
static void
content(struct cursor *c)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *escape;
	size_t n;

	need_word(c, "\"");
	while (!c->bad) {
		n = literal(c);
		buf_add(c->out, c->p, n);
		c->p += n;
		if (c->p < c->end && *c->p == '"') {
			c->p++;
			return;
		}
		if (c->end - c->p < 2 || *c->p != '\\' || c->p[1] == '\0' ||
		    (escape = strchr(names, c->p[1])) == NULL) {
			c->bad = true;
			return;
		}
		buf_putc(c->out, values[escape - names]);
		c->p += 2;
	}
}

/* A string, a whole number of at most 18 digits, true or false. */
static void
scalar(struct cursor *c)
{
	const char *start = c->p;
	size_t n;

	if (c->p < c->end && *c->p == '"') {
		plain_string(c, &n);
		return;
	}
	if (word_is(c, "true") || word_is(c, "false"))
		return;
	while (c->p < c->end && *c->p >= '0' && *c->p <= '9')
		c->p++;
	n = (size_t)(c->p - start);
	if (n == 0 || n > 18 || (n > 1 && *start == '0'))
		c->bad = true;
}

static void object(struct cursor *c, const struct name *names);

static void
choices(struct cursor *c)
{
	static const struct name names[] = {
		{ "index", MEMBER_INDEX }, { "delta", MEMBER_DELTA },
		{ NULL, MEMBER_UNKNOWN },
	};

	need(c, '[');
	object(c, names);
	need(c, ']');
}

static void
delta(struct cursor *c)
{
	static const struct name names[] = {
		{ "role", MEMBER_SCALAR }, { "content", MEMBER_CONTENT },
		{ NULL, MEMBER_UNKNOWN },
	};

	object(c, names);
}

static void
value(struct cursor *c, enum member member)
{
	switch (member) {
	case MEMBER_SCALAR:
		scalar(c);
		break;
	case MEMBER_KIND:
		need_word(c, "\"chat.completion.chunk\"");
		break;
	case MEMBER_CHOICES:
		choices(c);
		break;
	case MEMBER_INDEX:
		need_word(c, "0");
		break;
	case MEMBER_DELTA:
		delta(c);
		break;
	case MEMBER_CONTENT:
		content(c);
		break;
	case MEMBER_UNKNOWN:
		c->bad = true;
		break;
	}
}

/*
 * An object whose members have these names, each at most once; any other is
 * null, which is to everybody as if it were not there.
 */
static void
object(struct cursor *c, const struct name *names)
{
	unsigned seen = 0, bit;
	const char *name;
	size_t n, i;

	need(c, '{');
	do {
		name = plain_string(c, &n);
		need(c, ':');
		for (i = 0; names[i].word != NULL; i++)
			if (strlen(names[i].word) == n &&
			    memcmp(names[i].word, name, n) == 0)
				break;
		bit = names[i].word == NULL ? 0 : 1u << i;
		if ((seen & bit) != 0)
			c->bad = true;
		seen |= bit;
		if (!c->bad && !word_is(c, "null"))
			value(c, names[i].member);
	} while (!c->bad && next_is(c, ','));
	need(c, '}');
}

bool
chunk_read(const char *s, size_t n, struct buf *out)
{
	static const struct name names[] = {
		{ "id", MEMBER_SCALAR }, { "object", MEMBER_KIND },
		{ "created", MEMBER_SCALAR }, { "model", MEMBER_SCALAR },
		{ "choices", MEMBER_CHOICES },
		{ "system_fingerprint", MEMBER_SCALAR },
		{ "service_tier", MEMBER_SCALAR },
		{ "provider", MEMBER_SCALAR },
		{ "obfuscation", MEMBER_SCALAR },
		{ NULL, MEMBER_UNKNOWN },
	};
	struct cursor c = { s, s + n, out, false };
	size_t before = out->len;

	object(&c, names);
	if (!c.bad && c.p == c.end && !out->failed)
		return true;
	explicit_bzero(out->data + before, out->len - before);
	out->len = before;
	out->data[before] = '\0';
	return false;
}
