/*
 * test_decide: an attempt has failed; what becomes of its part.
 */
#include "fixture_failure.h"
#include "site/fact.h"

static void
before_the_first_text(void **state)
{
	struct world w;
	struct part *part;
	enum then then;
	size_t i;

	for (i = 0; i < COUNT(table); i++) {
		part = open_at(&w, *state, "abc");
		world_frame(&w, SOLO, FRAME_FAIL, table[i].outcome);
		then = what_then(part);
		if (then != table[i].before)
			fail_msg("%s: %d", table[i].outcome, (int)then);
		assert_int_equal(unit_count(w.noted.data, "\"reset\""), 0);
		assert_int_equal(unit_count(w.noted.data, "_error"),
		    then == FAILED);
		shut(&w);
	}
}

/* Text is void, and said so, where another attempt follows. */
static void
behind_the_first_text(void **state)
{
	struct world w;
	struct part *part;
	enum then then;
	size_t i;

	for (i = 0; i < COUNT(table); i++) {
		part = open_at(&w, *state, "abc");
		world_frame(&w, SOLO, FRAME_DELTA, "half a ");
		world_frame(&w, SOLO, FRAME_FAIL, table[i].outcome);
		then = what_then(part);
		if (then != table[i].after)
			fail_msg("%s: %d", table[i].outcome, (int)then);
		assert_int_equal(unit_count(w.noted.data,
		    "_part solo \"reset\" 1 \""), then != FAILED);
		assert_int_equal(unit_count(w.noted.data, "_error"),
		    then == FAILED);
		if (then != FAILED) {
			assert_int_equal(part->text_len, 0);
			assert_false(part->visible);
		}
		shut(&w);
	}
}

/* Text from two hosts is never glued together. */
static void
another_text_begins_anew(void **state)
{
	struct world w;

	open_at(&w, *state, "ab");
	world_frame(&w, SOLO, FRAME_DELTA, "half a ");
	world_frame(&w, SOLO, FRAME_FAIL, CODE("cut_off"));
	again(&w);
	world_frame(&w, SOLO, FRAME_DELTA, "whole");
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	assert_string_equal(w.noted.data, "_part solo \"first\" 1\n"
	    "solo|half a \n_part solo \"reset\" 1 \"no\"\n"
	    "_part solo \"start\" 2\n_part solo \"first\" 2\nsolo|whole\n"
	    "_part solo \"done\" 2\n");
	assert_string_equal(w.run.parts[SOLO].told.service->id, "b");
	shut(&w);
}

/* Without a next service what came is not followed by anything. */
static void
nobody_else_to_ask(void **state)
{
	static const struct { const char *outcome; bool again; } cases[] = {
		{ FAIL("\"code\":\"auth\",\"status\":401,\"means\":\"key\""), false },
		{ STATUS(404), false }, { STATUS(413), false },
		{ CODE("unreachable"), true }, { CODE("tls"), false },
		{ CODE("first_token_timeout"), true },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"means\":\"limit\",\"wait_ms\":30000"), true },
		{ FAIL("\"code\":\"http_status\",\"status\":402,"
		    "\"means\":\"credit\""), false },
	};
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		open_at(&w, *state, "c");
		world_frame(&w, SOLO, FRAME_FAIL, cases[i].outcome);
		assert_int_equal(what_then(&w.run.parts[SOLO]), FAILED);
		unit_assert_has(w.noted.data, cases[i].again ? " true\n" :
		    " false\n");
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		shut(&w);
	}
	/* The same where text has come: it is not void. */
	open_at(&w, *state, "c");
	world_frame(&w, SOLO, FRAME_DELTA, "half");
	world_frame(&w, SOLO, FRAME_FAIL, CODE("cut_off"));
	assert_int_equal(what_then(&w.run.parts[SOLO]), FAILED);
	unit_assert_lacks(w.noted.data, "reset");
	shut(&w);
}

/* At least the server's hint; without one the wait grows; both with jitter. */
static void
waits_between_attempts(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "c");
	int64_t before, most = 100;
	int i;

	for (i = 0; i < 6; i++) {
		before = io_now_ms();
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(503));
		assert_true(part->retry.not_before_ms >= before + most / 2);
		assert_true(part->retry.not_before_ms <=
		    io_now_ms() + most + most / 8);
		most = most * 2 > 2000 ? 2000 : most * 2;
		again(&w);
	}
	shut(&w);
	part = open_at(&w, *state, "c");
	before = io_now_ms();
	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":429,\"means\":\"limit\",\"wait_ms\":1500"));
	assert_true(part->retry.not_before_ms >= before + 1500);
	assert_true(part->retry.not_before_ms <= io_now_ms() + 1500 + 1500 / 8);
	/* It is not asked before its time. */
	conduct_advance(&w.run);
	assert_int_equal(part->state, PART_WAITING);
	shut(&w);
}

