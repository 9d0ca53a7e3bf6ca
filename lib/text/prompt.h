/*
 * prompt: a template with {{names}}, and the text that it makes.
 *
 * A stage has its template in prompts/PART.txt, which setup/graph reads;
 * run/launch fills it and sends it to the stage.
 *
 *	{{name}}		the variable's text
 *	{{#name}}...{{/name}}	what is between, if the variable has any text
 *	{{^name}}...{{/name}}	what is between, if it has none, as an optional
 *				input that was not given
 *
 * A name consists of letters, digits, '_', '-' and '.'; white space around it,
 * inside the braces, is ignored.  Conditions can be nested PROMPT_DEPTH deep.
 * Everything else in the file is literal text, except for one newline at its
 * end, which is dropped.  A variable's text is never searched for braces, so
 * they do nothing in a visitor's words.
 *
 *	struct prompt prompt = PROMPT_INIT;
 *	char why[PROMPT_WHY_BYTES];
 *
 *	if (prompt_parse(&prompt, text, n, why, &line) == -1)
 *		... "%s:%d: %s", path, line, why
 *	prompt_render(&prompt, &vars, PROMPT_PLAIN, &out);
 *	prompt_free(&prompt);
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <stddef.h>

struct buf;
struct vars;

#define PROMPT_DEPTH	8

/* Room for what is wrong with a template. */
#define PROMPT_WHY_BYTES	240

/* Literal text, {{name}}, {{#name}}, {{^name}} and {{/name}}. */
enum prompt_kind {
	PROMPT_TEXT, PROMPT_VALUE, PROMPT_IF, PROMPT_UNLESS, PROMPT_END,
};

struct prompt_piece {
	enum prompt_kind kind;
	char		*text;	/* of PROMPT_TEXT; of the others the name */
	size_t		 len;
	size_t		 end;	/* of IF and UNLESS: the index of their END */
	int		 line;	/* where its braces are, from 1; of TEXT 0 */
};

struct prompt {
	struct prompt_piece	*pieces;
	size_t			 n;
};

#define PROMPT_INIT { NULL, 0 }

/* How a variable's text is put in: as it is, or escaped for HTML. */
enum prompt_escape { PROMPT_PLAIN, PROMPT_HTML };

/*
 * Parses the n bytes at text into *prompt, which was PROMPT_INIT.  Returns 0,
 * or -1 with what is wrong in why, and its line, from 1, in *line.  Free
 * *prompt in both cases.
 */
int	prompt_parse(struct prompt *prompt, const char *text, size_t n,
	    char why[static PROMPT_WHY_BYTES], int *line);
void	prompt_free(struct prompt *prompt);

/* Appends n bytes of text, with <, >, &, " and ' written as HTML entities. */
void	prompt_add_html(struct buf *out, const char *s, size_t n);

/*
 * Appends to out the template, filled from vars.  A name that vars does not
 * have counts as one without text; the module graph has checked that the names
 * in its templates can be filled.  Returns 0, or -1 with out->failed.
 */
int	prompt_render(const struct prompt *prompt, const struct vars *vars,
	    enum prompt_escape escape, struct buf *out);

/*
 * The same for what is between {{#name}} and {{/name}} alone, at the first
 * place where the template has them, whatever text the name has.  Appends
 * nothing if there is no such place.
 */
int	prompt_render_block(const struct prompt *prompt, const char *name,
	    const struct vars *vars, enum prompt_escape escape,
	    struct buf *out);

#endif
