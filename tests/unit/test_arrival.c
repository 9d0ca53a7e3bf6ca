/*
 * test_arrival: lists of when events came, and what is to be said of them.
 *
 * A case is what a server wrote (an event every `every` ms, `bytes` long) and
 * what stood in the way: a buffer that lets nothing through before it is full,
 * a first wait, a slow line, a reader who sleeps.  The stream is played here
 * without any clock.
 */
#include <stdlib.h>

#include "check/arrival.h"
#include "unit.h"

struct way {
	const char	*name;
	int		 events, every, bytes;
	int		 buffer;	/* 0: none, -1: to the end */
	int		 delay;		/* of all that comes */
	int		 open;		/* events before a buffer closes in */
	int		 slow;		/* each event later than the last by */
	int		 nap_at, nap;	/* the reader sleeps, once */
	enum arrival	 arrival;
	size_t		 size;		/* the buffer to be named */
};

static const struct way ways[] = {
	{ "live", 40, 50, 300, 0, 0, 0, 0, 0, 0, ARRIVAL_LIVE, 0 },
	{ "live, far away", 40, 50, 300, 0, 700, 0, 0, 0, 0, ARRIVAL_LIVE, 0 },
	{ "live, after a queue of a minute", 40, 50, 300, 0, 60000, 0, 0, 0, 0,
	    ARRIVAL_LIVE, 0 },
	{ "live, pauses of a slow model", 8, 2000, 40, 0, 5, 0, 0, 0, 0,
	    ARRIVAL_LIVE, 0 },
	{ "live, the reader slept for 600 ms", 40, 50, 300, 0, 0, 0, 0, 500,
	    600, ARRIVAL_LIVE, 0 },
	{ "live, padded", 40, 50, 65600, 0, 0, 0, 0, 0, 0, ARRIVAL_LIVE, 0 },
	{ "held to the end", 40, 50, 300, -1, 0, 0, 0, 0, 0, ARRIVAL_HELD, 0 },
	{ "held to the end of a long run", 40, 2000, 300, -1, 90, 0, 0, 0, 0,
	    ARRIVAL_HELD, 0 },
	{ "held, by more than there is", 40, 50, 300, 65536, 0, 0, 0, 0, 0,
	    ARRIVAL_HELD, 0 },
	{ "held after its first events", 40, 50, 300, -1, 0, 2, 0, 0, 0,
	    ARRIVAL_PIECES, 0 },
	{ "4 KiB", 60, 50, 300, 4096, 0, 0, 0, 0, 0, ARRIVAL_PIECES, 4096 },
	{ "8 KiB", 60, 50, 300, 8192, 0, 0, 0, 0, 0, ARRIVAL_PIECES, 8192 },
	{ "64 KiB", 60, 50, 3000, 65536, 300, 0, 0, 0, 0, ARRIVAL_PIECES,
	    65536 },
	{ "12 KiB, which is nobody's", 90, 50, 300, 12000, 0, 0, 0, 0, 0,
	    ARRIVAL_PIECES, 0 },
	{ "4 KiB that fill at once", 60, 50, 5000, 4096, 0, 0, 0, 0, 0,
	    ARRIVAL_LIVE, 0 },
	{ "a line too slow for it", 60, 20, 300, 0, 0, 0, 15, 0, 0,
	    ARRIVAL_SLOW, 0 },
	{ "over before it can be told", 40, 5, 300, -1, 0, 0, 0, 0, 0,
	    ARRIVAL_UNSURE, 0 },
	{ "two events", 2, 5000, 300, 0, 0, 0, 0, 0, 0, ARRIVAL_UNSURE, 0 },
	{ "nothing", 0, 0, 0, 0, 0, 0, 0, 0, 0, ARRIVAL_UNSURE, 0 },
};

struct player {
	struct mark	 marks[128];
	struct piece	*pieces;
	size_t		 nmarks, sent, npieces, held;
};

