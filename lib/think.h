/*
 * think: takes a model's thoughts out of its text.
 *
 * <think>...</think>, cut anywhere, at the begin or later.  Some models send
 * only the closing tag: where one is `expected` to, its text is held until
 * the tag or the end comes; where nobody knew, all text before the tag turns
 * out to be void.  Held text is bounded by THINK_MAX; beyond it is passed on.
 */
#ifndef THINK_H
#define THINK_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

#define THINK_MAX	(1024 * 1024)

struct think {
	struct buf	held;		/* what may be a tag, or expected */
	bool		inside;		/* behind <think> */
	bool		expected;	/* may be inside without having begun */
	bool		begun;		/* text has been passed on */
	bool		behind;		/* a thought; blanks go with it */
	bool		unopened;	/* one ended that had not begun */
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
 * where all that was passed on before, `out` of this call included up to
 * then, was a thought.  Returns whether thoughts were taken out.
 */
bool	think_feed(struct think *think, const char *text, size_t n,
	    struct buf *out, bool *void_before);

/*
 * The text is over: what was held was text after all; but where it was `cut`
 * in the middle, what was expected to be a thought was one.
 */
void	think_end(struct think *think, bool cut, struct buf *out);

#endif
