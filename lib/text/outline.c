/*
 * outline.c: worker.  Writes brackets and members as JSON; knows nothing of the
 * text that they were read from.
 */
#include <string.h>

#include "text/outline.h"

void
outline_init(struct outline *o, const char *field, void (*opened)(void *arg),
    void (*closed)(void *arg, int level))
{
	memset(o, 0, sizeof(*o));
	o->field = field;
	o->opened = opened;
	o->closed = closed;
	o->kept = -1;
	buf_init(&o->text, OUTLINE_MAX);
}

void
outline_free(struct outline *o)
{
	buf_free(&o->text);
}

/* --- the text that is kept ----------------------------------------------- */

/* How many of the open brackets have a level. */
static int
known_levels(const struct outline *o)
{
	return o->depth < OUTLINE_DEPTH ? o->depth : OUTLINE_DEPTH;
}

void
outline_forget(struct outline *o)
{
	int i;

	for (i = 0; i < known_levels(o); i++)
		o->levels[i].start = OUTLINE_NONE;
	o->kept = -1;
	buf_reset(&o->text);
}

/* Cuts the text to n bytes, and overwrites what is cut off. */
static void
cut_text(struct outline *o, size_t n)
{
	if (o->kept == -1 || n >= o->text.len)
		return;
	explicit_bzero(o->text.data + n, o->text.len - n);
	o->text.len = n;
}

/*
 * The text is full: gives up that of the outermost object, and moves what
 * begins with the next object in it to the front.
 */
static void
give_up_outermost(struct outline *o)
{
	int i, next = o->kept + 1;
	size_t gone;

	while (next < known_levels(o) && o->levels[next].start == OUTLINE_NONE)
		next++;
	if (next == known_levels(o)) {
		outline_forget(o);
		return;
	}
	gone = o->levels[next].start;
	for (i = next; i < known_levels(o); i++)
		if (o->levels[i].start != OUTLINE_NONE)
			o->levels[i].start -= gone;
	o->mark -= gone;
	o->levels[o->kept].start = OUTLINE_NONE;
	o->kept = next;
	buf_drop(&o->text, gone);
}

void
outline_put(struct outline *o, const char *s, size_t n)
{
	while (o->kept != -1 && o->text.len + n > OUTLINE_MAX)
		give_up_outermost(o);
	/* Without memory the open objects are given up. */
	if (o->kept != -1 && buf_add(&o->text, s, n) == -1)
		outline_forget(o);
}

/* Writes a string of JSON's own characters, as a bracket or a comma. */
static void
put_text(struct outline *o, const char *s)
{
	outline_put(o, s, strlen(s));
}

void
outline_escape(struct outline *o, char c)
{
	static const char hex[] = "0123456789abcdef";
	const char code[] = { '\\', 'u', '0', '0', hex[c >> 4 & 15],
	    hex[c & 15] };
	const char escaped[] = { '\\', c };

	/* Raw tabs and newlines stay: json_parse takes them if not strict. */
	if (c == '"' || c == '\\')
		outline_put(o, escaped, 2);
	else if ((unsigned char)c < ' ' && strchr("\t\r\n", c) == NULL)
		outline_put(o, code, sizeof(code));
	else if (c == '\0')
		outline_put(o, code, sizeof(code));
	else
		outline_put(o, &c, 1);
}

/* --- brackets ------------------------------------------------------------ */

struct level *
outline_top(struct outline *o)
{
	return o->depth == 0 || o->depth > OUTLINE_DEPTH ? NULL :
	    &o->levels[o->depth - 1];
}

bool
outline_in_object(struct outline *o)
{
	struct level *level = outline_top(o);

	return level != NULL && level->open == '{';
}

int
outline_find(const struct outline *o, char open)
{
	int i = known_levels(o);

	while (i > 0 && o->levels[i - 1].open != open)
		i--;
	return i;
}

/* Puts the comma before a member or an element that is not the first. */
static void
begin_member(struct outline *o)
{
	struct level *level = outline_top(o);

	if (level != NULL && level->members)
		put_text(o, ",");
	if (level != NULL)
		level->members = true;
}

/* If a name has no value yet, gives it null. */
static void
end_member(struct outline *o)
{
	if (!outline_in_object(o))
		return;
	if (o->expect == EXPECT_COLON)
		put_text(o, ":null");
	else if (o->expect == EXPECT_VALUE)
		put_text(o, "null");
}

/* Puts what must stand before a value: a comma, a colon or an empty name. */
static void
begin_value(struct outline *o)
{
	if (!outline_in_object(o))
		begin_member(o);
	else if (o->expect == EXPECT_COLON)
		put_text(o, ":");
	else if (o->expect != EXPECT_VALUE)
		outline_empty_name(o);
}

void
outline_empty_name(struct outline *o)
{
	end_member(o);
	begin_member(o);
	put_text(o, "\"\":");
	o->expect = EXPECT_VALUE;
}

/*
 * Closes the innermost bracket.  The owner is told while the level and the text
 * are still there; then an object that no other is around gives its text up.
 */