static void
at_most_eight_attempts(void **state)
{
	static const char *const orders[] = { "c", "bc", "abc" };
	struct world w;
	struct part *part;
	size_t i;
	int n;

	for (i = 0; i < COUNT(orders); i++) {
		part = open_at(&w, *state, orders[i]);
		for (n = 1; n < 20 && part->state != PART_FAILED; n++) {
			world_frame(&w, SOLO, FRAME_FAIL, STATUS(409));
			if (part->state == PART_WAITING)
				again(&w);
		}
		assert_int_equal(part->begun, RETRY_ATTEMPTS_MAX);
		/* Each service of the order had its turn. */
		assert_int_equal(part->retry.turn, strlen(orders[i]) - 1);
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		unit_assert_has(w.noted.data, "\"http_status\" true\n");
		shut(&w);
	}
}

/* A parameter is left out once; refused again, another host is asked. */
/* One that ended before anything was sent is not among them. */
static void
unsent_attempts_are_free(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "c");
	int n;

	for (n = 0; n < 7; n++) {
		world_frame(&w, SOLO, FRAME_FAIL,
		    FAIL("\"code\":\"cut_off\",\"unsent\":true"));
		assert_int_equal(part->state, PART_WAITING);
		again(&w);
	}
	part->retry.repeats = 0;
	for (n = 1; n < 20 && part->state != PART_FAILED; n++) {
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(409));
		if (part->state == PART_WAITING)
			again(&w);
	}
	assert_int_equal(n, 1 + RETRY_ATTEMPTS_MAX);
	shut(&w);
	/* Nor is one whose connection never came. */
	part = open_at(&w, *state, "ab");
	part->attempts[0].connected = false;
	world_frame(&w, SOLO, FRAME_FAIL, CODE("connect_timeout"));
	assert_int_equal(part->begun - part->retry.unsent, 0);
	shut(&w);
	/* Of one that had no prompt yet the visitor has not heard. */
	part = open_at(&w, *state, "ab");
	part->attempts[0].asked_ms = 0;
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	again(&w);
	assert_string_equal(w.noted.data, "_part solo \"start\" 1\n");
	shut(&w);
}

/* Each of them costs money: a frame, if any, and how it ended. */
static const struct {
	enum frame_type type;
	const char *data;
	enum frame_type end;
	const char *outcome;
} answers[] = {
	{ FRAME_THINKING, "", FRAME_FAIL, CODE("cut_off") },
	{ FRAME_THINKING, "", FRAME_FAIL, CODE("first_token_timeout") },
	{ FRAME_DELTA, " ", FRAME_FAIL, CODE("provider_error") },
	{ FRAME_CONNECTED, "", FRAME_FAIL,
	    FAIL("\"code\":\"cut_off\",\"answered\":true") },
	{ FRAME_CONNECTED, "", FRAME_FAIL,
	    FAIL("\"code\":\"no_stream\",\"answered\":true") },
	{ FRAME_CONNECTED, "", FRAME_DONE,
	    "{\"finish\":\"stop\",\"answered\":true}" },
};

/* Answers that were paid for count, no matter which service was paid. */
static void
at_most_three_answers(void **state)
{
	static const char *const orders[] = { "c", "bc", "abc", "abcabc" };
	struct world w;
	struct part *part;
	size_t i, k;
	int n;

	for (i = 0; i < COUNT(orders); i++)
		for (k = 0; k < COUNT(answers); k++) {
			part = open_at(&w, *state, orders[i]);
			for (n = 0; part->state != PART_FAILED; n++) {
				world_frame(&w, SOLO, answers[k].type,
				    answers[k].data);
				world_frame(&w, SOLO, answers[k].end,
				    answers[k].outcome);
				if (part->state == PART_WAITING)
					again(&w);
			}
			assert_in_range(n, 1, RETRY_ANSWERS_MAX);
			/* Nobody twice as long as there is somebody else. */
			if (strlen(orders[i]) <= RETRY_ANSWERS_MAX)
				assert_int_equal(part->retry.turn,
				    strlen(orders[i]) - 1);
			assert_int_equal(unit_count(w.noted.data,
			    "_error solo"), 1);
			shut(&w);
		}
}

static void
parameters_are_mended_once(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const char *refused = FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"means\":\"parameter\",\"refused_params\":4");

	world_frame(&w, SOLO, FRAME_FAIL, refused);
	assert_int_equal(part->retry.refused_params, PARAM_TEMPERATURE);
	assert_int_equal(part->retry.not_before_ms, 0);
	again(&w);
	assert_int_equal(part->attempts[0].params & PARAM_TEMPERATURE, 0);
	world_frame(&w, SOLO, FRAME_FAIL, refused);
	assert_int_equal(what_then(part), NEXT);
	/* Nothing has proven that this was the fault: nobody is told. */
	assert_int_equal(state_refused(&w.state, part->plan->order[0], "a1",
	    NULL), 0);
	shut(&w);
}

