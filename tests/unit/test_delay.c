/*
 * delay: what is measured, and when nothing can be said.
 */
#include <unistd.h>

#include "base/delay.h"
#include "base/io.h"
#include "unit.h"

#define WAKES 20

static void
nothing_is_said_before_it_began(void **state)
{
	struct delay delay = DELAY_INIT;

	(void)state;
	assert_int_equal(delay_end(&delay, io_now_ms()), -1);
}

static void
it_takes_its_time_and_some_wakes(void **state)
{
	struct delay delay = DELAY_INIT;
	int64_t now = io_now_ms();
	int i;

	(void)state;
	if (access("/proc/self/schedstat", R_OK) == -1) {
		delay_begin(&delay, now);
		assert_int_equal(delay_end(&delay, now + DELAY_SPAN_MS), -1);
		return;
	}
	delay_begin(&delay, now);
	for (i = 0; i < WAKES; i++)
		usleep(1000);
	assert_int_equal(delay_end(&delay, now + DELAY_SPAN_MS - 1), -1);
	assert_true(delay_end(&delay, now + DELAY_SPAN_MS) >= 0);
	assert_int_equal(delay_end(&delay, now + DELAY_SPAN_MS), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_before_it_began),
		cmocka_unit_test(it_takes_its_time_and_some_wakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
