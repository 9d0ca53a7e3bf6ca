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
	masks("1234567", "a 1234567", 3, "a 1234567");
	masks("12345678", "a 12345678", 3, "a ***");
	masks("", "none of it", 3, "none of it");
}

/* A text is masked whole, and what is escaped in it is found as well. */
static void
whole_texts(void **state)
{
	static const struct { const char *key, *text, *want; } cases[] = {
		{ secret, "", "" }, { secret, "soup", "soup" },
		{ secret, "a abcabcabd-0123456789 b", "a *** b" },
		{ secret, "abcabcabcabd-0123456789", "abc***" },
		{ secret, "abcabcabd-0123456789abcabcabd-0123456789",
		    "******" },
		{ secret, "abcabcabd-012345678", "abcabcabd-012345678" },
		{ "s/k+&1234", "s\\/k+&1234!", "***!" },
		{ "s/k+&1234", "s%2Fk%2b%261234!", "***!" },
		{ "s/k+&1234", "s\\u002fk\\u002B\\u00261234!", "***!" },
		{ "s/k+&1234", "s&#47;k&#x2b;&amp;1234!", "***!" },
		{ "s/k+&1234", "%73/k+&123&#x34;!", "***!" },
		{ "s/k+&1234", "s/k+&123%3", "s/k+&123%3" },
		{ "s/k+&1234", "S/K+&1234", "S/K+&1234" },
		{ "\"<>'\"<>'", "&quot;&lt;&gt;&#39;\\\"<>'", "***" },
		/* Eight bytes are the fewest. */
		{ "12345678", "12345678", "***" },
		{ "1234567", "1234567", "1234567" },
		{ "", "soup", "soup" }, { NULL, "soup", "soup" },
	};
	struct buf out = BUF_INIT(4096);
	size_t i, n;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		n = strlen(cases[i].text);
		buf_init(&out, n);
		mask_text(&out, cases[i].text, n, cases[i].key);
		assert_string_equal(out.data, cases[i].want);
		assert_false(out.failed);
		buf_free(&out);
	}
}

/* Only n bytes are looked at, and a NUL among them is a byte as any other. */
static void
no_byte_beyond_the_end(void **state)
{
	struct buf out = BUF_INIT(4096);

	(void)state;
	mask_text(&out, "abcabcabd-0123456789", 19, secret);
	assert_string_equal(out.data, "abcabcabd-012345678");
	buf_reset(&out);
	mask_text(&out, "\0abcabcabd-0123456789", 21, secret);
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.data, "\0***", 4);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_cut_anywhere),
		cmocka_unit_test(nothing_is_held_for_nothing),
		cmocka_unit_test(words_that_are_no_secrets),
		cmocka_unit_test(whole_texts),
		cmocka_unit_test(no_byte_beyond_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
