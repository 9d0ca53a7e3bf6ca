/*
 * places: that no more are held than there are, in what order those who wait
 * get them, and what a process that dies gives back.
 */
#include "fixture_places.h"

static void
no_more_than_there_are(void **state)
{
	struct player p[4];

	players_start(p, 4, *state);
	assert_int_equal(player_take(&p[0], 2), 1);
	assert_int_equal(player_take(&p[0], 2), 1);
	assert_int_equal(player_take(&p[1], 2), 1);
	assert_int_equal(player_take(&p[2], 2), 0);
	assert_int_equal(player_do(&p[3], 'n', 0, 0), 2);
	player_give(&p[0]);
	player_give(&p[0]);
	assert_int_equal(player_do(&p[3], 'n', 0, 0), 1);
	assert_int_equal(player_take(&p[2], 2), 1);
	assert_int_equal(player_take(&p[3], 2), 0);
	players_end(p, 4);
}

/* The one that has waited longest is served, in whatever order they ask. */
static void
in_the_order_of_arrival(void **state)
{
	enum { N = 24 };
	struct player p[N], holder = player_start(*state, "runs"),
	    late = player_start(*state, "runs");
	const struct player *has = &holder;
	size_t i, k;

	players_start(p, N, *state);
	assert_int_equal(player_take(&holder, 1), 1);
	for (i = 0; i < N; i++) {
		assert_int_equal(player_take(&p[i], 1), 0);
		assert_int_equal(player_do(&p[i], 'a', 0, 0), i);
	}
	for (i = 0; i < N; i++) {
		player_give(has);
		/* One that comes now is the last, and does not stay. */
		assert_int_equal(player_take(&late, 1), 0);
		assert_int_equal(player_do(&late, 'a', 0, 0), N - i);
		player_give(&late);
		for (k = N - 1; k > i; k--)
			assert_int_equal(player_take(&p[k], 1), 0);
		assert_int_equal(player_take(&p[i], 1), 1);
		has = &p[i];
	}
	players_end(p, N);
	players_end(&holder, 1);
	players_end(&late, 1);
}

/* Nearer to the front they are counted one by one, and ask more often. */
static void
who_has_left_counts_far_from_the_front(void **state)
{
	enum { N = 30, LEAVE_FROM = 5, LEAVE_TO = 25 };
	struct player p[N], holder = player_start(*state, "runs"),
	    late = player_start(*state, "runs");
	size_t i;

	players_start(p, N, *state);
	assert_int_equal(player_take(&holder, 1), 1);
	for (i = 0; i < N; i++)
		assert_int_equal(player_take(&p[i], 1), 0);
	assert_int_equal(player_do(&p[0], 'l', 0, 0), PLACES_NEAR_MS);
	assert_int_equal(player_do(&p[4], 'l', 0, 0), PLACES_LOOK_MS);
	players_end(p + LEAVE_FROM, LEAVE_TO - LEAVE_FROM);
	assert_int_equal(player_take(&late, 1), 0);
	assert_int_equal(player_do(&late, 'a', 0, 0), N);
	assert_int_equal(player_do(&late, 'A', 0, 0),
	    N - (LEAVE_TO - LEAVE_FROM));
	assert_int_equal(player_do(&late, 'l', 0, 0),
	    N * PLACES_NEAR_MS / 2);
	players_end(p, LEAVE_FROM);
	player_give(&late);
	assert_int_equal(player_take(&late, 1), 0);
	assert_int_equal(player_do(&late, 'a', 0, 0), N - LEAVE_TO);
	assert_int_equal(player_do(&late, 'l', 0, 0), PLACES_LOOK_MS);
	/* Whoever is first asks soon, for whoever comes later waits for it. */
	assert_int_equal(player_take(&p[LEAVE_TO], 1), 0);
	assert_int_equal(player_do(&p[LEAVE_TO], 'l', 0, 0), PLACES_NEAR_MS);
	player_give(&holder);
	assert_int_equal(player_take(&late, 1), 0);
	assert_int_equal(player_take(&p[LEAVE_TO], 1), 1);
	assert_int_equal(player_do(&p[LEAVE_TO], 'l', 0, 0), PLACES_LOOK_MS);
	players_end(p + LEAVE_TO, N - LEAVE_TO);
	players_end(&holder, 1);
	players_end(&late, 1);
}

