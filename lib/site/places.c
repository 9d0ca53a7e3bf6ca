/*
 * places.c: any process of a site but its stages.  Whose turn it is, and what
 * is given back; knows neither runs nor servers.
 */
#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "site/ground.h"
#include "site/places.h"
#include "site/queue.h"

/* Hexadecimal digits of a ground: 40 bits and GROUND_BITS are below 2^62. */
#define GROUND_DIGITS	10

int
places_look_ms(const struct place *place)
{
	/* As many are before it, or less: both are upper bounds. */
	const int64_t before = place->ahead < place->distance ?
	    place->ahead : place->distance;
	const int64_t half = before * PLACES_NEAR_MS / 2;

	if (!place->waits || place->byte == GROUND_END)
		return PLACES_LOOK_MS;
	if (before <= PLACES_NEAR)
		return place->costly ? PLACES_LOOK_MS : PLACES_NEAR_MS;
	if (half > PLACES_FAR_MS)
		return PLACES_FAR_MS;
	return half > PLACES_LOOK_MS ? (int)half : PLACES_LOOK_MS;
}

size_t
places_waiting(const struct places *places, uint64_t ground, size_t most)
{
	return places->file.fd == -1 ? 0 :
	    queue_waiting(places, ground, most);
}

int
places_ahead(const struct places *places, const struct place *place)
{
	return queue_ahead(places, place);
}

/* --- take ----------------------------------------------------------------- */

/* From now on `place` holds this byte; if it was in the queue, it leaves. */
static void
hold(struct places *places, struct place *place, int64_t byte)
{
	if (!place->waits)
		ours_append(places, place);
	else if (place->byte != GROUND_END)
		ground_unlock(places, place->ground, place->byte,
		    place->byte + 1);
	place->waits = false;
	place->held = true;
	place->ahead = 0;
	place->byte = byte;
}

static void
become_idle(struct place *place)
{
	*place = (struct place)PLACE_OF(place->ground);
}

bool
places_try(struct places *places, struct place *place, size_t limit)
{
	int64_t room, byte = GROUND_FULL;

	if (limit > PLACES_MOST)
		limit = PLACES_MOST;
	/* A child may have inherited `place` as held, without its lock. */
	if (!ours_has(places, place))
		become_idle(place);
	if (place->held)
		return true;
	place->costly = limit > PLACES_CHEAP;
	if (places->file.fd == -1)
		byte = GROUND_NO_LOCK;
	else if (queue_is_first(places, place, (int64_t)limit, &room))
		byte = ground_pick(places, place->ground, room, 1);
	if (byte != GROUND_FULL)
		hold(places, place, byte);
	return place->held;
}

int
places_take(struct places *places, struct place *place, size_t limit)
{
	if (!places_try(places, place, limit))
		queue_stand(places, place);
	return place->held;
}

/*
 * Locks places for all of the list in one call, if none of them holds a place
 * or waits yet.  Returns whether it has done so.
 */
static bool
take_together(struct places *places, struct place *const list[], size_t n,
    size_t limit)
{
	int64_t room, byte;
	size_t i;

	if (places->file.fd == -1 || n < 2 || n > limit)
		return false;
	for (i = 0; i < n; i++)
		if (ours_has(places, list[i]))
			return false;
	for (i = 0; i < n; i++)
		become_idle(list[i]);
	if (!queue_is_first(places, list[0], (int64_t)limit, &room))
		return false;
	byte = ground_pick(places, list[0]->ground, room, (int64_t)n);
	if (byte == GROUND_FULL || byte == GROUND_NO_LOCK)
		return false;
	for (i = 0; i < n; i++)
		hold(places, list[i], byte + (int64_t)i);
	return true;
}

size_t
places_take_many(struct places *places, struct place *const list[], size_t n,
    size_t limit)
{
	size_t i, taken = 0;

	if (limit > PLACES_MOST)
		limit = PLACES_MOST;
	if (take_together(places, list, n, limit))
		return n;
	for (i = 0; i < n; i++)
		taken += (size_t)places_take(places, list[i], limit);
	return taken;
}

/* --- give ----------------------------------------------------------------- */

/* The bytes from the lowest to the highest place that they hold. */
static struct span
held_bytes(struct place *const list[], size_t n)
{
	struct span held = { GROUND_END, 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (!list[i]->held || list[i]->byte == GROUND_NO_LOCK)
			continue;
		if (list[i]->byte < held.from)
			held.from = list[i]->byte;
		if (list[i]->byte >= held.to)
			held.to = list[i]->byte + 1;
	}
	return held;
}

/*
 * Unlocks the marks before the places, so that a process which takes one of the
 * places finds it without a mark.
 */
