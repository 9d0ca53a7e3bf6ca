/*
 * test_request: which media type and origin; a request that is repeated.
 */
#include "fixture_request.h"

static void
good_request(void **state)
{
	struct visit v = post(BYTES(GOOD));
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_null(h.request.origin);
	assert_string_equal(vars_get(&h.request.inputs, in_hand)->text,
	    "beef");
	assert_string_equal(vars_get(&h.request.inputs, in_time)->text, "45");
	assert_string_equal(vars_get(&h.request.inputs, in_note)->text, "");
	request_free(&h.request);
}

/* A finished POST that is sent again says so in one of two ways. */
static void
repeated_posts(void **state)
{
	static const struct { const char *id, *query; bool is; } cases[] = {
		{ "7", NULL, true }, { "x y", "", true }, { "0", "a=b", true },
		{ NULL, "lastEventId=7", true },
		{ NULL, "a=b&lastEventId=x", true },
		{ "", NULL, false }, { NULL, "", false },
		{ NULL, "lastEventId", false }, { NULL, "lastEventId=", false },
		{ NULL, "lastEventId=&a=b", false },
		{ NULL, "xlastEventId=7", false },
		{ NULL, "a=lastEventId=7", false },
	};
	struct source source = { param, read_piece, NULL };
	struct visit v;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.last_id = cases[i].id;
		v.query = cases[i].query;
		source.arg = &v;
		assert_int_equal(request_is_repeated(&source), cases[i].is);
	}
}

static void
media_types(void **state)
{
	static const char *const good[] = { "application/json",
	    "application/json; charset=utf-8", "application/json;charset=UTF-8",
	    "Application/JSON", "application/json ;x=y" };
	static const char *const bad[] = { NULL, "", "text/json",
	    "application/jsonx", "application/json-patch+json", "text/plain",
	    "application/x-www-form-urlencodedx", "multipart/form-data",
	    "application/json, text/plain", "json" };
	struct visit v = post(BYTES(GOOD));
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		v.type = good[i];
		takes(v, "beef", "45");
	}
	for (i = 0; i < COUNT(bad); i++) {
		v.type = bad[i];
		refuses(v, 415, "bad_type", "application/json");
	}
}

static void
origins_of_the_configuration(void **state)
{
	static const struct { const char *origin, *want; } cases[] = {
		{ NULL, NULL }, { "", NULL }, { "null", NULL },
		{ "https://cook.example", "https://cook.example" },
		{ "http://b", "http://b" },
		{ "http://cook.example", NULL },
		{ "https://cook.example.evil", NULL },
		{ "https://cook.exampl", NULL },
		{ "https://cook.example\r\nX: y", NULL },
	};
	struct visit v = post(BYTES(GOOD));
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v.at = 0;
		v.length = NULL;
		v.origin = cases[i].origin;
		assert_int_equal(visit(&h, &v), 0);
		if (cases[i].want == NULL)
			assert_null(h.request.origin);
		else
			assert_string_equal(h.request.origin, cases[i].want);
		request_free(&h.request);
	}
	/* An error is for the page to read as well. */
	v.at = 0;
	v.length = NULL;
	v.origin = origin_a;
	v.type = "text/html";
	assert_int_equal(visit(&h, &v), -1);
	assert_string_equal(h.request.origin, origin_a);
	request_free(&h.request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_request),
		cmocka_unit_test(repeated_posts),
		cmocka_unit_test(media_types),
		cmocka_unit_test(origins_of_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
