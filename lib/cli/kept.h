/*
 * kept: the texts that runs on the terminal have written, so that the next one
 * need not write them again.
 *
 *	struct kept kept = KEPT_INIT;
 *
 *	kept_init(&kept, most);
 *	run_subscribe(&run, &kept.subscriber);
 *	...
 *	kept_give(&kept, graph, runs, given);
 *	kept_free(&kept);
 *
 * It owns what it keeps.  Its memory must not move while it is subscribed.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wire/event.h"

struct graph;
struct json;

struct kept_part {
	char		*name;
	struct buf	 text;
	bool		 whole;		/* it has ended well */
	struct json	*pick;		/* of a list; NULL: none */
};

struct kept {
	struct subscriber	 subscriber;
	struct kept_part	*parts;
	size_t			 n;
	size_t			 most;		/* bytes of one text */
	bool			 failed;	/* some part of the last run */
	bool			 ended;		/* it came to its end */
};

#define KEPT_INIT { .parts = NULL }

void	kept_init(struct kept *kept, size_t most);
void	kept_free(struct kept *kept);

/*
 * Adds to the object `given` what is kept of the stages of the graph that do
 * not run, unless it has that name already.  `runs` is by their index.
 */
void	kept_give(const struct kept *kept, const struct graph *graph,
	    const bool runs[], struct json *given);

#endif
