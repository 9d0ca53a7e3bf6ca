/*
 * test_run_fail: what becomes of what fails, and what lives on beside it.
 */
#include "fixture_run.h"

/* Exactly one _error a bad part; what needs it is skipped, the rest lives. */
static void
failure_fails_alone(void **state)
{
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_FAIL, "{\"finish\":\"\",\"code\":"
	    "\"http_status\",\"status\":400,\"means\":\"request\","
	    "\"message\":\"one answered 400\"}");
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, IDEAS), PART_FAILED);
	assert_int_equal(state_of(&w, REST), PART_SKIPPED);
	assert_int_equal(state_of(&w, BUY), PART_SKIPPED);
	assert_int_equal(state_of(&w, COOK), PART_SKIPPED);
	assert_int_equal(state_of(&w, SOLO), PART_RUNNING);
	unit_assert_has(w.noted.data, "_part ideas \"failed\" 1 \"one answered"
	    " 400\"\n_error ideas \"http_status\" false\n");
	unit_assert_has(w.noted.data, "_part buy \"skipped\" \"ideas\"\n"
	    "_error buy \"skipped\"");
	assert_int_equal(unit_count(w.noted.data, "_error"), 5);
	assert_false(part_is_tried(&w.run.parts[BUY]));
	world_frame(&w, SOLO, FRAME_DELTA, "z");
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	assert_true(world_is_over(&w));
	conduct_advance(&w.run);
	assert_int_equal(unit_count(w.noted.data, "_error"), 5);
	world_close(&w);
}

/* A closed pick is final: what happens to the list costs only `rest`. */
static void
list_fails_behind_its_pick(void **state)
{
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"A\"},"
	    "{\"name\":\"B\"},{\"na");
	world_lost(&w, IDEAS);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, IDEAS), PART_FAILED);
	assert_int_equal(state_of(&w, REST), PART_SKIPPED);
	assert_int_equal(state_of(&w, BUY), PART_RUNNING);
	assert_int_equal(state_of(&w, SIDE), PART_RUNNING);
	assert_int_equal(unit_count(w.noted.data, "_error"), 2);
	unit_assert_has(w.noted.data, "_error ideas \"lost\" true");
	world_close(&w);
}

/* `ideas` writes this and is done. */
static void
open_list(struct world *w, const char *dir, const char *text)
{
	open_all(w, dir);
	conduct_advance(&w->run);
	world_frame(w, IDEAS, FRAME_DELTA, text);
	world_frame(w, IDEAS, FRAME_DONE, DONE);
	conduct_advance(&w->run);
}

static void
lists_that_do_not_end(void **state)
{
	static const char *const texts[] = { "[{\"name\":\"A\"}",
	    "{\"name\":\"A\"}\n{\"name\":\"B\"}", "[{\"name\":\"A\"},{\"nam" };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		open_list(&w, *state, texts[i]);
		assert_int_equal(state_of(&w, IDEAS), PART_DONE);
		assert_int_equal(state_of(&w, REST), PART_DONE);
		assert_int_equal(state_of(&w, BUY), PART_RUNNING);
		world_close(&w);
	}
}

static void
lists_that_are_none(void **state)
{
	static const char *const texts[] = { "I am sorry.", "[]",
	    "[\"A\", \"B\"]", "[{\"title\":\"A\"}]" };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		open_list(&w, *state, texts[i]);
		/* A server at home: perhaps it fails with the format. */
		assert_int_equal(state_of(&w, IDEAS), PART_WAITING);
		assert_int_equal(w.run.parts[IDEAS].retry.refused_params,
		    PARAM_RESPONSE_FORMAT);
		world_give(&w, IDEAS);
		conduct_advance(&w.run);
		world_frame(&w, IDEAS, FRAME_DELTA, texts[i]);
		world_frame(&w, IDEAS, FRAME_DONE, DONE);
		conduct_advance(&w.run);
		assert_int_equal(state_of(&w, IDEAS), PART_FAILED);
		assert_int_equal(state_of(&w, REST), PART_SKIPPED);
		assert_int_equal(state_of(&w, COOK), PART_SKIPPED);
		unit_assert_has(w.noted.data, "_error ideas \"bad_list\" true");
		unit_assert_has(w.noted.data, "one did not write the list");
		world_close(&w);
	}
}

