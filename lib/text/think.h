/*
 * think: takes a model's thoughts out of its text.
 *
 * A thought stands between two tags, which may come in several pieces, at the
 * beginning of an answer or later.  think.c has the table of tags: <think> and
 * the like, Mistral's [THINK], gpt-oss's channels, Gemma's, Granite's and more.
 * Upper and lower case are the same in tags that begin with `<`.
 *
 * Some models send only the closing tag, because the opening one is the end of
 * the template into which their server puts the prompt.  So a closing tag
 * without an opening one means:
 *
 *   - if it is the first tag, with text before and after it: all text before it
 *     was a thought;
 *   - if only white space follows it: the text before it was the answer;
 *   - if another tag came before it: nothing; the tag is dropped.
 *
 * If a model is `expected` to begin inside a thought, its text is held back
 * until such a tag or the end comes.  If it is not, the text is passed on at
 * once, and the caller is told when it turns out to have been a thought
 * (*void_before).  At most THINK_MAX bytes are held back; then they are passed
 * on.
 *
 * An end of the text that may be the beginning of a tag is held back, too,
 * until that is decided, which takes at most the length of a tag.  One
 * exception is `[` as the first byte of an answer.  It begins a list far more
 * often than [THINK], so it is passed on at once, and declared void if it was
 * a tag.
 *
 *	think_init(&think, expected);
 *	for each piece:
 *		think_feed(&think, piece, n, &out, &void_before);
 *	think_end(&think, cut, &out);
 *	shows = think_shows(&think, !cut);
 *	think_free(&think);
 */
#ifndef THINK_H
#define THINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define THINK_MAX	(1024 * 1024)	/* bytes */

struct think_tags;

struct think {
	struct buf	held;		/* text in which a tag may be */
	size_t		pos;		/* bytes of it that are done */
	struct buf	kept;		/* text that may be a thought */
	const struct think_tags *inside;	/* whose thought; NULL: none */
	bool		expected;	/* the text so far may be a thought
					   that no tag has opened */
	bool		begun;		/* more than white space has come */
	bool		shown;		/* and has been passed on */
	bool		tagged;		/* a tag has opened or closed one */
	bool		pending;	/* after a lone closing tag: if text
					   follows, all before it is void */
	bool		passed;		/* anything came, white space too */
	bool		early;		/* held[pos] is a `[` that has been
					   passed on already */
	bool		voided;		/* void since this call began */
	bool		trailing;	/* white space after a thought comes,
					   which is dropped with it */
	bool		unopened;	/* a thought ended that no tag opened */
	bool		lone;		/* a closing tag came first of all */
};

/* What an answer shows of its model. */
enum thinks {
	THINKS_UNKNOWN,		/* nothing */
	THINKS_INSIDE,		/* its answers begin inside a thought */
	THINKS_NOT,		/* they do not */
};

/*
 * Whether a model of that name is known to begin inside a thought.  What its
 * own answers have shown (state.h) counts for more than its name.
 */
bool	think_is_known(const char *model);

void	think_init(struct think *think, bool expected);
void	think_free(struct think *think);

/*
 * Reads n more bytes, and appends to out those that are known to be no thought.
 * Sets *void_before if all that earlier calls appended was a thought, or a tag.
 * Returns whether a thought was taken out, or text is held back that may be
 * one.
 */
bool	think_feed(struct think *think, const char *text, size_t n,
	    struct buf *out, bool *void_before);

/*
 * To be called if the model's thoughts come separately from its text: the text
 * is no longer expected to begin with one.
 */
void	think_apart(struct think *think);

/*
 * To be called at the end of the text: appends to out what was held back.  But
 * if the answer was `cut` before its end, text that was expected to be a
 * thought counts as one.
 */
void	think_end(struct think *think, bool cut, struct buf *out);

/*
 * What the answer has shown of its model.  `whole` says that it is complete; an
 * incomplete one can show THINKS_INSIDE, but not THINKS_NOT.
 */
enum thinks think_shows(const struct think *think, bool whole);

#endif
