/*
 * tally: what the load client has seen: each run, and the way of each token.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tool.h"

/* Times are of the reader's clock; 0 where it never happened. */
struct part_seen {
	char	name[NAME_SIZE];
	long	tokens;			/* read in their order */
	int64_t	start_ns, first_ns, end_ns;
	bool	good;			/* done or cut */
};

struct run_seen {
	int64_t			post_ns, head_ns, first_ns, done_ns, left_ns;
	int			pick;	/* -1: none */
	size_t			nparts;
	struct part_seen	parts[PARTS_MAX];
};

struct tally {
	struct run_seen	*runs;
	size_t		 nruns, runs_size;
	int64_t		*relays;	/* one for every token, in ns */
	size_t		 nrelays, relays_size;
	long		 errors;
	char		 first_errors[8][160];
};

void	tally_run(struct tally *tally, const struct run_seen *run);
void	tally_relay(struct tally *tally, int64_t ns);
void	tally_error(struct tally *tally, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* As one JSON document, and for the eye.  Both sort the relays. */
void	tally_json(struct tally *tally, FILE *out);
void	tally_table(struct tally *tally, FILE *out);

#endif
