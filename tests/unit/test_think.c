/*
 * test_think: thoughts are taken out of a text, however it is cut into pieces.
 */
#include "fixture_think.h"

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
	{ " \t[/THINK] a</x>", " \ta</x>" },
	{ "[/THINK] \t[/THINK] \tb", "b" },
	{ "[/THINK] [THINK]a[/THINK] b", "b" },
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

/* A tag after a NUL of a model is still found. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_byte_by_byte),
		cmocka_unit_test(cut_at_every_position),
		cmocka_unit_test(expected_and_cut),
		cmocka_unit_test(shows_how_it_begins),
		cmocka_unit_test(tags_without_end),
		cmocka_unit_test(says_whether_it_thought),
		cmocka_unit_test(nul_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
