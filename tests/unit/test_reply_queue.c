/*
 * test_reply_queue: what is queued leaves whole and in order; padding for hosts
 * that buffer.
 */
#include <sys/resource.h>

#include "fixture_reply.h"
#include "run/merge.h"

static void
leaves_in_chunks(void **state)
{
	struct world w;
	size_t n;

	open_form(&w, *state, FORM_STREAM);
	say(&w, SOLO, "some words and some more words");
	w.sink.chunk = 7;
	while ((n = outbox_pending(&w.reply.outbox)) > 0) {
		assert_int_equal(outbox_flush(&w.reply.outbox), 0);
		assert_int_equal(outbox_pending(&w.reply.outbox), n < 7 ? 0 : n - 7);
	}
	unit_assert_has(w.sent.data, "data: solo|some words and some more "
	    "words\nid: 1\n\n");
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
		for (k = 0; k < i % 4 && outbox_pending(&w.reply.outbox) > 0; k++)
			assert_int_equal(outbox_flush(&w.reply.outbox), 0);
	}
	world_flush(&w);
	for (i = 1; i <= 500; i++) {
		snprintf(text, sizeof(text), "data: %s|<%d>\nid: %d\n\n",
		    i % 2 == 0 ? "solo" : "buy", i, i);
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
	assert_false(w.reply.outbox.gone);
	w.broken = true;
	assert_int_equal(outbox_flush(&w.reply.outbox), -1);
	assert_true(w.reply.outbox.gone);
	/* What is queued for him is never sent, though he may read again. */
	w.broken = false;
	assert_true(outbox_pending(&w.reply.outbox) > 0);
	assert_int_equal(merge_flush(&w.reply.outbox), -1);
	assert_int_equal(w.sent.len, 0);
	world_close(&w);
}

static const char padded[] = "{\"limits\": {\"pad\": 4096}}";

/* What is queued leaves with its padding, and not before it is time. */
static void
padding_follows_what_is_queued(void **state)
{
	struct world w;

	open_with(&w, *state, padded, FORM_STREAM);
	assert_int_equal(outbox_pending(&w.reply.outbox), 0);
	assert_true(outbox_held(&w.reply.outbox) > 0);
	outbox_tick(&w.reply.outbox, 1000);
	assert_int_equal(outbox_held(&w.reply.outbox), 0);
	world_flush(&w);
	assert_int_equal(unit_count(w.sent.data, ": ok\n\n:...."), 1);
	assert_true(w.sent.len > 4096);
	outbox_tick(&w.reply.outbox, 1050);
	say(&w, SOLO, "some");
	assert_int_equal(outbox_tick(&w.reply.outbox, 1050), OUTBOX_PAD_MS - 50);
	say(&w, SOLO, "thing");
	assert_int_equal(outbox_tick(&w.reply.outbox, 1199), 1);
	assert_int_equal(outbox_pending(&w.reply.outbox), 0);
	buf_reset(&w.sent);
	outbox_tick(&w.reply.outbox, 1200);
	/* What comes now is not padded yet, and stays. */
	say(&w, SOLO, "late");
	world_flush(&w);
	assert_int_equal(unit_count(w.sent.data, "data: solo|thing\nid: 2\n\n:..."), 1);
	unit_assert_lacks(w.sent.data, "late");
	assert_true(w.sent.len > 4096 && w.sent.len < 2 * 4096);
	assert_true(outbox_held(&w.reply.outbox) > 0);
	outbox_tick(&w.reply.outbox, 1400);
	world_flush(&w);
	unit_assert_has(w.sent.data, "data: solo|late\nid: 3\n\n:...");
	world_close(&w);
}

