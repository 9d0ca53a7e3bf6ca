/*
 * test_request_body: how a body comes, how long it is, and what is no JSON.
 */
#include "fixture_request.h"

static void
body_in_pieces(void **state)
{
	struct visit v = post(BYTES(GOOD));
	size_t piece;

	(void)state;
	for (piece = 1; piece < sizeof(GOOD); piece++) {
		v.piece = piece;
		takes(v, "beef", "45");
	}
}

static void
body_has_one_deadline(void **state)
{
	struct visit v = post(BYTES(GOOD));
	int64_t now = io_now_ms();
	struct house h;

	(void)state;
	v.piece = 1;
	assert_int_equal(visit(&h, &v), 0);
	assert_in_range(v.deadline_ms, now + 10000, now + 12000);
	request_free(&h.request);
}

static void
lengths(void **state)
{
	static const struct { const char *length; int status; } cases[] = {
		{ "", 411 }, { "abc", 400 }, { "-", 400 }, { "+5", 400 },
		{ "-5x", 400 }, { "--5", 400 }, { "- 5", 400 },
		{ " 5", 400 }, { "5 ", 400 }, { "5x", 400 }, { "0x10", 400 },
		{ "5, 5", 400 }, { "1.5", 400 }, { "0", 400 }, { "5", 400 },
		{ "48", 400 }, { "50", 400 }, { "16384", 400 },
		{ "16385", 413 }, { "99999999", 413 },
		{ "999999999999999999", 413 }, { "9223372036854775807", 413 },
		{ "9223372036854775808", 413 },
		{ "18446744073709551616", 413 },
		{ "99999999999999999999999999999999", 413 },
	};
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.length = cases[i].length;
		if (visit(&h, &v) != -1 || h.err.status != cases[i].status)
			fail_msg("\"%s\": %d %s", cases[i].length,
			    h.err.status, h.err.text);
		/* What is too large is not read at all. */
		if (h.err.status != 400)
			assert_int_equal(v.at, 0);
		request_free(&h.request);
	}
}

static void
body_that_is_not_as_long_as_it_says(void **state)
{
	struct visit v = post(BYTES(GOOD));

	(void)state;
	v.length = "500";
	refuses(v, 400, "bad_length", "shorter");
	v.length = "10";
	refuses(v, 400, "bad_length", "longer");
	v.piece = 3;
	refuses(v, 400, "bad_length", "longer");
	v.n = 0;
	refuses(v, 400, "bad_length", "shorter");
	v.length = "0";
	refuses(v, 400, "bad_json", "empty");
}

/* A visitor who stops in the middle: the source's own words go on. */
static void
body_that_stops(void **state)
{
	struct visit v = post(BYTES(GOOD));

	(void)state;
	v.piece = 5;
	v.stop_at = 10;
	refuses(v, 408, "too_slow", "did not come");
}

/* A good body of n bytes, most of them white space. */
static struct visit
post_of(char *body, size_t n)
{
	memset(body, ' ', n);
	memcpy(body, GOOD, sizeof(GOOD) - 1);
	return post(body, n);
}

static void
largest_body_and_one_more(void **state)
{
	static char body[16385];

	(void)state;
	takes(post_of(body, 16384), "beef", "45");
	refuses(post_of(body, 16385), 413, "too_large", "16384 bytes");
}

static void
bodies_that_are_no_json(void **state)
{
	static const struct { const char *body; size_t n; } cases[] = {
		{ BYTES("{") }, { BYTES("}") }, { BYTES("x") },
		{ BYTES(" \n ") }, { BYTES("[") }, { BYTES(GOOD "}") },
		{ BYTES(GOOD GOOD) }, { BYTES("{\"prepTime\": 45") },
		{ BYTES("{\"prepTime\": 45,}") }, { BYTES("{prepTime: 45}") },
		{ BYTES(GOOD "\0") }, { BYTES("\0" GOOD) },
		{ BYTES("{\"ingredientsOnHand\": \"a\0b\", \"prepTime\": 45}")
		},
		{ BYTES("prepTime=45&ingredientsOnHand=beef") },
		{ BYTES("{\"prepTime\": 045}") },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		refuses(post(cases[i].body, cases[i].n), 400, "bad_json",
		    "not JSON");
}

/* Of a length that nobody knows the end is where it ends. */
static void
negative_lengths(void **state)
{
	static const char *const lengths[] = { "-1", "-0", "-17",
	    "-99999999999999999999999999" };
	static char body[16385];
	struct visit v;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(lengths); i++) {
		v = post(BYTES(GOOD));
		v.length = lengths[i];
		takes(v, "beef", "45");
		v.piece = 3;
		takes(v, "beef", "45");
		v.n = 0;
		refuses(v, 400, "bad_json", "empty");
		v = post_of(body, 16384);
		v.length = lengths[i];
		takes(v, "beef", "45");
		v = post_of(body, 16385);
		v.length = lengths[i];
		refuses(v, 413, "too_large", "16384 bytes");
		v = post(BYTES(GOOD));
		v.length = lengths[i];
		v.piece = 5;
		v.stop_at = 10;
		refuses(v, 408, "too_slow", "did not come");
	}
}

