/*
 * test_json_strict: RFC 8259 and nothing else, with the place and the words of
 * every fault; and the numbers and the loose forms that must not depend on
 * json-c's version (0.16 on Debian 12, 0.18 on Debian 13).
 */
#include <math.h>

#include "fixture_json.h"

/* Everybody's language: as a value, as a name, and at every length of UTF-8. */
static void
languages(void **state)
{
	static const char *const texts[] = { "na\xc3\xafve", "\xce\xb1",
	    "\xeb\x90\x9c\xec\x9e\xa5, \xeb\x91\x90\xeb\xb6\x80",
	    "\xd0\xb1\xd0\xbe\xd1\x80\xd1\x89", "\xf0\x9f\x8d\xb3",
	    "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xef\xbf\xbf",
	    "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\x7f" };
	struct buf text = BUF_INIT(100);
	struct json *json;
	const char *key;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		text.len = 0;
		buf_printf(&text, "{\"%s\":\"%s\"}", texts[i], texts[i]);
		json = parse(text.data);
		assert_string_equal(json_string(json_member(json, 0, &key),
		    NULL), texts[i]);
		assert_string_equal(key, texts[i]);
		json_free(json);
	}
	buf_free(&text);
}

#define EARLY	"ends too early"
#define UTF8	"not valid UTF-8"
#define CONTROL	"must be written as an escape"
#define ESCAPE	"no such escape"
#define HEX	"four hexadecimal digits"
#define NUMBER	"a number must be written like"
#define WORD	"the only words"
#define VALUE	"a value is missing"
#define NAME	"a name in double quotes is missing"
#define AFTER	"nothing may follow"
#define COMMENT	"no comments"
#define DEEP	"nested too deeply"