/* An element that waited, since it may have been an example, is one. */
static void
list_of_one_after_words(void **state)
{
	static const char text[] = "Sure, here it is:\n[{\"name\":\"A\"}]\n";
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_DELTA, text);
	assert_false(w.run.parts[IDEAS].picking.picked);
	world_frame(&w, IDEAS, FRAME_DONE, DONE);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, IDEAS), PART_DONE);
	assert_int_equal(state_of(&w, BUY), PART_RUNNING);
	assert_int_equal(unit_count(w.noted.data, "_alternates"), 1);
	world_close(&w);
}

static void
nothing_visible_is_a_failure(void **state)
{
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, SOLO, FRAME_DELTA, " \n");
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	unit_assert_has(w.noted.data, "_part solo \"failed\" 1 \"two wrote "
	    "nothing\"\n_error solo \"empty\" true\n");
	world_close(&w);
}

static void
withheld_by_the_provider(void **state)
{
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, SOLO, FRAME_DELTA, "half");
	world_frame(&w, SOLO, FRAME_DONE, "{\"finish\":\"filter\"}");
	assert_int_equal(state_of(&w, SOLO), PART_FILTERED);
	unit_assert_has(w.noted.data, "_part solo \"filtered\" 1");
	assert_int_equal(unit_count(w.noted.data, "_error solo"), 1);
	world_close(&w);
}

static void
worth_asking_again(void **state)
{
	static const struct { const char *code; int status;
	    const char *means; bool again; } cases[] = {
		{ "http_status", 400, "request", false },
		{ "http_status", 404, "model", false },
		{ "http_status", 408, "server", true },
		{ "http_status", 422, "parameter", false },
		{ "http_status", 429, "limit", true },
		{ "http_status", 402, "credit", false },
		{ "http_status", 413, "size", false },
		{ "http_status", 503, "server", true },
		{ "auth", 401, "key", false },
		{ "auth", 403, "forbidden", false }, { "tls", 0, "", false },
		{ "unreachable", 0, "", true }, { "cut_off", 200, "", true },
	};
	struct world w;
	char text[200];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		open_all(&w, *state);
		conduct_advance(&w.run);
		world_last(&w, SOLO);
		snprintf(text, sizeof(text), "{\"finish\":\"\",\"code\":\"%s\""
		    ",\"status\":%d,\"means\":\"%s\",\"message\":\"no\"}",
		    cases[i].code, cases[i].status, cases[i].means);
		world_frame(&w, SOLO, FRAME_FAIL, text);
		snprintf(text, sizeof(text), "_error solo \"%s\" %s\n",
		    cases[i].code, cases[i].again ? "true" : "false");
		unit_assert_has(w.noted.data, text);
		world_close(&w);
	}
}

static void
frames_that_make_no_sense(void **state)
{
	static const struct { enum frame_type type; const char *data; }
	    cases[] = { { FRAME_DONE, "no json" }, { FRAME_FAIL, "{}" },
	    { FRAME_JOB, "{}" }, { FRAME_PROMPT, "x" }, { FRAME_GO, "" } };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		open_all(&w, *state);
		conduct_advance(&w.run);
		world_last(&w, SOLO);
		world_frame(&w, SOLO, cases[i].type, cases[i].data);
		assert_int_equal(state_of(&w, SOLO), PART_FAILED);
		unit_assert_has(w.noted.data, "_error solo \"lost\" true");
		assert_int_equal(unit_count(w.noted.data, "_error"), 1);
		world_close(&w);
	}
}

/* stage_bytes is 4096: the text before it passed arrives, no more. */
static void
too_much_text(void **state)
{
	struct world w;
	char text[1025];
	int i;

	memset(text, 'x', 1024);
	text[1024] = '\0';
	open_all(&w, *state);
	conduct_advance(&w.run);
	for (i = 0; i < 4; i++)
		world_frame(&w, SOLO, FRAME_DELTA, text);
	assert_int_equal(state_of(&w, SOLO), PART_RUNNING);
	world_frame(&w, SOLO, FRAME_DELTA, "x");
	unit_assert_has(w.noted.data, "_error solo \"too_big\" false");
	unit_assert_has(w.noted.data, "stage_bytes, 4096");
	world_close(&w);
}

