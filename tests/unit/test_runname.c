/*
 * test_runname: the key that a client gives its run, and the id made of it.
 */
#include "base/err.h"
#include "plan/runname.h"
#include "unit.h"

static void
keys(void **state)
{
	static const char *const same[] = {
		"0b7c2f1e-8d0a-4a52-9c3b-6f1d2e3a4b5c",
		"0B7C2F1E-8D0A-4A52-9C3B-6F1D2E3A4B5C",
		"\"0b7c2f1e-8d0a-4a52-9c3b-6f1d2e3a4b5c\"",
		"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5c",
		"\"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5c\"",
	};
	struct err err = ERR_INIT;
	struct runname name, first;
	size_t i;

	(void)state;
	assert_int_equal(runname_read(&first, same[0], &err), 0);
	assert_string_equal(first.key, "0b7c2f1e8d0a4a529c3b6f1d2e3a4b5c");
	assert_true(runname_is_id(first.id, strlen(first.id)));
	assert_string_not_equal(first.id, first.key);
	for (i = 1; i < COUNT(same); i++) {
		assert_int_equal(runname_read(&name, same[i], &err), 0);
		assert_string_equal(name.id, first.id);
	}
	assert_int_equal(runname_read(&name,
	    "0b7c2f1e8d0a4a529c3b6f1d2e3a4b5d", &err), 0);
	assert_string_not_equal(name.id, first.id);
}

static void
no_keys(void **state)
{
	static const char *const bad[] = { "", "\"\"", "x", "\"",
		"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5",
		"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5cc",
		"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5g",
		"0b7c2f1e-8d0a-4a52-9c3b6f1d-2e3a4b5c",
		"0b7c2f1e-8d0a-4a52-9c3b-6f1d2e3a4b5-",
		"\"0b7c2f1e8d0a4a529c3b6f1d2e3a4b5c", };
	struct runname name;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		err = (struct err)ERR_INIT;
		assert_int_equal(runname_read(&name, bad[i], &err), -1);
		assert_int_equal(err.status, 400);
		assert_string_equal(err.code, "bad_key");
		assert_false(runname_is_given(&name));
	}
	assert_false(runname_is_id("0B7C2F1E8D0A4A529C3B6F1D2E3A4B5C", 32));
	assert_false(runname_is_id("0b7c2f1e8d0a4a529c3b6f1d2e3a4b5\0", 32));
	assert_false(runname_is_id("../../0a4a529c3b6f1d2e3a4b5c0000", 32));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