/* Who only tries takes no number, and overtakes nobody. */
static void
who_tries_does_not_join(void **state)
{
	struct player p[4];
	int n;

	players_start(p, 4, *state);
	assert_int_equal(player_do(&p[0], 'y', 0, 1), 1);
	assert_int_equal(player_do(&p[0], 'y', 0, 1), 1);
	assert_int_equal(player_do(&p[3], 'W', 0, 9), 0);
	assert_int_equal(player_take(&p[1], 1), 0);
	for (n = 0; n < 40; n++)
		assert_int_equal(player_do(&p[3], 'y', 0, 1), 0);
	assert_int_equal(player_take(&p[2], 1), 0);
	assert_int_equal(player_do(&p[2], 'a', 0, 0), 1);
	assert_int_equal(player_do(&p[2], 'l', 0, 0), PLACES_NEAR_MS);
	assert_int_equal(player_do(&p[3], 'W', 0, 9), 2);
	assert_int_equal(player_do(&p[3], 'W', 0, 1), 1);
	assert_int_equal(player_do(&p[1], 'W', 0, 9), 2);
	player_give(&p[0]);
	assert_int_equal(player_do(&p[3], 'y', 0, 1), 0);
	assert_int_equal(player_take(&p[1], 1), 1);
	players_end(p, 4);
}

/* A process that waits for several places does not look sooner for that. */
static void
two_of_one_process_look_seldom(void **state)
{
	enum { N = 12 };
	struct player p[N], two = player_start(*state, "runs");
	size_t i;

	players_start(p, N, *state);
	assert_int_equal(player_do(&p[0], 'T', 1, 1), 1);
	for (i = 1; i < N; i++)
		assert_int_equal(player_take(&p[i], 1), 0);
	assert_int_equal(player_do(&two, 'T', 2, 1), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(player_do(&two, 't', i, 1), 0);
		assert_int_equal(player_do(&two, 'l', i, 1),
		    (N - 1 + (int)i) * PLACES_NEAR_MS / 2);
	}
	players_end(p, N);
	players_end(&two, 1);
}

/* Even if there is a place for each: the first in the queue goes first. */
static void
nobody_overtakes_at_free_places(void **state)
{
	struct player p[4];

	players_start(p, 4, *state);
	assert_int_equal(player_do(&p[0], 'T', 3, 3), 3);
	assert_int_equal(player_take(&p[1], 3), 0);
	assert_int_equal(player_take(&p[2], 3), 0);
	player_do(&p[0], 'G', 3, 0);
	assert_int_equal(player_take(&p[3], 3), 0);
	assert_int_equal(player_take(&p[2], 3), 0);
	assert_int_equal(player_take(&p[1], 3), 1);
	assert_int_equal(player_take(&p[3], 3), 0);
	assert_int_equal(player_take(&p[2], 3), 1);
	assert_int_equal(player_take(&p[3], 3), 1);
	/* The queue is empty: numbers begin anew, and nobody is before. */
	assert_int_equal(player_take(&p[0], 3), 0);
	assert_int_equal(player_do(&p[0], 'a', 0, 0), 0);
	players_end(p, 4);
}

/* Of several that come at the same moment, each has a number of its own. */
static void
together_into_the_queue(void **state)
{
	enum { N = 4, ROUNDS = 100 };
	struct player p[N], last = player_start(*state, "runs");
	int round, i;

	players_start(p, N, *state);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < N; i++)
			player_begin(&p[i], 'q', 0,
			    (size_t)io_now_ms() / 4 * 4 + 8);
		for (i = 0; i < N; i++)
			assert_int_equal(player_result(&p[i]), 0);
		assert_int_equal(player_take(&last, 0), 0);
		assert_int_equal(player_do(&last, 'a', 0, 0), N);
		for (i = 0; i < N; i++)
			player_give(&p[i]);
		player_give(&last);
	}
	players_end(p, N);
	players_end(&last, 1);
}

static void
who_waits_may_leave(void **state)
{
	struct player p[3];

	players_start(p, 3, *state);
	assert_int_equal(player_take(&p[0], 1), 1);
	assert_int_equal(player_take(&p[1], 1), 0);
	assert_int_equal(player_take(&p[2], 1), 0);
	player_give(&p[1]);
	player_give(&p[1]);
	player_give(&p[0]);
	assert_int_equal(player_take(&p[2], 1), 1);
	players_end(p, 3);
}

static void
the_dead_hold_nothing(void **state)
{
	struct player p[4];

	players_start(p, 4, *state);
	assert_int_equal(player_take(&p[0], 1), 1);
	assert_int_equal(player_take(&p[1], 1), 0);
	assert_int_equal(player_take(&p[2], 1), 0);
	player_do(&p[0], 'm', 0, 0);
	assert_int_equal(player_do(&p[3], 'w', 0, 0), 1);
	player_kill(&p[1]);
	assert_int_equal(player_take(&p[2], 1), 0);
	player_kill(&p[0]);
	assert_int_equal(player_take_soon(&p[2], 1), 1);
	assert_int_equal(player_do(&p[3], 'w', 0, 0), 0);
	player_kill(&p[2]);
	assert_int_equal(player_take_soon(&p[3], 1), 1);
	players_end(&p[3], 1);
}

