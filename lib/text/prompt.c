/*
 * prompt.c: templates, which the listener parses before any fork and a worker
 * fills.  Knows nothing of what they are for.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vars.h"
#include "text/prompt.h"

/* Adds a piece, unless n is 0.  Returns 0, or -1 if there is no memory. */
static int
add_piece(struct prompt *prompt, enum prompt_kind kind, const char *text,
    size_t n)
{
	struct prompt_piece *pieces;
	char *ours;

	if (n == 0)
		return 0;
	pieces = realloc(prompt->pieces, (prompt->n + 1) * sizeof(*pieces));
	if (pieces == NULL)
		return -1;
	prompt->pieces = pieces;
	if ((ours = malloc(n + 1)) == NULL)
		return -1;
	memcpy(ours, text, n);
	ours[n] = '\0';
	pieces[prompt->n].kind = kind;
	pieces[prompt->n].text = ours;
	pieces[prompt->n].len = n;
	pieces[prompt->n].end = 0;
	pieces[prompt->n].line = 0;
	prompt->n++;
	return 0;
}

/* The first place from s on at which c stands twice; NULL if there is none. */
static const char *
find_pair(const char *s, const char *end, char c)
{
	for (; end - s >= 2; s++)
		if (s[0] == c && s[1] == c)
			return s;
	return NULL;
}

/* Moves both ends of a text inwards over white space. */
static void
trim_space(const char **s, const char **end)
{
	while (*s < *end && isspace((unsigned char)**s))
		++*s;
	while (*s < *end && isspace((unsigned char)(*end)[-1]))
		--*end;
}

/* Whether the bytes from s to end can be the name of a variable. */
static int
is_variable_name(const char *s, const char *end)
{
	const char *p;

	for (p = s; p < end; p++)
		if (!isalnum((unsigned char)*p) && strchr("_-.", *p) == NULL)
			return 0;
	return end > s;
}

/* The conditions that are open, as indices of their pieces. */
struct open {
	size_t	 at[PROMPT_DEPTH];
	size_t	 n;
};

/* Bytes of a template that a message shows. */
#define SHOWN_BYTES	40

/* Says in `why` what is wrong.  Returns -1. */
static int __attribute__((format(printf, 2, 3)))
say_why(char why[static PROMPT_WHY_BYTES], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, PROMPT_WHY_BYTES, fmt, ap);
	va_end(ap);
	return -1;
}

/* How many bytes from s on a message shows: of one line, whole code points. */
static int
shown(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && s[n] != '\n' && s[n] != '\0')
		n++;
	return (int)utf8_cut(s, n, SHOWN_BYTES);
}

/* As a condition is written: "#name" or "^name". */
static char
sign_of(const struct prompt_piece *piece)
{
	return piece->kind == PROMPT_UNLESS ? '^' : '#';
}

/* Ends the condition that began last.  Returns 0, or -1 with why. */
static int
end_condition(struct prompt *prompt, struct open *open,
    char why[static PROMPT_WHY_BYTES])
{
	const struct prompt_piece *last = &prompt->pieces[prompt->n - 1];
	struct prompt_piece *first;

	if (open->n == 0)
		return say_why(why, "\"{{/%.*s}}\" ends a condition that was "
		    "not begun; write \"{{#%.*s}}\" before it", SHOWN_BYTES,
		    last->text, SHOWN_BYTES, last->text);
	first = &prompt->pieces[open->at[--open->n]];
	if (strcmp(first->text, last->text) != 0)
		return say_why(why, "\"{{/%.*s}}\" must be \"{{/%.*s}}\", "
		    "since \"{{%c%.*s}}\" in line %d began last", SHOWN_BYTES,
		    last->text, SHOWN_BYTES, first->text, sign_of(first),
		    SHOWN_BYTES, first->text, first->line);
	first->end = prompt->n - 1;
	return 0;
}

/*
 * Opens or closes a condition, if the piece that was added last does.  Returns
 * 0, or -1 with why.
 */
static int
nest(struct prompt *prompt, struct open *open,
    char why[static PROMPT_WHY_BYTES])
{
	const struct prompt_piece *last = &prompt->pieces[prompt->n - 1];

	if (last->kind == PROMPT_END)
		return end_condition(prompt, open, why);
	if (last->kind != PROMPT_IF && last->kind != PROMPT_UNLESS)
		return 0;
	if (open->n == PROMPT_DEPTH)
		return say_why(why, "\"{{%c%.*s}}\" is nested too deeply: "
		    "more than %d conditions are open", sign_of(last),
		    SHOWN_BYTES, last->text, PROMPT_DEPTH);
	open->at[open->n++] = prompt->n - 1;
	return 0;
}

/* What the sign before a name says, or none; *name is moved after the sign. */
static enum prompt_kind
kind_of(const char **name, const char *end)
{
	static const char signs[] = "#^/";
	const char *hit = *name < end && **name != '\0' ?
	    strchr(signs, **name) : NULL;

	if (hit == NULL)
		return PROMPT_VALUE;
	++*name;
	return PROMPT_IF + (enum prompt_kind)(hit - signs);
}