static const struct { const char *text; size_t n, at; const char *why; }
    faults[] = {
	{ BYTES(""), 0, EARLY }, { BYTES(" \n"), 2, EARLY },
	{ BYTES("{"), 1, EARLY }, { BYTES("{\"a\""), 4, EARLY },
	{ BYTES("{\"a\":"), 5, EARLY }, { BYTES("{\"a\":1"), 6, EARLY },
	{ BYTES("{\"a\":1,"), 7, EARLY }, { BYTES("[1"), 2, EARLY },
	{ BYTES("[1, "), 4, EARLY }, { BYTES("\"a"), 2, EARLY },
	{ BYTES("\"a\\"), 3, EARLY }, { BYTES("\"\\u12"), 5, EARLY },
	{ BYTES("tru"), 3, EARLY }, { BYTES("[n"), 2, EARLY },
	{ BYTES("-"), 1, EARLY }, { BYTES("1."), 2, EARLY },
	{ BYTES("1e"), 2, EARLY }, { BYTES("1e+"), 3, EARLY },

	{ BYTES("[\"\xff\"]"), 2, UTF8 },
	{ BYTES("[\"a\xea\xb9\"]"), 3, UTF8 },
	{ BYTES("{\"\x80\":1}"), 2, UTF8 },
	{ BYTES("[\"\xc0\xaf\"]"), 2, UTF8 },		/* overlong */
	{ BYTES("[\"\xed\xa0\x80\"]"), 2, UTF8 },	/* a surrogate */
	{ BYTES("[\"\xf4\x90\x80\x80\"]"), 2, UTF8 },
	{ BYTES("[\"\xea\xb9"), 2, UTF8 },
	{ BYTES("\xef\xbb\xbf{}"), 0, "byte order mark" },

	{ BYTES("[\"a\nb\"]"), 3, CONTROL }, { BYTES("[\"\t\"]"), 2, CONTROL },
	{ BYTES("[\"\x1f\"]"), 2, CONTROL }, { BYTES("[\"\0\"]"), 2, CONTROL },
	{ BYTES("{\"a\nb\":1}"), 3, CONTROL },
	{ BYTES("[\"\\x41\"]"), 3, ESCAPE }, { BYTES("[\"\\'\"]"), 3, ESCAPE },
	{ BYTES("[\"\\\n\"]"), 3, ESCAPE }, { BYTES("[\"\\\0\"]"), 3, ESCAPE },
	{ BYTES("[\"\\u00g0\"]"), 6, HEX }, { BYTES("[\"\\u12\"]"), 6, HEX },
	{ BYTES("{\"a\\u0000b\":1}"), 5, "a name cannot hold" },

	{ BYTES("[01]"), 2, NUMBER }, { BYTES("[-01]"), 3, NUMBER },
	{ BYTES("[00]"), 2, NUMBER }, { BYTES("[+1]"), 1, NUMBER },
	{ BYTES("[.5]"), 1, NUMBER }, { BYTES("[1.]"), 3, NUMBER },
	{ BYTES("[-]"), 2, NUMBER }, { BYTES("[--1]"), 2, NUMBER },
	{ BYTES("[1e]"), 3, NUMBER }, { BYTES("[1e+]"), 4, NUMBER },
	{ BYTES("[1.2.3]"), 4, NUMBER }, { BYTES("[1-2]"), 2, NUMBER },
	{ BYTES("[0x10]"), 2, NUMBER }, { BYTES("[-Infinity]"), 2, NUMBER },

	{ BYTES("[NaN]"), 1, WORD }, { BYTES("[nan]"), 1, WORD },
	{ BYTES("[Infinity]"), 1, WORD }, { BYTES("[True]"), 1, WORD },
	{ BYTES("[NULL]"), 1, WORD }, { BYTES("[nul]"), 1, WORD },
	{ BYTES("abc"), 0, WORD }, { BYTES("\f[]"), 0, WORD },
	{ BYTES("[\v]"), 1, WORD }, { BYTES("\0{}"), 0, WORD },
	{ BYTES("\xc2\xa0[]"), 0, WORD },	/* no white space of JSON's */

	{ BYTES("['a']"), 1, "in double quotes" },
	{ BYTES("{'a':1}"), 1, NAME }, { BYTES("{a:1}"), 1, NAME },
	{ BYTES("{1:2}"), 1, NAME }, { BYTES("{,}"), 1, NAME },
	{ BYTES("{\"a\":1,}"), 7, "comma before this } is one too many" }, { BYTES("{\0}"), 1, NAME },
	{ BYTES("[1,]"), 3, "comma before this ] is one too many" }, { BYTES("[,]"), 1, VALUE },
	{ BYTES("[1,,2]"), 3, VALUE }, { BYTES("{\"a\":}"), 5, VALUE },
	{ BYTES("}"), 0, VALUE }, { BYTES("[}"), 1, VALUE },
	{ BYTES("{\"a\" 1}"), 5, "a colon is missing" },
	{ BYTES("{\"a\"}"), 4, "a colon is missing" },
	{ BYTES("[1 2]"), 3, "a comma or ]" }, { BYTES("[1}"), 2, "comma or ]" },
	{ BYTES("{\"a\":1 \"b\":2}"), 7, "a comma or }" },
	{ BYTES("{\"a\":1]"), 6, "a comma or }" },

	{ BYTES("/**/[]"), 0, COMMENT }, { BYTES("[// c\n1]"), 1, COMMENT },
	{ BYTES("[1/**/]"), 2, COMMENT }, { BYTES("[]//"), 2, COMMENT },
	{ BYTES("{// c\n}"), 1, COMMENT }, { BYTES("{#c\n}"), 1, COMMENT },
	{ BYTES("{\"a\"/**/:1}"), 4, COMMENT },
	{ BYTES("{\"a\":/**/1}"), 5, COMMENT },
	{ BYTES("{\"a\":1 // c\n}"), 7, COMMENT },
	{ BYTES("{\"a\":1, # c\n}"), 8, COMMENT },
	{ BYTES("[1, // c\n2]"), 4, COMMENT }, { BYTES("#"), 0, COMMENT },
	{ BYTES("{} {}"), 3, AFTER }, { BYTES("[]x"), 2, AFTER },
	{ BYTES("{}\0"), 2, AFTER }, { BYTES("12 3"), 3, AFTER },
	{ BYTES("truex"), 4, AFTER }, { BYTES("null,"), 4, AFTER },

	{ BYTES("[[[[[[[[1]]]]]]]]"), 8, DEEP },
	{ BYTES("[[[[[[[[[]]]]]]]]]"), 8, DEEP },
	{ BYTES("[[[[[[[{\"a\":1}]]]]]]]"), 12, DEEP },
};

static void
faults_and_their_places(void **state)
{
	const char *why;
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(faults); i++) {
		why = NULL;
		if (json_parse(faults[i].text, faults[i].n, DEPTH, true, &why,
		    &at) != NULL)
			fail_msg("case %zu: %s was taken", i, faults[i].text);
		if (strstr(why, faults[i].why) == NULL || at != faults[i].at)
			fail_msg("case %zu: %s: at %zu, not %zu: %s", i,
			    faults[i].text, at, faults[i].at, why);
	}
}

/* A text that is cut anywhere, in a name, a number or a code point. */
static void
every_cut(void **state)
{
	static const char text[] = "{\"\xeb\x90\x9c\": [1.5e3, \"a\\u00e9\\n\", "
	    "true, null, {\"b\": false}], \"c\": {}} ";
	const char *why;
	size_t n, at;

	(void)state;
	json_free(parse(text));
	for (n = 0; n < strlen(text) - 1; n++) {
		assert_null(json_parse(text, n, DEPTH, true, &why, &at));
		if (strstr(why, EARLY) == NULL && strstr(why, UTF8) == NULL)
			fail_msg("cut at %zu: %s", n, why);
	}
}

static void
as_deep_as_said(void **state)
{
	(void)state;
	json_free(parse("[[[[[[[1]]]]]]]"));
	json_free(parse("[[[[[[[[]]]]]]]]"));
	json_free(parse("[[[[[[[{}]]]]]]]"));
	json_free(parse("{\"a\":[[[[[{\"b\":[]}]]]]]}"));
}

