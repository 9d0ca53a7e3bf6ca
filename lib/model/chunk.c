/*
 * chunk.c: stage.  A parser by recursive descent for one kind of document.  It
 * rejects what it does not know: then json-c reads the chunk instead.
 */
#include <string.h>

#include "base/buf.h"
#include "model/chunk.h"

/*
 * Where the parser is.  Once `bad` is set the chunk is rejected, whatever else
 * is read; so not every step has to be checked.
 */
struct cursor {
	const char	*p, *end;
	struct buf	*out;
	bool		 bad;
	const char	*text, *rest;	/* where the text begins, and what is
					   after it; NULL: it has none */
};

/* What the value of a member must be.  Any value may be null instead. */
enum member {
	MEMBER_UNKNOWN,		/* none: the name is not known */
	MEMBER_SCALAR,		/* a string, a number or a truth value */
	MEMBER_KIND,		/* "chat.completion.chunk" */
	MEMBER_CHOICES,		/* an array of one choice */
	MEMBER_INDEX,		/* 0 */
	MEMBER_DELTA,		/* an object with the text */
	MEMBER_CONTENT,		/* the text */
};

/* A member that an object may have. */
struct name {
	const char	*word;
	enum member	 member;
};

static void
pass_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' ||
	    *c->p == '\n' || *c->p == '\r'))
		c->p++;
}

/*
 * If the next byte after blanks is the one that is wanted, passes it and the
 * blanks after it, and returns true.
 */
static bool
next_is(struct cursor *c, char wanted)
{
	pass_blanks(c);
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	pass_blanks(c);
	return true;
}

/* Rejects the chunk unless that byte comes next. */
static void
need(struct cursor *c, char wanted)
{
	if (!next_is(c, wanted))
		c->bad = true;
}

/* If the next bytes are this word, passes it and returns true. */
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

/*
 * How many of the next bytes stand for themselves in a string: up to a quote, a
 * backslash, or a control character, which JSON forbids there.
 */
static size_t
count_literal(const struct cursor *c)
{
	const char *p = c->p;

	while (p < c->end && (unsigned char)*p >= ' ' && *p != '"' &&
	    *p != '\\')
		p++;
	return (size_t)(p - c->p);
}

/* Passes a string without escapes; returns its text and its length in *n. */
static const char *
plain_string(struct cursor *c, size_t *n)
{
	const char *s;

	*n = 0;
	need_word(c, "\"");
	s = c->p;
	if (!c->bad)
		*n = count_literal(c);
	c->p += *n;
	need_word(c, "\"");
	return s;
}

/*
 * Passes the string with the text and appends it, its escapes undone.  An
 * escape \uXXXX is rejected, and so left to json-c: it may be half of a pair.
 */
static void
read_content(struct cursor *c)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *escape;
	size_t n;

	c->text = c->p;
	need_word(c, "\"");
	while (!c->bad) {
		n = count_literal(c);
		buf_add(c->out, c->p, n);
		c->p += n;
		if (c->p < c->end && *c->p == '"') {
			c->p++;
			c->rest = c->p;
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

/*
 * Passes a value that nobody reads: a string, true, false, or a whole number of
 * at most 18 digits.  More might not fit int64_t.
 */
static void
skip_scalar(struct cursor *c)
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

static void read_object(struct cursor *c, const struct name *names);

/* An array of exactly one choice. */
static void
read_choices(struct cursor *c)
{
	static const struct name names[] = {
		{ "index", MEMBER_INDEX }, { "delta", MEMBER_DELTA },
		{ NULL, MEMBER_UNKNOWN },
	};

	need(c, '[');
	read_object(c, names);
	need(c, ']');
}

static void
read_delta(struct cursor *c)
{
	static const struct name names[] = {
		{ "role", MEMBER_SCALAR }, { "content", MEMBER_CONTENT },
		{ NULL, MEMBER_UNKNOWN },
	};

	read_object(c, names);
}

/* Passes a value that is not null, which must be what the name calls for. */
static void
read_member(struct cursor *c, enum member member)
{
	switch (member) {
	case MEMBER_SCALAR:
		skip_scalar(c);
		break;
	case MEMBER_KIND:
		need_word(c, "\"chat.completion.chunk\"");
		break;
	case MEMBER_CHOICES:
		read_choices(c);
		break;
	case MEMBER_INDEX:
		need_word(c, "0");
		break;
	case MEMBER_DELTA:
		read_delta(c);
		break;
	case MEMBER_CONTENT:
		read_content(c);
		break;
	case MEMBER_UNKNOWN:
		c->bad = true;
		break;
	}
}

/*
 * Passes an object whose members have these names, each at most once.  A
 * member with an unknown name is passed only if it is null, since a member
 * that is null means the same to every reader as one that is not there.
 */
static void
read_object(struct cursor *c, const struct name *names)
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
			read_member(c, names[i].member);
	} while (!c->bad && next_is(c, ','));
	need(c, '}');
}

/* Whether this is the last chunk with another text, which is read then. */
static bool
read_same(const struct chunk_shape *shape, const char *s, size_t n,
    struct buf *out)
{
	const size_t before = shape->nbefore, after = shape->nafter;
	struct cursor c = { .out = out };

	if (before == 0 || n < before + after ||
	    memcmp(s, shape->before, before) != 0 ||
	    memcmp(s + n - after, shape->after, after) != 0)
		return false;
	c.p = s + before;
	c.end = s + n - after;
	read_content(&c);
	return !c.bad && c.p == c.end && !out->failed;
}

static void
keep_shape(struct chunk_shape *shape, const char *s, const struct cursor *c)
{
	size_t before = (size_t)(c->text - s);
	size_t after = (size_t)(c->end - c->rest);

	if (before > sizeof(shape->before) || after > sizeof(shape->after))
		return;
	memcpy(shape->before, s, before);
	memcpy(shape->after, c->rest, after);
	shape->nbefore = before;
	shape->nafter = after;
}

/* Takes back what was appended after the first `n` bytes. */
static void
unread(struct buf *out, size_t n)
{
	if (out->len == n)
		return;
	explicit_bzero(out->data + n, out->len - n);
	out->len = n;
	out->data[n] = '\0';
}

bool
chunk_read(struct chunk_shape *shape, const char *s, size_t n,
    struct buf *out)
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
	struct cursor c = { .p = s, .end = s + n, .out = out };
	size_t before = out->len;

	if (read_same(shape, s, n, out))
		return true;
	/* Part of the text may have been appended already. */
	unread(out, before);
	read_object(&c, names);
	if (c.bad || c.p != c.end || out->failed) {
		unread(out, before);
		return false;
	}
	if (c.rest != NULL)
		keep_shape(shape, s, &c);
	return true;
}
