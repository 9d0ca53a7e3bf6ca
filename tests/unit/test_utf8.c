/*
 * test_utf8: RFC 3629 to the letter.
 */
#include "base/utf8.h"
#include "unit.h"

/* The encoding of cp; also of what is no code point. */
static size_t
encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static void
every_code_point_and_no_other(void **state)
{
	char bytes[4];
	uint32_t cp, got;
	size_t n, want;

	(void)state;
	for (cp = 0; cp < 0x200000; cp++) {
		n = encode(cp, bytes);
		want = cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : n;
		got = ~cp;
		if (utf8_next(bytes, n, &got) != want ||
		    (want > 0 && got != cp))
			fail_msg("U+%04X", (unsigned)cp);
	}
}

/* All beginnings of all code points, and nothing that no code point begins. */
static void
beginnings(void **state)
{
	static const char *const none[] = { "", "a", "\x80", "a\xc0", "a\xc1",
	    "\xe0\x80", "\xed\xa0", "\xf0\x80", "\xf0\x80\x80",
	    "\xf4\x90", "\xf4\x90\x80", "\xf5", "\xff", "\xc3\xa9",
	    "\xed\x95\x9c", "\xf0\x9f\x8d\xb2", "\x80\x80\x80\x80",
	    "\xf0\x9f\x8d\xb2\x80" };
	char text[6] = "\xc3";
	uint32_t cp;
	size_t i, k, n;

	(void)state;
	for (cp = 0x80; cp <= 0x10ffff; cp += cp == 0xd7ff ? 0x801 : 1) {
		n = encode(cp, text + 1);
		for (k = 0; k < n; k++)
			if (utf8_begun(text, 1 + k) != (k == 0 ? 1 : k))
				fail_msg("U+%04X, %zu bytes", (unsigned)cp, k);
		assert_int_equal(utf8_begun(text, 1 + n), 0);
	}
	for (i = 0; i < COUNT(none); i++)
		assert_int_equal(utf8_begun(none[i], strlen(none[i])), 0);
}

static void
cut_sequences(void **state)
{
	static const uint32_t points[] = { 0x80, 0x7ff, 0x800, 0xae40, 0xffff,
	    0x10000, 0x1f373, 0x10ffff };
	char bytes[4];
	uint32_t cp;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < COUNT(points); i++) {
		n = encode(points[i], bytes);
		for (k = 1; k < n; k++)
			assert_int_equal(utf8_next(bytes, k, &cp), 0);
		for (k = 1; k < n; k++)
			assert_false(utf8_valid(bytes, k));
		for (k = 1; k < n; k++)
			assert_false(utf8_valid(bytes + k, n - k));
	}
}

static const struct { const char *bytes; size_t n; } invalid[] = {
	{ BYTES("\x80") }, { BYTES("\xbf") },		/* nothing begins so */
	{ BYTES("\xc0\x80") }, { BYTES("\xc1\xbf") },	/* overlong */
	{ BYTES("\xe0\x80\x80") }, { BYTES("\xe0\x9f\xbf") },
	{ BYTES("\xf0\x80\x80\x80") }, { BYTES("\xf0\x8f\xbf\xbf") },
	{ BYTES("\xed\xa0\x80") }, { BYTES("\xed\xbf\xbf") }, /* surrogates */
	{ BYTES("\xed\xa0\xbd\xed\xb8\x80") },		/* a pair of them */
	{ BYTES("\xf4\x90\x80\x80") },			/* U+110000 */
	{ BYTES("\xf5\x80\x80\x80") }, { BYTES("\xfe") }, { BYTES("\xff") },
	{ BYTES("\xf8\x88\x80\x80\x80") },		/* five bytes */
	{ BYTES("\xc3\x28") }, { BYTES("\xe2\x28\xa1") },
	{ BYTES("\xe2\x82\x28") }, { BYTES("\xf0\x9f\x8d\x28") },
	{ BYTES("\xe2\x82") }, { BYTES("a\xf0\x9f\x8d") },
	{ BYTES("abc\xff" "def") },
};

static void
invalid_bytes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(invalid); i++)
		if (utf8_valid(invalid[i].bytes, invalid[i].n))
			fail_msg("invalid[%zu] was taken", i);
}

static void
valid_text(void **state)
{
	(void)state;
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid(BYTES("a\0b")));
	assert_true(utf8_valid(BYTES("na\xc3\xafve \xea\xb9\x80\xec\xb9\x98 "
	    "\xf0\x9f\x8d\xb3")));
	assert_true(utf8_valid(BYTES("\xf4\x8f\xbf\xbf")));
	assert_true(utf8_valid(BYTES("\xef\xbf\xbe\xef\xbf\xbf")));
}

