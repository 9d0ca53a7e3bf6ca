/*
 * queue: the numbers of those that wait for a place of one ground, in the order
 * in which they came.  Only site/places uses it.
 *
 * Each of them has locked the byte of its number, from GROUND_QUEUE on; who
 * leaves leaves a gap.  When the queue is empty, numbers begin anew.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/ours.h"

/*
 * After how long `ahead` is counted anew, at the next look; and among how many
 * numbers they are counted one by one.
 */
#define QUEUE_COUNT_MS	500
#define QUEUE_EXACT	16

/*
 * Returns whether nothing is before `place` in the queue.  If so, it may take
 * any place whose number is below *room.  One call tells both as long as no
 * place is held at the limit or above.  If not, place->behind becomes the
 * distance to one that is before it: mostly to the first, since Linux finds a
 * lock of the process first that has had one of the file for longest.
 */
bool	queue_is_first(const struct places *places, struct place *place,
	    int64_t limit, int64_t *room);

/*
 * Puts the place into the queue, if it is not there yet, and counts how many
 * are before it, if that was last counted QUEUE_COUNT_MS ago.
 */
void	queue_stand(struct places *places, struct place *place);

/* How many are before it, counted one by one; -1 if that is not known. */
int	queue_ahead(const struct places *places, const struct place *place);

/* How many wait, in all processes; at most `most`. */
size_t	queue_waiting(const struct places *places, uint64_t ground,
	    size_t most);

#endif