static void
close_level(struct outline *o)
{
	struct level *level = outline_top(o);

	if (level != NULL) {
		end_member(o);
		put_text(o, level->open == '{' ? "}" : "]");
	}
	o->depth--;
	o->expect = EXPECT_COMMA;
	if (level != NULL)
		o->closed(o->arg, o->depth);
	if (o->kept == o->depth) {
		o->kept = -1;
		buf_reset(&o->text);
	}
}

void
outline_leave(struct outline *o, int depth)
{
	while (o->depth > depth && !o->stop)
		close_level(o);
}

/*
 * Opens a bracket.  What is too deep to have a level is only counted, and makes
 * all objects around it incomplete.
 */
static void
open_level(struct outline *o, char bracket)
{
	struct level *level;

	if (++o->depth > OUTLINE_DEPTH) {
		outline_forget(o);
		o->expect = EXPECT_VALUE;
		return;
	}
	level = outline_top(o);
	*level = (struct level){ .open = bracket, .start = OUTLINE_NONE };
	if (bracket == '{') {
		if (o->kept == -1)
			o->kept = o->depth - 1;
		level->start = o->text.len;
	}
	put_text(o, bracket == '{' ? "{" : "[");
	o->expect = bracket == '{' ? EXPECT_NAME : EXPECT_VALUE;
}

void
outline_open(struct outline *o, char bracket)
{
	/*
	 * An object cannot follow where a name is due, so the object before
	 * it has lost its closing brace.
	 */
	if (bracket == '{' && outline_in_object(o) &&
	    (o->expect == EXPECT_NAME || o->expect == EXPECT_COMMA))
		close_level(o);
	if (bracket == '{' && !o->stop)
		o->opened(o->arg);
	if (o->stop)
		return;
	begin_value(o);
	open_level(o, bracket);
}

void
outline_close(struct outline *o, char bracket)
{
	int depth = outline_find(o, bracket == '}' ? '{' : '[');

	if (o->depth > OUTLINE_DEPTH)
		depth = o->depth;
	/*
	 * No object is open, so the open arrays are no JSON either, but a
	 * bracket in the prose around it: the brace closes one of them.
	 */
	else if (depth == 0 && bracket == '}')
		depth = o->depth;
	/* A brace too many between two elements closes nothing. */
	if (depth > 0 && (bracket == ']' || o->depth != o->home))
		outline_leave(o, depth - 1);
}

/* --- members ------------------------------------------------------------- */

void
outline_separate(struct outline *o, char c)
{
	if (c == ':' && o->expect == EXPECT_COLON) {
		put_text(o, ":");
		o->expect = EXPECT_VALUE;
	} else if (c != ':') {
		end_member(o);
		o->expect = outline_in_object(o) ? EXPECT_NAME : EXPECT_VALUE;
	}
}

void
outline_begin_string(struct outline *o)
{
	/* Two strings without a comma between them: it is supplied. */
	if (o->expect == EXPECT_COMMA)
		o->expect = outline_in_object(o) ? EXPECT_NAME : EXPECT_VALUE;
	o->is_name = outline_in_object(o) && o->expect == EXPECT_NAME;
	if (o->is_name)
		begin_member(o);
	else
		begin_value(o);
	put_text(o, "\"");
	o->mark = o->text.len;
}

const char *
outline_string(const struct outline *o, size_t *n)
{
	*n = o->kept == -1 ? 0 : o->text.len - o->mark;
	return o->kept == -1 ? "" : o->text.data + o->mark;
}

void
outline_end_string(struct outline *o)
{
	struct level *level = outline_top(o);
	size_t n;
	const char *s = outline_string(o, &n);

	o->expect = o->is_name ? EXPECT_COLON : EXPECT_COMMA;
	if (level != NULL && o->is_name) {
		level->at_field = n == strlen(o->field) &&
		    memcmp(s, o->field, n) == 0;
	} else if (level != NULL) {
		level->named = level->named || (level->at_field && n > 0);
		level->at_field = false;
	}
	put_text(o, "\"");
}

void
outline_trim(struct outline *o, const char *which, size_t most)
{
	size_t n;

	for (; most > 0; most--) {
		outline_string(o, &n);
		if (n == 0 || strchr(which,
		    o->text.data[o->text.len - 1]) == NULL)
			return;
		cut_text(o, o->text.len - 1);
	}
}

void
outline_literal(struct outline *o)
{
	struct level *level = outline_top(o);
	size_t n;

	outline_string(o, &n);
	/* It was written as a string: takes its opening quote away. */
	if (o->kept != -1) {
		memmove(o->text.data + o->mark - 1, o->text.data + o->mark, n);
		cut_text(o, o->text.len - 1);
	}
	if (level != NULL)
		level->at_field = false;
	o->expect = EXPECT_COMMA;
}

void
outline_no_name(struct outline *o)
{
	outline_end_string(o);
	end_member(o);
	o->expect = EXPECT_NAME;
}
