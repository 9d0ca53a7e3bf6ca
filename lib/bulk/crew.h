/*
 * crew: the loop in which many lines are under way at once, in one process.
 *
 *	struct crew crew = { .shared = &shared, .source = &source,
 *	    .results = &results, .ids = &ids, .at_once = 16 };
 *
 *	end = crew_run(&crew, &err);
 *
 * It takes a line from the source when one of its tasks is free, has its stages
 * asked (stage/stage.h), waits with one ppoll(2) for all of them, and puts each
 * result into the file as soon as it is there, in the order of completion.
 *
 * A line whose id is ID_DONE or ID_FAILED is not asked.  When SIGINT or SIGTERM
 * has come (stop.h), no further line begins.  Lines that are under way then
 * have CREW_GRACE_MS to end, unless the signal comes a second time.
 */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ids;
struct results;
struct source_lines;
struct task_shared;
struct underway;

#define CREW_GRACE_MS	10000

struct crew {
	struct task_shared	*shared;
	struct source_lines	*source;
	struct results		*results;
	struct ids		*ids;
	struct underway		*underway;
	size_t			 at_once;
	bool			 is_checked;	/* no duplicate is left */
	int64_t			 tokens_most;	/* of all; -1: no limit */
	int64_t			 money_most;	/* as in spend/entry.h; -1 */
	/*
	 * Called each second, with how many lines are under way, and how many
	 * of these wait for a place at a server or for a limit.
	 */
	void			(*tick)(void *arg, size_t busy, size_t waiting);
	void			*arg;
};

enum crew_end {
	CREW_DONE,		/* all lines have a result */
	CREW_STOPPED,		/* by a signal */
	CREW_LIMIT,		/* by a limit: err says which */
	CREW_BROKEN,		/* a file cannot be read or written: err */
};

enum crew_end crew_run(struct crew *crew, struct err *err);

#endif
