/*
 * mask: a secret in pieces.
 */
#include <string.h>

#include "text/mask.h"
#include "unit.h"

static const char secret[] = "abcabcabd-0123456789";

/* The text in pieces of this size. */
static void
masks(const char *key, const char *text, size_t piece, const char *want)
{
	struct buf out = BUF_INIT(4096);
	struct mask mask;
	size_t n, left = strlen(text);

	mask_init(&mask, key);
	for (; left > 0; text += n, left -= n) {
		n = piece < left ? piece : left;
		mask_feed(&mask, text, n, &out);
	}
	mask_end(&mask, &out);
	assert_string_equal(out.data, want);
	mask_free(&mask);
	buf_free(&out);
}

static void
whole_and_cut_anywhere(void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "", "" }, { "soup", "soup" },
		{ "abcabcabd-0123456789", "***" },
		{ "a abcabcabd-0123456789 b", "a *** b" },
		{ "abcabcabcabd-0123456789", "abc***" },
		{ "abcabcabd-0123456789abcabcabd-0123456789", "******" },
		{ "abcabcabd-012345678", "abcabcabd-012345678" },
		{ "abcabcabd-012345678 ab", "abcabcabd-012345678 ab" },
	};
	size_t i, piece;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		for (piece = 1; piece <= 45; piece++)
			masks(secret, cases[i].text, piece, cases[i].want);
}

/* Text is held no longer than it may be the begin of the secret. */
static void
nothing_is_held_for_nothing(void **state)
{
	struct buf out = BUF_INIT(4096);
	struct mask mask;

	(void)state;
	mask_init(&mask, secret);
	mask_feed(&mask, "a soup", 6, &out);
	assert_string_equal(out.data, "a soup");
	mask_feed(&mask, " abc", 4, &out);
	assert_string_equal(out.data, "a soup ");
	mask_feed(&mask, "x", 1, &out);
	assert_string_equal(out.data, "a soup abcx");
	mask_free(&mask);
	buf_free(&out);
}

static void
words_that_are_no_secrets(void **state)
{
	(void)state;
	masks(NULL, "none of it", 3, "none of it");
	masks("none", "none of it", 3, "none of it");
	masks("", "none of it", 3, "none of it");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_cut_anywhere),
		cmocka_unit_test(nothing_is_held_for_nothing),
		cmocka_unit_test(words_that_are_no_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
