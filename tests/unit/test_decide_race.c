/*
 * test_decide_race: two attempts at once; who wins, and what a failure is.
 */
#include "fixture_failure.h"

/* Both of the first two are asked. */
static struct part *
open_race(struct world *w, const char *dir, const char *ids)
{
	struct part *part = open_at(w, dir, ids);

	w->plan.parts[SOLO].race = true;
	part->attempts[0].asked_ms = 0;
	part->state = PART_WAITING;
	world_attempt(w, SOLO, 1);
	conduct_advance(&w->run);
	assert_int_equal(part->state, PART_RUNNING);
	assert_int_equal(part->begun, 2);
	buf_reset(&w->noted);
	return part;
}

static void
first_to_give_text_wins(void **state)
{
	struct world w;
	struct part *part;
	size_t k;

	for (k = 0; k < 2; k++) {
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, 1 - k, FRAME_THINKING, "");
		world_frame_of(&w, SOLO, k, FRAME_DELTA, "x");
		assert_ptr_equal(part->speaker, &part->attempts[k]);
		assert_null(part->attempts[1 - k].stage);
		assert_string_equal(part->told.service->id, k == 0 ? "a" :
		    "b");
		world_frame_of(&w, SOLO, k, FRAME_DONE, DONE);
		assert_int_equal(part->state, PART_DONE);
		unit_assert_lacks(w.noted.data, "reset");
		assert_int_equal(unit_count(w.noted.data, "_error"), 0);
		shut(&w);
	}
}

static void
one_of_a_race_fails(void **state)
{
	struct world w;
	struct part *part;
	size_t i, k;

	for (i = 0; i < COUNT(table); i++)
		for (k = 0; k < 2; k++) {
			part = open_race(&w, *state, "ab");
			world_frame_of(&w, SOLO, k, FRAME_FAIL,
			    table[i].outcome);
			assert_int_equal(part->state, PART_RUNNING);
			assert_non_null(part->attempts[1 - k].stage);
			assert_string_equal(w.noted.data, "");
			world_frame_of(&w, SOLO, 1 - k, FRAME_DELTA, "x");
			world_frame_of(&w, SOLO, 1 - k, FRAME_DONE, DONE);
			assert_int_equal(part->state, PART_DONE);
			shut(&w);
		}
}

/* One that writes nothing has not won: the other may still. */
static void
empty_answer_does_not_win(void **state)
{
	struct world w;
	struct part *part;
	size_t k;

	for (k = 0; k < 2; k++) {
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, k, FRAME_DONE, DONE);
		assert_int_equal(part->state, PART_RUNNING);
		assert_non_null(part->attempts[1 - k].stage);
		world_frame_of(&w, SOLO, 1 - k, FRAME_DELTA, "x");
		world_frame_of(&w, SOLO, 1 - k, FRAME_DONE, DONE);
		assert_int_equal(part->state, PART_DONE);
		assert_int_equal(unit_count(w.noted.data, "_error"), 0);
		shut(&w);
	}
}

/* One that may not write has not won: the other may still. */
static void
withheld_answer_does_not_win(void **state)
{
	static const char withheld[] = "{\"finish\":\"filter\"}";
	struct world w;
	struct part *part;
	size_t k;

	for (k = 0; k < 2; k++) {
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, k, FRAME_DONE, withheld);
		assert_int_equal(part->state, PART_RUNNING);
		assert_non_null(part->attempts[1 - k].stage);
		assert_string_equal(w.noted.data, "");
		world_frame_of(&w, SOLO, 1 - k, FRAME_DELTA, "x");
		world_frame_of(&w, SOLO, 1 - k, FRAME_DONE, DONE);
		assert_int_equal(part->state, PART_DONE);
		assert_int_equal(unit_count(w.noted.data, "_error"), 0);
		shut(&w);
		/* Neither may. */
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, k, FRAME_DONE, withheld);
		world_frame_of(&w, SOLO, 1 - k, FRAME_DONE, withheld);
		assert_int_equal(part->state, PART_FILTERED);
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		shut(&w);
		/* Who has given text has won; its rest may be withheld. */
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, k, FRAME_DELTA, "half");
		world_frame_of(&w, SOLO, k, FRAME_DONE, withheld);
		assert_int_equal(part->state, PART_FILTERED);
		shut(&w);
	}
}

