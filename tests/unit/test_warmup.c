/*
 * test_warmup: it works, time after time, and leaves no error for others.
 */
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "http/warmup.h"
#include "unit.h"

static void
nothing_stays(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_true(warmup_tls());
	assert_int_equal(ERR_peek_error(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