/* The line, from 1, of a byte in the text. */
static int
line_of_byte(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/*
 * Adds the piece for what stands from name to end, between two braces each, in
 * that line.  Returns 0, or -1 with why.
 */
static int
add_braces(struct prompt *prompt, struct open *open, const char *name,
    const char *end, int line, char why[static PROMPT_WHY_BYTES])
{
	const char *whole = name;
	enum prompt_kind kind;

	/* White space may stand on both sides of the sign. */
	trim_space(&name, &end);
	kind = kind_of(&name, end);
	trim_space(&name, &end);
	if (!is_variable_name(name, end))
		return say_why(why, "no name of a variable is between the "
		    "braces of \"{{%.*s}}\"; a name has letters, digits, '_', "
		    "'-' and '.'", shown(whole, end), whole);
	if (add_piece(prompt, kind, name, (size_t)(end - name)) == -1)
		return say_why(why, "out of memory");
	prompt->pieces[prompt->n - 1].line = line;
	return nest(prompt, open, why);
}

/* Checks that all conditions have ended: 0, or -1 with why and its line. */
static int
check_ended(const struct prompt *prompt, const struct open *open,
    char why[static PROMPT_WHY_BYTES], int *line)
{
	const struct prompt_piece *first;

	if (open->n == 0)
		return 0;
	first = &prompt->pieces[open->at[open->n - 1]];
	*line = first->line;
	return say_why(why, "\"{{%c%.*s}}\" has no \"{{/%.*s}}\" that ends it",
	    sign_of(first), SHOWN_BYTES, first->text, SHOWN_BYTES,
	    first->text);
}

int
prompt_parse(struct prompt *prompt, const char *text, size_t n,
    char why[static PROMPT_WHY_BYTES], int *line)
{
	const char *s = text, *end, *brace, *close;
	struct open open = { { 0 }, 0 };

	if (n > 0 && text[n - 1] == '\n')
		n--;
	for (end = text + n; (brace = find_pair(s, end, '{')) != NULL;) {
		*line = line_of_byte(text, brace);
		if ((close = find_pair(brace + 2, end, '}')) == NULL)
			return say_why(why, "\"%.*s\" is without its \"}}\"",
			    shown(brace, end), brace);
		if (add_piece(prompt, PROMPT_TEXT, s, (size_t)(brace - s)) ==
		    -1)
			return say_why(why, "out of memory");
		if (add_braces(prompt, &open, brace + 2, close, *line, why) ==
		    -1)
			return -1;
		s = close + 2;
	}
	if (check_ended(prompt, &open, why, line) == -1)
		return -1;
	return add_piece(prompt, PROMPT_TEXT, s, (size_t)(end - s)) == 0 ? 0 :
	    say_why(why, "out of memory");
}

void
prompt_free(struct prompt *prompt)
{
	size_t i;

	for (i = 0; i < prompt->n; i++)
		free(prompt->pieces[i].text);
	free(prompt->pieces);
	prompt->pieces = NULL;
	prompt->n = 0;
}

void
prompt_add_html(struct buf *out, const char *s, size_t n)
{
	static const char special[] = "<>&\"'";
	static const char *const escaped[] = { "&lt;", "&gt;", "&amp;",
	    "&quot;", "&#39;" };
	const char *which;
	size_t i;

	for (i = 0; i < n; i++) {
		which = s[i] == '\0' ? NULL : strchr(special, s[i]);
		if (which == NULL)
			buf_putc(out, s[i]);
		else
			buf_puts(out, escaped[which - special]);
	}
}

/* Whether the text between this condition and its end must be left out. */
static int
is_skipped(const struct prompt_piece *piece, const struct vars *vars)
{
	const struct var *var = vars_get(vars, piece->text);
	int has = var != NULL && var->len > 0;

	return (piece->kind == PROMPT_IF && !has) ||
	    (piece->kind == PROMPT_UNLESS && has);
}

/* Renders the pieces from `from` up to `to`, without that. */
static int
render(const struct prompt *prompt, size_t from, size_t to,
    const struct vars *vars, enum prompt_escape escape, struct buf *out)
{
	const struct prompt_piece *piece;
	const struct var *var;
	size_t i;

	for (i = from; i < to; i++) {
		piece = &prompt->pieces[i];
		if (piece->kind == PROMPT_TEXT)
			buf_add(out, piece->text, piece->len);
		else if (is_skipped(piece, vars))
			i = piece->end;
		else if (piece->kind != PROMPT_VALUE ||
		    (var = vars_get(vars, piece->text)) == NULL)
			continue;
		else if (escape == PROMPT_HTML)
			prompt_add_html(out, var->text, var->len);
		else
			buf_add(out, var->text, var->len);
	}
	return out->failed ? -1 : 0;
}

int
prompt_render(const struct prompt *prompt, const struct vars *vars,
    enum prompt_escape escape, struct buf *out)
{
	return render(prompt, 0, prompt->n, vars, escape, out);
}

int
prompt_render_block(const struct prompt *prompt, const char *name,
    const struct vars *vars, enum prompt_escape escape, struct buf *out)
{
	size_t i;

	for (i = 0; i < prompt->n; i++)
		if (prompt->pieces[i].kind == PROMPT_IF &&
		    strcmp(prompt->pieces[i].text, name) == 0)
			return render(prompt, i + 1, prompt->pieces[i].end,
			    vars, escape, out);
	return out->failed ? -1 : 0;
}
