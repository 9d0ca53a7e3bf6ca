/*
 * prompt: a template with {{names}} and the text it makes.
 *
 * A name is letters, digits, '_', '-' and '.'; white space inside the braces is
 * passed over.  Everything else in the file is literal, but for one newline
 * at its end.  What is put in is never looked at again, so braces in a
 * visitor's words do nothing.
 */
#ifndef PROMPT_H
#define PROMPT_H

#include <stddef.h>

struct buf;
struct vars;

/* Literal text, or the name of a variable. */
struct prompt_piece {
	char	*text;
	size_t	 len;
	int	 is_name;
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

/*
 * Appends the template filled from vars, each value escaped as said.  A name
 * that vars does not have is left out; the graph has checked that none is.
 * 0, or -1 with out->failed.
 */
int	prompt_render(const struct prompt *prompt, const struct vars *vars,
	    enum prompt_escape escape, struct buf *out);

#endif
