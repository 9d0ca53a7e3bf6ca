/*
 * lack: who lacks a stage, and who is the first of them.
 */
#include "fixture_places.h"
#include "run/lack.h"

/* The ground of lack.c, on which other processes stand here. */
#define GROUND	"lack"

static void
is_seen_by_others_alone(void **state)
{
	struct player other = player_start(*state, GROUND);
	struct lack lack = LACK_INIT;
	struct places places;

	places_open(&places, *state);
	assert_false(lack_elsewhere(&places));
	assert_false(lack_is_first(&lack));
	lack_begin(&lack, &places);
	assert_true(lack_is_first(&lack));
	assert_false(lack_elsewhere(&places));
	assert_int_equal(player_do(&other, 'o', 0, 0), 1);
	lack_end(&lack);
	lack_end(&lack);
	assert_int_equal(player_do(&other, 'o', 0, 0), 0);
	places_close(&places);
	player_kill(&other);
}

/* The second becomes the first when that one has a stage, or has died. */
static void
one_is_the_first(void **state)
{
	struct player other = player_start(*state, GROUND);
	struct lack lack = LACK_INIT;
	struct places places;

	places_open(&places, *state);
	assert_int_equal(player_do(&other, 't', 0, 1), 1);
	lack_begin(&lack, &places);
	assert_true(lack_elsewhere(&places));
	assert_false(lack_is_first(&lack));
	player_kill(&other);
	lack_begin(&lack, &places);
	assert_true(lack_is_first(&lack));
	assert_false(lack_elsewhere(&places));
	lack_end(&lack);
	places_close(&places);
}

/* A run whose places nobody knows tells nobody. */
static void
does_without_places(void **state)
{
	struct lack lack = LACK_INIT;

	(void)state;
	lack_begin(&lack, NULL);
	assert_false(lack_is_first(&lack));
	lack_end(&lack);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_seen_by_others_alone,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(one_is_the_first,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test(does_without_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