/* prompt_bytes is 1024. */
static void
too_long_a_prompt(void **state)
{
	struct world w;
	char word[1025];

	memset(word, 'x', sizeof(word));
	world_open(&w, *state, world_services, 0);
	vars_set(&w.request.inputs, "word", word, sizeof(word));
	world_begin(&w, true);
	world_give(&w, SOLO);
	conduct_advance(&w.run);
	unit_assert_has(w.noted.data, "_error solo \"too_big\" false");
	unit_assert_has(w.noted.data, "prompt_bytes, 1024");
	world_close(&w);
}

/* The system message counts as well, and goes before the prompt. */
static void
too_long_a_system_message(void **state)
{
	static const size_t fits = 1024 - (sizeof("About leeks") - 1);
	struct buf sent = BUF_INIT(DOC_MAX);
	struct world w;
	char text[1025], path[256];
	size_t n;

	for (n = fits; n <= fits + 1; n++) {
		memset(text, 's', n);
		text[n] = '\0';
		unit_write(*state, "solo.system.txt", text, 0600, path);
		world_open(&w, *state, world_services, 0);
		vars_set(&w.request.inputs, "word", BYTES("leeks"));
		world_begin(&w, true);
		world_give(&w, SOLO);
		conduct_advance(&w.run);
		if (n > fits) {
			unit_assert_has(w.noted.data,
			    "_error solo \"too_big\" false");
		} else {
			world_prompt(&w, SOLO, &sent);
			assert_int_equal(sent.len, 1024);
			unit_assert_has(sent.data, "sAbout leeks");
			/* An estimate of the tokens counts both. */
			assert_int_equal(w.run.parts[SOLO].attempts[0]
			    .prompt_len, 1024);
		}
		world_close(&w);
	}
	buf_free(&sent);
}

/* Without memory for a text no other part may be asked about a piece of it. */
static void
text_with_a_hole(void **state)
{
	struct world w;

	open_all(&w, *state);
	world_frame(&w, IDEAS, FRAME_DELTA, world_list);
	conduct_advance(&w.run);
	w.run.parts[BUY].text.max = 10;
	world_frame(&w, BUY, FRAME_DELTA, "1 pound ");
	world_frame(&w, BUY, FRAME_DELTA, "of flour");
	world_frame(&w, BUY, FRAME_DONE, DONE);
	conduct_advance(&w.run);
	unit_assert_has(w.noted.data, "_error buy \"no_memory\" true\n");
	unit_assert_lacks(w.noted.data, "_part buy \"done\"");
	assert_int_equal(state_of(&w, COOK), PART_SKIPPED);
	assert_null(vars_get(&w.run.vars, "buy"));
	world_close(&w);
}

/* Nor is a text without bytes an event, as that of an LF after a cut CR. */
static void
text_without_bytes(void **state)
{
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	buf_reset(&w.noted);
	world_frame(&w, SOLO, FRAME_DELTA, "");
	world_frame(&w, SOLO, FRAME_DELTA, "a\r");
	world_frame(&w, SOLO, FRAME_DELTA, "");
	world_frame(&w, SOLO, FRAME_DELTA, "\n");
	world_frame(&w, SOLO, FRAME_DELTA, "b");
	assert_string_equal(w.noted.data, "_part solo \"first\" 1\n"
	    "solo|a\n\nsolo|b\n");
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(failure_fails_alone),
		KEYLESS(list_fails_behind_its_pick),
		KEYLESS(lists_that_do_not_end),
		KEYLESS(lists_that_are_none),
		KEYLESS(list_of_one_after_words),
		KEYLESS(nothing_visible_is_a_failure),
		KEYLESS(withheld_by_the_provider),
		KEYLESS(worth_asking_again),
		KEYLESS(frames_that_make_no_sense),
		KEYLESS(too_much_text),
		KEYLESS(too_long_a_prompt),
		KEYLESS(too_long_a_system_message),
		KEYLESS(text_with_a_hole),
		KEYLESS(text_without_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
