/*
 * outline: the brackets, names and values that have been read, as JSON.
 *
 * Who reads (lenient.h) says what comes; commas, colons and what a model has
 * forgotten are put here, so that whatever was said the text is JSON: a value
 * without a name gets an empty one, a name without a value null, and with a
 * bracket all those close that have lost theirs.
 *
 * The text of the outermost object that is open is kept, and with it that of
 * all in it, OUTLINE_MAX bytes at most; beyond that the outermost is given up.
 */
#ifndef OUTLINE_H
#define OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Brackets deeper than that are counted, and no more. */
#define OUTLINE_DEPTH	32
#define OUTLINE_MAX	(64 * 1024)

/* Where no text is kept. */
#define OUTLINE_NONE	((size_t)-1)

enum expect { EXPECT_NAME, EXPECT_COLON, EXPECT_VALUE, EXPECT_COMMA };

/* A bracket that is open. */
struct level {
	char	 open;
	bool	 members;	/* it has some */
	bool	 named;		/* `field` is there, a string, not empty */
	bool	 at_field;	/* its value is next */
	bool	 broken;	/* is not what the model meant */
	bool	 wraps;		/* an object that is named, if it is not */
	size_t	 start;		/* of an object, in text; or OUTLINE_NONE */
};

struct outline {
	const char	*field;	/* borrowed */
	struct level	 levels[OUTLINE_DEPTH];
	int		 depth;	/* of open brackets, may pass OUTLINE_DEPTH */
	int		 home;	/* depth of the array that objects come from,
				   which is the owner's to set; 0: not known */
	bool		 stop;	/* the owner has read enough */
	enum expect	 expect;
	bool		 is_name; /* the string that is open */
	size_t		 mark;	/* where its text begins */
	int		 kept;	/* outermost level with text, or -1 */
	struct buf	 text;
	void	(*opened)(void *arg);
	void	(*closed)(void *arg, int level);
	void	*arg;	/* of these two, the owner's to set */
};

/*
 * `opened` is called before a `{` counts, `closed` when a bracket has closed:
 * its level can still be read, and if its start is not OUTLINE_NONE, the
 * object's JSON is the text from there to its end.
 */
void	outline_init(struct outline *outline, const char *field,
	    void (*opened)(void *arg), void (*closed)(void *arg, int level));
void	outline_free(struct outline *outline);

/* The innermost bracket; NULL outside of all, or too deep. */
struct level *outline_top(struct outline *outline);
bool	outline_in_object(struct outline *outline);

/* How deep the innermost bracket of a kind is, or 0. */
int	outline_find(const struct outline *outline, char open);

/* A bracket as it was read. */
void	outline_open(struct outline *outline, char bracket);
void	outline_close(struct outline *outline, char bracket);

/* Closes all that is deeper. */
void	outline_leave(struct outline *outline, int depth);

/* A comma, or a colon, as it was read. */
void	outline_separate(struct outline *outline, char c);

/*
 * A string: its bytes by outline_put, or by outline_escape where JSON has an
 * escape of its own.  A name where one is due, else a value.
 */
void	outline_begin_string(struct outline *outline);
void	outline_put(struct outline *outline, const char *s, size_t n);
void	outline_escape(struct outline *outline, char c);
void	outline_end_string(struct outline *outline);

/* The bytes of the string so far that are kept, and how many. */
const char *outline_string(const struct outline *outline, size_t *n);

/* Drops bytes that are among `which` from its end, `most` at most. */
void	outline_trim(struct outline *outline, const char *which, size_t most);

/* What was read as a string is a literal; what was read as a name is none. */
void	outline_literal(struct outline *outline);
void	outline_no_name(struct outline *outline);

/* A name, for an object that has lost its own. */
void	outline_empty_name(struct outline *outline);

/* What is open is not worth its text. */
void	outline_forget(struct outline *outline);

#endif
