/*
 * prompt: a template with {{names}} and the text it makes.
 *
 *	{{name}}		the variable
 *	{{#name}}...{{/name}}	this, where the variable has any text
 *	{{^name}}...{{/name}}	this, where it has none: an optional input
 *				that was not given
 *
 * A name is letters, digits, '_', '-' and '.'; white space inside the braces is
 * passed over.  Conditions may stand in one another, PROMPT_DEPTH deep.
 * Everything else in the file is literal, but for one newline at its end.
 * What is put in is never looked at again, so braces in a visitor's words do
 * nothing.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <stddef.h>

struct buf;
struct vars;

#define PROMPT_DEPTH	8

/* Literal text, or what is to be done with the variable `text`. */
enum prompt_kind {
	PROMPT_TEXT, PROMPT_VALUE, PROMPT_IF, PROMPT_UNLESS, PROMPT_END,
};

struct prompt_piece {
	enum prompt_kind kind;
	char		*text;
	size_t		 len;
	size_t		 end;	/* of IF and UNLESS: the index of their END */
};

struct prompt {
	struct prompt_piece	*pieces;
	size_t			 n;
};

#define PROMPT_INIT { NULL, 0 }

enum prompt_escape { PROMPT_PLAIN, PROMPT_HTML };

/*
 * Parses a template.  0, or -1 with *why and, 1-based, *line of the fault.
 */
int	prompt_parse(struct prompt *prompt, const char *text, size_t n,
	    const char **why, int *line);
void	prompt_free(struct prompt *prompt);

/* Whether the text between a condition and its end is to be passed over. */
int	prompt_skips(const struct prompt_piece *piece,
	    const struct vars *vars);

/* Appends text with <, >, &, " and ' as HTML has them. */
void	prompt_add_html(struct buf *out, const char *s, size_t n);

/*
 * Appends the template filled from vars, each value escaped as said.  A name
 * that vars does not have is left out; the graph has checked that none is.
 * 0, or -1 with out->failed.
 */
int	prompt_render(const struct prompt *prompt, const struct vars *vars,
	    enum prompt_escape escape, struct buf *out);

#endif
