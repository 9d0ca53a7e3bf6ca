/*
 * test_reply_forms: a run as one JSON document, and as text.
 */
#include "fixture_reply.h"
#include "reply/form.h"

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
}

static void
json_of_a_run(void **state)
{
	struct world w;
	const char *body;
	struct json *json, *parts;

	open_form(&w, *state, FORM_JSON);
	beat(&w);
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
	beat(&w);
	beat(&w);
	assert_int_equal(strspn(body_of(&w), " \t\r\n"),
	    strlen(body_of(&w)));
	event(&w, "_done", PARTS, "{}");
	end(&w);
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
	    "\ncook\n----\n1. Wait\n2. Eat\n\n(end)\n");
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

/* Live or held: what a terminal would obey is shown, a line ends in LF. */
static void
text_controls_are_shown(void **state)
{
	static const struct { const char *said, *shown; } cases[] = {
		{ "a\x1b[2Jb", "a\xe2\x90\x9b[2Jb" },
		{ "\x01\x07\x08\x0b\x0c\x1f", "\xe2\x90\x81\xe2\x90\x87"
		    "\xe2\x90\x88\xe2\x90\x8b\xe2\x90\x8c\xe2\x90\x9f" },
		{ "\x7f", "\xe2\x90\xa1" },
		{ "\xc2\x9b" "2J\xc2\x80\xc2\x9f",
		    "\\u009b2J\\u0080\\u009f" },
		{ "\xc2\xa0\xc3\x9f\xea\xb9\x80",
		    "\xc2\xa0\xc3\x9f\xea\xb9\x80" },
		{ "one\r\ntwo\rthree\n\r\r\n", "one\ntwo\nthree\n\n\n" },
		{ "tab\tand\nline", "tab\tand\nline" },
	};
	char wanted[200];
	struct world w;
	size_t i, k;

	for (i = 0; i < COUNT(cases); i++)
		for (k = 0; k < 2; k++) {
			open_form(&w, *state, FORM_TEXT);
			/* From here on, or only later, it is its turn. */
			if (k == 0) {
				tell(&w, IDEAS, "done");
				tell(&w, REST, "done");
			}
			say(&w, BUY, "<");
			say(&w, BUY, cases[i].said);
			say(&w, BUY, ">\n.");
			if (k == 1) {
				tell(&w, IDEAS, "done");
				tell(&w, REST, "done");
			}
			snprintf(wanted, sizeof(wanted), "<%s>\n.",
			    cases[i].shown);
			unit_assert_has(body_of(&w), wanted);
			world_close(&w);
		}
}

/* Errors and fields of a list are somebody's words, too. */
static void
text_controls_of_others_are_shown(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_TEXT);
	event(&w, "_pick", IDEAS, "{\"index\":0,\"name\":\"A\\u001b[1m\"}");
	end_badly(&w, IDEAS, "failed", "it said \\u001b]0;x\\u0007");
	unit_assert_has(body_of(&w), "A\xe2\x90\x9b[1m\n");
	unit_assert_has(body_of(&w), "\xe2\x90\x9b]0;x\xe2\x90\x87");
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
	end(&w);
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
	beat(&w);
	assert_int_equal(strlen(body_of(&w)), n + 1);
	tell(&w, IDEAS, "done");
	tell(&w, REST, "done");
	say(&w, BUY, "half a line");
	n = strlen(body_of(&w));
	beat(&w);
	assert_int_equal(strlen(body_of(&w)), n);
	world_close(&w);
}

static void
text_of_the_demo_says_so(void **state)
{
	struct world w;

	open_with(&w, *state, "{}", FORM_TEXT);
	assert_int_equal(said(&w, plan_demo_hint), 1);
	world_close(&w);
}

/* A list's field or an error may end in a CR, which is no line of its own. */
static void
text_lines_end_once(void **state)
{
	struct world w;

	open_form(&w, *state, FORM_TEXT);
	event(&w, "_pick", IDEAS, "{\"index\":0,\"name\":\"A\\r\","
	    "\"intro\":\"b\\r\\nc\\r\"}");
	end_badly(&w, IDEAS, "failed", "it said no\\r");
	unit_assert_has(body_of(&w), "\nA\nb\nc\nNot written: it said no\n"
	    "\nOthers\n");
	world_close(&w);
}

/* What cannot be held back until its turn would leave a hole later. */
static void
held_text_must_be_whole(void **state)
{
	static const char *const forms[] = { FORM_JSON, FORM_TEXT };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(forms); i++) {
		open_form(&w, *state, forms[i]);
		form_part(w.reply.form, "buy")->text.max = 7;
		say(&w, BUY, "1 pound");
		assert_false(w.reply.outbox.gone);
		say(&w, BUY, " of it");
		assert_true(w.reply.outbox.gone);
		world_close(&w);
	}
}

/* Parts that come into being during a run have their room in the answer. */
static void
json_of_many_new_parts(void **state)
{
	struct event event = { .kind = EVENT_TEXT };
	char text[1024], name[20];
	struct world w;
	size_t i;

	memset(text, '\x01', sizeof(text));
	open_with(&w, *state, "{\"limits\": {\"stage_bytes\": 1024}}",
	    FORM_JSON);
	w.sent.max = 1 << 24;
	for (i = 0; i < 250; i++) {
		snprintf(name, sizeof(name), "new-%zu", i);
		event.part = name;
		event.text = text;
		event.len = sizeof(text);
		audience_tell(&w.run.audience, &event);
	}
	end(&w);
	assert_false(w.reply.outbox.gone);
	unit_assert_has(body_of(&w), "\"new-249\":{\"text\":\"\\u0001");
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(json_of_a_run),
		KEYLESS(json_of_an_empty_run),
		KEYLESS(json_given_up_half_way),
		KEYLESS(text_of_a_run),
		KEYLESS(text_is_live),
		KEYLESS(text_begins_again_where_it_is_live),
		KEYLESS(text_controls_are_shown),
		KEYLESS(text_controls_of_others_are_shown),
		KEYLESS(text_of_early_failures),
		KEYLESS(text_heartbeats_between_lines),
		KEYLESS(text_of_the_demo_says_so),
		KEYLESS(text_lines_end_once),
		KEYLESS(held_text_must_be_whole),
		KEYLESS(json_of_many_new_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
