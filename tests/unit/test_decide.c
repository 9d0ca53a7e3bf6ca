/*
 * test_decide: an attempt has failed; what becomes of its part.
 *
 * `solo` may be asked of a (models a1, a2), b and c, in that order; no process
 * is forked, so an attempt begins where the test gives it a stage.
 */
#include "decide.h"
#include "world.h"

#define SERVICE(id, models) "\"" id "\": {\"base_url\": " \
	"\"http://127.0.0.1:1\", \"model\": " models "}"

static const char services[] = "{\"services\": {"
    SERVICE("one", "\"m\"") ", " SERVICE("two", "\"m\"") ", "
    SERVICE("a", "[\"a1\", \"a2\"]") ", " SERVICE("b", "\"b1\"") ", "
    SERVICE("c", "\"c1\"") "}, \"limits\": {\"retry_wait_ms\": 2000}}";

#define DONE "{\"finish\":\"stop\",\"in\":1,\"out\":1,\"estimated\":false}"

/* `solo` runs at the first of these services, "abc"; others are kept busy. */
static struct part *
open_at(struct world *w, const char *dir, const char *ids)
{
	struct plan_part *plan;
	char id[2] = "";

	world_open(w, dir, services, 1);
	plan = &w->plan.parts[SOLO];
	for (plan->norder = 0; ids[plan->norder] != '\0'; plan->norder++) {
		id[0] = ids[plan->norder];
		plan->order[plan->norder] = services_find(&w->config.services,
		    id);
		assert_non_null(plan->order[plan->norder]);
	}
	world_begin(w, true);
	world_give(w, IDEAS);
	world_give(w, SOLO);
	run_advance(&w->run);
	assert_int_equal(w->run.parts[SOLO].state, PART_RUNNING);
	buf_reset(&w->noted);
	return &w->run.parts[SOLO];
}

static void
shut(struct world *w)
{
	unlink(w->state.path);
	world_close(w);
}

/* The next attempt, at once. */
static void
again(struct world *w)
{
	struct part *part = &w->run.parts[SOLO];

	assert_int_equal(part->state, PART_WAITING);
	part->not_before_ms = 0;
	world_give(w, SOLO);
	run_advance(&w->run);
	assert_int_equal(part->state, PART_RUNNING);
}

#define FAIL(members) "{\"finish\":\"\",\"message\":\"no\"," members "}"
#define STATUS(n) FAIL("\"code\":\"http_status\",\"status\":" #n)
#define CODE(code) FAIL("\"code\":\"" code "\"")

enum then { SAME, MODEL, NEXT, FAILED };

static enum then
what_then(const struct part *part)
{
	assert_false(part_is_tried(part));
	if (part->state == PART_FAILED)
		return FAILED;
	assert_int_equal(part->state, PART_WAITING);
	assert_null(part->speaker);
	return part->turn > 0 ? NEXT : part->model > 0 ? MODEL : SAME;
}

