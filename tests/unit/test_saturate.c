/*
 * test_saturate: sums and products at the edge of what a number can hold.
 */
#include "base/saturate.h"
#include "unit.h"

static void
sums(void **state)
{
	int64_t sum = INT64_MAX - 1;

	(void)state;
	assert_int_equal(saturate_add(2, 3), 5);
	assert_int_equal(saturate_add(-2, 3), 1);
	assert_int_equal(saturate_add(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(saturate_add(1, INT64_MAX), INT64_MAX);
	assert_int_equal(saturate_add(INT64_MIN, -1), INT64_MIN);
	assert_int_equal(saturate_add(INT64_MAX, INT64_MIN), -1);
	saturate_to(&sum, 1);
	assert_int_equal(sum, INT64_MAX);
	saturate_to(&sum, 7);
	assert_int_equal(sum, INT64_MAX);
	saturate_to(&sum, -7);
	assert_int_equal(sum, INT64_MAX - 7);
}

static void
products(void **state)
{
	const int64_t big = INT64_C(1) << 62;

	(void)state;
	assert_int_equal(saturate_multiply(7, 8), 56);
	assert_int_equal(saturate_multiply(-7, 8), -56);
	assert_int_equal(saturate_multiply(0, INT64_MIN), 0);
	assert_int_equal(saturate_multiply(big, 2), INT64_MAX);
	assert_int_equal(saturate_multiply(big, -4), INT64_MIN);
	assert_int_equal(saturate_multiply(-big, -4), INT64_MAX);
	assert_int_equal(saturate_multiply(INT64_MIN, -1), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums),
		cmocka_unit_test(products),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