/* An answer without it is the proof: then all workers know. */
static void
parameters_are_learned_by_a_good_answer(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const struct service *a = part->plan->order[0];

	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"means\":\"parameter\",\"refused_params\":4"));
	assert_int_equal(state_refused(&w.state, a, "a1", NULL), 0);
	again(&w);
	world_frame(&w, SOLO, FRAME_DELTA, "whole");
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	assert_int_equal(state_refused(&w.state, a, "a1", NULL),
	    PARAM_TEMPERATURE);
	assert_int_equal(state_refused(&w.state, a, "a2", NULL), 0);
	shut(&w);
}

/* What one service refuses is no fault of the next one's. */
static void
parameters_are_each_services_own(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");

	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"means\":\"parameter\",\"refused_params\":4"));
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->retry.turn, 1);
	assert_int_equal(part->retry.refused_params, 0);
	shut(&w);
	/* Also where it is passed over because it was set aside meanwhile. */
	part = open_at(&w, *state, "ab");
	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"means\":\"parameter\",\"refused_params\":4"));
	state_set_aside(&w.state, part->plan->order[0], 60000, "test");
	conduct_advance(&w.run);
	assert_int_equal(part->retry.turn, 1);
	assert_int_equal(part->retry.refused_params, 0);
	shut(&w);
}

/* A retired model makes way for the next of its list, then the service. */
static void
models_that_are_gone(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const char *gone = FAIL("\"code\":\"http_status\",\"status\":404,"
	    "\"means\":\"model\"");

	world_frame(&w, SOLO, FRAME_FAIL, gone);
	again(&w);
	assert_string_equal(part->attempts[0].model, "a2");
	world_frame(&w, SOLO, FRAME_FAIL, gone);
	again(&w);
	assert_string_equal(part->attempts[0].model, "b1");
	world_frame(&w, SOLO, FRAME_FAIL, gone);
	assert_int_equal(part->state, PART_FAILED);
	shut(&w);
}

/* A closed pick is final: before it the list may be begun anew. */
static void
picked_is_final(void **state)
{
	struct world w;

	open_at(&w, *state, "a");
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"A\"},{\"na");
	world_frame(&w, IDEAS, FRAME_FAIL, STATUS(503));
	assert_int_equal(w.run.parts[IDEAS].state, PART_FAILED);
	shut(&w);
	open_at(&w, *state, "a");
	w.plan.parts[IDEAS].order[1] = w.plan.parts[SOLO].order[0];
	w.plan.parts[IDEAS].norder = 2;
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"A\"},{\"na");
	world_frame(&w, IDEAS, FRAME_FAIL, STATUS(503));
	assert_int_equal(w.run.parts[IDEAS].state, PART_WAITING);
	unit_assert_has(w.noted.data, "_part ideas \"reset\"");
	world_give(&w, IDEAS);
	conduct_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"C\"},"
	    "{\"name\":\"D\"},");
	unit_assert_has(w.noted.data, "_pick ideas 1 \"D\"");
	world_frame(&w, IDEAS, FRAME_FAIL, STATUS(503));
	assert_int_equal(w.run.parts[IDEAS].state, PART_FAILED);
	assert_int_equal(unit_count(w.noted.data, "_pick"), 1);
	shut(&w);
}

/* If an answer is not what was asked for, another service is asked. */
static void
useless_answers(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");

	world_frame(&w, SOLO, FRAME_DELTA, " \n");
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	assert_int_equal(what_then(part), NEXT);
	again(&w);
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	unit_assert_has(w.noted.data, "_error solo \"empty\" true\n");
	shut(&w);
}

/* A visitor's text that was withheld is withheld, not sent elsewhere. */
static void
filtered_is_final(void **state)
{
	struct world w;

	open_at(&w, *state, "ab");
	world_frame(&w, SOLO, FRAME_DONE, "{\"finish\":\"filter\"}");
	assert_int_equal(w.run.parts[SOLO].state, PART_FILTERED);
	assert_int_equal(unit_count(w.noted.data, "_error"), 1);
	shut(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(before_the_first_text),
		KEYLESS(behind_the_first_text),
		KEYLESS(another_text_begins_anew),
		KEYLESS(nobody_else_to_ask),
		KEYLESS(waits_between_attempts),
		KEYLESS(at_most_eight_attempts),
		KEYLESS(unsent_attempts_are_free),
		KEYLESS(at_most_three_answers),
		KEYLESS(parameters_are_mended_once),
		KEYLESS(parameters_are_learned_by_a_good_answer),
		KEYLESS(parameters_are_each_services_own),
		KEYLESS(models_that_are_gone),
		KEYLESS(picked_is_final),
		KEYLESS(useless_answers),
		KEYLESS(filtered_is_final),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
