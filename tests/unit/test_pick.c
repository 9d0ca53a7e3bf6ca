/*
 * test_pick: from a list to a choice, as early as it can be made.
 */
#include "run/part.h"
#include "run/pick.h"
#include "fixture_world.h"

#define A "{\"name\":\"A\",\"intro\":\"a & b\"}"
#define B "{\"name\":\"B\",\"intro\":\"<b>\"}"
#define C "{\"name\":\"C\",\"intro\":\"c\"}"
#define D "{\"name\":\"D\",\"intro\":\"d\"}"

/* A run whose pick was drawn so, with `ideas` writing. */
static struct part *
open_drawn(struct world *w, const char *dir, uint32_t draw)
{
	world_open(w, dir, world_services, draw);
	world_begin(w, true);
	return world_give(w, IDEAS);
}

static void
feed(struct part *part, const char *text)
{
	picking_read(&part->picking, text, strlen(text));
	pick_look(part);
}

static void
picked_when_it_closes(void **state)
{
	static const char text[] = "[" A ", " B ", " C "]";
	static const size_t closes[] = { sizeof("[" A) - 2,
	    sizeof("[" A ", " B) - 2, sizeof("[" A ", " B ", " C) - 2 };
	struct world w;
	struct part *part;
	uint32_t draw;
	size_t i;

	for (draw = 0; draw < 6; draw++) {
		part = open_drawn(&w, *state, draw);
		for (i = 0; i < sizeof(text) - 1; i++) {
			picking_read(&part->picking, text + i, 1);
			pick_look(part);
			if (part->picking.picked != (i >= closes[draw % 3]))
				fail_msg("draw %u at %zu", (unsigned)draw, i);
			assert_int_equal(part->picking.listed, text[i] == ']');
		}
		assert_int_equal(part->picking.pick, draw % 3);
		assert_int_equal(unit_count(w.noted.data, "_pick"), 1);
		assert_int_equal(unit_count(w.noted.data, "_alternates"), 1);
		world_close(&w);
	}
}

static void
told_and_set(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 1);

	feed(part, "Sure: [" A "," B ",");
	assert_string_equal(w.noted.data, "_pick ideas 1 \"B\"\n");
	assert_string_equal(vars_get(&w.run.vars, "it.name")->text, "B");
	assert_string_equal(vars_get(&w.run.vars, "it.intro")->text, "<b>");
	feed(part, C "] there!");
	assert_string_equal(w.noted.data, "_pick ideas 1 \"B\"\n"
	    "_alternates ideas [" A "," C "]\n"
	    "_part rest \"start\"\n"
	    "_part rest \"first\"\n"
	    "rest|<li>A: a &amp; b</li>\n<li>C: c</li>\n"
	    "_part rest \"done\"\n");
	world_close(&w);
}

static void
wire_of_a_pick(void **state)
{
	struct world w;
	struct part *part;

	world_open(&w, *state, world_services, 2);
	world_begin(&w, false);
	part = world_give(&w, IDEAS);
	feed(part, "[" A "," B "," C "]");
	world_flush(&w);
	unit_assert_has(w.sent.data, "data: _pick|{\"index\":2,\"name\":\"C\","
	    "\"intro\":\"c\"}\nid: 2\n\n");
	unit_assert_has(w.sent.data, "data: _alternates|{\"items\":[" A "," B
	    "]}\nid: 3\n\n");
	unit_assert_has(w.sent.data, "data: rest|<li>A: a &amp; b</li>"
	    "\xe2\xae\x91<li>B: &lt;b&gt;</li>\nid: 6\n\n");
	world_close(&w);
}

/* The array ends sooner than was drawn for: one of those there. */
static void
shorter_than_asked_for(void **state)
{
	struct world w;
	struct part *part;
	uint32_t draw;
	bool seen[2] = { false, false };

	for (draw = 2; draw < 12; draw += 3) {
		part = open_drawn(&w, *state, draw);
		feed(part, "[" A "," B "]");
		assert_true(part->picking.picked && part->picking.listed);
		assert_in_range(part->picking.pick, 0, 1);
		seen[part->picking.pick] = true;
		assert_int_equal(unit_count(w.noted.data, "_pick"), 1);
		world_close(&w);
	}
	assert_true(seen[0] && seen[1]);
	for (draw = 0; draw < 3; draw++) {
		part = open_drawn(&w, *state, draw);
		feed(part, "[" A "]");
		assert_true(part->picking.picked);
		assert_int_equal(part->picking.pick, 0);
		unit_assert_has(w.noted.data, "_alternates ideas []\n"
		    "_part rest \"start\"\n_part rest \"done\"\n");
		world_close(&w);
	}
}

static void
more_than_asked_for(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 4);

	feed(part, "[" A "," B "," C "," D "]");
	assert_int_equal(part->picking.pick, 1);
	unit_assert_has(w.noted.data, "_alternates ideas [" A "," C "," D "]");
	unit_assert_has(w.noted.data, "<li>D: d</li>");
	world_close(&w);
}

/* A list without its closing bracket ends with the stage. */
static void
as_whole_as_it_will_be(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 2);

	feed(part, A "\n" B "\n");
	assert_false(part->picking.picked || part->picking.listed);
	pick_end(part);
	assert_true(part->picking.picked && part->picking.listed);
	assert_int_equal(unit_count(w.noted.data, "_pick"), 1);
	assert_int_equal(unit_count(w.noted.data, "_alternates"), 1);
	unit_assert_has(w.noted.data, "_part rest \"done\"");
	world_close(&w);
}

static void
only_the_fields_asked_for(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 0);

	feed(part, "[{\"name\":\"A\",\"evil\":\"x\",\"intro\":7},"
	    "{\"name\":\"B\"}, {\"title\":\"none\"}]");
	assert_string_equal(vars_get(&w.run.vars, "it.intro")->text, "");
	assert_null(vars_get(&w.run.vars, "it.evil"));
	unit_assert_has(w.noted.data, "_alternates ideas [{\"name\":\"B\","
	    "\"intro\":\"\"}]");
	world_close(&w);
}

static void
each_that_has_ended_is_left_alone(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 0);

	part_end_badly(&w.run.parts[REST], PART_STOPPED, "x",
	    CODE_RUN_TIMEOUT, "x");
	buf_reset(&w.noted);
	feed(part, "[" A "," B "]");
	unit_assert_lacks(w.noted.data, "rest");
	world_close(&w);
}

/* A list may be in bounds, and its elements in a template too long. */
static void
elements_beyond_the_bound(void **state)
{
	struct world w;
	struct part *part = open_drawn(&w, *state, 0);

	w.config.limits.stage_bytes = 30;
	feed(part, "[" A "," B "," C "]");
	assert_int_equal(w.run.parts[REST].state, PART_FAILED);
	unit_assert_has(w.noted.data, "_part rest \"start\"\n"
	    "_part rest \"failed\"");
	unit_assert_has(w.noted.data, "_error rest \"too_big\" false\n");
	unit_assert_lacks(w.noted.data, "<li>");
	assert_int_equal(unit_count(w.noted.data, "_part rest"), 2);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(picked_when_it_closes),
		TEST(told_and_set),
		TEST(wire_of_a_pick),
		TEST(shorter_than_asked_for),
		TEST(more_than_asked_for),
		TEST(as_whole_as_it_will_be),
		TEST(only_the_fields_asked_for),
		TEST(each_that_has_ended_is_left_alone),
		TEST(elements_beyond_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
