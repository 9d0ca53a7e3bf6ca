/*
 * tempo: quantiles of rows, and what counts as which value.
 */
#include <stdio.h>
#include <stdlib.h>

#include "site/tempo.h"
#include "unit.h"

static struct lap
lap_of(int64_t at_ms, int32_t us, enum lap_end end)
{
	return (struct lap){ .key = 1, .at_ms = at_ms, .first_us = us,
	    .text_us = us, .total_us = us < 0 ? 9000 : us + 100,
	    .rate_milli = us < 0 ? 0 : us * 10, .end = end };
}

static int64_t
ask(struct lap *list, size_t n, enum tempo_what what, int percent)
{
	const struct tempo tempo = { .list = list, .n = n };
	const struct tempo_query query = { .key = 1, .what = what };

	return tempo_quantile(&tempo, &query, percent);
}

static void
quantiles(void **state)
{
	struct lap list[20];
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		list[i] = lap_of(i, 1000 * (20 - i), LAP_DONE);
	assert_int_equal(ask(list, 20, TEMPO_FIRST, 50), 10000);
	assert_int_equal(ask(list, 20, TEMPO_FIRST, 95), 19000);
	assert_int_equal(ask(list, 20, TEMPO_FIRST, 100), 20000);
	assert_int_equal(ask(list, 20, TEMPO_TOTAL, 50), 10100);
	assert_int_equal(ask(list, 20, TEMPO_RATE, 5), 10000);
	assert_int_equal(ask(list, 1, TEMPO_FIRST, 0), 20000);
	assert_int_equal(ask(list, 0, TEMPO_FIRST, 50), -1);
}

/* The newest are the last of the list. */
static void
only_the_newest(void **state)
{
	struct lap list[20];
	const struct tempo tempo = { .list = list, .n = 20 };
	struct tempo_query query = { .key = 1, .what = TEMPO_FIRST };
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		list[i] = lap_of(i, 1000 * (20 - i), LAP_DONE);
	query.most = 4;
	assert_int_equal(tempo_quantile(&tempo, &query, 100), 4000);
	assert_int_equal(tempo_quantile(&tempo, &query, 50), 2000);
	query.most = 40;
	assert_int_equal(tempo_quantile(&tempo, &query, 100), 20000);
}

static void
what_never_came(void **state)
{
	struct lap list[] = { lap_of(1, 500, LAP_DONE),
	    lap_of(2, -1, LAP_FAILED), lap_of(3, -1, LAP_SLOW),
	    lap_of(4, -1, LAP_LEFT) };

	(void)state;
	assert_int_equal(ask(list, 4, TEMPO_FIRST, 25), 500);
	assert_true(ask(list, 4, TEMPO_FIRST, 50) == TEMPO_NEVER);
	assert_int_equal(ask(list, 4, TEMPO_TOTAL, 25), 600);
	assert_true(ask(list, 4, TEMPO_TOTAL, 33) == TEMPO_NEVER);
	/* Only what has ended well has a rate. */
	assert_int_equal(ask(list, 4, TEMPO_RATE, 100), 5000);
}

/*
 * The example of Kaplan and Meier's paper, in tenths of its unit: of eight that
 * are watched, four come (at 8, 31, 54, 92) and four are left (at 10, 27, 70,
 * 121).  The share that has not come is 7/8 after 8, 7/10 after 31, 21/40 after
 * 54, and 21/80 after 92.
 */
static void
who_was_left_counts_until_then(void **state)
{
	static const struct { int32_t us; bool left; } seen[] = {
	    { 8, false }, { 10, true }, { 27, true }, { 31, false },
	    { 54, false }, { 70, true }, { 92, false }, { 121, true } };
	struct lap list[8];
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++) {
		list[7 - i] = lap_of((int64_t)i, seen[i].left ? -1 :
		    seen[i].us, seen[i].left ? LAP_LEFT : LAP_DONE);
		if (seen[i].left)
			list[7 - i].total_us = seen[i].us;
	}
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 12), 8);
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 13), 31);
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 30), 31);
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 47), 54);
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 50), 92);
	assert_int_equal(ask(list, 8, TEMPO_FIRST, 73), 92);
	assert_true(ask(list, 8, TEMPO_FIRST, 75) == TEMPO_NEVER);
}

/* One that loses every race is not fast, however soon it has lost. */
static void
who_always_loses_is_not_fast(void **state)
{
	struct lap list[40];
	int i;

	(void)state;
	for (i = 0; i < 40; i++) {
		list[i] = lap_of(i, i < 20 ? 300 : -1, i < 20 ? LAP_DONE :
		    LAP_LEFT);
		list[i].key = i < 20 ? 2 : 1;
		list[i].total_us = i < 20 ? 400 : 5;
	}
	assert_true(ask(list, 40, TEMPO_FIRST, 50) == TEMPO_NEVER);
	assert_true(ask(list, 40, TEMPO_TOTAL, 50) == TEMPO_NEVER);
}