/* Six stages of one run; locks alone would grant every one of them. */
static void
within_one_process(void **state)
{
	struct player p[2];
	size_t i;

	players_start(p, 2, *state);
	for (i = 0; i < 6; i++)
		assert_int_equal(player_do(&p[0], 't', i, 6), 1);
	assert_int_equal(player_do(&p[0], 'n', 0, 0), 6);
	assert_int_equal(player_do(&p[0], 't', 6, 6), 0);
	assert_int_equal(player_do(&p[0], 't', 7, 6), 0);
	assert_int_equal(player_do(&p[0], 'a', 7, 0), 1);
	assert_int_equal(player_take(&p[1], 6), 0);
	assert_int_equal(player_do(&p[1], 'a', 0, 0), 2);
	player_do(&p[0], 'g', 3, 0);
	assert_int_equal(player_do(&p[0], 't', 7, 6), 0);
	assert_int_equal(player_do(&p[0], 't', 3, 6), 0);
	assert_int_equal(player_do(&p[0], 't', 6, 6), 1);
	player_do(&p[0], 'g', 0, 0);
	assert_int_equal(player_do(&p[0], 't', 7, 6), 1);
	player_do(&p[0], 'g', 1, 0);
	assert_int_equal(player_do(&p[0], 't', 3, 6), 0);
	assert_int_equal(player_take(&p[1], 6), 1);
	assert_int_equal(player_do(&p[0], 'n', 0, 0), 6);
	players_end(p, 2);
}

static void
many_at_once(void **state)
{
	struct player p[3];

	players_start(p, 3, *state);
	assert_int_equal(player_do(&p[0], 'T', 6, 8), 6);
	assert_int_equal(player_do(&p[1], 'n', 0, 0), 6);
	/* Two are free: two of four have one, and two wait. */
	assert_int_equal(player_do(&p[1], 'T', 4, 8), 2);
	assert_int_equal(player_do(&p[1], 'a', 3, 0), 1);
	assert_int_equal(player_take(&p[2], 8), 0);
	assert_int_equal(player_do(&p[2], 'a', 0, 0), 2);
	/* Gives back what it holds and leaves the queue. */
	player_do(&p[1], 'G', 4, 0);
	assert_int_equal(player_take(&p[2], 8), 1);
	assert_int_equal(player_do(&p[2], 'n', 0, 0), 7);
	/* Some of what it has, and the rest stays. */
	player_do(&p[0], 'G', 3, 0);
	assert_int_equal(player_do(&p[2], 'n', 0, 0), 4);
	assert_int_equal(player_do(&p[0], 'n', 0, 0), 4);
	player_do(&p[0], 'g', 4, 0);
	player_do(&p[0], 't', 0, 8);
	player_do(&p[0], 't', 1, 8);
	player_do(&p[0], 'm', 0, 0);
	player_do(&p[0], 'm', 3, 0);
	player_do(&p[0], 'G', 2, 0);
	assert_int_equal(player_do(&p[2], 'n', 0, 0), 3);
	assert_int_equal(player_do(&p[2], 'w', 0, 0), 1);
	players_end(p, 3);
}

/* What is between the places that are given back stays. */
static void
some_of_several(void **state)
{
	struct player p[2];

	players_start(p, 2, *state);
	assert_int_equal(player_do(&p[0], 't', 0, 1), 1);
	assert_int_equal(player_do(&p[0], 't', 2, 2), 1);
	assert_int_equal(player_do(&p[0], 't', 1, 3), 1);
	player_do(&p[0], 'm', 0, 0);
	player_do(&p[0], 'm', 2, 0);
	assert_int_equal(player_do(&p[1], 'w', 0, 0), 2);
	player_do(&p[0], 'G', 2, 0);
	assert_int_equal(player_do(&p[1], 'n', 0, 0), 1);
	assert_int_equal(player_do(&p[1], 'w', 0, 0), 1);
	assert_int_equal(player_do(&p[0], 'n', 0, 0), 1);
	player_do(&p[0], 'G', 3, 0);
	assert_int_equal(player_do(&p[1], 'o', 0, 0), 0);
	players_end(p, 2);
}

