/*
 * turn: who joins the queue of the site's runs, and who is sent away without a
 * number in it.
 */
#include "fixture_places.h"
#include "run/turn.h"
#include "setup/config.h"

static bool
has_stage(void *arg, bool may_fork)
{
	(void)arg, (void)may_fork;
	return true;
}

static void
say_nothing(void *arg, int ahead)
{
	(void)arg, (void)ahead;
}

static const struct waiter waiter = { has_stage, say_nothing, NULL };

/* One player holds the only place, and as many as `waiting` wait. */
static void
fill(struct player p[], size_t waiting, const char *dir)
{
	size_t i;

	players_start(p, waiting + 1, dir);
	assert_int_equal(player_take(&p[0], 1), 1);
	for (i = 1; i <= waiting; i++)
		assert_int_equal(player_take(&p[i], 1), 0);
}

static void
who_is_sent_away_takes_no_number(void **state)
{
	const struct limits limits = { .max_runs = 1, .max_waiting = 2 };
	struct turn turn = TURN_INIT;
	struct places places;
	struct player p[4];

	fill(p, 2, *state);
	p[3] = player_start(*state, "runs");
	places_open(&places, *state);
	assert_false(turn_peek(&turn, &places, &limits));
	assert_false(turn.place.waits);
	assert_false(turn_may_begin(&turn, &waiter));
	assert_false(turn.place.waits);
	assert_int_equal(player_do(&p[3], 'W', 0, 9), 2);
	assert_true(turn_is_hopeless(&turn, &waiter));
	assert_int_equal(player_do(&p[3], 'W', 0, 9), 2);
	/* One leaves, and there is room. */
	player_give(&p[1]);
	assert_false(turn_may_begin(&turn, &waiter));
	assert_true(turn.place.waits);
	assert_false(turn_is_hopeless(&turn, &waiter));
	assert_int_equal(player_do(&p[3], 'W', 0, 9), 2);
	turn_give(&turn);
	places_close(&places);
	players_end(p, 4);
}

static void
nobody_waits_if_nobody_may(void **state)
{
	const struct limits limits = { .max_runs = 1, .max_waiting = 0 };
	struct turn turn = TURN_INIT;
	struct places places;
	struct player p[1];

	fill(p, 0, *state);
	places_open(&places, *state);
	assert_false(turn_peek(&turn, &places, &limits));
	assert_false(turn_may_begin(&turn, &waiter));
	assert_true(turn_is_hopeless(&turn, &waiter));
	player_give(&p[0]);
	assert_true(turn_may_begin(&turn, &waiter));
	turn_give(&turn);
	places_close(&places);
	players_end(p, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_is_sent_away_takes_no_number),
		TEST(nobody_waits_if_nobody_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