static void
unlock_held(const struct places *places, struct place *const list[], size_t n)
{
	const int64_t back = GROUND_MARKS - GROUND_PLACES;
	struct span held = held_bytes(list, n);
	bool marked = false;
	size_t i;

	if (held.from >= held.to)
		return;
	for (i = 0; i < n; i++)
		marked |= list[i]->marked;
	if (marked)
		ground_unlock(places, list[0]->ground, held.from + back,
		    held.to + back);
	ground_unlock(places, list[0]->ground, held.from, held.to);
}

/*
 * Unlocks the places of `list`, which are no longer among ours, while others of
 * the same ground still are.  To unlock a byte that another process holds does
 * nothing.  So one call can unlock all bytes from the lowest to the highest,
 * unless one of ours lies between them.
 */
static void
unlock_some(const struct places *places, struct place *const list[], size_t n)
{
	const uint64_t ground = list[0]->ground;
	struct span held = held_bytes(list, n);
	bool apart = ours_find(places, ground, held.from, held.to) != NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i]->waits && list[i]->byte != GROUND_END)
			ground_unlock(places, ground, list[i]->byte,
			    list[i]->byte + 1);
		if (apart)
			unlock_held(places, &list[i], 1);
	}
	if (!apart)
		unlock_held(places, list, n);
}

void
places_give_many(struct places *places, struct place *const list[], size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++) {
		if (ours_remove(places, list[i]))
			left++;
		else
			become_idle(list[i]);
	}
	if (left > 0 && places->file.fd != -1) {
		if (ours_none(places, list[0]->ground))
			ground_unlock(places, list[0]->ground, 0, GROUND_END);
		else
			unlock_some(places, list, n);
	}
	for (i = 0; i < n; i++)
		become_idle(list[i]);
}

void
places_give(struct places *places, struct place *place)
{
	places_give_many(places, &place, 1);
}

/* --- marks and numbers ---------------------------------------------------- */

void
places_mark(struct places *places, struct place *place)
{
	const int64_t byte = place->byte - GROUND_PLACES + GROUND_MARKS;

	if (!ours_has(places, place) || !place->held || place->marked)
		return;
	place->marked = true;
	if (place->byte != GROUND_NO_LOCK)
		ground_lock(places, place->ground, byte, byte + 1);
}

bool
places_is_marked(const struct places *places, uint64_t ground)
{
	const struct place *p;
	struct span found;

	for (p = places->first; p != NULL; p = p->next)
		if (p->ground == ground && p->marked)
			return true;
	return places->file.fd != -1 && ground_find(places, ground,
	    GROUND_MARKS, GROUND_PLACES, &found);
}

size_t
places_marked(const struct places *places, uint64_t ground)
{
	const struct place *p;
	size_t n = (size_t)ground_count(places, ground, GROUND_MARKS,
	    GROUND_PLACES);

	for (p = places->first; p != NULL; p = p->next)
		n += p->ground == ground && p->marked;
	return n;
}

size_t
places_taken(const struct places *places, uint64_t ground)
{
	return (size_t)(ground_count(places, ground, GROUND_PLACES,
	    GROUND_QUEUE) + ours_count(places, ground, GROUND_NO_LOCK));
}

uint16_t
places_number(const struct places *places, const struct place *place)
{
	return !place->held || places->file.fd == -1 ||
	    place->byte == GROUND_NO_LOCK ? 0 :
	    (uint16_t)(place->byte - GROUND_PLACES + 1);
}

bool
places_is_held(const struct places *places, uint64_t ground, uint16_t number)
{
	int64_t byte = GROUND_PLACES + number - 1;
	struct span found;

	return ours_find(places, ground, byte, byte + 1) != NULL ||
	    ground_find(places, ground, byte, byte + 1, &found);
}

uint64_t
places_identity(const struct places *places)
{
	struct stat st;

	return places->file.fd == -1 || fstat(places->file.fd, &st) == -1 ?
	    0 : (uint64_t)st.st_ino;
}

bool
places_others(const struct places *places, uint64_t ground)
{
	struct span found;

	return places->file.fd != -1 && ground_find(places, ground,
	    GROUND_PLACES, GROUND_QUEUE, &found);
}

bool
places_awaited(const struct places *places, uint64_t ground)
{
	struct span found;

	return places->file.fd != -1 && ground_find(places, ground,
	    GROUND_QUEUE, GROUND_END, &found);
}

/* --- the process ---------------------------------------------------------- */

void
places_open(struct places *places, const char *dir)
{
	*places = (struct places)PLACES_INIT;
	lockfile_open(&places->file, dir);
}

void
places_close(struct places *places)
{
	struct place *place;

	while ((place = places->first) != NULL) {
		places->first = place->next;
		become_idle(place);
	}
	lockfile_close(&places->file);
}

void
places_forget(struct places *places)
{
	places->first = NULL;
}

uint64_t
places_ground(const char *name)
{
	char digits[GROUND_DIGITS + 1];

	digest_hex(name, strlen(name), digits, GROUND_DIGITS);
	return strtoull(digits, NULL, 16);
}
