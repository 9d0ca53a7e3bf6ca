/*
 * test_think_pace: which piece of a text is shown at once, which is held until
 * it is known to be no thought, and which one turns out to be void.
 */
#include "fixture_think.h"

/* Nothing waits that cannot be part of a tag. */
static void
passed_on_at_once(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	gives(&s, "a", "a");
	gives(&s, " < b", " < b");
	gives(&s, "c<thi", "c");
	gives(&s, "s>", "<this>");
	gives(&s, "<think>x", "");
	gives(&s, "y</thi", "");
	gives(&s, "nk>", "");
	gives(&s, "\n", "");
	gives(&s, "d\n", "d\n");
	gives(&s, "\n", "\n");
	assert_false(s.was_void);
	finish(&s, "a < bc<this>d\n\n", "");
}

/* Where it is expected, text waits for the tag, and after it no longer. */
static void
expected_without_opening_tag(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, true);
	gives(&s, "a ", "");
	gives(&s, "b", "");
	assert_true(s.thought);
	gives(&s, "</think>\nc", "c");
	gives(&s, "d", "d");
	assert_false(s.was_void);
	finish(&s, "cd", "");
}

/* The model may open its thought all the same: then that is what counts. */
static void
expected_but_opened(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, true);
	gives(&s, "<think>a", "");
	gives(&s, "</think>b", "b");
	gives(&s, "c", "c");
	finish(&s, "bc", "");
}

/* Thoughts that come apart: the text is held no longer. */
static void
expected_but_apart(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, true);
	gives(&s, "a", "");
	think_apart(&s.think);
	gives(&s, "b", "ab");
	gives(&s, "c", "c");
	finish(&s, "abc", "");
}

static void
unexpected_without_opening_tag(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	gives(&s, "a", "a");
	assert_false(s.thought);
	gives(&s, "b</think>", "b");
	gives(&s, " \n", "");
	assert_false(s.was_void);
	assert_true(s.thought);
	assert_int_equal(think_shows(&s.think, false), THINKS_UNKNOWN);
	gives(&s, "\nc", "c");
	assert_true(s.was_void);
	assert_int_equal(think_shows(&s.think, false), THINKS_INSIDE);
	s.was_void = false;
	gives(&s, "d", "d");
	assert_false(s.was_void);
	finish(&s, "cd", "");
}

/* What is found in one piece has not been shown, so nothing is void. */
static void
unexpected_in_one_piece(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	gives(&s, "a</think>b", "b");
	assert_false(s.was_void);
	assert_int_equal(think_shows(&s.think, false), THINKS_INSIDE);
	finish(&s, "b", "");
}

/*
 * A list begins at once; if it was a tag all the same, that is void.  White
 * space before it would be void as well, so then it waits.
 */
static void
bracket_that_begins(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	gives(&s, "[", "[");
	gives(&s, "{", "{");
	assert_false(s.was_void);
	gives(&s, "[", "");
	gives(&s, "1", "[1");
	finish(&s, "[{[1", "");
	begin(&s, false);
	gives(&s, "[", "[");
	gives(&s, "TH", "");
	gives(&s, "INK", "");
	assert_false(s.was_void);
	gives(&s, "]a", "");
	assert_true(s.was_void);
	gives(&s, "[/THINK]b", "b");
	assert_int_equal(think_shows(&s.think, true), THINKS_NOT);
	finish(&s, "b", "");
	begin(&s, false);
	gives(&s, "\n", "\n");
	gives(&s, "[", "");
	gives(&s, "1", "[1");
	finish(&s, "\n[1", "");
	begin(&s, false);
	gives(&s, "\n", "\n");
	gives(&s, "[THINK]a", "");
	assert_false(s.was_void);
	gives(&s, "[/THINK]b", "b");
	finish(&s, "\nb", "");
	begin(&s, false);
	gives(&s, "[TH", "");
	finish(&s, "[TH", "");
	begin(&s, false);
	gives(&s, "[", "[");
	gives(&s, "TH", "");
	finish(&s, "[TH", "");
	begin(&s, false);
	gives(&s, "[", "[");
	gives(&s, "/THINK]", "");
	assert_true(s.was_void);
	gives(&s, "b", "b");
	finish(&s, "b", "");
	begin(&s, false);
	gives(&s, "<think></think>\n[", "[");
	gives(&s, "\n", "\n");
	finish(&s, "[\n", "");
	begin(&s, true);
	gives(&s, "[", "");
	finish(&s, "[", "");
}

/* Held text is bounded, and what passes the bound is not lost. */
static void
held_is_bounded(void **state)
{
	static char piece[65536];
	size_t i, n = THINK_MAX / sizeof(piece) + 2, k;
	struct seen s;

	(void)state;
	memset(piece, 'x', sizeof(piece));
	begin(&s, true);
	for (i = 0; i < n; i++) {
		feed(&s, piece, sizeof(piece));
		assert_true(s.think.held.len + s.think.kept.len <= THINK_MAX);
	}
	think_end(&s.think, false, &s.out);
	assert_int_equal(s.shown.len, n * sizeof(piece));
	for (k = 0; k < s.shown.len; k++)
		assert_int_equal(s.shown.data[k], 'x');
	think_free(&s.think);
	buf_free(&s.out);
	buf_free(&s.shown);
}

/* A thought of any length is dropped as it comes. */
static void
long_thoughts_are_not_held(void **state)
{
	static char piece[65536];
	struct seen s;
	size_t i;

	(void)state;
	memset(piece, '<', sizeof(piece));
	begin(&s, false);
	gives(&s, "<think>", "");
	for (i = 0; i < 40; i++) {
		feed(&s, piece, sizeof(piece));
		assert_int_equal(s.out.len, 0);
		assert_true(s.think.held.len < 16);
	}
	gives(&s, "</think>a", "a");
	finish(&s, "a", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passed_on_at_once),
		cmocka_unit_test(expected_without_opening_tag),
		cmocka_unit_test(expected_but_opened),
		cmocka_unit_test(expected_but_apart),
		cmocka_unit_test(unexpected_without_opening_tag),
		cmocka_unit_test(unexpected_in_one_piece),
		cmocka_unit_test(bracket_that_begins),
		cmocka_unit_test(held_is_bounded),
		cmocka_unit_test(long_thoughts_are_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
