/*
 * test_reply: heads, errors, the queue, and a run in each of its forms, over
 * a sink in memory.
 */
#include "part.h"
#include "world.h"

static void
open_form(struct world *w, const char *dir, enum form form)
{
	struct err err = ERR_INIT;

	world_open(w, dir, world_services, 0);
	w->request.form = form;
	assert_int_equal(reply_begin(&w->reply, &w->request, &w->plan, &err),
	    0);
}

/* What followed the head; it stays in w->sent. */
static const char *
body_of(struct world *w)
{
	char *end;

	world_flush(w);
	end = strstr(w->sent.data, "\r\n\r\n");
	assert_non_null(end);
	return end + 4;
}

/* An event from its JSON text. */
static void
event(struct world *w, const char *name, size_t part, const char *text)
{
	struct json *json = json_parse(text, strlen(text), 8, true, NULL,
	    NULL);

	assert_non_null(json);
	reply_event(&w->reply, name, part, json);
}

static void
say(struct world *w, size_t part, const char *text)
{
	reply_text(&w->reply, part, text, strlen(text));
}

static void
tell(struct world *w, size_t part, const char *state)
{
	char text[200];

	snprintf(text, sizeof(text), "{\"part\":\"%s\",\"state\":\"%s\"}",
	    w->plan.parts[part].spec->part, state);
	event(w, "_part", part, text);
}

static void
end_badly(struct world *w, size_t part, const char *state,
    const char *message)
{
	char text[300];

	tell(w, part, state);
	snprintf(text, sizeof(text), "{\"part\":\"%s\",\"code\":\"x\","
	    "\"message\":\"%s\",\"retryable\":true}",
	    w->plan.parts[part].spec->part, message);
	event(w, "_error", part, text);
}

/* --- whole answers -------------------------------------------------------- */

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
	struct err err;
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
	struct err err;

	world_open(&w, *state, world_services, 0);
	w.request.allow = "POST, OPTIONS";
	err_set(&err, 405, "method_not_allowed", "no");
	reply_error(&w.reply, &w.request, &err);
	body_of(&w);
	unit_assert_has(w.sent.data, "Status: 405 Method Not Allowed\r\n");
	unit_assert_has(w.sent.data, "\r\nAllow: POST, OPTIONS\r\n");
	world_close(&w);
}

/* A message may hold a visitor's word that was cut, or 320 bytes of them. */
static void
error_is_always_valid_json(void **state)
{
	struct world w;
	struct err err;
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
	struct err err;

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
	reply_services(&w.reply, &w.request, &w.config, false);
	body = body_of(&w);
	json = json_parse(body, strlen(body), 8, true, NULL, NULL);
	assert_int_equal(json_kind(json_get(json, "services")), JSON_ARRAY);
	assert_int_equal(json_count(json_get(json, "services")),
	    w.config.services.n);
	unit_assert_has(body, "{\"id\":\"one\",\"models\":[\"m1\"],"
	    "\"usable\":true}");
	unit_assert_has(body, "\"demo\":false}");
	unit_assert_lacks(body, "secret");
	unit_assert_lacks(body, "GROQ_API_KEY");
	unit_assert_lacks(body, "127.0.0.1");
	assert_memory_equal(w.sent.data, "Status: 200 OK\r\n", 16);
	json_free(json);
	world_close(&w);
	world_open(&w, *state, "{}", 0);
	reply_services(&w.reply, &w.request, &w.config, true);
	unit_assert_has(body_of(&w), "\"demo\":true,\"hint\":\"");
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

/* --- the queue ------------------------------------------------------------ */

static void
leaves_in_chunks(void **state)
{
	struct world w;
	size_t n;

	open_form(&w, *state, FORM_STREAM);
	say(&w, SOLO, "some words and some more words");
	w.sink.chunk = 7;
	while ((n = reply_pending(&w.reply)) > 0) {
		assert_int_equal(reply_flush(&w.reply), 0);
		assert_int_equal(reply_pending(&w.reply), n < 7 ? 0 : n - 7);
	}
	unit_assert_has(w.sent.data, "data: solo|some words and some more "
	    "words\n\n");
	world_close(&w);
}

static void
nothing_is_lost_in_the_queue(void **state)
{
	struct world w;
	char text[64];
	int i, k;

	open_form(&w, *state, FORM_STREAM);
	w.sink.chunk = 13;
	for (i = 1; i <= 500; i++) {
		snprintf(text, sizeof(text), "<%d>", i);
		say(&w, i % 2 == 0 ? SOLO : BUY, text);
		for (k = 0; k < i % 4 && reply_pending(&w.reply) > 0; k++)
			assert_int_equal(reply_flush(&w.reply), 0);
	}
	world_flush(&w);
	for (i = 1; i <= 500; i++) {
		snprintf(text, sizeof(text), "id: %d\ndata: %s|<%d>\n\n", i,
		    i % 2 == 0 ? "solo" : "buy", i);
		if (unit_count(w.sent.data, text) != 1)
			fail_msg("%s", text);
	}
	world_close(&w);
}

static void
nobody_is_there(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_STREAM);
	assert_false(w.reply.gone);
	w.broken = true;
	assert_int_equal(reply_flush(&w.reply), -1);
	assert_true(w.reply.gone);
	world_close(&w);
}

