/*
 * test_json: what is taken for JSON and what is not, and NULL for "not there".
 */
#include "fixture_json.h"

static void
strict_takes(void **state)
{
	static const char *const good[] = { "{}", "[]", " \t\r\n{ } \n",
	    "{\"a\":1}", "[1,-2,0,1.5,-0.25,1e3,1E-3]", "[true,false,null]",
	    "\"text\"", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83c\\udf73\"]",
	    "[\"\xea\xb9\x80 \xf0\x9f\x8d\xb3 \x7f\"]", "{\"\":{\"\":[]}}",
	    "[[[[[[[]]]]]]]" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		json_free(parse(good[i]));
}

/* With a reason and a place, or the messages above would be made of none. */
static void
refuses(const char *text, size_t n, bool strict)
{
	const char *why = NULL;
	size_t at = SIZE_MAX;
	struct json *json = json_parse(text, n, DEPTH, strict, &why, &at);

	if (json != NULL)
		fail_msg("%s was taken", text);
	if (why == NULL || *why == '\0' || at > n)
		fail_msg("%s: no reason or no place was given", text);
}

static const struct { const char *text; size_t n; } bad[] = {
	{ BYTES("") }, { BYTES(" ") }, { BYTES("\n\n") },
	{ BYTES("{") }, { BYTES("[") }, { BYTES("{\"a\"") },
	{ BYTES("{\"a\":") }, { BYTES("{\"a\":1") }, { BYTES("[1,") },
	{ BYTES("\"a") }, { BYTES("\"a\\") }, { BYTES("\"\\u12") },
	{ BYTES("}") }, { BYTES("]") }, { BYTES("[}") }, { BYTES("{]") },
	{ BYTES("{\"a\"}") }, { BYTES("{\"a\" 1}") }, { BYTES("{1:2}") },
	{ BYTES("{a:1}") }, { BYTES("[1 2]") }, { BYTES("[,]") },
	{ BYTES("abc") }, { BYTES("nul") }, { BYTES("tru") },
	{ BYTES("\"\\x41\"") }, { BYTES("\"\\u00g0\"") },
	{ BYTES("{} {}") }, { BYTES("{}x") }, { BYTES("[]]") },
	{ BYTES("{}\0") }, { BYTES("\0{}") }, { BYTES("{\0}") },
	{ BYTES("[-]") }, { BYTES("[1e]") },
	{ BYTES("[[[[[[[[[]]]]]]]]]") },	/* nine levels */
};

static void
nobody_takes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refuses(bad[i].text, bad[i].n, true);
}

/* Beyond RFC 8259, so not when it is strict; models write some of these. */
static const struct { const char *text; size_t n; bool lax; } loose[] = {
	{ BYTES("[1,]"), true }, { BYTES("{\"a\":1,}"), true },
	{ BYTES("['a']"), true }, { BYTES("{'a':'b'}"), true },
	{ BYTES("{'a':1}"), true }, { BYTES("[NaN]"), true },
	{ BYTES("[\"a\nb\"]"), true }, { BYTES("{\"a\nb\":1}"), true },
	{ BYTES("/* c */ []"), true }, { BYTES("[] // c"), false },
	{ BYTES("[True]"), false }, { BYTES("[NULL]"), false },
	{ BYTES("[01]"), false }, { BYTES("[+1]"), false },
	{ BYTES("[.5]"), false },
	{ BYTES("[\"\xff\"]"), false }, { BYTES("[\"\xea\xb9\"]"), false },
};

/* A model's line breaks inside a string. */
static const char raw[] = "[\"a\nb\tc\"]";

static void
strict_refuses(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(loose); i++)
		refuses(loose[i].text, loose[i].n, true);
}

static void
loose_takes(void **state)
{
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(loose); i++) {
		json = json_parse(loose[i].text, loose[i].n, DEPTH, false,
		    NULL, NULL);
		if (loose[i].lax && json == NULL)
			fail_msg("%s was not taken", loose[i].text);
		json_free(json);
	}
	json = json_parse(raw, strlen(raw), DEPTH, false, NULL, NULL);
	assert_string_equal(json_string(json_at(json, 0), NULL), "a\nb\tc");
	json_free(json);
}

