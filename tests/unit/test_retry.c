/*
 * test_retry: turns in an order of services, and when attempts are used up.
 */
#include "base/io.h"
#include "plan/plan.h"
#include "run/retry.h"
#include "setup/service.h"
#include "unit.h"

static const struct service services[3];

static struct plan_part
order_of(size_t n)
{
	struct plan_part plan = { .norder = n };
	size_t i;

	for (i = 0; i < n; i++)
		plan.order[i] = &services[i];
	return plan;
}

static void
each_has_its_turn_once(void **state)
{
	struct plan_part plan = order_of(3);
	struct retry retry = { .turn = 1 };

	(void)state;
	assert_true(retry_move_on(&retry, &plan));
	assert_int_equal(retry.turn, 2);
	/* After the last the first, which was passed over. */
	assert_true(retry_move_on(&retry, &plan));
	assert_int_equal(retry.turn, 0);
	assert_true(retry_has_given_up(&retry, 1));
	assert_true(retry_has_given_up(&retry, 2));
	assert_false(retry_has_given_up(&retry, 0));
	assert_false(retry_move_on(&retry, &plan));
	assert_true(retry_has_given_up(&retry, 0));
}

static void
who_is_given_up_is_passed_over(void **state)
{
	struct plan_part plan = order_of(3), alone = order_of(1);
	struct retry retry = { .turn = 0 };

	(void)state;
	retry_give_up(&retry, 1);
	assert_true(retry_move_on(&retry, &plan));
	assert_int_equal(retry.turn, 2);
	retry = (struct retry){ .turn = 0 };
	assert_false(retry_move_on(&retry, &alone));
}

/* What was learned of one service does not count for the next. */
static void
a_turn_begins_anew(void **state)
{
	struct plan_part plan = order_of(2);
	struct retry retry = { .turn = 0 };

	(void)state;
	retry.model = 1;
	retry_repeat(&retry, &plan);
	retry_without(&retry, 5, true);
	retry_wait(&retry, 60000);
	retry_charge_answer(&retry);
	retry_charge_unsent(&retry);
	assert_true(retry_move_on(&retry, &plan));
	assert_int_equal(retry.model, 0);
	assert_int_equal(retry.repeats, 0);
	assert_int_equal(retry.refused_params, 0);
	assert_int_equal(retry.refused_values, 0);
	assert_int_equal(retry.not_before_ms, 0);
	/* What is used up is the part's. */
	assert_int_equal(retry.answers, 1);
	assert_int_equal(retry.unsent, 1);
}

static void
models_of_a_service(void **state)
{
	struct service two = { .nmodels = 2 };
	struct retry retry = { .turn = 0 };

	(void)state;
	retry_wait(&retry, 60000);
	assert_true(retry_next_model(&retry, &two));
	assert_int_equal(retry.model, 1);
	assert_int_equal(retry.not_before_ms, 0);
	assert_false(retry_next_model(&retry, &two));
	assert_int_equal(retry.model, 1);
}

static void
waits_and_parameters(void **state)
{
	struct retry retry = { .turn = 0 };
	int64_t before_ms = io_now_ms();

	(void)state;
	retry_wait(&retry, 60000);
	assert_in_range(retry.not_before_ms, before_ms + 60000,
	    io_now_ms() + 60000);
	retry_without(&retry, 1, false);
	assert_int_equal(retry.not_before_ms, 0);
	retry_without(&retry, 4, true);
	assert_int_equal(retry.refused_params, 5);
	assert_int_equal(retry.refused_values, 4);
}

/* Those that follow have their attempts to come; the last has what is left. */
static void
shares(void **state)
{
	static const struct { size_t norder, turn; int most; } cases[] = {
		{ 1, 0, RETRY_ATTEMPTS_MAX }, { 2, 0, RETRY_ATTEMPTS_MAX / 2 },
		{ 2, 1, RETRY_ATTEMPTS_MAX }, { 3, 0, RETRY_ATTEMPTS_MAX / 3 },
		{ 3, 1, RETRY_ATTEMPTS_MAX / 3 },
		{ 3, 2, RETRY_ATTEMPTS_MAX },
	};
	struct plan_part plan;
	struct retry retry;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		plan = order_of(cases[i].norder);
		retry = (struct retry){ .turn = cases[i].turn };
		for (n = 1; n < cases[i].most; n++)
			assert_false(retry_repeat(&retry, &plan));
		assert_true(retry_repeat(&retry, &plan));
	}
}

static void
places(void **state)
{
	struct plan_part plan = order_of(2);

	(void)state;
	assert_int_equal(retry_place_of(&plan, &services[0]), 0);
	assert_int_equal(retry_place_of(&plan, &services[1]), 1);
	assert_int_equal(retry_place_of(&plan, &services[2]), 1);
}

static void
what_is_used_up(void **state)
{
	struct retry retry = { .turn = 0 };
	int n;

	(void)state;
	assert_false(retry_is_spent(&retry, RETRY_ATTEMPTS_MAX - 1));
	assert_true(retry_is_spent(&retry, RETRY_ATTEMPTS_MAX));
	/* One whose prompt was never sent has cost nothing. */
	retry_charge_unsent(&retry);
	assert_false(retry_is_spent(&retry, RETRY_ATTEMPTS_MAX));
	assert_true(retry_is_spent(&retry, RETRY_ATTEMPTS_MAX + 1));
	for (n = 1; n < RETRY_ANSWERS_MAX; n++)
		retry_charge_answer(&retry);
	assert_false(retry_is_spent(&retry, n));
	retry_charge_answer(&retry);
	assert_true(retry_is_spent(&retry, n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_its_turn_once),
		cmocka_unit_test(who_is_given_up_is_passed_over),
		cmocka_unit_test(a_turn_begins_anew),
		cmocka_unit_test(models_of_a_service),
		cmocka_unit_test(waits_and_parameters),
		cmocka_unit_test(shares),
		cmocka_unit_test(places),
		cmocka_unit_test(what_is_used_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