/* --- for hosts that buffer ------------------------------------------------ */

static const char padded[] = "{\"limits\": {\"pad\": 4096}}";

static void
open_padded(struct world *w, const char *dir, enum form form)
{
	struct err err = ERR_INIT;

	world_open(w, dir, padded, 0);
	w->request.form = form;
	assert_int_equal(reply_begin(&w->reply, &w->request, &w->plan, &err),
	    0);
}

/* What is queued leaves with its padding, and not before it is time. */
static void
padding_follows_what_is_queued(void **state)
{
	struct world w;

	open_padded(&w, *state, FORM_STREAM);
	assert_int_equal(reply_pending(&w.reply), 0);
	assert_true(reply_held(&w.reply) > 0);
	assert_int_equal(reply_settle(&w.reply, 1000), -1);
	assert_int_equal(reply_held(&w.reply), 0);
	world_flush(&w);
	assert_int_equal(unit_count(w.sent.data, ": ok\n\n:...."), 1);
	assert_true(w.sent.len > 4096);
	assert_int_equal(reply_settle(&w.reply, 1050), -1);
	say(&w, SOLO, "some");
	assert_int_equal(reply_settle(&w.reply, 1050), REPLY_PAD_MS - 50);
	say(&w, SOLO, "thing");
	assert_int_equal(reply_settle(&w.reply, 1199), 1);
	assert_int_equal(reply_pending(&w.reply), 0);
	buf_reset(&w.sent);
	assert_int_equal(reply_settle(&w.reply, 1200), -1);
	/* What comes now is not padded yet, and stays. */
	say(&w, SOLO, "late");
	world_flush(&w);
	assert_int_equal(unit_count(w.sent.data, "data: solo|thing\n\n:..."), 1);
	unit_assert_lacks(w.sent.data, "late");
	assert_true(w.sent.len > 4096 && w.sent.len < 2 * 4096);
	assert_true(reply_held(&w.reply) > 0);
	assert_int_equal(reply_settle(&w.reply, 1400), -1);
	world_flush(&w);
	unit_assert_has(w.sent.data, "data: solo|late\n\n:...");
	world_close(&w);
}

static void
padded_queue_loses_nothing(void **state)
{
	struct world w;
	char text[64];
	int i, k;

	open_padded(&w, *state, FORM_STREAM);
	w.sink.chunk = 997;
	for (i = 1; i <= 300; i++) {
		snprintf(text, sizeof(text), "<%d>", i);
		say(&w, SOLO, text);
		if (i % 3 == 0)
			reply_settle(&w.reply, 1000L * i);
		for (k = 0; k < i % 7 && reply_pending(&w.reply) > 0; k++)
			assert_int_equal(reply_flush(&w.reply), 0);
	}
	reply_settle(&w.reply, 1000000);
	world_flush(&w);
	for (i = 1; i <= 300; i++) {
		snprintf(text, sizeof(text), "id: %d\ndata: solo|<%d>\n\n", i,
		    i);
		assert_int_equal(unit_count(w.sent.data, text), 1);
	}
	world_close(&w);
}

/* White space is no part of a document; a text has no room for any. */
static void
padding_of_other_forms(void **state)
{
	struct world w;
	const char *body;

	open_padded(&w, *state, FORM_JSON);
	reply_end(&w.reply);
	assert_int_equal(reply_settle(&w.reply, 1000), -1);
	body = body_of(&w);
	assert_true(strlen(body) > 4096);
	assert_int_equal(strspn(strrchr(body, '}') + 1, "\n"),
	    strlen(strrchr(body, '}') + 1));
	world_close(&w);
	open_padded(&w, *state, FORM_TEXT);
	say(&w, SOLO, "some");
	assert_int_equal(reply_settle(&w.reply, 1000), -1);
	assert_int_equal(reply_held(&w.reply), 0);
	world_close(&w);
}

