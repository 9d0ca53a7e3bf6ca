/*
 * arrival.c: runs on the command line.  Judges times and sizes, and knows
 * nothing of HTTP, of servers, or of words for a person.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "check/arrival.h"

/*
 * The most pieces that are noted; bytes that come later are added to the last
 * one.  A stream of that many pieces is not held back by a buffer.
 */
#define PIECES_MAX	65536

int
arrival_add(struct piece **pieces, size_t *npieces, int64_t now_ms, size_t n)
{
	struct piece *last = *npieces == 0 ? NULL : &(*pieces)[*npieces - 1];
	struct piece *longer;

	if (last != NULL && (now_ms - last->last_ms < ARRIVAL_GAP_MS ||
	    *npieces == PIECES_MAX)) {
		last->last_ms = now_ms;
		last->bytes += n;
		return 0;
	}
	longer = realloc(*pieces, (*npieces + 1) * sizeof(**pieces));
	if (longer == NULL)
		return -1;
	longer[(*npieces)++] = (struct piece){ now_ms, now_ms, n };
	*pieces = longer;
	return 0;
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/*
 * How late each of n marks is, sorted, the least first.  The caller frees it;
 * NULL if there is no memory.
 */
static int64_t *
lateness(const struct mark *marks, size_t n)
{
	int64_t *late = calloc(n, sizeof(*late)), least;
	size_t i;

	if (late == NULL)
		return NULL;
	least = marks[0].at_ms - marks[0].server_ms;
	for (i = 0; i < n; i++) {
		late[i] = marks[i].at_ms - marks[i].server_ms;
		if (late[i] < least)
			least = late[i];
	}
	for (i = 0; i < n; i++)
		late[i] -= least;
	qsort(late, n, sizeof(*late), by_time);
	return late;
}

/*
 * The median of the pieces' sizes, without the last piece, which is a
 * remainder.  0 if there are less than two.
 */
static size_t
typical_piece(const struct piece *pieces, size_t n)
{
	size_t *sizes, i, median;

	if (n < 2 || (sizes = calloc(n, sizeof(*sizes))) == NULL)
		return 0;
	for (i = 0; i < n - 1; i++)
		sizes[i] = pieces[i].bytes;
	qsort(sizes, n - 1, sizeof(*sizes), by_size);
	median = sizes[(n - 1) / 2];
	free(sizes);
	return median;
}

/* The power of two from 4 to 64 KiB that `piece` is near to, or 0. */
static size_t
usual_buffer(size_t piece)
{
	size_t size;

	for (size = 4096; size <= 65536; size *= 2)
		if (piece > size - size / 4 && piece < size + size / 4)
			return size;
	return 0;
}

/*
 * Whether the silences between pieces make up 60 % of the time or more, as they
 * do if a buffer is filled and then sent at once.
 */
static bool
is_mostly_silent(const struct piece *pieces, size_t n)
{
	int64_t silent = 0, all;
	size_t i;

	if (n == 0)
		return false;
	all = pieces[n - 1].last_ms - pieces[0].first_ms;
	for (i = 1; i < n; i++)
		silent += pieces[i].first_ms - pieces[i - 1].last_ms;
	return silent * 10 >= all * 6;
}

/* The greatest of n marks' times minus the least; `of` picks which time. */
static int64_t
time_span(const struct mark *marks, size_t n,
    int64_t (*of)(const struct mark *))
{
	int64_t low = of(&marks[0]), high = low;
	size_t i;

	for (i = 1; i < n; i++) {
		low = of(&marks[i]) < low ? of(&marks[i]) : low;
		high = of(&marks[i]) > high ? of(&marks[i]) : high;
	}
	return high - low;
}

static int64_t
arrived_at(const struct mark *mark)
{
	return mark->at_ms;
}

static int64_t
written_at(const struct mark *mark)
{
	return mark->server_ms;
}

/*
 * The order of the conditions matters.  A short run cannot be judged at all.
 * If events that were written over some time all arrive within a tenth of it,
 * the whole answer was held.  Then a buffer is looked for by its large pieces,
 * before the share of late events decides: most of the events may be on time
 * although a buffer holds the rest.  Late events mean a buffer if most of the
 * time is silent, and a slow line if bytes flow all the time.
 */
struct verdict
arrival_judge(const struct mark *marks, size_t nmarks,
    const struct piece *pieces, size_t npieces, int64_t beat_ms)
{
	struct verdict v = { .arrival = ARRIVAL_UNSURE, .npieces = npieces };
	int64_t *late, most = ARRIVAL_LATE_MS + beat_ms;
	bool silent = is_mostly_silent(pieces, npieces);

	if (nmarks < 3 || (late = lateness(marks, nmarks)) == NULL)
		return v;
	v.span_ms = time_span(marks, nmarks, written_at);
	v.median_ms = late[nmarks / 2];
	v.worst_ms = late[nmarks - 1];
	v.piece = typical_piece(pieces, npieces);
	if (v.span_ms < ARRIVAL_SPAN_MS)
		v.arrival = ARRIVAL_UNSURE;
	else if (time_span(marks, nmarks, arrived_at) <= v.span_ms / 10)
		v.arrival = ARRIVAL_HELD;
	else if (silent && v.worst_ms >= most && v.piece >= ARRIVAL_PIECE)
		v.arrival = ARRIVAL_PIECES;
	else if (late[nmarks * 3 / 4] < most)
		v.arrival = ARRIVAL_LIVE;
	else if (silent)
		v.arrival = ARRIVAL_PIECES;
	else
		v.arrival = ARRIVAL_SLOW;
	if (v.arrival == ARRIVAL_PIECES)
		v.buffer = usual_buffer(v.piece);
	free(late);
	return v;
}
