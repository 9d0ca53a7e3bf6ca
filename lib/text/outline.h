/*
 * outline: the brackets, names and values that have been read, as valid JSON.
 *
 * The reader (lenient.h) says what it has read, one thing after the other.
 * outline writes it down as JSON and supplies what a model has forgotten:
 * commas and colons, an empty name for a value without one, null for a name
 * without a value, and a closing bracket for each one that is missing when an
 * outer one closes.  So the text is valid JSON, whatever the reader says:
 *
 *	outline_init(&o, "name", opened, closed);
 *	outline_open(&o, '{');
 *	outline_begin_string(&o);	a name, since one is due
 *	outline_put(&o, "name", 4);
 *	outline_end_string(&o);
 *	outline_separate(&o, ':');
 *	outline_begin_string(&o);	a value
 *	outline_put(&o, "Soup", 4);
 *	outline_end_string(&o);
 *	outline_close(&o, '}');		calls closed: {"name":"Soup"}
 *	outline_free(&o);
 *
 * Text is kept from the outermost open object on, OUTLINE_MAX bytes at most.
 * If there is more, the text of the outermost object is given up, and that of
 * the objects in it is kept.
 */
#ifndef OUTLINE_H
#define OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Brackets that are open at once; deeper ones are only counted. */
#define OUTLINE_DEPTH	32
#define OUTLINE_MAX	(64 * 1024)	/* bytes of text */

/* As the start of a level: its text is not kept. */
#define OUTLINE_NONE	((size_t)-1)

/* What valid JSON would have next. */
enum expect { EXPECT_NAME, EXPECT_COLON, EXPECT_VALUE, EXPECT_COMMA };

/* An open bracket and what has been read in it. */
struct level {
	char	 open;		/* '{' or '[' */
	bool	 members;	/* it has a member or element */
	bool	 named;		/* it has `field`, a string, not empty */
	bool	 at_field;	/* the next value is that of `field` */
	bool	 broken;	/* it is not what the model meant */
	bool	 wraps;		/* an object in it has `field`; without one
				   itself it is a map (list.c sets this) */
	size_t	 start;		/* of an object: its index in text, or
				   OUTLINE_NONE */
};

struct outline {
	const char	*field;	/* borrowed: the member that elements have */
	struct level	 levels[OUTLINE_DEPTH];	/* [0] is the outermost */
	int		 depth;	/* open brackets; may pass OUTLINE_DEPTH */
	int		 home;	/* depth, from 1, of the array whose elements
				   are wanted, set by the owner; 0: unknown */
	bool		 stop;	/* set by the owner: it has read enough */
	enum expect	 expect;
	bool		 is_name; /* the string that is read is a name */
	size_t		 mark;	/* the index in text at which it begins */
	int		 kept;	/* the outermost level with text, or -1 */
	struct buf	 text;
	void	(*opened)(void *arg);
	void	(*closed)(void *arg, int level);
	void	*arg;		/* for these two, set by the owner */
};

/*
 * `opened` is called before an object is opened; if it sets `stop`, it is not.
 * `closed` is called after a bracket has been closed, with the index of its
 * level, which can still be read.  If the start of that level is not
 * OUTLINE_NONE, the object's JSON is the text from there to its end.
 */
void	outline_init(struct outline *outline, const char *field,
	    void (*opened)(void *arg), void (*closed)(void *arg, int level));
void	outline_free(struct outline *outline);

/*
 * The level of the innermost open bracket; NULL if none is open, or if it is
 * deeper than OUTLINE_DEPTH.
 */
struct level *outline_top(struct outline *outline);

/* Whether the innermost open bracket is a `{`. */
bool	outline_in_object(struct outline *outline);

/* The depth, from 1, of the innermost open bracket of that kind, or 0. */
int	outline_find(const struct outline *outline, char open);

/*
 * An opening or closing bracket was read.  A closing one also closes the open
 * brackets inside of the one that it belongs to.
 */
void	outline_open(struct outline *outline, char bracket);
void	outline_close(struct outline *outline, char bracket);

/* Closes brackets until only `depth` are open, or the owner says stop. */
void	outline_leave(struct outline *outline, int depth);

/* A comma or a colon was read (or a semicolon, which counts as a comma). */
void	outline_separate(struct outline *outline, char c);

/*
 * A string was read: its beginning, its bytes, its end.  It is a name if one is
 * due, else a value.  outline_put takes bytes as JSON has them, escapes
 * included; outline_escape takes one byte of text and escapes it if JSON must.
 */
void	outline_begin_string(struct outline *outline);
void	outline_put(struct outline *outline, const char *s, size_t n);
void	outline_escape(struct outline *outline, char c);
void	outline_end_string(struct outline *outline);

/* The bytes of the open string so far, and how many; "" if none are kept. */
const char *outline_string(const struct outline *outline, size_t *n);

/* Removes at most `most` bytes that are among `which` from its end. */
void	outline_trim(struct outline *outline, const char *which, size_t most);

/* Instead of outline_end_string: it is a number, true, false or null. */
void	outline_literal(struct outline *outline);

/* Instead of outline_end_string: it is a name that has no value. */
void	outline_no_name(struct outline *outline);

/* Writes an empty name, for a value that has none. */
void	outline_empty_name(struct outline *outline);

/* Drops the text of all that is open; no object of it will be complete. */
void	outline_forget(struct outline *outline);

#endif