/* Those above a smaller limit stay where they are, and count. */
static void
the_limit_shrinks_and_grows(void **state)
{
	struct player p[3];
	size_t i;

	players_start(p, 3, *state);
	assert_int_equal(player_do(&p[0], 'T', 6, 6), 6);
	for (i = 0; i < 5; i++) {
		assert_int_equal(player_take(&p[1], 2), 0);
		player_do(&p[0], 'g', i, 0);
	}
	/* One is left, and there are two places: where it is does not count. */
	assert_int_equal(player_do(&p[2], 'n', 0, 0), 1);
	assert_int_equal(player_take(&p[1], 2), 1);
	assert_int_equal(player_take(&p[2], 2), 0);
	assert_int_equal(player_do(&p[0], 't', 0, 2), 0);
	assert_int_equal(player_take(&p[2], 3), 1);
	assert_int_equal(player_do(&p[0], 't', 0, 4), 1);
	assert_int_equal(player_do(&p[0], 't', 1, 4), 0);
	assert_int_equal(player_do(&p[0], 't', 1, 0), 0);
	assert_int_equal(player_do(&p[0], 't', 1, SIZE_MAX), 1);
	players_end(p, 3);
}

static void
marks_and_others(void **state)
{
	struct player p[2], elsewhere = player_start(*state, "http://a:1");

	players_start(p, 2, *state);
	assert_int_equal(player_do(&p[0], 'T', 3, 4), 3);
	player_do(&p[0], 'm', 0, 0);
	player_do(&p[0], 'm', 0, 0);
	player_do(&p[0], 'm', 1, 0);
	/* One that has no place cannot be marked. */
	player_do(&p[1], 'm', 0, 0);
	assert_int_equal(player_do(&p[0], 'w', 0, 0), 2);
	assert_int_equal(player_do(&p[1], 'w', 0, 0), 2);
	assert_int_equal(player_do(&p[0], 'o', 0, 0), 0);
	assert_int_equal(player_do(&p[1], 'o', 0, 0), 1);
	assert_int_equal(player_take(&p[1], 4), 1);
	assert_int_equal(player_do(&p[0], 'o', 0, 0), 1);
	player_do(&p[0], 'g', 0, 0);
	assert_int_equal(player_do(&p[0], 'w', 0, 0), 1);
	assert_int_equal(player_do(&p[1], 'w', 0, 0), 1);
	/* Another ground knows nothing of that. */
	assert_int_equal(player_do(&elsewhere, 'o', 0, 0), 0);
	assert_int_equal(player_do(&elsewhere, 'n', 0, 0), 0);
	assert_int_equal(player_do(&elsewhere, 'T', 4, 4), 4);
	player_do(&p[0], 'G', 3, 0);
	assert_int_equal(player_do(&p[1], 'w', 0, 0), 0);
	assert_int_equal(player_do(&p[1], 'o', 0, 0), 0);
	players_end(p, 2);
	players_end(&elsewhere, 1);
}

/* What its parent holds is not a child's, whatever the child does with it. */
static void
a_child_begins_with_nothing(void **state)
{
	struct place held = PLACE_OF(places_ground("runs")), own = held;
	struct places places;
	int status;
	pid_t pid;

	places_open(&places, *state);
	assert_int_equal(places_take(&places, &held, 2), 1);
	if ((pid = fork()) == 0) {
		places_forget(&places);
		if (places_take(&places, &own, 2) != 1 ||
		    places_taken(&places, own.ground) != 2)
			_exit(1);
		places_give(&places, &held);
		if (held.held || places_taken(&places, own.ground) != 2)
			_exit(2);
		held.held = true;
		if (places_take(&places, &held, 2) != 0)
			_exit(3);
		places_close(&places);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(places_take(&places, &own, 1), 0);
	places_close(&places);
	assert_false(held.held || own.waits);
}

static void
grounds(void **state)
{
	(void)state;
	assert_true(places_ground("http://a:1") != places_ground("http://a:2"));
	assert_true(places_ground("runs") == places_ground("runs"));
	assert_true(places_ground("runs") < (uint64_t)1 << 40);
	assert_true(places_ground("runs") > (uint64_t)1 << 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_more_than_there_are),
		TEST(in_the_order_of_arrival),
		TEST(who_has_left_counts_far_from_the_front),
		TEST(two_of_one_process_look_seldom),
		TEST(who_tries_does_not_join),
		TEST(nobody_overtakes_at_free_places),
		TEST(together_into_the_queue),
		TEST(who_waits_may_leave),
		TEST(the_dead_hold_nothing),
		TEST(within_one_process),
		TEST(many_at_once),
		TEST(some_of_several),
		TEST(the_limit_shrinks_and_grows),
		TEST(marks_and_others),
		TEST(a_child_begins_with_nothing),
		cmocka_unit_test(grounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
