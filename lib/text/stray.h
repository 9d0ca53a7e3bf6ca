/*
 * stray: what a quote, or a brace, in a string that a model writes is.
 *
 * Models forget to escape: "9" Pie", "„Beste" Suppe", 'It's hot'.  Whether a
 * quote ends its string is told by what comes after it, since JSON allows so
 * little there.  In sound JSON every quote that is not escaped ends one, and
 * these functions say so.
 *
 * They look at most STRAY_LOOK bytes ahead; `last` says that no more will be
 * shown, and they decide by what there is.
 */
#ifndef STRAY_H
#define STRAY_H

#include <stdbool.h>
#include <stddef.h>

#define STRAY_LOOK	128

/* What a string may begin with, beside '"' and '\'': U+201C and its like. */
#define STRAY_CURLY	'c'

/* Where the string is. */
struct place {
	char	quote;		/* that it began with */
	bool	is_key;		/* it names a member */
	bool	in_array;	/* what is around it is one, else an object */
	bool	array_open;	/* some array is, further out */
	bool	after_comma;	/* its last visible byte is one, so far */
};

enum stray {
	STRAY_MORE,		/* not to be told yet */
	STRAY_ENDS,		/* the string ends here */
	STRAY_TEXT,		/* a byte of its text */
	STRAY_BROKEN,		/* it ends, but then comes what may not */
	STRAY_BEGINS,		/* another begins, and it should have ended */
};

/* The bytes of a quote that a string may begin with; 0: none, -1: more. */
int	stray_opens(const char *s, size_t n, bool last, char *quote);

/* The same for one that may end a string. */
int	stray_closes(char quote, const char *s, size_t n, bool last);

/* What a quote in a string is that n bytes come after. */
enum stray stray_quote(const struct place *place, const char *s, size_t n,
	    bool last);

/*
 * What a `{` in a string is: its text, or, with a name and a colon after it,
 * the begin of the next object, as the string has lost its end.
 */
enum stray stray_brace(const struct place *place, const char *s, size_t n,
	    bool last);

#endif
