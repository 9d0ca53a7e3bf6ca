/*
 * think: takes a model's thoughts out of its text.
 *
 * A thought stands between two tags, cut anywhere, at the begin or later.
 * think.c has the table of them: <think> and its like, Mistral's [THINK],
 * gpt-oss's channels, Gemma's, Granite's and more.  Tags that begin with `<`
 * are known in upper and lower case.
 *
 * Some models send only the closing tag, since the template that they are
 * served with ends in the opening one.  So the rules for a closing tag that
 * nothing opened are:
 *
 *   - the first tag of an answer, text before it and text after it: all that
 *     came before was a thought, and is void;
 *   - nothing but blanks after it: the text before was the answer, and stays;
 *   - after another tag: it is dropped, and nothing else happens.
 *
 * Where a model is `expected` to begin inside, its text is held until the
 * tag or the end comes; where nobody knew, what was passed on turns out to
 * be void.  Held text is bounded by THINK_MAX; beyond it is passed on.  What
 * may be a tag is held until that is clear, which is at most a tag's length;
 * but a `[` that begins an answer is passed on, since there it begins a list
 * far more often than [THINK], and is void if it does not.
 */
#ifndef THINK_H
#define THINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define THINK_MAX	(1024 * 1024)

struct think_tags;

struct think {
	struct buf	held;		/* what may be a tag */
	size_t		pos;		/* read so far, of it */
	struct buf	kept;		/* text that may be a thought */
	const struct think_tags *inside;	/* NULL: outside */
	bool		expected;	/* may be inside without having begun */
	bool		begun;		/* text that can be seen has come */
	bool		shown;		/* and has been passed on */
	bool		tagged;		/* a thought has begun or ended */
	bool		pending;	/* void, if text follows */
	bool		early;		/* the `[` held has been passed on */
	bool		voided;		/* in this call */
	bool		behind;		/* after a thought; blanks go with it */
	bool		unopened;	/* one ended that had not begun */
	bool		lone;		/* a tag ended nothing */
};

/* What an answer shows of its model. */
enum thinks {
	THINKS_UNKNOWN,		/* nothing */
	THINKS_INSIDE,		/* it begins inside a thought */
	THINKS_NOT,		/* it does not */
};

/*
 * Whether a model of that name is known to begin inside a thought, since the
 * template that it is served with ends in the opening tag.  What its own
 * answers show counts more: see state.h.
 */
bool	think_is_known(const char *model);

void	think_init(struct think *think, bool expected);
void	think_free(struct think *think);

/*
 * Reads text and appends what is no thought to `out`.  *void_before is set
 * if all that was passed on by earlier calls was a thought.  Returns whether
 * thoughts were taken out, or text is held that may be one.
 */
bool	think_feed(struct think *think, const char *text, size_t n,
	    struct buf *out, bool *void_before);

/* Its thoughts come apart from the text, which is held no longer. */
void	think_apart(struct think *think);

/*
 * The text is over: what was held was text after all; but if it was `cut` in
 * the middle, what was expected to be a thought was one.
 */
void	think_end(struct think *think, bool cut, struct buf *out);

/* What a `whole` answer, or one so far, has shown. */
enum thinks think_shows(const struct think *think, bool whole);

#endif
