/*
 * refusal: why something does not fit, and when it may.
 *
 *	refusal_of(&refusal, verdict, &book, &guard, group, n, 0, now_ms);
 */
#ifndef SPEND_REFUSAL_H
#define SPEND_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spend/judge.h"

struct book;
struct entry;
struct guard;

struct refusal {
	enum verdict	verdict;
	uint64_t	service;	/* that has no room; 0: not known */
	int64_t		wait_ms;	/* until it may fit */
	bool		never;		/* a whole day has no room for it */
	bool		is_written;	/* the book tells of it already */
};

/*
 * Fills *refusal.  `group` is the ENTRY_RUN and n entries after it, or NULL.
 * What is only reserved may be free in a moment; what is spent is so until
 * midnight.  began_ms is when the oldest of those runs began that keep the
 * visitor from another one in this hour; 0: that is not known.
 */
void	refusal_of(struct refusal *refusal, enum verdict verdict,
	    const struct book *book, const struct guard *guard,
	    const struct entry *group, size_t n, int64_t began_ms,
	    int64_t now_ms);

#endif