static const struct {
	const char *outcome;
	enum then before, behind;	/* the first text */
} table[] = {
	{ STATUS(400), FAILED, FAILED }, { STATUS(405), FAILED, FAILED },
	{ STATUS(422), FAILED, FAILED },
	{ STATUS(404), NEXT, NEXT }, { STATUS(413), NEXT, NEXT },
	{ STATUS(408), SAME, NEXT }, { STATUS(409), SAME, NEXT },
	{ STATUS(425), SAME, NEXT }, { STATUS(429), SAME, NEXT },
	{ STATUS(498), SAME, NEXT }, { STATUS(500), SAME, NEXT },
	{ STATUS(502), SAME, NEXT }, { STATUS(503), SAME, NEXT },
	{ STATUS(504), SAME, NEXT }, { STATUS(520), SAME, NEXT },
	{ STATUS(524), SAME, NEXT }, { STATUS(529), SAME, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":402,\"no_credit\":true"),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"no_credit\":true"),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"auth\",\"status\":401"), NEXT, NEXT },
	{ FAIL("\"code\":\"auth\",\"status\":403"), NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":404,\"no_model\":true"),
	  MODEL, MODEL },
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"no_model\":true"),
	  MODEL, MODEL },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"wait_ms\":1000"),
	  SAME, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":429,\"wait_ms\":2001"),
	  NEXT, NEXT },
	{ FAIL("\"code\":\"http_status\",\"status\":503,\"wait_ms\":30000"),
	  NEXT, NEXT },
	/* PARAM_TEMPERATURE, which was sent; PARAM_STREAM_OPTIONS, not. */
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"refused\":4"),
	  SAME, SAME },
	{ FAIL("\"code\":\"http_status\",\"status\":422,\"refused\":4"),
	  SAME, SAME },
	{ FAIL("\"code\":\"http_status\",\"status\":400,\"refused\":16"),
	  FAILED, FAILED },
	{ CODE("cut_off"), SAME, NEXT }, { CODE("lost"), SAME, NEXT },
	{ CODE("provider_error"), SAME, NEXT },
	{ CODE("unreachable"), NEXT, NEXT }, { CODE("tls"), NEXT, NEXT },
	{ CODE("no_stream"), NEXT, NEXT },
	{ CODE("connect_timeout"), NEXT, NEXT },
	{ CODE("first_token_timeout"), NEXT, NEXT },
	{ CODE("idle_timeout"), NEXT, NEXT },
	{ CODE("too_big"), FAILED, FAILED },
	{ "no json", SAME, NEXT },
};

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
		if (then != table[i].behind)
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
		{ FAIL("\"code\":\"auth\",\"status\":401"), false },
		{ STATUS(404), false }, { STATUS(413), false },
		{ CODE("unreachable"), true }, { CODE("tls"), false },
		{ CODE("first_token_timeout"), true },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"wait_ms\":30000"), true },
		{ FAIL("\"code\":\"http_status\",\"status\":402,"
		    "\"no_credit\":true"), false },
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
	int64_t now, wait, most = 100;
	int i;

	for (i = 0; i < 6; i++) {
		now = io_now_ms();
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(503));
		wait = part->not_before_ms - now;
		assert_in_range(wait, most / 2, most + most / 8 + 50);
		most = most * 2 > 2000 ? 2000 : most * 2;
		again(&w);
	}
	shut(&w);
	part = open_at(&w, *state, "c");
	now = io_now_ms();
	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":429,\"wait_ms\":1500"));
	assert_in_range(part->not_before_ms - now, 1500, 1750);
	/* It is not asked before its time. */
	run_advance(&w.run);
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
		assert_int_equal(part->begun, DECIDE_ATTEMPTS_MAX);
		/* Each service of the order had its turn. */
		assert_int_equal(part->turn, strlen(orders[i]) - 1);
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		unit_assert_has(w.noted.data, "\"http_status\" true\n");
		shut(&w);
	}
}

/* A parameter is left out once; refused again, it is the end. */
static void
parameters_are_mended_once(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const char *refused = FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"refused\":4");

	world_frame(&w, SOLO, FRAME_FAIL, refused);
	assert_int_equal(part->refused, PARAM_TEMPERATURE);
	assert_int_equal(part->not_before_ms, 0);
	again(&w);
	assert_int_equal(part->attempts[0].params & PARAM_TEMPERATURE, 0);
	world_frame(&w, SOLO, FRAME_FAIL, refused);
	assert_int_equal(part->state, PART_FAILED);
	/* All workers know. */
	assert_int_equal(state_refused(&w.state, part->plan->order[0], "a1"),
	    PARAM_TEMPERATURE);
	shut(&w);
}

/* What one service refuses is no fault of the next one's. */
static void
parameters_are_each_services_own(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");

	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"refused\":4"));
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->turn, 1);
	assert_int_equal(part->refused, 0);
	shut(&w);
	/* Also where it is passed over because it was set aside meanwhile. */
	part = open_at(&w, *state, "ab");
	world_frame(&w, SOLO, FRAME_FAIL, FAIL("\"code\":\"http_status\","
	    "\"status\":400,\"refused\":4"));
	state_set_aside(&w.state, part->plan->order[0], 60000, "test");
	run_advance(&w.run);
	assert_int_equal(part->turn, 1);
	assert_int_equal(part->refused, 0);
	shut(&w);
}

/* A retired model makes way for the next of its list, then the service. */
static void
models_that_are_gone(void **state)
{
	struct world w;
	struct part *part = open_at(&w, *state, "ab");
	const char *gone = FAIL("\"code\":\"http_status\",\"status\":404,"
	    "\"no_model\":true");

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
	run_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"C\"},"
	    "{\"name\":\"D\"},");
	unit_assert_has(w.noted.data, "_pick ideas 1 \"D\"");
	world_frame(&w, IDEAS, FRAME_FAIL, STATUS(503));
	assert_int_equal(w.run.parts[IDEAS].state, PART_FAILED);
	assert_int_equal(unit_count(w.noted.data, "_pick"), 1);
	shut(&w);
}

/* What is a text, but not what was asked for, may be another's to write. */
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

