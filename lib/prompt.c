/*
 * prompt.c: templates, parsed by the listener and filled by a worker.  Pure.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "prompt.h"
#include "vars.h"

static int
add_piece(struct prompt *prompt, const char *text, size_t n, int is_name)
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
	pieces[prompt->n].text = ours;
	pieces[prompt->n].len = n;
	pieces[prompt->n].is_name = is_name;
	prompt->n++;
	return 0;
}

static const char *
find2(const char *s, const char *end, char c)
{
	for (; end - s >= 2; s++)
		if (s[0] == c && s[1] == c)
			return s;
	return NULL;
}

static void
trim(const char **s, const char **end)
{
	while (*s < *end && isspace((unsigned char)**s))
		++*s;
	while (*s < *end && isspace((unsigned char)(*end)[-1]))
		--*end;
}

static int
is_name(const char *s, const char *end)
{
	const char *p;

	for (p = s; p < end; p++)
		if (!isalnum((unsigned char)*p) && strchr("_-.", *p) == NULL)
			return 0;
	return end > s;
}

int
prompt_parse(struct prompt *prompt, const char *text, size_t n,
    const char **why, int *line)
{
	const char *s = text, *end, *open, *close, *name;

	if (n > 0 && text[n - 1] == '\n')
		n--;
	for (end = text + n; (open = find2(s, end, '{')) != NULL;) {
		*line = 1;
		for (name = text; name < open; name++)
			*line += *name == '\n';
		if ((close = find2(open + 2, end, '}')) == NULL) {
			*why = "\"{{\" without its \"}}\"";
			return -1;
		}
		*why = "out of memory";
		if (add_piece(prompt, s, (size_t)(open - s), 0) == -1)
			return -1;
		s = close + 2;
		name = open + 2;
		trim(&name, &close);
		if (!is_name(name, close)) {
			*why = "between \"{{\" and \"}}\" stands no name";
			return -1;
		}
		if (add_piece(prompt, name, (size_t)(close - name), 1) == -1)
			return -1;
	}
	*why = "out of memory";
	return add_piece(prompt, s, (size_t)(end - s), 0);
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

static void
add_html(struct buf *out, const char *s, size_t n)
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

int
prompt_render(const struct prompt *prompt, const struct vars *vars,
    enum prompt_escape escape, struct buf *out)
{
	const struct prompt_piece *piece;
	const struct var *var;
	size_t i;

	for (i = 0; i < prompt->n; i++) {
		piece = &prompt->pieces[i];
		if (!piece->is_name)
			buf_add(out, piece->text, piece->len);
		else if ((var = vars_get(vars, piece->text)) == NULL)
			continue;
		else if (escape == PROMPT_HTML)
			add_html(out, var->text, var->len);
		else
			buf_add(out, var->text, var->len);
	}
	return out->failed ? -1 : 0;
}
