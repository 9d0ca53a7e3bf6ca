/*
 * underway: the ids of lines that were begun, in a file beside the output.
 *
 * A process that is killed leaves lines of which nobody knows whether they were
 * answered.  They are asked again, so they may be paid for twice; the next
 * process names them.
 *
 *	struct underway underway = UNDERWAY_INIT;
 *
 *	if (underway_open(&underway, "out.jsonl", &ids, &err) == 0 &&
 *	    underway.lost > 0)
 *		...			underway.names
 *	underway_put(&underway, id, n);	a line is about to begin
 *	underway_flush(&underway, &err)	and then it may be asked
 *	underway_close(&underway, true);
 *
 * The file is OUT.underway.  It has a JSON string on each line, and is removed
 * when no line is under way any more.
 */
#ifndef UNDERWAY_H
#define UNDERWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;
struct ids;

struct underway {
	char		*path;		/* NULL: standard output has none */
	int		 fd;
	size_t		 lost;		/* begun by an earlier process, and
					   without a result */
	struct buf	 names;		/* of the first of these */
	struct buf	 out;		/* ids that are not written yet */
};

#define UNDERWAY_INIT { NULL, -1, 0, BUF_INIT(2000), BUF_INIT(SIZE_MAX / 4) }

/*
 * Reads the file of an earlier process, and empties it.  `ids` knows which
 * lines have a result.  Returns 0, or -1 with err.  Close in both cases.
 */
int	underway_open(struct underway *underway, const char *out,
	    const struct ids *ids, struct err *err);

void	underway_put(struct underway *underway, const char *id, size_t n);

/* Returns 0, or -1 with err: then nothing may be asked. */
int	underway_flush(struct underway *underway, struct err *err);

/* `ended`: nothing is under way, so the file is removed. */
void	underway_close(struct underway *underway, bool ended);

#endif