/* --- as a stream ---------------------------------------------------------- */

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
	say(&w, BUY, "1 pound\r");
	reply_heartbeat(&w.reply);
	say(&w, BUY, "\n");
	say(&w, SOLO, "\n|");
	tell(&w, BUY, "done");
	event(&w, "_done", PARTS, "{\"ms\":1,\"a\":\"b\\nc\"}");
	reply_end(&w.reply);
	assert_string_equal(body_of(&w), ": ok\n\n"
	    "id: 1\ndata: _run|{\"id\":\"x\"}\n\n"
	    "id: 2\ndata: buy|1 pound\xe2\xae\x91\n\n"
	    ": hb\n\n"
	    "id: 3\ndata: solo|\xe2\xae\x91|\n\n"
	    "id: 4\ndata: _part|{\"part\":\"buy\",\"state\":\"done\"}\n\n"
	    "id: 5\ndata: _done|{\"ms\":1,\"a\":\"b\\nc\"}\n\n");
	world_close(&w);
}

/* --- as JSON -------------------------------------------------------------- */

static void
whole_story(struct world *w)
{
	event(w, "_run", PARTS, "{\"id\":\"x\",\"demo\":false}");
	tell(w, IDEAS, "start");
	say(w, IDEAS, "[...]");
	event(w, "_pick", IDEAS, "{\"index\":0,\"name\":\"A\",\"intro\":"
	    "\"a & b\"}");
	say(w, COOK, "1. Wait\n");
	event(w, "_alternates", IDEAS, "{\"items\":[{\"name\":\"B\","
	    "\"intro\":\"<b>\"},{\"name\":\"C\",\"intro\":\"\"}]}");
	tell(w, REST, "start");
	say(w, REST, "<li>B</li>");
	tell(w, REST, "done");
	tell(w, IDEAS, "done");
	say(w, BUY, "1 pound\n");
	say(w, BUY, "\"2\"");
	tell(w, BUY, "cut");
	say(w, SOLO, "void");
	tell(w, SOLO, "reset");
	end_badly(w, SIDE, "failed", "two answered 503");
	say(w, SOLO, "good");
	tell(w, SOLO, "done");
	say(w, COOK, "2. Eat\n");
	tell(w, COOK, "done");
	event(w, "_done", PARTS, "{\"ms\":5}");
	reply_end(&w->reply);
}

static void
json_of_a_run(void **state)
{
	struct world w;
	const char *body;
	struct json *json, *parts;

	open_form(&w, *state, FORM_JSON);
	reply_heartbeat(&w.reply);
	whole_story(&w);
	body = body_of(&w);
	unit_assert_has(w.sent.data, "\r\nContent-Type: application/json; "
	    "charset=utf-8\r\n");
	json = json_parse(body, strlen(body), 8, true, NULL, NULL);
	assert_non_null(json);
	parts = json_get(json, "parts");
	assert_int_equal(json_count(parts), PARTS);
	assert_string_equal(json_string(json_get(json_get(parts, "buy"),
	    "text"), NULL), "1 pound\n\"2\"");
	assert_string_equal(json_string(json_get(json_get(parts, "buy"),
	    "state"), NULL), "cut");
	assert_string_equal(json_string(json_get(json_get(parts, "solo"),
	    "text"), NULL), "good");
	assert_string_equal(json_string(json_get(json_get(parts, "side"),
	    "text"), NULL), "");
	assert_string_equal(json_string(json_get(json_get(parts, "side"),
	    "state"), NULL), "failed");
	assert_string_equal(json_string(json_get(json_get(json, "run"), "id"),
	    NULL), "x");
	assert_int_equal(json_int(json_get(json_get(json, "pick"), "index"),
	    -1), 0);
	assert_int_equal(json_count(json_get(json, "alternates")), 2);
	assert_int_equal(json_count(json_get(json, "errors")), 1);
	assert_string_equal(json_string(json_get(json_at(json_get(json,
	    "errors"), 0), "message"), NULL), "two answered 503");
	assert_int_equal(json_int(json_get(json_get(json, "done"), "ms"), 0),
	    5);
	json_free(json);
	world_close(&w);
}

/* Nothing but white space before the document, and all of its members. */
static void
json_of_an_empty_run(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_JSON);
	reply_heartbeat(&w.reply);
	reply_heartbeat(&w.reply);
	assert_int_equal(strspn(body_of(&w), " \t\r\n"),
	    strlen(body_of(&w)));
	event(&w, "_done", PARTS, "{}");
	reply_end(&w.reply);
	unit_assert_has(body_of(&w), "\n{\"run\":{},\"pick\":{},\"alternates\""
	    ":[],\"parts\":{\"ideas\":{\"text\":\"\"},");
	unit_assert_has(body_of(&w), "\"errors\":[],\"done\":{}}\n");
	world_close(&w);
}

static void
json_given_up_half_way(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_JSON);
	event(&w, "_run", PARTS, "{\"id\":\"x\"}");
	tell(&w, BUY, "start");
	say(&w, BUY, "1 pound");
	reply_free(&w.reply);
	world_close(&w);
}

