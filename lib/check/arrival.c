/*
 * arrival.c: on the command line.  Judges times and sizes; knows nothing of
 * HTTP, servers or words.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "check/arrival.h"

/* More pieces than this tell nothing new: the stream is not held. */
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

/* How late each mark is, in order of lateness; the caller frees it. */
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

/* The median of all pieces but the last, which is a remainder. */
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

static size_t
usual_buffer(size_t piece)
{
	size_t size;

	for (size = 4096; size <= 65536; size *= 2)
		if (piece > size - size / 4 && piece < size + size / 4)
			return size;
	return 0;
}

/* The silences between pieces, of the time from the first to the last. */
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

static int64_t
span(const struct mark *marks, size_t n, int64_t (*of)(const struct mark *))
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
here(const struct mark *mark)
{
	return mark->at_ms;
}

static int64_t
there(const struct mark *mark)
{
	return mark->server_ms;
}

struct verdict
arrival_judge(const struct mark *marks, size_t nmarks,
    const struct piece *pieces, size_t npieces, int64_t beat_ms)
{
	struct verdict v = { .arrival = ARRIVAL_UNSURE, .npieces = npieces };
	int64_t *late, most = ARRIVAL_LATE_MS + beat_ms;
	bool silent = is_mostly_silent(pieces, npieces);

	if (nmarks < 3 || (late = lateness(marks, nmarks)) == NULL)
		return v;
	v.span_ms = span(marks, nmarks, there);
	v.median_ms = late[nmarks / 2];
	v.worst_ms = late[nmarks - 1];
	v.piece = typical_piece(pieces, npieces);
	if (v.span_ms < ARRIVAL_SPAN_MS)
		v.arrival = ARRIVAL_UNSURE;
	else if (span(marks, nmarks, here) <= v.span_ms / 10)
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
