/*
 * test_seat: how many requests a server over http is sent at once, and what is
 * learned of it.
 */
#include <sys/wait.h>

#include "fixture_world.h"
#include "run/seat.h"

static const char homes[] = "{\"services\": {"
    "\"one\": {\"base_url\": \"http://h:1/v1\", \"model\": \"m\"},"
    "\"two\": {\"base_url\": \"http://H:1\", \"model\": \"n\"},"
    "\"three\": {\"base_url\": \"http://h:2\", \"model\": \"m\","
    " \"parallel\": 3},"
    "\"far\": {\"base_url\": \"https://h:1\", \"model\": \"m\"}}}";

#define SEATS	12

struct hall {
	struct world	 world;
	struct places	 places;
	struct seat	 seats[SEATS];
};

static void
open_hall(struct hall *h, const char *dir)
{
	memset(h->seats, 0, sizeof(h->seats));
	h->places = (struct places)PLACES_INIT;
	world_open(&h->world, dir, homes, 0);
	places_open(&h->places, dir);
	h->world.run.state = &h->world.state;
	h->world.run.places = &h->places;
}

static void
close_hall(struct hall *h)
{
	size_t i;

	for (i = 0; i < SEATS; i++)
		seat_leave(&h->seats[i], 0);
	places_close(&h->places);
	world_forget(&h->world);
	world_close(&h->world);
}

static bool
find(struct hall *h, size_t i, const char *id)
{
	const struct service *s = services_find(&h->world.config.services,
	    id);

	assert_non_null(s);
	h->seats[i].looked_ms = 0;	/* as if time had passed */
	return seat_find(&h->seats[i], &h->world.run, s, 100);
}

static size_t
proven(const struct hall *h, size_t i)
{
	return state_proven(&h->world.state, h->seats[i].place.ground);
}

static void
one_and_one_on_trial(void **state)
{
	struct hall h;

	open_hall(&h, *state);
	assert_true(find(&h, 0, "one"));
	assert_true(find(&h, 1, "two"));	/* the same server */
	assert_false(find(&h, 2, "one"));
	assert_int_equal(h.seats[2].place.ahead, 0);
	assert_false(find(&h, 3, "two"));
	assert_int_equal(h.seats[3].place.ahead, 1);
	assert_true(find(&h, 4, "three"));	/* another one */
	seat_leave(&h.seats[0], 0);
	assert_false(find(&h, 3, "two"));
	assert_true(find(&h, 2, "one"));
	close_hall(&h);
}

static void
a_bound_that_is_set(void **state)
{
	struct hall h;
	size_t i;

	open_hall(&h, *state);
	for (i = 0; i < 3; i++)
		assert_true(find(&h, i, "three"));
	assert_false(find(&h, 3, "three"));
	for (i = 0; i < 3; i++)
		seat_speaks(&h.seats[i]);
	assert_int_equal(proven(&h, 0), 1);	/* nothing is found out */
	close_hall(&h);
}

static void
https_has_no_bound(void **state)
{
	struct hall h;
	size_t i;

	open_hall(&h, *state);
	for (i = 0; i < SEATS; i++)
		assert_true(find(&h, i, "far"));
	close_hall(&h);
}

static void
first_tokens_prove_places(void **state)
{
	struct hall h;

	open_hall(&h, *state);
	assert_true(find(&h, 0, "one"));
	assert_true(find(&h, 1, "one"));
	seat_speaks(&h.seats[0]);
	assert_int_equal(proven(&h, 0), 1);
	seat_speaks(&h.seats[1]);
	seat_speaks(&h.seats[1]);
	assert_int_equal(proven(&h, 0), 2);
	assert_true(find(&h, 2, "one"));	/* two, and half of that */
	assert_false(find(&h, 3, "one"));
	/* After the others have ended a token proves nothing. */
	seat_leave(&h.seats[0], 0);
	seat_leave(&h.seats[1], 0);
	seat_speaks(&h.seats[2]);
	assert_int_equal(proven(&h, 2), 2);
	close_hall(&h);
}

/* Somebody had nothing for as long as another answer was written. */
static void
what_does_not_hold_is_unlearned(void **state)
{
	struct hall h;

	open_hall(&h, *state);
	assert_true(find(&h, 0, "one"));
	assert_true(find(&h, 1, "one"));
	state_learn_proven(&h.world.state, h.seats[0].place.ground, 4);
	seat_speaks(&h.seats[0]);
	/* A short answer proves nothing, nor one that nobody waited for. */
	h.seats[0].taken_ms = h.seats[1].taken_ms = h.seats[0].first_ms - 1000;
	seat_is_done(&h.seats[0]);
	assert_int_equal(proven(&h, 0), 4);
	h.seats[0].first_ms = io_now_ms() - 5000;
	h.seats[0].taken_ms = h.seats[0].first_ms - 10;
	h.seats[1].taken_ms = h.seats[0].first_ms + 1;
	seat_is_done(&h.seats[0]);
	assert_int_equal(proven(&h, 0), 4);
	h.seats[1].taken_ms = h.seats[0].first_ms;
	seat_is_done(&h.seats[0]);
	assert_int_equal(proven(&h, 0), 1);
	close_hall(&h);
}

static void
behind_another_answer(void **state)
{
	struct hall h;

	open_hall(&h, *state);
	assert_true(find(&h, 0, "one"));
	assert_true(find(&h, 1, "one"));
	assert_false(seat_is_behind(&h.seats[1], 1000, 100));
	seat_speaks(&h.seats[0]);
	assert_false(seat_is_behind(&h.seats[1], 1099, 100));
	assert_true(seat_is_behind(&h.seats[1], 1100, 100));
	assert_false(seat_is_behind(&h.seats[0], 5000, 100));
	seat_speaks(&h.seats[1]);
	assert_false(seat_is_behind(&h.seats[1], 9000, 100));
	close_hall(&h);
}

/* What another process holds there counts, and comes back when it dies. */
static void
another_process(void **state)
{
	struct hall h;
	int told[2], end[2];
	pid_t pid;
	char c;

	open_hall(&h, *state);
	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(end), 0);
	if ((pid = fork()) == 0) {
		places_forget(&h.places);
		memset(h.seats, 0, sizeof(h.seats));
		(void)!write(told[1], find(&h, 0, "three") &&
		    find(&h, 1, "three") ? "y" : "n", 1);
		(void)!read(end[0], &c, 1);
		_exit(0);
	}
	assert_int_equal(read(told[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	assert_true(find(&h, 0, "three"));
	assert_false(find(&h, 1, "three"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(find(&h, 1, "three"));
	close(told[0]);
	close(told[1]);
	close(end[0]);
	close(end[1]);
	close_hall(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_and_one_on_trial),
		TEST(a_bound_that_is_set),
		TEST(https_has_no_bound),
		TEST(first_tokens_prove_places),
		TEST(what_does_not_hold_is_unlearned),
		TEST(behind_another_answer),
		TEST(another_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
