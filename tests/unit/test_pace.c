/*
 * pace: what counts as first, as last and as the first chunk, and the rate.
 */
#include <math.h>

#include "model/pace.h"
#include "site/laps.h"
#include "unit.h"

static void
times_count_from_the_request(void **state)
{
	struct pace pace = PACE_INIT;

	(void)state;
	pace_hear(&pace, 5000, 10);
	pace_hear(&pace, 7000, 10);
	pace_show(&pace, 7000);
	pace_show(&pace, 9000);
	pace_hear(&pace, 9000, 20);
	pace_settle(&pace, 1000);
	assert_int_equal(pace.first_us, 4000);
	assert_int_equal(pace.text_us, 6000);
	assert_int_equal(pace.last_us, 8000);
	assert_int_equal(pace.chunks, 3);
	assert_int_equal(pace.heard, 40);
}

/* Of 40 tokens a quarter came first; 30 came in the 4 ms after that. */
static void
the_first_chunk_is_not_counted(void **state)
{
	struct pace pace = PACE_INIT;

	(void)state;
	pace_hear(&pace, 5000, 10);
	pace_hear(&pace, 7000, 10);
	pace_hear(&pace, 9000, 20);
	assert_true(fabs(pace_rate(&pace, 40) - 7500) < 1e-6);
}

/* Three events that left the connection together are one chunk. */
static void
what_comes_together_is_one_chunk(void **state)
{
	struct pace pace = PACE_INIT;

	(void)state;
	pace_hear(&pace, 5000, 10);
	pace_hear(&pace, 5000, 10);
	pace_hear(&pace, 5000, 10);
	assert_int_equal(pace.head, 30);
	assert_true(pace_rate(&pace, 30) == 0);
	pace_hear(&pace, 6000, 10);
	assert_true(fabs(pace_rate(&pace, 40) - 10000) < 1e-6);
}

/* What a pace does not know stays as the row has it; 32 bits are bounded. */
static void
as_a_row(void **state)
{
	struct pace pace = PACE_INIT;
	struct lap lap = LAP_INIT;

	(void)state;
	lap.total_us = 7;
	pace_put(&pace, -1, &lap);
	assert_int_equal(lap.first_us, -1);
	assert_int_equal(lap.total_us, 7);
	assert_int_equal(lap.tokens, -1);
	assert_int_equal(lap.rate_milli, 0);
	pace_hear(&pace, 1000, 10);
	pace_show(&pace, INT64_C(1) << 40);
	pace_hear(&pace, 3000, 10);
	pace_settle(&pace, 500);
	pace_put(&pace, 40, &lap);
	assert_int_equal(lap.first_us, 500);
	assert_int_equal(lap.text_us, INT32_MAX);
	assert_int_equal(lap.total_us, 2500);
	assert_int_equal(lap.tokens, 40);
	assert_int_equal(lap.rate_milli, 10000000);
}

static void
nothing_is_known_of_nothing(void **state)
{
	struct pace none = PACE_INIT, unsent = PACE_INIT, early = PACE_INIT;

	(void)state;
	pace_settle(&none, 1000);
	assert_int_equal(none.first_us, -1);
	assert_int_equal(none.text_us, -1);
	assert_true(pace_rate(&none, 10) == 0);
	assert_true(pace_connect_ms(&none) < 0);
	pace_hear(&unsent, 5000, 1);
	pace_settle(&unsent, 0);
	assert_int_equal(unsent.first_us, -1);
	pace_hear(&early, 5000, 1);
	pace_settle(&early, 6000);
	assert_int_equal(early.first_us, 0);
	early.dns_us = 1000;
	early.tcp_us = 2000;
	early.tls_us = 3000;
	assert_true(fabs(pace_connect_ms(&early) - 6) < 1e-9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_count_from_the_request),
		cmocka_unit_test(the_first_chunk_is_not_counted),
		cmocka_unit_test(what_comes_together_is_one_chunk),
		cmocka_unit_test(as_a_row),
		cmocka_unit_test(nothing_is_known_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
