/*
 * test_request: which route, type, form and origin; what is not read at all.
 */
#include "fixture_request.h"

static void
good_request(void **state)
{
	struct visit v = post(BYTES(GOOD));
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_int_equal(h.request.form, FORM_STREAM);
	assert_null(h.request.origin);
	assert_string_equal(vars_get(&h.request.inputs, in_hand)->text,
	    "beef");
	assert_string_equal(vars_get(&h.request.inputs, in_time)->text, "45");
	assert_string_equal(vars_get(&h.request.inputs, in_note)->text, "");
	request_free(&h.request);
}

static void
paths_and_methods(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
		enum route route;
		const char *allow;
	} cases[] = {
		{ "POST", "/generate", 0, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "POST", "/any/where/generate", 0, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "POST", "/generate?x=/services", 0, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "GET", "/services", 0, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "OPTIONS", "/generate", 0, ROUTE_PREFLIGHT,
		    "POST, OPTIONS" },
		{ "OPTIONS", "/services", 0, ROUTE_PREFLIGHT,
		    "GET, OPTIONS" },
		{ "GET", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "HEAD", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "PUT", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "DELETE", "/generate", 405, ROUTE_GENERATE,
		    "POST, OPTIONS" },
		{ "post", "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ NULL, "/generate", 405, ROUTE_GENERATE, "POST, OPTIONS" },
		{ "POST", "/services", 405, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "HEAD", "/services", 405, ROUTE_SERVICES, "GET, OPTIONS" },
		{ "POST", "/", 404, ROUTE_NONE, NULL },
		{ "POST", "/Generate", 404, ROUTE_NONE, NULL },
		{ "POST", "/generates", 404, ROUTE_NONE, NULL },
		{ "POST", "/degenerate", 404, ROUTE_NONE, NULL },
		{ "POST", "/generate/", 404, ROUTE_NONE, NULL },
		{ "POST", "/generate/x", 404, ROUTE_NONE, NULL },
		{ "POST", "/x?/generate", 404, ROUTE_NONE, NULL },
		{ "POST", "", 404, ROUTE_NONE, NULL },
		{ "OPTIONS", "*", 404, ROUTE_NONE, NULL },
		{ "POST", NULL, 404, ROUTE_NONE, NULL },
	};
	struct visit v;
	struct house h;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.method = cases[i].method;
		v.path = cases[i].path;
		rc = visit(&h, &v);
		if (h.err.status != cases[i].status ||
		    rc != (cases[i].status == 0 ? 0 : -1))
			fail_msg("case %zu: %d", i, h.err.status);
		if (rc == 0)
			assert_int_equal(h.request.route, cases[i].route);
		if (cases[i].allow != NULL)
			assert_string_equal(h.request.allow, cases[i].allow);
		request_free(&h.request);
	}
}

/* Only a POST to /generate has a body that is ours to read. */
static void
others_are_not_read(void **state)
{
	struct visit v = { .method = "GET", .path = "/services",
	    .length = "5", .body = "xxxxx", .n = 5, .type = "text/html" };
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_int_equal(v.at, 0);
	request_free(&h.request);
}

/* A finished POST that is sent again asks nobody, and is not read. */
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
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v = post(BYTES(GOOD));
		v.last_id = cases[i].id;
		v.query = cases[i].query;
		assert_int_equal(visit(&h, &v), 0);
		assert_int_equal(h.request.route, cases[i].is ?
		    ROUTE_REPEATED : ROUTE_GENERATE);
		assert_true((v.at == 0) == cases[i].is);
		request_free(&h.request);
	}
	/* Others mean nothing by it. */
	v = (struct visit){ .method = "GET", .path = "/services",
	    .last_id = "7" };
	assert_int_equal(visit(&h, &v), 0);
	assert_int_equal(h.request.route, ROUTE_SERVICES);
	v = (struct visit){ .method = "GET", .path = "/generate",
	    .last_id = "7" };
	assert_int_equal(visit(&h, &v), -1);
	assert_int_equal(h.err.status, 405);
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
accepted_forms(void **state)
{
	static const struct { const char *accept; enum form form; } cases[] = {
		{ NULL, FORM_STREAM },
		{ "", FORM_STREAM },
		{ "*/*", FORM_STREAM },
		{ "text/event-stream", FORM_STREAM },
		{ "application/json", FORM_JSON },
		{ "text/plain", FORM_TEXT },
		{ "Application/JSON", FORM_JSON },
		{ "application/json; charset=utf-8", FORM_JSON },
		{ "text/html", FORM_TEXT },
		{ "image/webp, image/*", FORM_STREAM },
		{ "text/html, application/json", FORM_TEXT },
		{ "text/plain, application/json", FORM_TEXT },
		{ "application/json, text/plain", FORM_JSON },
		{ "text/plain,application/json", FORM_TEXT },
		{ "text/plain;q=0.5, application/json", FORM_JSON },
		{ "text/plain;q=0.5,application/json;q=0.4", FORM_TEXT },
		{ "text/plain; q=0.5, application/json; q=0.9", FORM_JSON },
		{ "text/plain;Q=0.5, application/json;q=0.9", FORM_JSON },
		{ "text/plain;q=0.123, application/json;q=0.124", FORM_JSON },
		{ "application/json;q=0", FORM_STREAM },
		{ "application/json;q=0.000, text/plain;q=0.001", FORM_TEXT },
		{ "application/json;charset=utf-8;q=0.2, text/plain;q=0.3",
		    FORM_TEXT },
		{ "text/event-stream;q=0.1, text/plain", FORM_TEXT },
		{ "text/event-stream, application/json", FORM_STREAM },
		{ "*/*;q=0.8, application/json", FORM_JSON },
		{ " text/plain ", FORM_TEXT },
		{ ",,text/plain,,", FORM_TEXT },
		{ "text/plain;q=2, application/json;q=0.1", FORM_JSON },
		{ "text/plain;q=x, application/json;q=0.1", FORM_JSON },
		{ "text/plain;", FORM_TEXT },
		{ ";q=1", FORM_STREAM },
		{ "text/plainer", FORM_STREAM },
		{ "text/plain/x", FORM_STREAM },
	};
	struct visit v = post(BYTES(GOOD));
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		v.at = 0;
		v.length = NULL;
		v.accept = cases[i].accept;
		assert_int_equal(visit(&h, &v), 0);
		if (h.request.form != cases[i].form)
			fail_msg("%s: form %d", cases[i].accept,
			    (int)h.request.form);
		request_free(&h.request);
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
		cmocka_unit_test(paths_and_methods),
		cmocka_unit_test(repeated_posts),
		cmocka_unit_test(others_are_not_read),
		cmocka_unit_test(media_types),
		cmocka_unit_test(accepted_forms),
		cmocka_unit_test(origins_of_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