static void
what_all_workers_should_know(void **state)
{
	static const struct {
		const char *outcome;
		int64_t least, most;	/* set aside for */
	} cases[] = {
		{ FAIL("\"code\":\"auth\",\"status\":401"), 590000, 600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":402,"
		    "\"no_credit\":true"), 590000, 600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"wait_ms\":30000"), 28000, 30000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"wait_ms\":86400000"), 3590000, 3600000 },
		{ FAIL("\"code\":\"http_status\",\"status\":429,"
		    "\"wait_ms\":1000"), 0, 0 },
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
		state_open(&other, w.dir);
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

	for (i = 0; i < STATE_FAILS; i++) {
		assert_int_equal(part->turn, 0);
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(500));
		if (i + 1 < STATE_FAILS)
			again(&w);
	}
	assert_true(state_aside_ms(&w.state, part->plan->order[0]) > 0);
	run_advance(&w.run);
	assert_int_equal(part->turn, 1);
	/* Its wait was for the other. */
	assert_true(part->not_before_ms <= io_now_ms());
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
	decide_service(&w.run, part);
	assert_int_equal(part->turn, 0);
	state_set_aside(&w.state, order[0], 60000, "test");
	state_set_aside(&w.state, order[1], 60000, "test");
	decide_service(&w.run, part);
	assert_int_equal(part->turn, 2);
	/* The last, and not for long: worth waiting for. */
	state_set_aside(&w.state, order[2], 1900, "test");
	decide_service(&w.run, part);
	assert_int_equal(part->turn, 2);
	assert_in_range(part->not_before_ms - io_now_ms(), 500, 1900);
	/* For long: it is never unusable for that. */
	part->not_before_ms = 0;
	state_set_aside(&w.state, order[2], 60000, "test");
	decide_service(&w.run, part);
	assert_int_equal(part->turn, 2);
	assert_int_equal(part->not_before_ms, 0);
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
	run_advance(&w.run);
	assert_int_equal(part->turn, 1);
	again(&w);
	world_frame(&w, SOLO, FRAME_FAIL, CODE("unreachable"));
	assert_int_equal(part->turn, 2);
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

/* --- races --------------------------------------------------------------- */

/* Both of the first two are asked. */
static struct part *
open_race(struct world *w, const char *dir, const char *ids)
{
	struct part *part = open_at(w, dir, ids);

	w->graph.stages[SOLO].race = true;
	part->attempts[0].asked_ms = 0;
	part->state = PART_WAITING;
	world_attempt(w, SOLO, 1);
	run_advance(&w->run);
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
		assert_int_equal(part->turn, 2);
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
	    "\"status\":400,\"refused\":4") };
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

/* What is not to be retried is not, by two as by one. */
static void
both_of_a_race_are_wrong(void **state)
{
	struct world w;
	struct part *part = open_race(&w, *state, "abc");

	world_frame_of(&w, SOLO, 0, FRAME_FAIL, STATUS(400));
	world_frame_of(&w, SOLO, 1, FRAME_FAIL, STATUS(400));
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
	    "\"http_status\",\"status\":404,\"no_model\":true"));
	if (part->state == PART_WAITING)
		assert_true(part->model <
		    part->plan->order[part->turn]->nmodels);
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
	for (i = 0; i < DECIDE_ATTEMPTS_MAX; i++) {
		world_frame(&w, SOLO, FRAME_FAIL, STATUS(409));
		assert_int_equal(part->turn, 0);
		run_advance(&w.run);
		if (part->state == PART_WAITING)
			again(&w);
	}
	assert_int_equal(part->state, PART_FAILED);
	shut(&w);
}

static int
setup(void **state)
{
	static const char *const variables[] = { "FIREWORKS_API_KEY",
	    "GROQ_API_KEY", "TOGETHER_API_KEY", "OPENAI_API_KEY",
	    "OPENAI_BASE_URL" };
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	return unit_dir_setup(state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(before_the_first_text),
		TEST(behind_the_first_text),
		TEST(another_text_begins_anew),
		TEST(nobody_else_to_ask),
		TEST(waits_between_attempts),
		TEST(at_most_eight_attempts),
		TEST(parameters_are_mended_once),
		TEST(parameters_are_each_services_own),
		TEST(models_that_are_gone),
		TEST(picked_is_final),
		TEST(useless_answers),
		TEST(filtered_is_final),
		TEST(what_all_workers_should_know),
		TEST(repeated_failures),
		TEST(set_aside_in_the_meantime),
		TEST(passed_over_is_still_there),
		TEST(what_good_answers_tell),
		TEST(what_is_used_up),
		TEST(first_to_give_text_wins),
		TEST(one_of_a_race_fails),
		TEST(empty_answer_does_not_win),
		TEST(both_of_a_race_fail),
		TEST(both_of_a_race_may_pass),
		TEST(both_of_a_race_are_wrong),
		TEST(winner_breaks_off),
		TEST(model_of_a_race_is_gone),
		TEST(race_of_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
