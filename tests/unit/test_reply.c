/*
 * test_reply: whole answers, and a run as a stream.
 */
#include "fixture_reply.h"

static void
errors_before_a_run(void **state)
{
	static const struct { int status; const char *line; } cases[] = {
		{ 400, "Status: 400 Bad Request\r\n" },
		{ 404, "Status: 404 Not Found\r\n" },
		{ 408, "Status: 408 Request Timeout\r\n" },
		{ 411, "Status: 411 Length Required\r\n" },
		{ 413, "Status: 413 " },
		{ 415, "Status: 415 Unsupported Media Type\r\n" },
		{ 503, "Status: 503 Service Unavailable\r\n" },
	};
	struct world w;
	struct err err = ERR_INIT;
	char length[40];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		world_open(&w, *state, world_services, 0);
		w.request.allow = "POST, OPTIONS";
		err_set(&err, cases[i].status, "the_code", "say \"%s\"\n|",
		    "\xea\xb9\x80");
		reply_error(&w.reply, &w.request, &err);
		assert_string_equal(body_of(&w), "{\"error\":{\"code\":"
		    "\"the_code\",\"message\":\"say \\\"\xea\xb9\x80\\\"\\n|\""
		    "}}\n");
		assert_memory_equal(w.sent.data, cases[i].line,
		    strlen(cases[i].line));
		unit_assert_has(w.sent.data, "\r\nContent-Type: application/"
		    "json; charset=utf-8\r\n");
		unit_assert_has(w.sent.data, "\r\nCache-Control: no-cache");
		snprintf(length, sizeof(length), "\r\nContent-Length: %zu"
		    "\r\n", strlen(body_of(&w)));
		unit_assert_has(w.sent.data, length);
		unit_assert_lacks(w.sent.data, "Allow");
		unit_assert_lacks(w.sent.data, "Access-Control");
		world_close(&w);
	}
}

static void
error_405_names_the_methods(void **state)
{
	struct world w;
	struct err err = ERR_INIT;

	world_open(&w, *state, world_services, 0);
	w.request.allow = "POST, OPTIONS";
	err_set(&err, 405, "method_not_allowed", "no");
	reply_error(&w.reply, &w.request, &err);
	body_of(&w);
	unit_assert_has(w.sent.data, "Status: 405 Method Not Allowed\r\n");
	unit_assert_has(w.sent.data, "\r\nAllow: POST, OPTIONS\r\n");
	unit_assert_lacks(w.sent.data, "\"field\"");
	world_close(&w);
}

