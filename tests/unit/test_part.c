/*
 * test_part: every change is told, and every bad end exactly once.
 */
#include "base/utf8.h"
#include "run/part.h"
#include "fixture_world.h"

static void
open_noted(struct world *w, const char *dir)
{
	world_open(w, dir, world_services, 0);
	world_begin(w, true);
}

/* With an attempt that the visitor has been told of. */
static struct part *
give(struct world *w, size_t i)
{
	struct part *part = world_give(w, i);

	part->told = part->attempts[0];
	return part;
}

static void
told_with_its_attempt(void **state)
{
	struct world w;
	struct part *part;

	open_noted(&w, *state);
	part_tell(&w.run.parts[SOLO], TOLD_START, NULL);
	part = give(&w, SOLO);
	part->told.number = 2;
	part_tell(part, TOLD_RESET, "so");
	assert_string_equal(w.noted.data, "_part solo \"start\"\n"
	    "_part solo \"reset\" 2 \"so\"\n");
	world_close(&w);
}

/* The whole object, as the wire has it. */
static void
fields_of_an_event(void **state)
{
	struct world w;
	struct part *part;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, false);
	part = give(&w, SOLO);
	world_flush(&w);
	buf_reset(&w.sent);
	w.run.start_ms = io_now_ms() - 171;
	part_tell(part, TOLD_START, NULL);
	part->attempts[0].ended = true;
	part->attempts[0].tokens = (struct tokens){ 5, -1, true };
	part_end(part, PART_DONE);
	world_flush(&w);
	unit_assert_has(w.sent.data, "data: _part|{\"part\":\"solo\","
	    "\"state\":\"start\",\"service\":\"two\",\"model\":\"m2\","
	    "\"attempt\":1,\"ms\":17");
	unit_assert_has(w.sent.data, "\"state\":\"done\"");
	unit_assert_has(w.sent.data, "\"tokens\":{\"in\":5,\"out\":0,"
	    "\"estimated\":true}");
	assert_int_equal(unit_count(w.sent.data, "\"tokens\""), 1);
	assert_int_equal(unit_count(w.sent.data, "\"why\""), 0);
	world_close(&w);
}

static void
bad_end_is_a_part_then_one_error(void **state)
{
	static const struct { enum part_state state; const char *name; }
	    ends[] = { { PART_FILTERED, "filtered" }, { PART_FAILED, "failed" },
	    { PART_SKIPPED, "skipped" }, { PART_STOPPED, "stopped" } };
	struct world w;
	struct part *part;
	char want[200];
	size_t i;

	for (i = 0; i < COUNT(ends); i++) {
		open_noted(&w, *state);
		part = give(&w, BUY);
		part_end_badly(part, ends[i].state, "the why",
		    i % 2 == 0 ? CODE_LOST : CODE_TOO_BIG, "the message");
		snprintf(want, sizeof(want), "_part buy \"%s\" 1 \"the why\"\n"
		    "_error buy \"%s\n", ends[i].name,
		    i % 2 == 0 ? "lost\" true" : "too_big\" false");
		assert_string_equal(w.noted.data, want);
		assert_int_equal(part->state, ends[i].state);
		assert_false(part_is_tried(part));
		assert_false(part_is_live(part));
		assert_false(part_is_good(part));
		world_close(&w);
	}
}

static void
failure_with_its_message(void **state)
{
	struct world w;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, false);
	part_fail(give(&w, SOLO), CODE_HTTP_STATUS,
	    "%s answered %d: \"no\"", "two", 503);
	world_flush(&w);
	unit_assert_has(w.sent.data, "data: _error|{\"part\":\"solo\","
	    "\"code\":\"http_status\",\"message\":\"two answered 503: "
	    "\\\"no\\\"\",\"retryable\":true}");
	assert_int_equal(unit_count(w.sent.data, "_error|"), 1);
	world_close(&w);
}

