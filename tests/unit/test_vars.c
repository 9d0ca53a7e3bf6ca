/*
 * test_vars: names and their text.
 */
#include "base/vars.h"
#include "unit.h"

static void
set_and_get(void **state)
{
	struct vars vars = VARS_INIT;
	const struct var *var;

	(void)state;
	assert_null(vars_get(&vars, "a"));
	assert_int_equal(vars_set(&vars, "a", "one", 3), 0);
	assert_int_equal(vars_set(&vars, "recipe.name", "", 0), 0);
	var = vars_get(&vars, "a");
	assert_non_null(var);
	assert_string_equal(var->text, "one");
	assert_int_equal(var->len, 3);
	var = vars_get(&vars, "recipe.name");
	assert_non_null(var);
	assert_string_equal(var->text, "");
	assert_null(vars_get(&vars, "recipe"));
	assert_null(vars_get(&vars, ""));
	assert_int_equal(vars.n, 2);
	vars_free(&vars);
}

static void
set_again_replaces(void **state)
{
	struct vars vars = VARS_INIT;

	(void)state;
	vars_set(&vars, "a", "one", 3);
	vars_set(&vars, "b", "two", 3);
	assert_int_equal(vars_set(&vars, "a", "longer than before", 18), 0);
	assert_int_equal(vars.n, 2);
	assert_string_equal(vars_get(&vars, "a")->text, "longer than before");
	assert_int_equal(vars_get(&vars, "a")->len, 18);
	assert_string_equal(vars_get(&vars, "b")->text, "two");
	vars_free(&vars);
}

/* Only the first len bytes, and no NUL need follow them. */
static void
copies_what_it_is_given(void **state)
{
	struct vars vars = VARS_INIT;
	char name[] = "name", text[] = { 'a', 'b', 'c' };

	(void)state;
	vars_set(&vars, name, text, 2);
	memset(name, 'x', 4);
	memset(text, 'x', 3);
	assert_string_equal(vars_get(&vars, "name")->text, "ab");
	vars_free(&vars);
}

static void
value_out_of_its_own_text(void **state)
{
	struct vars vars = VARS_INIT;

	(void)state;
	vars_set(&vars, "a", "abcdef", 6);
	assert_int_equal(vars_set(&vars, "a", vars_get(&vars, "a")->text + 2,
	    3), 0);
	assert_string_equal(vars_get(&vars, "a")->text, "cde");
	vars_free(&vars);
}

static void
many(void **state)
{
	struct vars vars = VARS_INIT;
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		assert_int_equal(vars_set(&vars, name, name, strlen(name)), 0);
	}
	assert_int_equal(vars.n, 100);
	assert_string_equal(vars_get(&vars, "v99")->text, "v99");
	assert_string_equal(vars_get(&vars, "v9")->text, "v9");
	vars_free(&vars);
	assert_int_equal(vars.n, 0);
	assert_null(vars_get(&vars, "v9"));
	vars_free(&vars);
	vars_set(&vars, "again", "", 0);
	vars_free(&vars);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_and_get),
		cmocka_unit_test(set_again_replaces),
		cmocka_unit_test(copies_what_it_is_given),
		cmocka_unit_test(value_out_of_its_own_text),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