/* Each names what to change in the tool that sent it. */
static void
bodies_that_a_tool_has_spoilt(void **state)
{
	static const struct { const char *body; size_t n;
	    const char *type, *code, *words; int status; } cases[] = {
		{ BYTES("\xef\xbb\xbf" GOOD), "application/json", "bad_json",
		    "without BOM", 400 },
		{ BYTES("\xef\xbb\xbf" "a=b"),
		    "application/x-www-form-urlencoded", "bad_json",
		    "without BOM", 400 },
		{ BYTES("\xff\xfe{\0"), "application/json", "bad_encoding",
		    "UTF-16", 400 },
		{ BYTES("\xfe\xff\0{"), "application/json", "bad_encoding",
		    "UTF-16", 400 },
		{ BYTES(GOOD), "application/x-www-form-urlencoded",
		    "bad_type", "-H 'Content-Type: application/json'", 415 },
		{ BYTES("\n [" GOOD "]"), "application/x-www-form-urlencoded",
		    "bad_type", "-H 'Content-Type: application/json'", 415 },
		{ BYTES("'" GOOD "'"), "application/json", "bad_json",
		    "Windows", 400 },
		{ BYTES("@order.json"), "application/json", "bad_json",
		    "file's name", 400 },
		{ BYTES(GOOD), NULL, "bad_type", "application/json", 415 },
		{ BYTES(GOOD), "text/plain", "bad_type", "application/json",
		    415 },
		{ BYTES(GOOD), "multipart/form-data; boundary=x", "bad_type",
		    "application/json", 415 },
	};
	struct visit v;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(cases[i].body, cases[i].n);
		v.type = cases[i].type;
		refuses(v, cases[i].status, cases[i].code, cases[i].words);
	}
	v = post(BYTES(GOOD));
	v.coding = "identity";
	takes(v, "beef", "45");
	v.at = 0;
	v.coding = "gzip";
	refuses(v, 415, "bad_type", "without Content-Encoding");
}

static void
bodies_that_are_no_object(void **state)
{
	static const char *const bad[] = { "[]", "[" GOOD "]", "\"" "a" "\"",
	    "null", " null ", "true", "12", "-1.5" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refuses(post(bad[i], strlen(bad[i])), 400, "bad_json", "");
	refuses(post(BYTES("[]")), 400, "bad_json", "one JSON object");
}

static void
deep_bodies(void **state)
{
	static char body[16384];
	size_t n = 8000;

	(void)state;
	memset(body, '[', n);
	memset(body + n, ']', n);
	refuses(post(body, 2 * n), 400, "bad_json", "deep");
	refuses(post(body, n), 400, "bad_json", "deep");
	refuses_hand("[[[[[[1]]]]]]", "bad_input", "must be a string");
	refuses_hand("{\"a\": {\"b\": []}}", "bad_input", "must be a string");
}

static void
bytes_that_are_no_utf8(void **state)
{
	static const char *const bad[] = { "\xff", "\xc3", "\xc0\x80",
	    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xea\xb9", "caf\xe9",
	    "\xf0\x9f\x8d" };
	char json[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		snprintf(json, sizeof(json), "\"beef %s\"", bad[i]);
		refuses_hand(json, "bad_encoding", "not valid UTF-8");
	}
	refuses(post(BYTES("{\"\xff\": 1}")), 400, "bad_encoding", "UTF-8");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_in_pieces),
		cmocka_unit_test(body_has_one_deadline),
		cmocka_unit_test(lengths),
		cmocka_unit_test(body_that_is_not_as_long_as_it_says),
		cmocka_unit_test(body_that_stops),
		cmocka_unit_test(largest_body_and_one_more),
		cmocka_unit_test(bodies_that_are_no_json),
		cmocka_unit_test(negative_lengths),
		cmocka_unit_test(bodies_that_a_tool_has_spoilt),
		cmocka_unit_test(bodies_that_are_no_object),
		cmocka_unit_test(deep_bodies),
		cmocka_unit_test(bytes_that_are_no_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
