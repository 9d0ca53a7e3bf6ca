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

/* Sends one each `ms`, of which the service refuses all but the first n. */
static int64_t
send_many(struct ratelimit *r, int64_t from_ms, int64_t ms, int sent, int n)
{
	const struct remaining unsaid = REMAINING_INIT;
	int i;

	for (i = 0; i < sent; i++, from_ms += ms) {
		ratelimit_send(r, &a, 1, from_ms);
		if (i < n)
			ratelimit_note(r, &a, &unsaid, from_ms);
		else
			ratelimit_refused(r, &a, from_ms);
	}
	return from_ms;
}

static void
learns_a_pace(void **state)
{
	const struct remaining none = { 0, 60000, -1, -1 };
	struct ratelimit ratelimit = { .paces = true }, other = { .n = 0 };
	int64_t now, i;

	(void)state;
	/* 20 in two seconds, then a refusal: ten a second. */
	now = send_many(&ratelimit, 1000, 100, 21, 20);
	ratelimit_send(&ratelimit, &a, 1, now);
	ratelimit_send(&ratelimit, &a, 1, now);
	assert_in_range(ratelimit_wait_ms(&ratelimit, &a, 1, now), 90, 110);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &b, 1, now), 0);
	/* That nothing remains, until a reset far away, is no reason to wait. */
	ratelimit_note(&ratelimit, &a, &none, now);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, now + 110), 0);
	/* A cool-down is. */
	ratelimit_cool(&ratelimit, &a, now + 5000);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, now + 1000),
	    4000);
	/* It is tried whether more is allowed by now: up to twice as much. */
	for (now += 200000, i = 0; i < 3; i++)
		ratelimit_send(&ratelimit, &a, 1, now);
	assert_in_range(ratelimit_wait_ms(&ratelimit, &a, 1, now), 45, 60);

	/* A run that a visitor waits for learns nothing. */
	now = send_many(&other, 1000, 100, 21, 20);
	assert_int_equal(ratelimit_wait_ms(&other, &a, 1, now), 0);
	ratelimit_note(&other, &a, &none, now);
	assert_int_equal(ratelimit_wait_ms(&other, &a, 1, now), 60000);
}

static void
too_little_to_learn_from(void **state)
{
	struct ratelimit ratelimit = { .paces = true };
	int64_t now;

	(void)state;
	now = send_many(&ratelimit, 1000, 100, 5, 4);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, now), 0);
	now = send_many(&ratelimit, 1000, 1000, 4, 3);
	assert_int_equal(ratelimit_wait_ms(&ratelimit, &a, 1, now), 0);
}

static void
refusals_in_a_row(void **state)
{
	const struct remaining unsaid = REMAINING_INIT;
	struct ratelimit ratelimit = { .n = 0 };

	(void)state;
	assert_int_equal(ratelimit_refused(&ratelimit, &a, 100), 1);
	ratelimit_cool(&ratelimit, &a, 200);
	/* It was sent before the first of them was refused. */
	assert_int_equal(ratelimit_refused(&ratelimit, &a, 150), 1);
	assert_int_equal(ratelimit_refused(&ratelimit, &a, 200), 2);
	ratelimit_note(&ratelimit, &a, &unsaid, 300);
	assert_int_equal(ratelimit_refused(&ratelimit, &a, 400), 1);
	/* One was accepted while it cools. */
	ratelimit_cool(&ratelimit, &a, 900);
	ratelimit_note(&ratelimit, &a, &unsaid, 500);
	assert_int_equal(ratelimit_refused(&ratelimit, &a, 600), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cools),
		cmocka_unit_test(learns_a_pace),
		cmocka_unit_test(too_little_to_learn_from),
		cmocka_unit_test(refusals_in_a_row),
		cmocka_unit_test(nobody_has_said),
		cmocka_unit_test(requests_run_out),
		cmocka_unit_test(tokens_run_out),
		cmocka_unit_test(no_reset),
		cmocka_unit_test(more_services_than_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
