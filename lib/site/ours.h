/*
 * ours: the places that this process holds or waits for.
 *
 * A process cannot see its own locks.  So each struct place that holds a place
 * or waits for one is in a list, in the order in which they came.  The structs
 * themselves are linked and nothing is allocated, so a struct must not be
 * moved, copied or freed while it is in the list.  Every call searches the list
 * from its front; a process has some dozens at most.  site/places shows the
 * use.
 */
#ifndef OURS_H
#define OURS_H

#include <stdbool.h>
#include <stdint.h>

#include "site/lockfile.h"

struct place {
	uint64_t	 ground;	/* of places_ground */
	bool		 held;		/* it has a place */
	bool		 waits;		/* it stands in the queue */
	/*
	 * If it waits: how many are before it, of this and other processes; -1
	 * if that is not known.  If more than QUEUE_EXACT have come since the
	 * first of them, those who have left the queue count, too
	 * (places_ahead).
	 */
	int		 ahead;

	/* Private to the room site. */
	bool		 marked;
	int64_t		 byte;		/* of the ground; see site/ground */
	/*
	 * If it waits: its number less the number of one that waits before it,
	 * as found at its last look; 0 if it is the first.
	 */
	int64_t		 distance;
	bool		 costly;	/* a look of the first takes long */
	int64_t		 counted_ms;	/* when `ahead` was counted */
	struct place	*next;
};

#define PLACE_OF(ground_) { .ground = (ground_) }

/* One in a process. */
struct places {
	struct lockfile	 file;
	struct place	*first;	/* of ours */
};

#define PLACES_INIT { .file = LOCKFILE_INIT }

/* Adds a place as the last one. */
void	ours_append(struct places *places, struct place *place);

/* Returns whether it was in the list. */
bool	ours_remove(struct places *places, const struct place *place);
bool	ours_has(const struct places *places, const struct place *place);

/* A place that is held at a byte of from to below `to`, or NULL. */
const struct place *ours_find(const struct places *places, uint64_t ground,
	    int64_t from, int64_t to);

/* How many are held at the byte `from` and above. */
int64_t	ours_count(const struct places *places, uint64_t ground, int64_t from);

/* How many came before `place` (all, if it is not in the list) and wait. */
int64_t	ours_count_before(const struct places *places,
	    const struct place *place);

/* The one that came first of those that wait there, or NULL. */
const struct place *ours_front(const struct places *places, uint64_t ground);

/* The lowest byte of those that wait there, not above that of `place`. */
int64_t	ours_first(const struct places *places, const struct place *place);

/* Whether there is none of that ground, neither held nor waiting. */
bool	ours_none(const struct places *places, uint64_t ground);

#endif