/* A message may hold a visitor's word that was cut, or 320 bytes of them. */
static void
error_is_always_valid_json(void **state)
{
	struct world w;
	struct err err = ERR_INIT;
	char words[500];
	const char *body;
	struct json *json;

	memset(words, '\xea', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	world_open(&w, *state, world_services, 0);
	err_set(&err, 400, "bad", "%s", words);
	reply_error(&w.reply, &w.request, &err);
	body = body_of(&w);
	json = json_parse(body, strlen(body), 4, true, NULL, NULL);
	assert_non_null(json);
	json_free(json);
	world_close(&w);
}

static void
error_for_a_listed_origin(void **state)
{
	struct world w;
	struct err err = ERR_INIT;

	world_open(&w, *state, world_services, 0);
	w.request.origin = "https://cook.example";
	err_set(&err, 400, "bad", "no");
	reply_error(&w.reply, &w.request, &err);
	body_of(&w);
	unit_assert_has(w.sent.data, "\r\nAccess-Control-Allow-Origin: "
	    "https://cook.example\r\n");
	unit_assert_has(w.sent.data, "\r\nVary: Origin\r\n");
	world_close(&w);
}

static void
services_without_a_key(void **state)
{
	struct world w;
	const char *body;
	struct json *json;

	setenv("GROQ_API_KEY", "gsk-secret", 1);
	world_open(&w, *state, world_services, 0);
	unsetenv("GROQ_API_KEY");
	reply_services(&w.reply, &w.request, &w.config, false,
	    "prompts/stages.json:3: what only the owner reads");
	body = body_of(&w);
	json = json_parse(body, strlen(body), 8, true, NULL, NULL);
	assert_int_equal(json_kind(json_get(json, "services")), JSON_ARRAY);
	assert_int_equal(json_count(json_get(json, "services")),
	    w.config.services.n);
	unit_assert_has(body, "{\"id\":\"one\",\"models\":[\"m1\"],"
	    "\"usable\":true}");
	unit_assert_has(body, "\"demo\":false,\"keep_s\":900}");
	unit_assert_lacks(body, "stages.json");
	unit_assert_lacks(body, "secret");
	unit_assert_lacks(body, "GROQ_API_KEY");
	unit_assert_lacks(body, "127.0.0.1");
	assert_memory_equal(w.sent.data, "Status: 200 OK\r\n", 16);
	json_free(json);
	world_close(&w);
	world_open(&w, *state, "{}", 0);
	reply_services(&w.reply, &w.request, &w.config, true, NULL);
	unit_assert_has(body_of(&w), "\"demo\":true,\"hint\":\"");
	unit_assert_lacks(w.sent.data, "\"local\"");
	world_close(&w);
	world_open(&w, *state, "{}", 0);
	w.config.is_local = true;
	reply_services(&w.reply, &w.request, &w.config, true, "a.txt");
	unit_assert_has(body_of(&w), ",\"local\":true,\"broken\":\"a.txt\"}");
	world_close(&w);
}

static void
preflight(void **state)
{
	struct world w;

	world_open(&w, *state, world_services, 0);
	w.request.allow = "POST, OPTIONS";
	w.request.origin = "https://cook.example";
	reply_preflight(&w.reply, &w.request);
	assert_string_equal(body_of(&w), "");
	unit_assert_has(w.sent.data, "Status: 204 No Content\r\n");
	unit_assert_has(w.sent.data, "\r\nAccess-Control-Allow-Origin: "
	    "https://cook.example\r\n");
	unit_assert_has(w.sent.data, "\r\nAccess-Control-Allow-Methods: "
	    "POST, OPTIONS\r\n");
	unit_assert_has(w.sent.data, "\r\nAccess-Control-Allow-Headers: ");
	unit_assert_lacks(w.sent.data, "Content-Type:");
	world_close(&w);
	world_open(&w, *state, world_services, 0);
	w.request.allow = "GET, OPTIONS";
	reply_preflight(&w.reply, &w.request);
	body_of(&w);
	unit_assert_has(w.sent.data, "\r\nAllow: GET, OPTIONS\r\n");
	unit_assert_lacks(w.sent.data, "Access-Control");
	world_close(&w);
}

static void
stream_head(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_STREAM);
	assert_string_equal(body_of(&w), ": ok\n\n");
	assert_memory_equal(w.sent.data, "Status: 200 OK\r\n", 16);
	unit_assert_has(w.sent.data, "\r\nContent-Type: text/event-stream; "
	    "charset=utf-8\r\n");
	unit_assert_has(w.sent.data, "\r\nCache-Control: no-cache, "
	    "no-transform\r\n");
	unit_assert_has(w.sent.data, "\r\nX-Accel-Buffering: no\r\n");
	unit_assert_lacks(w.sent.data, "Content-Length");
	world_close(&w);
}

static void
stream_of_events(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_STREAM);
	event(&w, "_run", PARTS, "{\"id\":\"x\"}");
	say(&w, BUY, "1 pound\n");
	beat(&w);
	say(&w, SOLO, "\n|");
	tell(&w, BUY, "done");
	event(&w, "_done", PARTS, "{\"ms\":1,\"a\":\"b\\nc\"}");
	assert_string_equal(body_of(&w), ": ok\n\n"
	    "data: _run|{\"id\":\"x\"}\nretry: 86400000\nid: 1\n\n"
	    "data: buy|1 pound\xe2\xae\x91\nid: 2\n\n"
	    ": hb\n\n"
	    "data: solo|\xe2\xae\x91|\nid: 3\n\n"
	    "data: _part|{\"part\":\"buy\",\"state\":\"done\"}\nid: 4\n\n"
	    "data: _done|{\"ms\":1,\"a\":\"b\\nc\"}\nid: 5\n\n");
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(errors_before_a_run),
		KEYLESS(error_405_names_the_methods),
		KEYLESS(error_is_always_valid_json),
		KEYLESS(error_for_a_listed_origin),
		KEYLESS(services_without_a_key),
		KEYLESS(preflight),
		KEYLESS(stream_head),
		KEYLESS(stream_of_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
