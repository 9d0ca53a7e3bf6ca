/*
 * test_pickname: PICK.FIELD, composed and taken apart.
 */
#include "text/pickname.h"
#include "unit.h"

static void
there_and_back(void **state)
{
	static const char longest[] = "abcdefghijklmnopqrstuvwxyz-_0123";
	char name[PICKNAME_MAX];

	(void)state;
	pickname_write(name, "recipe", "intro");
	assert_string_equal(name, "recipe.intro");
	assert_string_equal(pickname_field(name, "recipe"), "intro");
	/* The longest that graph.c lets in. */
	assert_int_equal(strlen(longest), 32);
	pickname_write(name, longest, longest);
	assert_int_equal(strlen(name), 65);
	assert_string_equal(pickname_field(name, longest), longest);
}

static void
names_of_others(void **state)
{
	static const struct { const char *name, *pick, *want; } cases[] = {
		{ "recipes.intro", "recipe", NULL },
		{ "recip.intro", "recipe", NULL },
		{ "recipe", "recipe", NULL }, { "recip", "recipe", NULL },
		{ "recipe-intro", "recipe", NULL },
		{ "a.recipe.intro", "recipe", NULL },
		{ "", "recipe", NULL }, { "recipe.", "recipe", "" },
		{ "Recipe.intro", "recipe", NULL },
	};
	const char *field;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		field = pickname_field(cases[i].name, cases[i].pick);
		if (cases[i].want == NULL)
			assert_null(field);
		else
			assert_string_equal(field, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(names_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
