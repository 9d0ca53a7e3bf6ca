/*
 * score: what the lines of a file have come to, in all and by service.
 *
 *	struct score score = SCORE_INIT;
 *
 *	score_part(&score, "70b", in, out, money, true);	each part
 *	score.done++;					each line
 */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* More services than a configuration has in use; the rest are one row. */
#define SCORE_SERVICES	32

struct score_service {
	char	id[64];
	size_t	parts;		/* calls, or parts of runs */
	size_t	failed;
	int64_t	in, out;	/* tokens */
	int64_t	money;		/* as in spend/entry.h */
};

struct score {
	size_t			 done;		/* lines, all of it good */
	size_t			 partly;	/* runs with a failed part */
	size_t			 failed;	/* lines in the errors file */
	size_t			 cut;		/* answers that were too long */
	size_t			 before;	/* lines of earlier calls */
	int64_t			 in, out;	/* tokens */
	int64_t			 money;		/* as in spend/entry.h */
	bool			 estimated;	/* some of them */
	int64_t			 start_ms;
	struct score_service	 services[SCORE_SERVICES];
	size_t			 n;
};

#define SCORE_INIT { .n = 0 }

/* A part has ended at this service, and all its attempts have cost that. */
void	score_part(struct score *score, const char *service, int64_t in,
	    int64_t out, int64_t money, bool good);

/*
 * Whether all has cost so many tokens, or so much money (-1: no limit).  Then
 * err says which.
 */
bool	score_reaches(const struct score *score, int64_t tokens, int64_t money,
	    struct err *err);

#endif
