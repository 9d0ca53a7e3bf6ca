/*
 * queue.c: any process of a site but its stages.  Where a place stands among
 * those that wait; knows neither when it is asked for nor what it is for.
 */
#include "base/io.h"
#include "site/ground.h"
#include "site/queue.h"

/* The search for the end of the queue makes so many steps of one number. */
#define SHORT_QUEUE	4

bool
queue_is_first(const struct places *places, struct place *place, int64_t limit,
    int64_t *room)
{
	const uint64_t ground = place->ground;
	const int64_t above = GROUND_PLACES + limit;
	const int64_t until = place->waits ? place->byte : GROUND_END;
	const int64_t ours = ours_count_before(places, place);
	struct span found;
	bool shrunk = ours_count(places, ground, above) > 0;

	place->distance = 0;
	if (ours > 0) {
		place->distance = ours_front(places, ground)->distance + ours;
		return false;
	}
	if (ground_find(places, ground, above, until, &found)) {
		if (found.from >= GROUND_QUEUE || ground_find(places, ground,
		    GROUND_QUEUE, until, &found)) {
			place->distance = until - found.from;
			return false;
		}
		shrunk = true;
	}
	*room = shrunk ? ground_room(places, ground, limit) : limit;
	return true;
}

/* The number after the last one that waits in this process. */
static int64_t
next_of_ours(const struct places *places, uint64_t ground)
{
	const struct place *p;
	int64_t number = GROUND_QUEUE;

	for (p = places->first; p != NULL; p = p->next)
		if (p->ground == ground && p->waits && p->byte >= number)
			number = p->byte + 1;
	return number;
}

/*
 * Returns the first number, from `number` on, at which and above which no other
 * process waits.  One system call tells whether one waits at a number or above.
 * So the steps become longer as long as one does, and shorter again after a
 * step that went too far.
 */
static int64_t
next_of_others(const struct places *places, uint64_t ground, int64_t number)
{
	struct span found;
	int64_t step = 1;
	int hits = 0;

	while (number < GROUND_END) {
		if (number + step <= GROUND_END && ground_find(places, ground,
		    number + step - 1, GROUND_END, &found)) {
			number = found.to;
			if (++hits > SHORT_QUEUE)
				step *= 2;
		} else if (step == 1)
			break;
		else
			step /= 2;
	}
	return number;
}

/*
 * Locks the number after the last one in the queue; if the queue is empty, the
 * first number.  Returns GROUND_END if locks fail, or if no number is left,
 * because nearly a million have waited without the queue being empty once.  The
 * place then waits without a lock, after all that have one.
 */
static int64_t
draw_number(struct places *places, uint64_t ground)
{
	int64_t number = next_of_ours(places, ground);
	int locked = 0;

	/*
	 * If two processes find the same number, one of them gets the lock.
	 * The other one looks for a higher number.
	 */
	for (; locked == 0; number++) {
		number = next_of_others(places, ground, number);
		if (number >= GROUND_END)
			return GROUND_END;
		locked = ground_lock(places, ground, number, number + 1);
	}
	return locked == 1 ? number - 1 : GROUND_END;
}

int
queue_ahead(const struct places *places, const struct place *place)
{
	if (place->byte == GROUND_END)
		return -1;
	return (int)(ours_count_before(places, place) + ground_count(places,
	    place->ground, GROUND_QUEUE, place->byte));
}

size_t
queue_waiting(const struct places *places, uint64_t ground, size_t most)
{
	const struct place *p;
	struct span found = { GROUND_QUEUE, GROUND_QUEUE };
	size_t n = 0;

	for (p = places->first; p != NULL && n < most; p = p->next)
		n += p->ground == ground && p->waits;
	while (n < most && ground_find_lowest(places, ground, found.to,
	    GROUND_END, &found))
		n += (size_t)(found.to - found.from);
	return n < most ? n : most;
}

/*
 * How many are before `place`: the distance of its number from that of the
 * first in the queue; or if that is at most QUEUE_EXACT, those that wait there.
 */
static int
count_ahead(const struct places *places, const struct place *place)
{
	int64_t first = ours_first(places, place);
	struct span found;

	if (place->byte == GROUND_END)
		return -1;
	if (ground_find_lowest(places, place->ground, GROUND_QUEUE, first,
	    &found))
		first = found.from;
	if (place->byte - first > QUEUE_EXACT)
		return (int)(place->byte - first);
	return queue_ahead(places, place);
}

void
queue_stand(struct places *places, struct place *place)
{
	const int64_t now_ms = io_now_ms();

	if (place->waits && now_ms - place->counted_ms < QUEUE_COUNT_MS)
		return;
	if (place->waits) {
		place->ahead = count_ahead(places, place);
	} else {
		place->byte = draw_number(places, place->ground);
		place->waits = true;
		ours_append(places, place);
		place->distance = place->ahead = count_ahead(places, place);
	}
	place->counted_ms = now_ms;
}
