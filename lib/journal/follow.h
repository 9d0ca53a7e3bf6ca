/*
 * follow: reads the journal of a run, which may still be written.
 *
 *	struct follower follower = FOLLOW_INIT;
 *
 *	if (follow_open(&follower, dir, id) == -1)
 *		...				404: there is no such run
 *	follower.after = 17;			only what comes after event 17
 *	while ((rc = follow_next(&follower, on_event, arg)) == FOLLOW_WAITS)
 *		...				look again in FOLLOW_LOOK_MS
 *	follow_close(&follower);
 *
 * It gives whole events alone.  If the writer has died, the first reader who
 * notices it ends the journal: he takes the writer's lock, cuts off an event
 * that is not whole, and writes an _error with the code "broken" and a _done,
 * so that all readers see the same.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/event.h"

/* How long a reader may wait between two looks at a journal that is written. */
#define FOLLOW_LOOK_MS	25

/* How often a reader of a silent journal asks whether its writer is alive. */
#define FOLLOW_ALIVE_MS	1000

/* The most bytes of an event. */
#define FOLLOW_EVENT_MAX	(16 * 1024 * 1024)

struct follower {
	int		 fd;		/* -1: not open */
	int64_t		 at;		/* where the next event begins */
	struct buf	 in;		/* bytes from there */
	uint64_t	 after;		/* events up to this are left out */
	uint64_t	 last_id;	/* the last one that was read */
	bool		 done;		/* _done was read */
	bool		 by_pieces;	/* not all is told at once */
	bool		 more;		/* there was more than that piece */
	int64_t		 alive_ms;	/* its writer was, when last asked */
};

#define FOLLOW_INIT { .fd = -1 }

enum follow_found { FOLLOW_WAITS, FOLLOW_DONE, FOLLOW_BROKEN };

/* Opens it, and holds the readers' lock.  Returns 0, or -1 and errno. */
int	follow_open(struct follower *follower, const char *dir, const char *id);
void	follow_close(struct follower *follower);

/* Whether it was begun by a request with this digest. */
bool	follow_is_of(const struct follower *follower, const char *digest);

/*
 * Tells all events that are there by now and come after `after`; or, by pieces,
 * some of them, for a reader who must not hold all of a long run at once: if
 * `more` is true then, it need not wait before it is called again.  Returns
 * FOLLOW_WAITS if more will come, FOLLOW_DONE after _done, or FOLLOW_BROKEN if
 * the file cannot be read, or if another program has written to it.
 */
enum follow_found follow_next(struct follower *follower,
	    void (*tell)(void *arg, const struct event *event), void *arg);

#endif
