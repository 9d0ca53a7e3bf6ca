/*
 * test_ratelimit: what remains of a service's rate limits, and how long to
 * wait for more.
 */
#include "plan/ratelimit.h"
#include "setup/service.h"
#include "unit.h"

static const struct service a = { .id = NULL }, b = { .id = NULL };

static void
nobody_has_said(void **state)
{
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	ratelimit_spend(&ratelimit, &a, 1000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1000000, 0), 0);
}

static void
requests_run_out(void **state)
{
	const struct remaining remaining = { 2, 5000, -1, -1 };
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	ratelimit_note(&ratelimit, &a, &remaining, 100);
	ratelimit_spend(&ratelimit, &a, 10);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 100), 0);
	ratelimit_spend(&ratelimit, &a, 10);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 100), 5000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &b, 10, 100), 0);
	/* Time passes; then there are more. */
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 4100), 1000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 5100), 0);
	/* What is said later holds. */
	ratelimit_note(&ratelimit, &a, &remaining, 200);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 200), 0);
	assert_int_equal(ratelimit.n, 1);
}

static void
tokens_run_out(void **state)
{
	const struct remaining remaining = { 9, 60000, 1000, 7000 };
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	ratelimit_note(&ratelimit, &a, &remaining, 0);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1001, 0), 7000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1000, 0), 0);
	ratelimit_spend(&ratelimit, &a, 600);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 400, 0), 0);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 401, 0), 7000);
	ratelimit_spend(&ratelimit, &a, 600);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, 0), 7000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 0, 0), 0);
}

/* Without a time to wait for nothing is waited for. */
static void
no_reset(void **state)
{
	const struct remaining remaining = { 0, -1, 0, -1 };
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	ratelimit_note(&ratelimit, &a, &remaining, 0);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 10, 0), 0);
}

static void
more_services_than_lines(void **state)
{
	const struct remaining remaining = { 0, 1000, -1, -1 };
	static struct service many[RATELIMIT_SERVICES_MAX + 2];
	struct ratelimit ratelimit = { .n = 0 };
	size_t i;

	(void)state;
	/* Two that were heard of longest ago give way; one cools for long. */
	ratelimit_cool(&ratelimit, &many[0], 5000);
	for (i = 1; i < COUNT(many); i++)
		ratelimit_note(&ratelimit, &many[i], &remaining, (int64_t)i);
	for (i = 0; i < COUNT(many); i++)
		assert_int_equal(ratelimit_wait_ms(&ratelimit, &many[i], 1,
		    100), i == 0 ? 4900 : i < 3 ? 0 : 900 + (int)i);
}

static void
cools(void **state)
{
	const struct remaining remaining = { 5, 1000, -1, -1 };
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	ratelimit_cool(&ratelimit, &a, 300);
	ratelimit_cool(&ratelimit, &a, 200);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, 0), 300);
	/* What an earlier request was told does not end that. */
	ratelimit_note(&ratelimit, &a, &remaining, 100);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, 100), 200);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, 300), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cools),
		cmocka_unit_test(nobody_has_said),
		cmocka_unit_test(requests_run_out),
		cmocka_unit_test(tokens_run_out),
		cmocka_unit_test(no_reset),
		cmocka_unit_test(more_services_than_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