/* A document that says null is one, but there is nothing to return for it. */
static void
null_gives_a_reason(void **state)
{
	(void)state;
	refuses(BYTES("null"), true);
	refuses(BYTES(" null\n"), true);
	refuses(BYTES("null"), false);
}

/* A number or a word at the top has no end of its own. */
static void
bare_values(void **state)
{
	struct json *json = parse("12");

	(void)state;
	assert_int_equal(json_int(json, -1), 12);
	json_free(json);
	json = parse(" -1.5 \n");
	assert_true(json_double(json, 0) == -1.5);
	json_free(json);
	json = parse("true");
	assert_true(json_boolean(json, false));
	json_free(json);
}

static void
place_of_the_fault(void **state)
{
	static const struct { const char *text; size_t least, most; }
	    cases[] = {
		{ "x", 0, 0 },
		{ "{\"a\":1,\n\"b\" 2}", 12, 12 },
		{ "{\"a\":1} {", 8, 8 },
		{ "{\"a\":\n[1,\n2", 11, 11 },
		{ "[1,\n2,\n3,]", 9, 10 },
	};
	const char *why;
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_null(json_parse(cases[i].text, strlen(cases[i].text),
		    DEPTH, true, &why, &at));
		if (at < cases[i].least || at > cases[i].most)
			fail_msg("%s: at %zu (%s)", cases[i].text, at, why);
	}
}

static void
kinds(void **state)
{
	static const enum json_kind want[] = { JSON_NONE, JSON_BOOL, JSON_INT,
	    JSON_DOUBLE, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
	struct json *json = parse("[null,true,1,1.0,\"\",[],{}]");
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(want); i++)
		assert_int_equal(json_kind(json_at(json, i)), want[i]);
	for (i = 0; i < COUNT(want); i++)
		assert_non_null(json_kind_name(want[i]));
	assert_int_equal(json_kind(NULL), JSON_NONE);
	json_free(json);
}

static void
wrong_kinds_answer_not_there(void **state)
{
	struct json *json = parse("{\"s\":\"x\",\"n\":1,\"a\":[1],\"b\":true}");
	const char *key = "untouched";
	size_t n = 9;

	(void)state;
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(json, "none"));
	assert_null(json_get(json_get(json, "s"), "a"));
	assert_null(json_get(json_get(json, "a"), "0"));
	assert_null(json_at(json, 0));
	assert_null(json_at(json_get(json, "a"), 1));
	assert_null(json_at(json_get(json, "a"), SIZE_MAX));
	assert_null(json_member(json_get(json, "a"), 0, &key));
	assert_null(json_member(json, 4, &key));
	assert_string_equal(key, "untouched");
	assert_null(json_string(json_get(json, "n"), &n));
	assert_int_equal(n, 0);
	assert_null(json_string(NULL, NULL));
	assert_int_equal(json_int(json_get(json, "s"), -7), -7);
	assert_int_equal(json_int(NULL, -7), -7);
	assert_true(json_double(json_get(json, "b"), 2.5) == 2.5);
	assert_true(json_double(json_get(json, "n"), 2.5) == 1);
	assert_true(json_boolean(json_get(json, "n"), true));
	assert_false(json_boolean(NULL, false));
	assert_int_equal(json_count(json), 4);
	assert_int_equal(json_count(json_get(json, "s")), 0);
	assert_int_equal(json_count(NULL), 0);
	json_free(json);
	json_free(NULL);
}

static void
double_is_no_int(void **state)
{
	struct json *json = parse("[1e9,45.0,9223372036854775807,"
	    "-9223372036854775808]");

	(void)state;
	assert_int_equal(json_kind(json_at(json, 0)), JSON_DOUBLE);
	assert_int_equal(json_kind(json_at(json, 1)), JSON_DOUBLE);
	assert_true(json_int(json_at(json, 2), 0) == INT64_MAX);
	assert_true(json_int(json_at(json, 3), 0) == INT64_MIN);
	json_free(json);
}

static void
members_in_their_own_order(void **state)
{
	static const char *const names[] = { "z", "a", "m" };
	struct json *json = parse("{\"z\":1,\"a\":2,\"m\":3}");
	const char *key;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(json_int(json_member(json, i, &key), 0),
		    i + 1);
		assert_string_equal(key, names[i]);
	}
	json_free(json);
}