/* Both have failed: the third is next; without one it is the end. */
static void
both_of_a_race_fail(void **state)
{
	struct world w;
	struct part *part;
	size_t k;

	for (k = 0; k < 2; k++) {
		part = open_race(&w, *state, "abc");
		world_frame_of(&w, SOLO, k, FRAME_FAIL, CODE("unreachable"));
		world_frame_of(&w, SOLO, 1 - k, FRAME_FAIL,
		    CODE("unreachable"));
		assert_int_equal(what_then(part), NEXT);
		assert_int_equal(part->retry.turn, 2);
		again(&w);
		assert_string_equal(part->attempts[0].service->id, "c");
		assert_int_equal(part->told.number, 3);
		shut(&w);
		part = open_race(&w, *state, "ab");
		world_frame_of(&w, SOLO, k, FRAME_FAIL, CODE("unreachable"));
		world_frame_of(&w, SOLO, 1 - k, FRAME_FAIL,
		    CODE("unreachable"));
		assert_int_equal(what_then(part), FAILED);
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		shut(&w);
	}
}

/* A race of two that may pass, or be mended, is not the end of it. */
static void
both_of_a_race_may_pass(void **state)
{
	static const char *const outcomes[] = { STATUS(503), STATUS(429),
	    CODE("cut_off"), FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"means\":\"parameter\",\"refused_params\":4") };
	struct world w;
	struct part *part;
	size_t i, k;

	for (i = 0; i < COUNT(outcomes); i++)
		for (k = 0; k < 2; k++) {
			part = open_race(&w, *state, "ab");
			world_frame_of(&w, SOLO, k, FRAME_FAIL, outcomes[i]);
			world_frame_of(&w, SOLO, 1 - k, FRAME_FAIL,
			    outcomes[i]);
			assert_int_equal(part->state, PART_WAITING);
			shut(&w);
		}
}

/* What is wrong for two is asked of the third, and then no more. */
static void
both_of_a_race_are_wrong(void **state)
{
	struct world w;
	struct part *part = open_race(&w, *state, "abc");

	world_frame_of(&w, SOLO, 0, FRAME_FAIL, STATUS(400));
	world_frame_of(&w, SOLO, 1, FRAME_FAIL, STATUS(400));
	assert_int_equal(what_then(part), NEXT);
	assert_int_equal(part->retry.turn, 2);
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, STATUS(400));
	assert_int_equal(what_then(part), FAILED);
	shut(&w);
}

/* The winner breaks off; the loser was only closed, so it is the next. */
static void
winner_breaks_off(void **state)
{
	struct world w;
	struct part *part = open_race(&w, *state, "ab");

	world_frame_of(&w, SOLO, 0, FRAME_DELTA, "half");
	world_frame_of(&w, SOLO, 0, FRAME_FAIL, CODE("cut_off"));
	assert_int_equal(what_then(part), NEXT);
	unit_assert_has(w.noted.data, "_part solo \"reset\" 1");
	again(&w);
	assert_string_equal(part->attempts[0].service->id, "b");
	shut(&w);
}

/* The models of one are not those of the other. */
static void
model_of_a_race_is_gone(void **state)
{
	struct world w;
	struct part *part = open_race(&w, *state, "ab");

	world_frame_of(&w, SOLO, 1, FRAME_FAIL, CODE("unreachable"));
	world_frame_of(&w, SOLO, 0, FRAME_FAIL, FAIL("\"code\":"
	    "\"http_status\",\"status\":404,\"means\":\"model\""));
	if (part->state == PART_WAITING)
		assert_true(part->retry.model <
		    part->plan->order[part->retry.turn]->nmodels);
	shut(&w);
}

/* Where only one can be used there is no race, and no second place. */
static void
race_of_one(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "a");
	int i;

	w.graph.stages[SOLO].race = true;
	for (i = 0; i < RETRY_ATTEMPTS_MAX; i++) {
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(409));
		assert_int_equal(part->retry.turn, 0);
		conduct_advance(&w.run);
		if (part->state == PART_WAITING)
			again(&w);
	}
	assert_int_equal(part->state, PART_FAILED);
	shut(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(first_to_give_text_wins),
		KEYLESS(one_of_a_race_fails),
		KEYLESS(empty_answer_does_not_win),
		KEYLESS(withheld_answer_does_not_win),
		KEYLESS(both_of_a_race_fail),
		KEYLESS(both_of_a_race_may_pass),
		KEYLESS(both_of_a_race_are_wrong),
		KEYLESS(winner_breaks_off),
		KEYLESS(model_of_a_race_is_gone),
		KEYLESS(race_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
