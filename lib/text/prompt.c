/*
 * prompt.c: templates, which the listener parses before any fork and a worker
 * fills.  Knows nothing of what they are for.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
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

/*
 * Opens or closes a condition, if the piece that was added last does.  Returns
 * NULL, or what is wrong with it.
 */
static const char *
nest(struct prompt *prompt, struct open *open)
{
	struct prompt_piece *last = &prompt->pieces[prompt->n - 1], *first;

	if (last->kind == PROMPT_IF || last->kind == PROMPT_UNLESS) {
		if (open->n == PROMPT_DEPTH)
			return "conditions are nested too deeply";
		open->at[open->n++] = prompt->n - 1;
	} else if (last->kind == PROMPT_END) {
		if (open->n == 0)
			return "\"{{/\" ends a condition that was not begun";
		first = &prompt->pieces[open->at[--open->n]];
		if (strcmp(first->text, last->text) != 0)
			return "\"{{/\" must name the condition that began "
			    "last";
		first->end = prompt->n - 1;
	}
	return NULL;
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
 * Adds the piece for what stands from name to end, between two braces each.
 * Returns 0, or -1 with *why.
 */
static int
add_braces(struct prompt *prompt, struct open *open, const char *name,
    const char *end, const char **why)
{
	enum prompt_kind kind;

	/* White space may stand on both sides of the sign. */
	trim_space(&name, &end);
	kind = kind_of(&name, end);
	trim_space(&name, &end);
	if (!is_variable_name(name, end)) {
		*why = "no name of a variable is between \"{{\" and \"}}\"";
		return -1;
	}
	*why = "out of memory";
	if (add_piece(prompt, kind, name, (size_t)(end - name)) == -1)
		return -1;
	*why = nest(prompt, open);
	return *why == NULL ? 0 : -1;
}

int
prompt_parse(struct prompt *prompt, const char *text, size_t n,
    const char **why, int *line)
{
	const char *s = text, *end, *brace, *close;
	struct open open = { { 0 }, 0 };

	if (n > 0 && text[n - 1] == '\n')
		n--;
	for (end = text + n; (brace = find_pair(s, end, '{')) != NULL;) {
		*line = line_of_byte(text, brace);
		if ((close = find_pair(brace + 2, end, '}')) == NULL) {
			*why = "\"{{\" without its \"}}\"";
			return -1;
		}
		*why = "out of memory";
		if (add_piece(prompt, PROMPT_TEXT, s, (size_t)(brace - s)) ==
		    -1 || add_braces(prompt, &open, brace + 2, close, why) ==
		    -1)
			return -1;
		prompt->pieces[prompt->n - 1].line = *line;
		s = close + 2;
	}
	if (open.n > 0) {
		*line = line_of_byte(text, end);
		*why = "a condition has no \"{{/\" that ends it";
		return -1;
	}
	*why = "out of memory";
	return add_piece(prompt, PROMPT_TEXT, s, (size_t)(end - s));
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
