/*
 * test_think: thoughts are taken out of a text, wherever it is cut.
 */
#include "think.h"
#include "unit.h"

/* What a reader has seen, who forgets what turns out to be void. */
struct seen {
	struct think	 think;
	struct buf	 out;		/* of one call */
	struct buf	 shown;
	bool		 thought;	/* any call said so */
	bool		 was_void;
};

static void
begin(struct seen *s, bool expected)
{
	think_init(&s->think, expected);
	buf_init(&s->out, 4 * THINK_MAX);
	buf_init(&s->shown, 4 * THINK_MAX);
	s->thought = s->was_void = false;
}

static void
feed(struct seen *s, const char *text, size_t n)
{
	bool is_void;

	buf_reset(&s->out);
	s->thought = think_feed(&s->think, text, n, &s->out, &is_void) ||
	    s->thought;
	if (is_void) {
		buf_reset(&s->shown);
		s->was_void = true;
	}
	buf_add(&s->shown, s->out.data, s->out.len);
}

static void
finish(struct seen *s, const char *want, const char *text)
{
	buf_reset(&s->out);
	think_end(&s->think, false, &s->out);
	buf_add(&s->shown, s->out.data, s->out.len);
	if (strcmp(s->shown.data, want) != 0)
		fail_msg("\"%s\" shows \"%s\"", text, s->shown.data);
	think_free(&s->think);
	think_free(&s->think);
	buf_free(&s->out);
	buf_free(&s->shown);
}

static const struct { const char *text, *want; } cases[] = {
	{ "", "" }, { "plain", "plain" }, { " \n", " \n" },
	{ "<think>a</think>b", "b" }, { "<think></think>b", "b" },
	{ "<think>a</think>", "" }, { "<think>a</think> \r\n\t\n b", "b" },
	{ "a<think>b</think>c", "ac" }, { "a <think>b</think> c", "a c" },
	{ "a<think>b</think>c<think>d</think>\ne", "ace" },
	{ "<think>a</think><think>b</think>c", "c" },
	{ "<think>a<think>b</think>c", "c" },
	{ "<think>a<think>b</think>c</think>d", "d" },
	{ "<think>a", "" }, { "a<think>", "a" },
	{ "a</think>b", "b" }, { "a</think>\n\nb\n", "b\n" },
	{ "</think>b", "b" }, { "</think></think>b", "b" },
	{ "a</think>b<think>c</think>d", "bd" },
	{ "a</think>", "" },
	{ "<", "<" }, { "<think", "<think" }, { "</think", "</think" },
	{ "a < b > c </ d", "a < b > c </ d" },
	{ "<thinking>a", "<thinking>a" }, { "<<think>a</think>b", "<b" },
	{ "<think>a</thin</think>b", "b" }, { "<think>a<</think>b", "b" },
	{ "<Think>a", "<Think>a" },
	{ "<think>\xc3\xa9</think>\xc3\xbc", "\xc3\xbc" },
};

static void
whole_and_byte_by_byte(void **state)
{
	struct seen s;
	size_t i, k, n;
	int expected;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		for (expected = 0; expected < 2; expected++) {
			n = strlen(cases[i].text);
			begin(&s, expected);
			feed(&s, cases[i].text, n);
			finish(&s, cases[i].want, cases[i].text);
			begin(&s, expected);
			for (k = 0; k < n; k++)
				feed(&s, cases[i].text + k, 1);
			finish(&s, cases[i].want, cases[i].text);
		}
}

/* Cut twice, everywhere. */
static void
cut_at_every_position(void **state)
{
	const char *text;
	struct seen s;
	size_t i, a, b, n;
	int expected;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		for (expected = 0; expected < 2; expected++) {
			text = cases[i].text;
			n = strlen(text);
			for (a = 0; a <= n; a++)
				for (b = a; b <= n; b++) {
					begin(&s, expected);
					feed(&s, text, a);
					feed(&s, text + a, b - a);
					feed(&s, text + b, n - b);
					finish(&s, cases[i].want, text);
				}
		}
}

/* One call's output, that of `text`. */
static void
gives(struct seen *s, const char *text, const char *want)
{
	feed(s, text, strlen(text));
	assert_string_equal(s->out.data, want);
}

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

static void
unexpected_without_opening_tag(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	gives(&s, "a", "a");
	assert_false(s.thought);
	gives(&s, "b</think>", "");
	assert_true(s.was_void);
	assert_true(s.thought);
	s.was_void = false;
	gives(&s, "c", "c");
	assert_false(s.was_void);
	finish(&s, "c", "");
}

static void
says_whether_it_thought(void **state)
{
	static const struct { const char *text; bool thought; } one[] = {
		{ "a", false }, { "", false }, { "<thi", false },
		{ "<think>", true }, { "<think>a", true },
		{ "<think>a</think>b", true }, { "a</think>", true },
	};
	struct seen s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(one); i++) {
		begin(&s, false);
		feed(&s, one[i].text, strlen(one[i].text));
		assert_int_equal(s.thought, one[i].thought);
		buf_reset(&s.shown);
		think_end(&s.think, false, &s.out);
		think_free(&s.think);
		buf_free(&s.out);
		buf_free(&s.shown);
	}
}

/* A model's NUL hides no tag behind it. */
static void
nul_bytes(void **state)
{
	struct seen s;

	(void)state;
	begin(&s, false);
	feed(&s, BYTES("<think>a\0b</think>c"));
	feed(&s, BYTES("\0d<think>e</think>"));
	assert_int_equal(s.shown.len, 3);
	assert_memory_equal(s.shown.data, "c\0d", 3);
	think_free(&s.think);
	buf_free(&s.out);
	buf_free(&s.shown);
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
		assert_true(s.think.held.len <= THINK_MAX);
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
		cmocka_unit_test(whole_and_byte_by_byte),
		cmocka_unit_test(cut_at_every_position),
		cmocka_unit_test(passed_on_at_once),
		cmocka_unit_test(expected_without_opening_tag),
		cmocka_unit_test(expected_but_opened),
		cmocka_unit_test(unexpected_without_opening_tag),
		cmocka_unit_test(says_whether_it_thought),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(held_is_bounded),
		cmocka_unit_test(long_thoughts_are_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
