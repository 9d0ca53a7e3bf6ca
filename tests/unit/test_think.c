/*
 * test_think: thoughts are taken out of a text, wherever it is cut.
 */
#include "text/think.h"
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

#define KIMI(s)	"\xe2\x97\x81" s "\xe2\x96\xb7"

static const struct { const char *text, *want; } cases[] = {
	{ "", "" }, { "plain", "plain" }, { " \n", " \n" },
	{ "<think>a</think>b", "b" }, { "<think></think>b", "b" },
	{ "<think>a</think>", "" }, { "<think>a</think> \r\n\t\n b", "b" },
	{ "a<think>b</think>c", "ac" }, { "a <think>b</think> c", "a c" },
	{ "a<think>b</think>c<think>d</think>\ne", "ace" },
	{ "<think>a</think><think>b</think>c", "c" },
	{ "<think>a<think>b</think>c", "c" },
	{ "<think>a<think>b</think>c</think>d", "cd" },
	{ "<think>a", "" }, { "a<think>", "a" },
	{ "a</think>b", "b" }, { "a</think>\n\nb\n", "b\n" },
	{ "</think>b", "b" }, { "</think></think>b", "b" },
	{ "a</think>b<think>c</think>d", "bd" },
	/* Nothing follows it, or another tag came before: it is dropped. */
	{ "a</think>", "a" }, { "a</think> \n", "a" }, { "</think>", "" },
	{ "a</think></think>", "a" }, { "a</think></think> b", "b" },
	{ "a</think></thi", "a" }, { "a</think><think>b</think>", "a" },
	{ "a</think><think>b</think>c", "c" },
	{ "<think>a</think>b. </think>c", "b. c" },
	{ "<think>a</think>b</think> c</think>", "b c" },
	{ "<think>a</think></think>b", "b" },
	{ "a</think>b</think>c", "bc" }, { "</think>b</think>c", "bc" },
	{ " \n</think>\n\nb", " \nb" }, { "a\n</think>", "a\n" },
	{ "a</thinking>b", "b" }, { "a[/THINK]b", "b" },
	{ "<think>a</thought>b</think>c", "c" },
	{ "<", "<" }, { "<think", "<think" }, { "</think", "</think" },
	{ "a < b > c </ d", "a < b > c </ d" },
	{ "<thinking>a", "" }, { "<<think>a</think>b", "<b" },
	{ "<thinker>a", "<thinker>a" }, { "<this> [THIS]", "<this> [THIS]" },
	{ "<think>a</thin</think>b", "b" }, { "<think>a<</think>b", "b" },
	{ "<Think>a", "" }, { "<THINK>a</Think>b", "b" },
	{ "[Think]a", "[Think]a" },
	/* Other tags. */
	{ "<thought>a</thought>\nb", "b" },
	{ "<thinking>a</thinking>b<reflection>c</reflection>d", "bd" },
	{ "<reasoning>[1]</reasoning>b", "b" },
	{ "<seed:think>a</seed:think>b", "b" },
	{ "[THINK]a[1][/THINK]b [1] c", "b [1] c" },
	{ KIMI("think") "a" KIMI("/think") "b", "b" },
	{ "\xe2\x97\x8b \xe2\x80\x9c" "a", "\xe2\x97\x8b \xe2\x80\x9c" "a" },
	{ "<|begin_of_thought|>a<|end_of_thought|>"
	  "<|begin_of_solution|>b<|end_of_solution|>", "b" },
	{ "<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b"
	  "<|END_RESPONSE|>", "b" },
	{ "<think>a</think>\n<answer>\nb</answer>", "b" },
	{ "<answer>b</answer>", "<answer>b</answer>" },
	{ "<|channel>thought\na<channel|>b", "b" },
	{ "<|channel>thought\n<channel|>b", "b" },
	{ "Here is my thought process: a. Here is my response: b", "b" },
	{ "Here is my soup. Here is my thought process: a",
	  "Here is my soup. Here is my thought process: a" },
	{ "Here is my response: b", "Here is my response: b" },
	/* gpt-oss */
	{ "<|channel|>analysis<|message|>a<|end|><|start|>assistant"
	  "<|channel|>final<|message|>b<|return|>", "b" },
	{ "<|channel|>final<|message|>b", "b" },
	{ "<|channel|>final <|constrain|>JSON<|message|>[1]", "[1]" },
	{ "<|channel|>analysis<|message|>a<|channel|>final<|message|>b", "b" },
	{ "<|channel|>analysis<|message|>a<|end|><|start|>assistant"
	  "<|channel|>commentary<|message|>c<|end|><|start|>assistant"
	  "<|channel|>final<|message|>b<|end|>", "b" },
	{ "a<|end|><|start|>assistant<|channel|>final<|message|>b", "b" },
	{ "<|channel|>analysis<|message|>a", "" },
	{ "a <b>bold</b> [x](y) 1 < 2 <|", "a <b>bold</b> [x](y) 1 < 2 <|" },
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

/* A list begins at once; if it was a tag all the same, that is void. */
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
	gives(&s, "\n", "\n");
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

/* What answers show of a model: held, and read to their ends. */
static void
shows_how_it_begins(void **state)
{
	static const struct { const char *text; enum thinks shows; } one[] = {
		{ "a", THINKS_NOT }, { "", THINKS_UNKNOWN },
		{ " \n", THINKS_UNKNOWN }, { "<think>a", THINKS_UNKNOWN },
		{ "<think>a</think>b", THINKS_NOT },
		{ "<think>a</think>b</think>c", THINKS_NOT },
		{ "<think>a</think>b</think>", THINKS_NOT },
		{ "a</think>b", THINKS_INSIDE },
		{ "a</think>b</think>", THINKS_INSIDE },
		{ "a</think>", THINKS_UNKNOWN },
		{ "</think>b", THINKS_UNKNOWN },
	};
	struct seen s;
	size_t i;
	int expected;

	(void)state;
	for (i = 0; i < COUNT(one); i++)
		for (expected = 0; expected < 2; expected++) {
			begin(&s, expected);
			feed(&s, one[i].text, strlen(one[i].text));
			think_end(&s.think, false, &s.out);
			if (think_shows(&s.think, true) != one[i].shows)
				fail_msg("%s", one[i].text);
			/* Of an answer that is not whole less can be said. */
			assert_int_equal(think_shows(&s.think, false),
			    one[i].shows == THINKS_INSIDE ? THINKS_INSIDE :
			    THINKS_UNKNOWN);
			think_free(&s.think);
			buf_free(&s.out);
			buf_free(&s.shown);
		}
}

/* Expected, and cut: it was still at it, whatever it had said. */
static void
expected_and_cut(void **state)
{
	static const struct { const char *text, *want; } one[] = {
		{ "a", "" }, { "a</think>", "" }, { "a</think> ", "" },
		{ "a</think>b", "b" }, { "<think>a</think>b", "b" },
	};
	struct seen s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(one); i++) {
		begin(&s, true);
		feed(&s, one[i].text, strlen(one[i].text));
		buf_reset(&s.out);
		think_end(&s.think, true, &s.out);
		buf_add(&s.shown, s.out.data, s.out.len);
		assert_string_equal(s.shown.data, one[i].want);
		think_free(&s.think);
		buf_free(&s.out);
		buf_free(&s.shown);
	}
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

/* A million tags in one text: each is passed once. */
static void
tags_without_end(void **state)
{
	static const char *const pieces[] = { "<think>", "</think>",
	    "<think></think>", "<", "[THINK][/THINK]", "a</think>" };
	struct buf text = BUF_INIT(THINK_MAX);
	struct seen s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pieces); i++) {
		buf_reset(&text);
		while (buf_puts(&text, pieces[i]) == 0)
			;
		begin(&s, false);
		feed(&s, text.data, text.len);
		think_free(&s.think);
		buf_free(&s.out);
		buf_free(&s.shown);
	}
	buf_free(&text);
}

static void
says_whether_it_thought(void **state)
{
	static const struct { const char *text; bool thought; } one[] = {
		{ "a", false }, { "", false }, { "<thi", false },
		{ "<think>", true }, { "<think>a", true },
		{ "<think>a</think>b", true }, { "a</think>", true },
		{ "a</think>b", true }, { "[THINK]", true }, { "[", false },
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
		cmocka_unit_test(whole_and_byte_by_byte),
		cmocka_unit_test(cut_at_every_position),
		cmocka_unit_test(passed_on_at_once),
		cmocka_unit_test(expected_without_opening_tag),
		cmocka_unit_test(expected_but_opened),
		cmocka_unit_test(expected_and_cut),
		cmocka_unit_test(expected_but_apart),
		cmocka_unit_test(unexpected_without_opening_tag),
		cmocka_unit_test(unexpected_in_one_piece),
		cmocka_unit_test(bracket_that_begins),
		cmocka_unit_test(shows_how_it_begins),
		cmocka_unit_test(tags_without_end),
		cmocka_unit_test(says_whether_it_thought),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(held_is_bounded),
		cmocka_unit_test(long_thoughts_are_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