/* What is read, and what is written for it again. */
static void
numbers(void **state)
{
	static const struct { const char *text, *written; enum json_kind kind;
	    int64_t whole; double real; } cases[] = {
		{ "[0]", NULL, JSON_INT, 0, 0 },
		{ "[-0]", "[0]", JSON_INT, 0, 0 },
		{ "[9223372036854775807]", NULL, JSON_INT, INT64_MAX,
		    9223372036854775807.0 },
		{ "[-9223372036854775808]", NULL, JSON_INT, INT64_MIN,
		    -9223372036854775808.0 },
		{ "[9223372036854775808]", NULL, JSON_INT, INT64_MAX,
		    9223372036854775808.0 },
		{ "[18446744073709551615]", NULL, JSON_INT, INT64_MAX,
		    18446744073709551615.0 },
		{ "[99999999999999999999]", "[18446744073709551615]",
		    JSON_INT, INT64_MAX, 18446744073709551615.0 },
		{ "[-99999999999999999999]", "[-9223372036854775808]",
		    JSON_INT, INT64_MIN, -9223372036854775808.0 },
		{ "[1.0]", NULL, JSON_DOUBLE, -7, 1 },
		{ "[-0.0]", NULL, JSON_DOUBLE, -7, 0 },
		{ "[1e5]", NULL, JSON_DOUBLE, -7, 1e5 },
		{ "[1E+05]", NULL, JSON_DOUBLE, -7, 1e5 },
		{ "[0.1]", NULL, JSON_DOUBLE, -7, 0.1 },
		{ "[1.7976931348623157e308]", NULL, JSON_DOUBLE, -7,
		    1.7976931348623157e308 },
		{ "[1e-400]", NULL, JSON_DOUBLE, -7, 0 },
		{ "[99999999999999999999.5]", NULL, JSON_DOUBLE, -7, 1e20 },
		{ "[1e400]", NULL, JSON_DOUBLE, -7, HUGE_VAL },
	};
	struct buf out = BUF_INIT(100);
	struct json *json, *one;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json = parse(cases[i].text);
		one = json_at(json, 0);
		out.len = 0;
		json_write(json, &out);
		if (json_kind(one) != cases[i].kind ||
		    json_int(one, -7) != cases[i].whole ||
		    !(json_double(one, -7) <= cases[i].real) ||
		    !(json_double(one, -7) >= cases[i].real))
			fail_msg("%s: kind %d, %lld, %g", cases[i].text,
			    json_kind(one), (long long)json_int(one, -7),
			    json_double(one, -7));
		assert_string_equal(out.data, cases[i].written != NULL ?
		    cases[i].written : cases[i].text);
		json_free(json);
	}
	buf_free(&out);
}

/* As models write it: what is made of it is the same by every json-c. */
static void
loose_forms(void **state)
{
	static const struct { const char *text; size_t n;
	    const char *written; } cases[] = {
		{ BYTES("['a',{'b':1,},]"), "[\"a\",{\"b\":1}]" },
		{ BYTES("/* c */ [1, // d\n 2]"), "[1,2]" },
		{ BYTES("[\"a\nb\tc\x01\"]"), "[\"a\\nb\\tc\\u0001\"]" },
		{ BYTES("[\"\xeb\x90\x9c\xff\"]"), "[\"\xeb\x90\x9c\xff\"]" },
		{ BYTES("[True, NULL]"), "[true,null]" },
		{ BYTES("[NaN, -Infinity]"), "[NaN,-Infinity]" },
		{ BYTES("[007, -01]"), "[7,-1]" },
		{ BYTES("[99999999999999999999]"), "[18446744073709551615]" },
		{ BYTES("[-99999999999999999999]"), "[-9223372036854775808]" },
		{ BYTES("[\"\\ud800\", \"\\udc00x\", \"\\ud83cA\"]"),
		    "[\"\xef\xbf\xbd\",\"\xef\xbf\xbdx\",\"\xef\xbf\xbd""A\"]" },
		{ BYTES("[\"a\"]\0"), NULL }, { BYTES("[\"a\0b\"]"), NULL },
		{ BYTES("[1,,2]"), NULL }, { BYTES("[.5]"), NULL },
		{ BYTES("{a:1}"), NULL }, { BYTES("[1 2]"), NULL },
		{ BYTES("[1]]"), NULL }, { BYTES("[1] x"), NULL },
		{ BYTES("[[[[[[[[1]]]]]]]]"), NULL }, { BYTES("-"), NULL },
		{ BYTES("nan"), "NaN" }, { BYTES("12"), "12" },
	};
	struct buf out = BUF_INIT(100);
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json = json_parse(cases[i].text, cases[i].n, DEPTH, false,
		    NULL, NULL);
		if ((json == NULL) != (cases[i].written == NULL))
			fail_msg("%s was %staken", cases[i].text,
			    json == NULL ? "not " : "");
		if (json == NULL)
			continue;
		out.len = 0;
		json_write(json, &out);
		assert_string_equal(out.data, cases[i].written);
		json_free(json);
	}
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages),
		cmocka_unit_test(faults_and_their_places),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(as_deep_as_said),
		cmocka_unit_test(numbers),
		cmocka_unit_test(loose_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