static void
good_end_gives_its_text_to_others(void **state)
{
	static const enum part_state ends[] = { PART_DONE, PART_CUT };
	struct world w;
	struct part *part;
	size_t i;

	for (i = 0; i < COUNT(ends); i++) {
		open_noted(&w, *state);
		part = give(&w, BUY);
		buf_puts(&part->text, "1 pound");
		part_end(part, ends[i]);
		assert_true(part_is_good(part));
		assert_false(part_is_live(part));
		assert_string_equal(vars_get(&w.run.vars, "buy")->text,
		    "1 pound");
		assert_string_equal(w.noted.data, ends[i] == PART_DONE ?
		    "_part buy \"done\" 1\n" : "_part buy \"cut\" 1 \"the "
		    "model ran into its length limit\"\n");
		part = give(&w, SOLO);
		part_end(part, ends[i]);
		assert_null(vars_get(&w.run.vars, "solo"));
		world_close(&w);
	}
}

static void
first_is_said_before_visible_text(void **state)
{
	struct world w;
	struct part *part;

	open_noted(&w, *state);
	part = give(&w, SOLO);
	part_write(part, "", 0);
	part_write(part, " \r\n\t", 4);
	assert_false(part->visible);
	assert_int_equal(w.run.first_ms, 0);
	part_write(part, " a", 2);
	part_write(part, "b", 1);
	assert_true(part->visible);
	assert_true(w.run.first_ms > 0);
	assert_true(part->first_ms >= w.run.first_ms);
	unit_assert_has(w.noted.data, "_part solo \"first\" 1\nsolo| a\n"
	    "solo|b\n");
	assert_int_equal(unit_count(w.noted.data, "first"), 1);
	world_close(&w);
}

static void
nul_and_other_odd_text_is_visible(void **state)
{
	static const char *const texts[] = { "\xe2\xae\x90", ".", "\x01" };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		open_noted(&w, *state);
		part_write(give(&w, SOLO), texts[i],
		    strlen(texts[i]));
		assert_true(w.run.parts[SOLO].visible);
		world_close(&w);
	}
	open_noted(&w, *state);
	part_write(give(&w, SOLO), "\0", 1);
	assert_true(w.run.parts[SOLO].visible);
	world_close(&w);
}

/* What was said is void: the text, the list, and that it could be seen. */
static void
reset_forgets_the_text(void **state)
{
	struct world w;
	struct part *part;

	open_noted(&w, *state);
	part = give(&w, IDEAS);
	part_write(part, "[{", 2);
	buf_puts(&part->text, "[{");
	part->text_len = 2;
	json_push(part->picking.items, json_new_object());
	part->picking.list.count = 1;
	buf_reset(&w.noted);
	part_reset(part, "why");
	assert_string_equal(w.noted.data, "_part ideas \"reset\" 1 \"why\"\n");
	assert_int_equal(part->text.len, 0);
	assert_int_equal(part->text_len, 0);
	assert_int_equal(part->picking.list.count, 0);
	assert_int_equal(json_count(part->picking.items), 0);
	assert_false(part->visible);
	part_write(part, "x", 1);
	unit_assert_has(w.noted.data, "_part ideas \"first\" 1\nideas|x\n");
	world_close(&w);
}

/* A message is cut where it has to be, never inside a code point. */
static void
long_messages_stay_valid(void **state)
{
	char words[400];
	struct world w;
	size_t shift, i;

	for (shift = 0; shift < 4; shift++) {
		memset(words, 'x', sizeof(words));
		for (i = shift; i + 4 < sizeof(words); i += 4)
			memcpy(words + i, "\xf0\x9f\x8d\xb3", 4);
		words[sizeof(words) - 1] = '\0';
		open_noted(&w, *state);
		part_fail(give(&w, SOLO), CODE_LOST, "%s", words);
		assert_true(utf8_valid(w.noted.data, w.noted.len));
		world_close(&w);
	}
}

static void
dropping_twice(void **state)
{
	struct world w;
	struct part *part;

	open_noted(&w, *state);
	part = give(&w, SOLO);
	part_withdraw(part);
	assert_false(part_is_tried(part));
	part_withdraw(part);
	attempt_drop(&part->attempts[1]);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(told_with_its_attempt),
		TEST(fields_of_an_event),
		TEST(bad_end_is_a_part_then_one_error),
		TEST(failure_with_its_message),
		TEST(good_end_gives_its_text_to_others),
		TEST(first_is_said_before_visible_text),
		TEST(nul_and_other_odd_text_is_visible),
		TEST(reset_forgets_the_text),
		TEST(long_messages_stay_valid),
		TEST(dropping_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