/* All that waits goes out, at now or when the reader wakes. */
static void
let_out(struct player *p, const struct way *w, int64_t now)
{
	int64_t at = now + w->delay + (int64_t)w->slow * (int64_t)p->nmarks;

	if (w->nap > 0 && at >= w->nap_at && at < w->nap_at + w->nap)
		at = w->nap_at + w->nap;
	for (; p->sent < p->nmarks; p->sent++)
		p->marks[p->sent].at_ms = at;
	assert_int_equal(arrival_add(&p->pieces, &p->npieces, at, p->held), 0);
	p->held = 0;
}

static struct verdict
play(const struct way *w)
{
	struct player p = { .pieces = NULL };
	struct verdict v;
	int i;

	for (i = 0; i < w->events; i++) {
		p.marks[p.nmarks++].server_ms = i * w->every;
		p.held += (size_t)w->bytes;
		if (w->buffer == 0 || i < w->open || i == w->events - 1 ||
		    (w->buffer > 0 && p.held >= (size_t)w->buffer))
			let_out(&p, w, i * w->every);
	}
	v = arrival_judge(p.marks, p.nmarks, p.pieces, p.npieces, 0);
	free(p.pieces);
	return v;
}

static void
every_way_is_told(void **state)
{
	struct verdict v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		v = play(&ways[i]);
		if (v.arrival != ways[i].arrival || v.buffer != ways[i].size)
			fail_msg("%s: arrival %d, buffer %zu, piece %zu, late "
			    "%lld to %lld", ways[i].name, v.arrival, v.buffer,
			    v.piece, (long long)v.median_ms,
			    (long long)v.worst_ms);
	}
}

static void
lateness_is_above_the_best(void **state)
{
	const struct mark marks[] = {
		{ 1010, 0 }, { 1100, 100 }, { 1250, 200 }, { 1900, 900 },
	};
	struct verdict v = arrival_judge(marks, 4, NULL, 0, 0);

	(void)state;
	assert_int_equal(v.arrival, ARRIVAL_LIVE);
	assert_int_equal(v.span_ms, 900);
	assert_int_equal(v.median_ms, 10);
	assert_int_equal(v.worst_ms, 50);
}

/* What waits for it is not held by anybody else. */
static void
a_beat_of_the_server_is_no_buffer(void **state)
{
	const struct mark marks[] = {
		{ 0, 0 }, { 250, 10 }, { 250, 20 }, { 500, 260 },
		{ 500, 270 }, { 1000, 1000 },
	};

	(void)state;
	assert_int_not_equal(arrival_judge(marks, 6, NULL, 0, 0).arrival,
	    ARRIVAL_LIVE);
	assert_int_equal(arrival_judge(marks, 6, NULL, 0, 200).arrival,
	    ARRIVAL_LIVE);
}

/* Few marks are late, but what comes together says it. */
static void
big_pieces_after_silence_are_a_buffer(void **state)
{
	const struct mark marks[] = {
		{ 0, 0 }, { 10, 10 }, { 20, 20 }, { 30, 30 }, { 450, 100 },
		{ 450, 450 }, { 460, 460 }, { 900, 900 },
	};
	struct piece pieces[] = {
		{ 0, 30, 4096 }, { 450, 460, 4096 }, { 900, 900, 100 },
	};

	(void)state;
	assert_int_equal(arrival_judge(marks, 8, pieces, 3, 0).arrival,
	    ARRIVAL_PIECES);
	pieces[0].bytes = pieces[1].bytes = 300;
	assert_int_equal(arrival_judge(marks, 8, pieces, 3, 0).arrival,
	    ARRIVAL_LIVE);
}

/* A server may say anything. */
static void
absurd_times_do_no_harm(void **state)
{
	const struct mark marks[] = {
		{ 0, INT32_MAX }, { 1, 0 }, { 2, INT32_MAX }, { 3, 5 },
	};
	struct verdict v = arrival_judge(marks, 4, NULL, 0, 0);

	(void)state;
	assert_int_equal(v.span_ms, INT32_MAX);
	assert_int_not_equal(v.arrival, ARRIVAL_LIVE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_is_told),
		cmocka_unit_test(lateness_is_above_the_best),
		cmocka_unit_test(a_beat_of_the_server_is_no_buffer),
		cmocka_unit_test(big_pieces_after_silence_are_a_buffer),
		cmocka_unit_test(absurd_times_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
