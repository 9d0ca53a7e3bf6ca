/*
 * queue: the numbers of those that wait for a place of one ground, in the order
 * in which they came.  Only site/places uses it.
 *
 * Each of them has locked the byte of its number, from GROUND_QUEUE on.  When
 * one of them leaves, its number stays free, so that there are gaps; only when
 * the queue is empty, numbers begin anew.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/ours.h"

/* place->ahead is counted anew at the first look after this time. */
#define QUEUE_COUNT_MS	500

/*
 * If the number of a place is at most so far from that of the first, those
 * between them are counted one by one; else the distance counts, gaps included.
 */
#define QUEUE_EXACT	16

/*
 * Returns whether `place` is the first in the queue, or the queue is empty.
 *
 * If it returns true, `place` may take any place whose number is below *room.
 * If it returns false, *room is unchanged and place->distance is set.  That is
 * mostly the distance to the first in the queue, since Linux looks through the
 * locks of a file in the order in which its processes took their first one.
 *
 * It makes one system call, unless places at `limit` or above are held, from a
 * time when the limit was higher.
 */
bool	queue_is_first(const struct places *places, struct place *place,
	    int64_t limit, int64_t *room);

/*
 * Puts the place into the queue, if it is not there yet.  Sets place->ahead,
 * unless it was set less than QUEUE_COUNT_MS ago.
 */
void	queue_stand(struct places *places, struct place *place);

/*
 * How many are before a place that waits, counted one by one; -1 if that is not
 * known.
 */
int	queue_ahead(const struct places *places, const struct place *place);

/* How many wait, in all processes; at most `most`. */
size_t	queue_waiting(const struct places *places, uint64_t ground,
	    size_t most);

#endif
