/*
 * says: what a program writes to standard error, as lines of the log.
 *
 *	struct says says = SAYS_INIT("add");
 *
 *	says_feed(&says, data, n);	for each piece
 *	says_end(&says);		the last line may have no newline
 *	says_free(&says);
 *
 * A program may write what it likes, and as much as it likes.  So what could be
 * taken for something else than text is written as \xNN: control characters,
 * and bytes that are not UTF-8.  A line longer than SAYS_LINE_MAX becomes
 * several, empty lines are left out, and after SAYS_MAX bytes one line says
 * that the rest of this run is dropped.
 */
#ifndef SAYS_H
#define SAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define SAYS_LINE_MAX	200	/* bytes, as the program wrote them */
#define SAYS_MAX	8192	/* bytes of one run */

struct says {
	const char	*part;		/* borrowed: whose program it is */
	struct buf	 line;		/* the last one, not complete */
	size_t		 n;		/* bytes so far, up to SAYS_MAX */
	bool		 full;		/* the rest is dropped */
};

#define SAYS_INIT(part) { (part), BUF_INIT(SAYS_LINE_MAX), 0, false }

void	says_feed(struct says *says, const char *data, size_t n);
void	says_end(struct says *says);
void	says_free(struct says *says);

#endif