/* How many marks that came now would get a token, one after the other. */
static int
holds(struct lap *list, size_t n, uint64_t key)
{
	struct tempo tempo = { .list = list, .n = n };
	int count = 0;

	while (tempo_grants(&tempo, key, -1)) {
		list[tempo.n] = lap_of(0, -1, LAP_LATE);
		list[tempo.n].tokens = ++count;
		list[tempo.n++].key = key;
		assert_true(tempo_grants(&tempo, key, count));
	}
	return count;
}

static void
a_bucket_fills_and_is_emptied(void **state)
{
	struct lap list[500];
	size_t i;

	(void)state;
	for (i = 0; i < 500; i++)
		list[i] = lap_of((int64_t)i, 100, LAP_DONE);
	assert_int_equal(holds(list, 19, 1), 0);
	assert_int_equal(holds(list, 400, 2), 0);
	assert_int_equal(holds(list, 20, 1), 1);
	/* That mark took what was there; 20 more attempts fill another. */
	assert_int_equal(holds(list, 40, 1), 0);
	assert_int_equal(holds(list, 41, 1), 1);
	list[20] = list[41] = lap_of(0, 100, LAP_DONE);
	assert_int_equal(holds(list, 400, 1), TEMPO_BUCKET);
	/* A mark is no attempt. */
	assert_int_equal(tempo_count(&(struct tempo){ .list = list, .n = 402 },
	    &(struct tempo_query){ .key = 1 }).n, 400);
	/* The measuring command fills none. */
	for (i = 0; i < 500; i++)
		list[i].of = LAP_OF_SPEED;
	assert_int_equal(holds(list, 400, 1), 0);
}

/* Two that want the last token at once: the first in the file gets it. */
static void
no_token_is_given_twice(void **state)
{
	struct lap list[24];
	const struct tempo tempo = { .list = list, .n = 24 };
	size_t i;

	(void)state;
	for (i = 0; i < 24; i++)
		list[i] = lap_of((int64_t)i, 100, LAP_DONE);
	for (i = 21; i < 24; i++) {
		list[i].end = LAP_LATE;
		list[i].tokens = (int32_t)i;
	}
	assert_true(tempo_grants(&tempo, 1, 21));
	assert_false(tempo_grants(&tempo, 1, 22));
	assert_false(tempo_grants(&tempo, 1, 23));
	/* One that the disk did not take. */
	assert_false(tempo_grants(&tempo, 1, 99));
}

/* Rows of another model, another use, or from before do not count. */
static void
only_what_is_asked_for(void **state)
{
	struct lap list[] = { lap_of(10, 100, LAP_DONE),
	    lap_of(20, 200, LAP_DONE), lap_of(30, 300, LAP_DONE),
	    lap_of(40, 400, LAP_DONE) };
	const struct tempo tempo = { .list = list, .n = 4 };
	struct tempo_query query = { .key = 1, .what = TEMPO_FIRST,
	    .since_ms = 20 };

	(void)state;
	list[2].key = 2;
	list[3].of = LAP_OF_SPEED;
	assert_int_equal(tempo_quantile(&tempo, &query, 100), 200);
	assert_int_equal(tempo_count(&tempo, &query).n, 1);
	assert_int_equal(tempo_count(&tempo, &query).first_ms, 20);
	assert_int_equal(tempo_count(&tempo, &query).failed, 0);
	list[1].end = LAP_SLOW;
	assert_int_equal(tempo_count(&tempo, &query).failed, 1);
	list[1].end = LAP_DONE;
	query.of = LAP_OF_SPEED;
	assert_int_equal(tempo_quantile(&tempo, &query, 100), 400);
}

static void
old_rows_are_dropped_and_none_is_read_twice(void **state)
{
	char dir[] = "/tmp/recipe-tempo-XXXXXX", command[60];
	struct tempo tempo = TEMPO_INIT;
	struct lap list[400];
	struct laps laps;
	int i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	laps_open(&laps, dir);
	for (i = 0; i < 400; i++)
		list[i] = lap_of(i, i, LAP_DONE);
	for (i = 0; i < 400; i += 50)
		laps_write(&laps, &list[i], 50);
	tempo_read(&tempo, dir, 100);
	assert_int_equal(tempo.n, 300);
	laps_write(&laps, &list[399], 1);
	tempo_read(&tempo, dir, 390);
	assert_int_equal(tempo.n, 11);
	list[0] = lap_of(INT64_C(4000000000000), 1, LAP_DONE);
	laps_write(&laps, list, 1);
	tempo_read(&tempo, dir, 390);
	assert_int_equal(tempo.n, 11);
	tempo_read(&tempo, NULL, 399);
	assert_int_equal(tempo.n, 2);
	tempo_free(&tempo);
	laps_close(&laps);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles),
		cmocka_unit_test(only_the_newest),
		cmocka_unit_test(what_never_came),
		cmocka_unit_test(who_was_left_counts_until_then),
		cmocka_unit_test(who_always_loses_is_not_fast),
		cmocka_unit_test(a_bucket_fills_and_is_emptied),
		cmocka_unit_test(no_token_is_given_twice),
		cmocka_unit_test(only_what_is_asked_for),
		cmocka_unit_test(old_rows_are_dropped_and_none_is_read_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