/* --- as text -------------------------------------------------------------- */

static void
text_of_a_run(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_TEXT);
	whole_story(&w);
	assert_string_equal(body_of(&w), "\n\nIdeas\n-----\nA\na & b\n"
	    "\nOthers\n------\n- B\n  <b>\n- C\n"
	    "\nTo buy\n------\n1 pound\n\"2\"\n"
	    "(cut short: the model ran into its length limit)\n"
	    "\nside\n----\nNot written: two answered 503\n"
	    "\nsolo\n----\n(this part begins again)\ngood\n"
	    "\ncook\n----\n1. Wait\n2. Eat\n");
	unit_assert_has(w.sent.data, "\r\nContent-Type: text/plain; "
	    "charset=utf-8\r\n");
	world_close(&w);
}

static size_t
said(struct world *w, const char *words)
{
	return unit_count(body_of(w), words);
}

/* One is live, the others are held until their turn. */
static void
text_is_live(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_TEXT);
	event(&w, "_pick", IDEAS, "{\"name\":\"A\"}");
	assert_int_equal(said(&w, "A\n"), 1);
	say(&w, BUY, "first ");
	assert_int_equal(said(&w, "first"), 0);
	tell(&w, REST, "done");
	assert_int_equal(said(&w, "Others"), 0);
	tell(&w, IDEAS, "done");
	assert_int_equal(said(&w, "Others"), 1);
	assert_int_equal(said(&w, "To buy\n------\nfirst "), 1);
	say(&w, BUY, "second");
	assert_int_equal(said(&w, "first second"), 1);
	say(&w, SOLO, "held");
	tell(&w, BUY, "done");
	assert_int_equal(said(&w, "first second\n\nside\n"), 1);
	assert_int_equal(said(&w, "held"), 0);
	end_badly(&w, SIDE, "skipped", "it needs something");
	assert_int_equal(said(&w, "Not written: it needs something\n\nsolo\n"
	    "----\nheld"), 1);
	world_close(&w);
}

static void
text_begins_again_where_it_is_live(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_TEXT);
	tell(&w, IDEAS, "done");
	tell(&w, REST, "done");
	say(&w, BUY, "voi");
	tell(&w, BUY, "reset");
	say(&w, BUY, "good");
	tell(&w, BUY, "done");
	assert_int_equal(said(&w, "voi\n(this part begins again)\ngood\n"),
	    1);
	world_close(&w);
}

/* A part that fails before its turn says so when it comes. */
static void
text_of_early_failures(void **state)
{
	struct world w;
	size_t i;

	open_form(&w, *state, FORM_TEXT);
	for (i = PARTS; i-- > 0;)
		end_badly(&w, i, "stopped", "out of time");
	reply_end(&w.reply);
	assert_int_equal(said(&w, "Not written: out of time\n"), PARTS);
	assert_int_equal(said(&w, "\n\ncook\n----\nNot written"), 1);
	world_close(&w);
}

/* In the middle of a line a heartbeat would be part of the text. */
static void
text_heartbeats_between_lines(void **state)
{
	struct world w;
	size_t n;

	open_form(&w, *state, FORM_TEXT);
	n = strlen(body_of(&w));
	reply_heartbeat(&w.reply);
	assert_int_equal(strlen(body_of(&w)), n + 1);
	tell(&w, IDEAS, "done");
	tell(&w, REST, "done");
	say(&w, BUY, "half a line");
	n = strlen(body_of(&w));
	reply_heartbeat(&w.reply);
	assert_int_equal(strlen(body_of(&w)), n);
	world_close(&w);
}

static void
text_of_the_demo_says_so(void **state)
{
	struct err err = ERR_INIT;
	struct world w;

	world_open(&w, *state, "{}", 0);
	w.request.form = FORM_TEXT;
	assert_int_equal(reply_begin(&w.reply, &w.request, &w.plan, &err), 0);
	assert_int_equal(said(&w, plan_demo_hint), 1);
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
		KEYLESS(leaves_in_chunks),
		KEYLESS(nothing_is_lost_in_the_queue),
		KEYLESS(nobody_is_there),
		KEYLESS(padding_follows_what_is_queued),
		KEYLESS(padded_queue_loses_nothing),
		KEYLESS(padding_of_other_forms),
		KEYLESS(stream_head),
		KEYLESS(stream_of_events),
		KEYLESS(json_of_a_run),
		KEYLESS(json_of_an_empty_run),
		KEYLESS(json_given_up_half_way),
		KEYLESS(text_of_a_run),
		KEYLESS(text_is_live),
		KEYLESS(text_begins_again_where_it_is_live),
		KEYLESS(text_of_early_failures),
		KEYLESS(text_heartbeats_between_lines),
		KEYLESS(text_of_the_demo_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
