/*
 * visit: one visitor's run, from the request to `_done` or to leaving.
 */
#ifndef VISIT_H
#define VISIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"
#include "tally.h"
#include "tool.h"

/* Where a token's text " SEQ@NS;" has been read up to. */
struct trail {
	bool		in_time;	/* after the @ */
	bool		ok;		/* only hex so far */
	uint64_t	value, seq;
};

struct visit {
	const struct parts	*expected;
	struct tally		*tally;
	struct stream		 stream;
	struct run_seen		 seen;
	struct trail		 trails[PARTS_MAX];
	long			 tokens;	/* of all parts */
	int64_t			 read_ns;	/* when these bytes came */
	bool			 bad;		/* its error is tallied */
};

void	visit_begin(struct visit *visit, const struct parts *expected,
	    struct tally *tally);

/* 1 over, 0 it goes on, -1 broken (told to the tally). */
int	visit_feed(struct visit *visit, const char *bytes, size_t n,
	    int64_t read_ns);

/* The server closed.  Afterwards, as after 1 and -1, the run is tallied. */
void	visit_close(struct visit *visit);

/* The visitor has left in the middle. */
void	visit_leave(struct visit *visit, int64_t left_ns);

#endif