static void
padded_queue_loses_nothing(void **state)
{
	struct world w;
	char text[64];
	int i, k;

	open_with(&w, *state, padded, FORM_STREAM);
	w.config.limits.stall_ms = INT32_MAX;
	w.sink.chunk = 997;
	for (i = 1; i <= 300; i++) {
		snprintf(text, sizeof(text), "<%d>", i);
		say(&w, SOLO, text);
		if (i % 3 == 0)
			outbox_tick(&w.reply.outbox, 1000L * i);
		for (k = 0; k < i % 7 && outbox_pending(&w.reply.outbox) > 0; k++)
			assert_int_equal(outbox_flush(&w.reply.outbox), 0);
	}
	outbox_tick(&w.reply.outbox, 1000000);
	world_flush(&w);
	for (i = 1; i <= 300; i++) {
		snprintf(text, sizeof(text), "data: solo|<%d>\nid: %d\n\n", i,
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

	open_with(&w, *state, padded, FORM_JSON);
	end(&w);
	outbox_tick(&w.reply.outbox, 1000);
	body = body_of(&w);
	assert_true(strlen(body) > 4096);
	assert_int_equal(strspn(strrchr(body, '}') + 1, "\n"),
	    strlen(strrchr(body, '}') + 1));
	world_close(&w);
	open_with(&w, *state, padded, FORM_TEXT);
	say(&w, SOLO, "some");
	outbox_tick(&w.reply.outbox, 1000);
	assert_int_equal(outbox_held(&w.reply.outbox), 0);
	world_close(&w);
}

/* Whose time is over has one more look, in case the worker was held up. */
static void
stalled_after_one_more_look(void **state)
{
	struct world w;
	struct outbox *outbox = &w.reply.outbox;
	int64_t late;

	open_form(&w, *state, FORM_STREAM);
	w.sink.chunk = 3;
	late = io_now_ms() + 2 * w.config.limits.stall_ms;
	assert_int_equal(outbox_tick(outbox, late), 0);
	assert_false(outbox->gone);
	/* It takes something: it is no stall, and its time begins anew. */
	assert_int_equal(outbox_flush(outbox), 0);
	assert_true(outbox_tick(outbox, io_now_ms()) > 0);
	assert_int_equal(outbox_tick(outbox, late), 0);
	assert_false(outbox->gone);
	outbox_tick(outbox, late);
	assert_true(outbox->gone);
	world_close(&w);
}

/* A visitor who is gone must not keep the run from the others. */
static void
full_until_gone(void **state)
{
	struct world w;
	struct outbox *outbox = &w.reply.outbox;

	open_form(&w, *state, FORM_STREAM);
	assert_false(outbox_is_full(outbox));
	buf_fill(&outbox->out, 'x', OUTBOX_HIGH + 1);
	outbox_grew(outbox);
	assert_true(outbox_is_full(outbox));
	outbox->gone = true;
	assert_false(outbox_is_full(outbox));
	world_close(&w);
}

/* What does not fit breaks the answer off, though nothing else waits. */
static void
too_much_breaks_off(void **state)
{
	static const char *const forms[] = { FORM_STREAM, FORM_JSON,
	    FORM_TEXT };
	struct world w;
	size_t i;

	for (i = 0; i < COUNT(forms); i++) {
		open_form(&w, *state, forms[i]);
		tell(&w, IDEAS, "done");
		tell(&w, REST, "done");
		world_flush(&w);
		w.reply.outbox.out.max = 100;
		say(&w, BUY, "------------------------------------------------"
		    "------------------------------------------------------");
		end(&w);
		assert_true(w.reply.outbox.gone);
		assert_int_equal(merge_flush(&w.reply.outbox), -1);
		world_close(&w);
	}
	/* The document of an event does not fit, but what is left of it. */
	open_form(&w, *state, FORM_STREAM);
	world_flush(&w);
	w.reply.outbox.out.max = 100;
	event(&w, "_error", BUY, "{\"message\":\"---------------------------"
	    "--------------------------------------------------------------"
	    "-----------------------------------------------------\"}");
	assert_true(w.reply.outbox.gone);
	world_close(&w);
}

static void
no_poll_no_answer(void **state)
{
	struct rlimit had, none;
	struct world w;

	open_form(&w, *state, FORM_STREAM);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &had), 0);
	none = (struct rlimit){ 0, had.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(merge_flush(&w.reply.outbox), -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &had), 0);
	assert_true(w.reply.outbox.gone);
	assert_int_equal(w.sent.len, 0);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(leaves_in_chunks),
		KEYLESS(nothing_is_lost_in_the_queue),
		KEYLESS(nobody_is_there),
		KEYLESS(padding_follows_what_is_queued),
		KEYLESS(padded_queue_loses_nothing),
		KEYLESS(padding_of_other_forms),
		KEYLESS(stalled_after_one_more_look),
		KEYLESS(full_until_gone),
		KEYLESS(too_much_breaks_off),
		KEYLESS(no_poll_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