static void
count_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_count("", 0), 0);
	assert_int_equal(utf8_count(BYTES("abc")), 3);
	assert_int_equal(utf8_count(BYTES("a\0b")), 3);
	assert_int_equal(utf8_count(BYTES("\xea\xb9\x80\xec\xb9\x98")), 2);
	assert_int_equal(utf8_count(BYTES("\xf0\x9f\x8d\xb3\xc3\xa9")), 2);
}

/* For every bound: valid, within it, and the next code point passes it. */
static void
cut_is_the_longest_prefix(void **state)
{
	static const char text[] = "a\xc3\xa9\xea\xb9\x80\xf0\x9f\x8d\xb3z"
	    "\xf0\x9f\x8d\xb3\xea\xb9\x80\xc3\xa9";
	const size_t n = sizeof(text) - 1;
	size_t max, cut, next;
	uint32_t cp;

	(void)state;
	for (max = 0; max <= n + 3; max++) {
		cut = utf8_cut(text, n, max);
		assert_true(cut <= max && cut <= n);
		assert_true(utf8_valid(text, cut));
		if (cut == n)
			continue;
		next = utf8_next(text + cut, n - cut, &cp);
		assert_true(next > 0 && cut + next > max);
	}
	assert_int_equal(utf8_cut("", 0, 0), 0);
	assert_int_equal(utf8_cut("", 0, 5), 0);
}

#define R "\xef\xbf\xbd"

static void
clean_replaces_each_bad_byte(void **state)
{
	static const struct { const char *in; size_t n; const char *out; }
	    cases[] = {
		{ BYTES(""), "" },
		{ BYTES("abc"), "abc" },
		{ BYTES("\xff"), R },
		{ BYTES("a\xff"), "a" R },
		{ BYTES("\xff" "a"), R "a" },
		{ BYTES("a\xff\xfe" "b"), "a" R R "b" },
		{ BYTES("\xe2\x82"), R R },
		{ BYTES("\xed\xa0\x80"), R R R },
		{ BYTES("\xea\xb9\x80\xf0\x9f\x8d"), "\xea\xb9\x80" R R R },
		{ BYTES("\xf0\x9f\x8d\xb3"), "\xf0\x9f\x8d\xb3" },
	};
	struct buf out = BUF_INIT(100);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		assert_int_equal(utf8_clean(&out, cases[i].in, cases[i].n), 0);
		assert_string_equal(out.data, cases[i].out);
	}
	for (i = 0; i < COUNT(invalid); i++) {
		buf_reset(&out);
		utf8_clean(&out, invalid[i].bytes, invalid[i].n);
		assert_true(utf8_valid(out.data, out.len));
	}
	buf_free(&out);
}

static void
clean_says_when_it_does_not_fit(void **state)
{
	struct buf out = BUF_INIT(3);

	(void)state;
	assert_int_equal(utf8_clean(&out, BYTES("a\xff")), -1);
	assert_true(out.failed);
	buf_free(&out);
}

static void
letters_of_many_scripts(void **state)
{
	static const uint32_t letters[] = { 'a', 'z', 'A', 'Z', 0xaa, 0xb5,
	    0xc0, 0xe9, 0xff, 0x151, 0x3b1, 0x416, 0x5d0, 0x627, 0x915, 0xe01,
	    0x3042, 0x30ab, 0x4e2d, 0xac00, 0xae40, 0xd7a3, 0xff21, 0x20000 };
	static const uint32_t others[] = { 0, ' ', '\n', '0', '9', '!', '@',
	    '[', '`', '{', '~', 0x7f, 0x80, 0xa0, 0xa9, 0xab, 0xb7, 0xd7, 0xf7,
	    0x2013, 0x201c, 0x2026, 0x20ac, 0x2192, 0x2b91, 0x3000, 0x3001,
	    0xe000, 0xfe0f, 0xff01, 0xff10, 0xfffd, 0x1f373, 0x1f9c0,
	    0x10ffff };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(letters); i++)
		if (!utf8_is_letter(letters[i]))
			fail_msg("U+%04X", (unsigned)letters[i]);
	for (i = 0; i < COUNT(others); i++)
		if (utf8_is_letter(others[i]))
			fail_msg("U+%04X", (unsigned)others[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_and_no_other),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(cut_sequences),
		cmocka_unit_test(invalid_bytes),
		cmocka_unit_test(valid_text),
		cmocka_unit_test(count_code_points),
		cmocka_unit_test(cut_is_the_longest_prefix),
		cmocka_unit_test(clean_replaces_each_bad_byte),
		cmocka_unit_test(clean_says_when_it_does_not_fit),
		cmocka_unit_test(letters_of_many_scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
