/*
 * ground.c: any process of a site but its stages.  Finds a free place; does not
 * know whose turn it is.
 */
#include <time.h>

#include "site/ground.h"

/* How many places are tried at random before a search for a free one. */
#define TRIES	4

/* --- bytes ---------------------------------------------------------------- */

static int64_t
base_of(uint64_t ground)
{
	return (int64_t)(ground << GROUND_BITS);
}

static struct span
span_of(uint64_t ground, int64_t from, int64_t to)
{
	return (struct span){ base_of(ground) + from, base_of(ground) + to };
}

int
ground_lock(struct places *places, uint64_t ground, int64_t from, int64_t to)
{
	return lockfile_take(&places->file, span_of(ground, from, to));
}

void
ground_unlock(const struct places *places, uint64_t ground, int64_t from,
    int64_t to)
{
	lockfile_drop(&places->file, span_of(ground, from, to));
}

bool
ground_find(const struct places *places, uint64_t ground, int64_t from,
    int64_t to, struct span *found)
{
	if (!lockfile_find(&places->file, span_of(ground, from, to), found))
		return false;
	found->from -= base_of(ground);
	found->to -= base_of(ground);
	return true;
}

bool
ground_find_lowest(const struct places *places, uint64_t ground, int64_t from,
    int64_t to, struct span *found)
{
	if (!lockfile_find_lowest(&places->file, span_of(ground, from, to),
	    found))
		return false;
	found->from -= base_of(ground);
	found->to -= base_of(ground);
	return true;
}

int64_t
ground_count(const struct places *places, uint64_t ground, int64_t from,
    int64_t to)
{
	return places->file.fd == -1 ? 0 :
	    lockfile_count(&places->file, span_of(ground, from, to));
}

/* --- a free place --------------------------------------------------------- */

/*
 * Returns the highest `room` for which room plus the number of places held at
 * room or above is at most the limit.  Several processes may call this at the
 * same moment, find different numbers, and each take a place below its own.
 * The limit is kept even then: all places that they take are below the highest
 * of these numbers, and what is held at or above that one only becomes less.
 */
int64_t
ground_room(const struct places *places, uint64_t ground, int64_t limit)
{
	int64_t room = limit, held, from;

	while (room > 0) {
		from = GROUND_PLACES + room;
		held = ground_count(places, ground, from, GROUND_QUEUE) +
		    ours_count(places, ground, from);
		if (room + held <= limit)
			break;
		room = held < limit ? limit - held : 0;
	}
	return room;
}

/* Any number below n, so that processes do not all try the same place first. */
static int64_t
any_below(int64_t n)
{
	struct timespec now;
	uint32_t any;

	clock_gettime(CLOCK_MONOTONIC, &now);
	any = (uint32_t)now.tv_nsec * 2654435769U;
	return (int64_t)(((uint64_t)any * (uint64_t)n) >> 32);
}

/* The first n bytes in a row of which we hold none, or GROUND_FULL. */
static int64_t
skip_ours(const struct places *places, uint64_t ground, int64_t from,
    int64_t to, int64_t n)
{
	const struct place *p;

	while (to - from >= n) {
		if ((p = ours_find(places, ground, from, from + n)) == NULL)
			return from;
		from = p->byte + 1;
	}
	return GROUND_FULL;
}

/* The first n bytes in a row of which nobody holds one, or GROUND_FULL. */
static int64_t
skip_held(const struct places *places, uint64_t ground, int64_t from,
    int64_t to, int64_t n)
{
	struct span found;
	int64_t at, end, after;

	while (to - from >= n) {
		end = after = to;
		if (ground_find_lowest(places, ground, from, to, &found)) {
			end = found.from;
			after = found.to;
		}
		at = skip_ours(places, ground, from, end, n);
		if (at != GROUND_FULL)
			return at;
		from = after;
	}
	return GROUND_FULL;
}

/* Returns `at`, GROUND_FULL if others hold one of the n, or GROUND_NO_LOCK. */
static int64_t
try_at(struct places *places, uint64_t ground, int64_t at, int64_t n)
{
	switch (ground_lock(places, ground, at, at + n)) {
	case 1:
		return at;
	case 0:
		return GROUND_FULL;
	}
	return GROUND_NO_LOCK;
}

/*
 * First it tries TRIES places at random, with one call each.  While most places
 * are free, the first try nearly always succeeds; while at least half of them
 * are, one of the four does.  Then it searches for a free place, from the
 * lowest on.  If another process takes the one that was found, the search goes
 * on at the next.
 */
int64_t
ground_pick(struct places *places, uint64_t ground, int64_t room, int64_t n)
{
	int64_t from = GROUND_PLACES, to = from + room, choices = room - n + 1;
	int64_t at, got = GROUND_FULL;
	int i;

	for (i = 0; got == GROUND_FULL && i < TRIES && i < choices; i++) {
		at = skip_ours(places, ground, from + any_below(choices), to,
		    n);
		if (at != GROUND_FULL)
			got = try_at(places, ground, at, n);
	}
	while (got == GROUND_FULL && (at = skip_held(places, ground, from, to,
	    n)) != GROUND_FULL) {
		got = try_at(places, ground, at, n);
		from = at + 1;
	}
	return got;
}
