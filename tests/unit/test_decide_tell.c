/*
 * test_decide_tell: what an attempt tells all workers, and what they make of it.
 */
#include "fixture_failure.h"
#include "site/fact.h"

static void
what_all_workers_should_know(void **state)
{
	static const struct {
		const char *outcome;
		int64_t least, most;	/* set aside for */
	} cases[] = {
		{ FAIL("\"code\":\"auth\",\"status\":401,\"means\":\"key\""), 590000, 600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":402,"
		    "\"means\":\"credit\""), 590000, 600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"means\":\"limit\",\"wait_ms\":30000"), 28000, 30000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"means\":\"limit\",\"wait_ms\":86400000"), 3590000, 3600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"means\":\"limit\",\"wait_ms\":1000"), 0, 0 },
		{ STATUS(400), 0, 0 }, { STATUS(500), 0, 0 },
		{ STATUS(404), 0, 0 }, { CODE("cut_off"), 0, 0 },
	};
	struct world w;
	struct state other = STATE_INIT;
	struct part *part;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		part = open_at(&w, *state, "ab");
		world_frame(&w, SOLO, FRAME_FAIL, cases[i].outcome);
		state_open(&other, w.dir, "site");
		state_read(&other);
		assert_in_range(state_aside_ms(&other, part->plan->order[0]),
		    cases[i].least, cases[i].most);
		assert_int_equal(state_aside_ms(&other, part->plan->order[1]),
		    0);
		state_free(&other);
		shut(&w);
	}
}

/* Three in a row, and the others' parts go elsewhere. */
static void
repeated_failures(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	int i;

	for (i = 0; i < FACT_FAILS; i++) {
		assert_int_equal(part->retry.turn, 0);
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(500));
		if (i + 1 < FACT_FAILS)
			again(&w);
	}
	assert_true(state_aside_ms(&w.state, part->plan->order[0]) > 0);
	conduct_advance(&w.run);
	assert_int_equal(part->retry.turn, 1);
	/* Its wait was for the other. */
	assert_true(part->retry.not_before_ms <= io_now_ms());
	shut(&w);
}

static void
set_aside_in_the_meantime(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "abc");
	const struct service *const *order = part->plan->order;

	attempt_drop(&part->attempts[0]);
	part->state = PART_WAITING;
	decide_service(part);
	assert_int_equal(part->retry.turn, 0);
	state_set_aside(&w.state, order[0], 60000, "test");
	state_set_aside(&w.state, order[1], 60000, "test");
	decide_service(part);
	assert_int_equal(part->retry.turn, 2);
	/* The last, and not for long: worth waiting for. */
	state_set_aside(&w.state, order[2], 1900, "test");
	decide_service(part);
	assert_int_equal(part->retry.turn, 2);
	assert_in_range(part->retry.not_before_ms - io_now_ms(), 500, 1900);
	/* For long: it is never unusable for that. */
	part->retry.not_before_ms = 0;
	state_set_aside(&w.state, order[2], 60000, "test");
	decide_service(part);
	assert_int_equal(part->retry.turn, 2);
	assert_int_equal(part->retry.not_before_ms, 0);
	shut(&w);
}

/* Last in the order, but not out of it. */
static void
passed_over_is_still_there(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "abc");

	world_frame(&w, SOLO, FRAME_FAIL, STATUS(503));
	state_set_aside(&w.state, part->plan->order[0], 60000, "test");
	conduct_advance(&w.run);
	assert_int_equal(part->retry.turn, 1);
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->retry.turn, 2);
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->state, PART_WAITING);
	again(&w);
	assert_string_equal(part->attempts[0].service->id, "a");
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->state, PART_FAILED);
	shut(&w);
}

static void
worked(struct world *w, const char *outcome)
{
	world_frame(w, SOLO, FRAME_DELTA, "x");
	world_frame(w, SOLO, FRAME_DONE, outcome);
	assert_int_equal(w->run.parts[SOLO].state, PART_DONE);
}

static void
what_good_answers_tell(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const struct service *a = part->plan->order[0];

	worked(&w, "{\"finish\":\"stop\",\"thinks\":true}");
	assert_true(state_thinks(&w.state, a, "a1"));
	assert_false(state_thinks(&w.state, a, "a2"));
	shut(&w);
}

/* Answers that show nothing of it change nothing; clean ones do. */
static void
what_clean_answers_tell(void **state)
{
	struct world w;
	struct part *part;
	int i;

	part = open_at(&w, *state, "ab");
	worked(&w, "{\"finish\":\"stop\",\"thinks\":true}");
	world_close(&w);
	for (i = 0; i < 2 * FACT_CLEAN; i++) {
		part = open_at(&w, *state, "ab");
		assert_true(state_thinks(&w.state, part->plan->order[0],
		    "a1"));
		worked(&w, i % 2 == 0 ? "{\"finish\":\"stop\"}" :
		    "{\"finish\":\"stop\",\"thinks\":false}");
		world_close(&w);
	}
	part = open_at(&w, *state, "ab");
	assert_false(state_thinks(&w.state, part->plan->order[0], "a1"));
	shut(&w);
}

/* A limit that an answer says is used up concerns all; one that is not, none. */
static void
what_is_used_up(void **state)
{
	static const struct { const char *left; int64_t least, most; }
	    cases[] = {
		{ "{\"requests\":0,\"requests_reset_ms\":60000}",
		  58000, 60000 },
		{ "{\"requests\":9,\"tokens\":0,\"tokens_reset_ms\":5000}",
		  3000, 5000 },
		{ "{\"requests\":0,\"requests_reset_ms\":86400000}",
		  3598000, 3600000 },
		{ "{\"requests\":1,\"requests_reset_ms\":60000}", 0, 0 },
		{ "{\"requests\":0}", 0, 0 }, { "{}", 0, 0 },
	};
	struct world w;
	struct part *part;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		part = open_at(&w, *state, "ab");
		world_frame(&w, SOLO, FRAME_START, cases[i].left);
		assert_in_range(state_aside_ms(&w.state,
		    part->plan->order[0]), cases[i].least, cases[i].most);
		worked(&w, "{\"finish\":\"stop\"}");
		shut(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(what_all_workers_should_know),
		KEYLESS(repeated_failures),
		KEYLESS(set_aside_in_the_meantime),
		KEYLESS(passed_over_is_still_there),
		KEYLESS(what_good_answers_tell),
		KEYLESS(what_clean_answers_tell),
		KEYLESS(what_is_used_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
