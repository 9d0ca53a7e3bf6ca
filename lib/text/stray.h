/*
 * stray: what a quote, or a brace, inside a string is, if a model wrote the
 * string and may have forgotten to escape.
 *
 * Models write "9" Pie", "„Beste" Suppe" and 'It's hot'.  Whether such a quote
 * ends its string is told by what comes after it, since JSON allows little
 * there: a colon after a name; a comma or a closing bracket after a value.  In
 * valid JSON every quote that is not escaped ends a string, and for such text
 * these functions say so.
 *
 * They look at most STRAY_LOOK bytes ahead.  If these do not decide it and
 * `last` is false, they ask for more; with `last`, no more bytes will come, and
 * they decide by those that are there.  They keep nothing between calls.
 */
#ifndef STRAY_H
#define STRAY_H

#include <stdbool.h>
#include <stddef.h>

#define STRAY_LOOK	128	/* bytes */

/* Stands for any of U+201C to U+201F as the quote of a string. */
#define STRAY_CURLY	'c'

/* Where in the JSON the string is, and what is known of it so far. */
struct stray_place {
	char	quote;		/* '"', '\'' or STRAY_CURLY began it */
	bool	is_key;		/* it is the name of a member */
	bool	in_array;	/* the innermost bracket is '[', else '{' */
	bool	array_open;	/* some open bracket is '[' */
	bool	after_comma;	/* its last byte, blanks aside, is ',' or ';' */
};

enum stray {
	STRAY_MORE,	/* more bytes are needed to tell */
	STRAY_ENDS,	/* the string ends here */
	STRAY_TEXT,	/* the byte is a part of the string's text */
	STRAY_BROKEN,	/* it ends here, but is not followed as it must be */
	STRAY_BEGINS,	/* a new string or object begins here, so the string
			   should have ended before */
};

/*
 * Whether a quote that can begin a string is at s, of which n bytes can be
 * read.  Returns its length in bytes and *quote for struct stray_place, or 0
 * if there is none, or -1 if more bytes are needed.
 */
int	stray_opens(const char *s, size_t n, bool last, char *quote);

/* The same for a quote that can end a string which began with `quote`. */
int	stray_closes(char quote, const char *s, size_t n, bool last);

/* What a quote inside the string is.  s are the n bytes after that quote. */
enum stray stray_quote(const struct stray_place *place, const char *s,
	    size_t n, bool last);

/*
 * What a `{` inside the string is, of which s are the n bytes after it: text,
 * or, if a name and a colon follow, the beginning of the next object, because
 * the string has lost its closing quote.
 */
enum stray stray_brace(const struct stray_place *place, const char *s,
	    size_t n, bool last);

/* Whether c is white space of JSON: space, tab, CR or LF. */
bool	stray_is_blank(char c);

#endif