static void
last_of_duplicate_keys(void **state)
{
	struct json *json = parse("{\"a\":1,\"b\":2,\"a\":3}");

	(void)state;
	assert_int_equal(json_count(json), 2);
	assert_int_equal(json_int(json_get(json, "a"), 0), 3);
	json_free(json);
}

static void
strings_hold_nuls(void **state)
{
	struct json *json = parse("[\"a\\u0000b\"]");
	struct buf out = BUF_INIT(100);
	const char *s;
	size_t n;

	(void)state;
	s = json_string(json_at(json, 0), &n);
	assert_int_equal(n, 3);
	assert_memory_equal(s, "a\0b", 4);
	json_write(json, &out);
	assert_string_equal(out.data, "[\"a\\u0000b\"]");
	json_free(json);
	buf_free(&out);
}

static void
surrogates(void **state)
{
	struct json *json = parse("[\"\\ud83c\\udf73\"]");
	const char *s;
	size_t n;

	(void)state;
	s = json_string(json_at(json, 0), &n);
	assert_int_equal(n, 4);
	assert_memory_equal(s, "\xf0\x9f\x8d\xb3", 4);
	json_free(json);
}

static const char people[] =			/* line */
    "{\n"					/* 1 */
    "  \"services\": {\n"
    "    \"note\": \"a \\\" key\\\": [{\",\n"
    "    \"70b\": {\n"
    "      \"key\": \"env:A\",\n"		/* 5 */
    "      \"model\": [\"x\", \"key\"]\n"
    "    },\n"
    "    \"8b\":\n"
    "      { \"model\": \"key\",\n"
    "        \"key\" : \"env:B\" }\n"		/* 10 */
    "  },\n"
    "  \"stages\": [\n"
    "    {\"part\": \"a\", \"needs\": [\"x\", \"y\"]},\n"
    "    [1,\n"
    "     2],\n"				/* 15 */
    "    \"#1\",\n"
    "    {\n"
    "      \"part\": \"b\"\n"
    "    }\n"
    "  ],\n"					/* 20 */
    "  \"key\": 1\n"
    "}\n";

static void
lines_of_places(void **state)
{
	static const struct { int line; const char *path[5]; } cases[] = {
		{ 1, { NULL } },
		{ 2, { "services", NULL } },
		{ 4, { "services", "70b", NULL } },
		{ 5, { "services", "70b", "key", NULL } },
		{ 6, { "services", "70b", "model", NULL } },
		{ 8, { "services", "8b", NULL } },
		{ 9, { "services", "8b", "model", NULL } },
		{ 10, { "services", "8b", "key", NULL } },
		{ 21, { "key", NULL } },
		{ 4, { "services", "70b", "absent", NULL } },
		{ 1, { "absent", "70b", NULL } },
		{ 12, { "stages", NULL } },
		{ 13, { "stages", "#0", NULL } },
		{ 13, { "stages", "#0", "needs", NULL } },
		{ 13, { "stages", "#0", "needs", "#1", NULL } },
		{ 14, { "stages", "#1", NULL } },
		{ 15, { "stages", "#1", "#1", NULL } },
		{ 16, { "stages", "#2", NULL } },
		{ 17, { "stages", "#3", NULL } },
		{ 18, { "stages", "#3", "part", NULL } },
		{ 12, { "stages", "#4", NULL } },
	};
	size_t i;
	int line;

	(void)state;
	json_free(parse(people));
	for (i = 0; i < COUNT(cases); i++) {
		line = json_line(people, cases[i].path);
		if (line != cases[i].line)
			fail_msg("case %zu: line %d, not %d", i, line,
			    cases[i].line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_takes),
		cmocka_unit_test(nobody_takes),
		cmocka_unit_test(strict_refuses),
		cmocka_unit_test(loose_takes),
		cmocka_unit_test(null_gives_a_reason),
		cmocka_unit_test(bare_values),
		cmocka_unit_test(place_of_the_fault),
		cmocka_unit_test(kinds),
		cmocka_unit_test(wrong_kinds_answer_not_there),
		cmocka_unit_test(double_is_no_int),
		cmocka_unit_test(members_in_their_own_order),
		cmocka_unit_test(last_of_duplicate_keys),
		cmocka_unit_test(strings_hold_nuls),
		cmocka_unit_test(surrogates),
		cmocka_unit_test(lines_of_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
