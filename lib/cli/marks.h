/*
 * marks: what the files of each stage held at some moment, to see which stages
 * a person has changed.
 *
 * The files of a stage are PART.txt, PART.system.txt and demo/PART.txt, its
 * program if that is in the directory of the graph, and its object in
 * stages.json.  What they hold is compared, not when they were saved,
 * so a file that was saved without a change counts for what is in it.
 *
 *	marks_read(&now, &graph);
 *	if (marks_differ(&before, &now, "add"))
 *		...	the stage was changed, or is new
 */
#ifndef MARKS_H
#define MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "setup/graph.h"

struct marks {
	struct part_mark {
		char	part[40];
		char	digest[33];
	}		list[GRAPH_STAGES_MAX];
	size_t		n;
};

#define MARKS_INIT { .n = 0 }

/* Reads the files of all stages; one that is not there counts as empty. */
void	marks_read(struct marks *marks, const struct graph *graph);

/*
 * Whether the files of a part hold something else in `now` than in `before`.
 * With NULL for the part: those of any part, or there are other parts.
 */
bool	marks_differ(const struct marks *before, const struct marks *now,
	    const char *part);

#endif
