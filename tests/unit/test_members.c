/*
 * test_members: what is cut out of an object's text, byte for byte; names and
 * strings however they are escaped.
 */
#include "text/grammar.h"
#include "text/members.h"
#include "unit.h"

/* Compares all members with `list`: "NAME=VALUE;" for each, as written. */
static void
assert_members(const char *text, size_t n, const char *list)
{
	struct members it = MEMBERS_INIT(text, n);
	struct buf out = BUF_INIT(4096);
	const char *why;
	struct member m;
	size_t at;

	if (!grammar_check(text, n, 64, &why, &at))
		fail_msg("%s: %s", text, why);
	while (members_next(&it, &m)) {
		buf_add(&out, m.name, m.name_len);
		buf_putc(&out, '=');
		buf_add(&out, m.value, m.value_len);
		buf_putc(&out, ';');
	}
	assert_string_equal(out.data, list);
	/* And it stays at its end. */
	assert_false(members_next(&it, &m));
	buf_free(&out);
}

static void
own_level_only(void **state)
{
	static const struct { const char *text, *list; } cases[] = {
		{ "{}", "" }, { " { } ", "" },
		{ "{\"a\":1}", "\"a\"=1;" },
		{ "{\"a\":1,\"b\":-0.50e+09}", "\"a\"=1;\"b\"=-0.50e+09;" },
		{ "\t{ \"a\" : 9007199254740993 ,\r\n\"b\"\t:\ttrue } ",
		    "\"a\"=9007199254740993;\"b\"=true;" },
		{ "{\"a\":{\"b\":{\"c\":1},\"d\":[2]},\"e\":null}",
		    "\"a\"={\"b\":{\"c\":1},\"d\":[2]};\"e\"=null;" },
		{ "{\"a\":[{\"x\":\"]}\"},[ ]] ,\"b\":[]}",
		    "\"a\"=[{\"x\":\"]}\"},[ ]];\"b\"=[];" },
		/* Quotes and brackets in strings, and backslashes at ends. */
		{ "{\"a\":\"}\\\"{,\\\\\",\"b\":\"\\\\\\\"\",\"c\":\"\"}",
		    "\"a\"=\"}\\\"{,\\\\\";\"b\"=\"\\\\\\\"\";\"c\"=\"\";" },
		{ "{\"a\\\":\":1,\"\":2,\"{\":{\"}\\\\\":\"\\\\\"}}",
		    "\"a\\\":\"=1;\"\"=2;\"{\"={\"}\\\\\":\"\\\\\"};" },
		/* The same name twice is two members. */
		{ "{\"a\":1,\"a\":2}", "\"a\"=1;\"a\"=2;" },
		{ "{\"\xed\x95\x9c\":\"\xea\xb8\x80\\u00e9\"}",
		    "\"\xed\x95\x9c\"=\"\xea\xb8\x80\\u00e9\";" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_members(cases[i].text, strlen(cases[i].text),
		    cases[i].list);
}

/* Text that nobody has checked, too: it ends where its bytes end. */
static void
cut_anywhere(void **state)
{
	static const char text[] = "{\"a\\u0041\":\"x\\\\\\\"\",\"b\":[{\"c\":"
	    "\"\\ud83d\\ude00\"}, 12],\"d\":{\"e\":true}} ";
	struct buf text_of = BUF_INIT(100);
	struct member m;
	char *exact;
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(text); n++) {
		/* A block of just this size, for AddressSanitizer. */
		exact = malloc(n + 1);
		assert_non_null(exact);
		memcpy(exact, text, n);
		struct members it = MEMBERS_INIT(exact, n);

		while (members_next(&it, &m)) {
			assert_true(m.value + m.value_len <= exact + n);
			member_is(&m, "aA");
			text_of.len = 0;
			if (m.value_len > 0)
				member_string(&text_of, m.value, m.value_len);
		}
		free(exact);
	}
	buf_free(&text_of);
}

static bool
named(const char *name, const char *word)
{
	struct member m = { name, strlen(name), "1", 1 };

	return member_is(&m, word);
}

static void
names(void **state)
{
	(void)state;
	assert_true(named("\"model\"", "model"));
	assert_true(named("\"mod\\u0065l\"", "model"));
	assert_true(named("\"\\u006D\\u006F\\u0064\\u0065\\u006c\"", "model"));
	assert_true(named("\"\"", ""));
	assert_true(named("\"a\\/b\\n\\\"\\\\\"", "a/b\n\"\\"));
	assert_true(named("\"\\u00e9\"", "\xc3\xa9"));
	assert_true(named("\"\xc3\xa9\"", "\xc3\xa9"));
	assert_true(named("\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80"));
	assert_false(named("\"model\"", "mode"));
	assert_false(named("\"mode\"", "model"));
	assert_false(named("\"Model\"", "model"));
	assert_false(named("\"mod\\\\u0065l\"", "model"));
	assert_false(named("\"\"", "a"));
	assert_false(named("\"a\"", ""));
	assert_false(named("\"\\u00e9\"", "\xc3"));
}

static void
strings(void **state)
{
	static const struct { const char *text, *bytes; size_t n; } cases[] = {
		{ "\"\"", BYTES("") }, { "\"a b\"", BYTES("a b") },
		{ "\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"", BYTES("\b\f\n\r\t/\\\"") },
		{ "\"a\\u0000b\"", BYTES("a\0b") },
		{ "\"\\u007f\\u0080\\u07fF\\u0800\\uffff\"",
		    BYTES("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf") },
		{ "\"\\ud800\\udc00\\uDBFF\\uDFFF\"",
		    BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") },
		/* Halves that are alone. */
		{ "\"\\ud83dx\"", BYTES("\xef\xbf\xbdx") },
		{ "\"\\ude00\\ud83d\"", BYTES("\xef\xbf\xbd\xef\xbf\xbd") },
		{ "\"\\ud83d\\\\ude00\"", BYTES("\xef\xbf\xbd\\ude00") },
		{ "\"\\ud83d\\ud83d\\ude00\"",
		    BYTES("\xef\xbf\xbd\xf0\x9f\x98\x80") },
	};
	struct buf out = BUF_INIT(100);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		assert_int_equal(member_string(&out, cases[i].text,
		    strlen(cases[i].text)), 0);
		assert_int_equal(out.len, cases[i].n);
		assert_memory_equal(out.data, cases[i].bytes, cases[i].n);
	}
	assert_int_equal(member_string(&out, BYTES("12")), -1);
	assert_int_equal(member_string(&out, BYTES("\"")), -1);
	assert_int_equal(member_string(&out, BYTES("null")), -1);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_level_only),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(names),
		cmocka_unit_test(strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
