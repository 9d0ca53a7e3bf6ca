/*
 * test_event: who hears a run, and in which order; a run that only a test
 * hears.
 */
#include "base/watch.h"
#include "run/merge.h"
#include "fixture_run.h"

/* Everything that one listener was told, a letter and an id each. */
struct ear {
	struct subscriber me;
	char	 name;
	char	 *heard;
};

static void
hear(void *arg, const struct event *event)
{
	struct ear *ear = arg;

	sprintf(ear->heard + strlen(ear->heard), "%c%d ", ear->name,
	    (int)event->id);
}

static void
open_ear(struct ear *ear, char name, char *heard)
{
	*ear = (struct ear){ { hear, ear, false, NULL }, name, heard };
}

static void
say(struct audience *audience)
{
	struct event event = { .kind = EVENT_DONE };

	audience_tell(audience, &event);
}

static void
all_hear_the_same_ids(void **state)
{
	struct audience audience = { NULL, 0 };
	char heard[200] = "";
	struct ear a, b;

	(void)state;
	open_ear(&a, 'a', heard);
	open_ear(&b, 'b', heard);
	say(&audience);
	audience_join(&audience, &a.me);
	audience_join(&audience, &b.me);
	audience_join(&audience, &a.me);
	say(&audience);
	audience_leave(&audience, &a.me);
	audience_leave(&audience, &a.me);
	say(&audience);
	audience_join(&audience, &a.me);
	say(&audience);
	audience_leave(&audience, &b.me);
	audience_leave(&audience, &a.me);
	say(&audience);
	assert_string_equal(heard, "a2 b2 b3 b4 a4 ");
}

static void
words_of_the_wire(void **state)
{
	enum told told;
	int ends = 0, bad = 0;

	(void)state;
	for (told = TOLD_NOTHING; told <= TOLD_STOPPED; told++) {
		assert_non_null(event_word(told));
		ends += event_is_end(told);
		bad += event_is_bad_end(told);
		assert_false(event_is_bad_end(told) && !event_is_end(told));
	}
	assert_int_equal(ends, 6);
	assert_int_equal(bad, 4);
}

/* No web reply, no visitor: the run goes to its end for its one listener. */
static void
a_run_without_a_visitor(void **state)
{
	struct world w;
	size_t i;

	open_all(&w, *state);
	conduct_advance(&w.run);
	world_frame(&w, IDEAS, FRAME_DELTA, world_list);
	world_frame(&w, IDEAS, FRAME_DONE, DONE);
	for (i = 0; i < PARTS; i++) {
		conduct_advance(&w.run);
		if (i == IDEAS || i == REST)
			continue;
		world_frame(&w, i, FRAME_DELTA, "words");
		world_frame(&w, i, FRAME_DONE, DONE);
	}
	assert_int_equal(merge_run(&w.run, NULL, 0), 0);
	assert_int_equal(unit_count(w.noted.data, "\"done\""), PARTS);
	assert_int_equal(unit_count(w.noted.data, "_done -\n"), 1);
	assert_non_null(strstr(w.noted.data, "_done -\n"));
	assert_int_equal(w.sent.len, 0);
	assert_false(w.run.abandoned);
	world_close(&w);
}

/* A run ends when its last visitor leaves, even if others are subscribed. */
static void
a_visitor_leaves(void **state)
{
	struct subscriber second = { .tell = world_note, .is_visitor = true };
	struct watch watch;
	struct world w;

	open_all(&w, *state);
	second.arg = &w;
	w.noter.is_visitor = true;
	run_subscribe(&w.run, &second);
	run_unsubscribe(&w.run, &second);
	assert_false(w.run.abandoned);
	second.is_visitor = false;
	run_subscribe(&w.run, &second);
	run_unsubscribe(&w.run, &second);
	assert_false(w.run.abandoned);
	run_subscribe(&w.run, &second);
	run_unsubscribe(&w.run, &w.noter);
	assert_true(w.run.abandoned);
	buf_reset(&w.noted);
	conduct_tick(&w.run, io_now_ms());
	assert_true(conduct_is_over(&w.run));
	/* Its stages are not heard any more, while others are still sent to. */
	watch_clear(&watch);
	conduct_watch(&w.run, &watch, true, io_now_ms());
	assert_int_equal(watch.n, 0);
	assert_int_equal(merge_run(&w.run, NULL, 0), -1);
	assert_string_equal(w.noted.data, "");
	world_close(&w);
}

static int
says_gone(void *arg, short revents)
{
	(void)arg;
	return (revents & (POLLERR | POLLHUP)) != 0;
}

/* A second visitor, whose answer goes to `sent` as far as fd takes it. */
static void
open_visitor(struct world *w, struct reply *reply, struct sink *sink, int fd)
{
	struct err err = ERR_INIT;

	*sink = w->sink;
	sink->fd = fd;
	sink->gone = says_gone;
	reply_init(reply, sink, &w->config.limits);
	assert_int_equal(reply_begin(reply, &w->request, &w->plan, &err), 0);
	run_subscribe(&w->run, &reply->subscriber);
}

static void
end_all_parts(struct world *w)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		w->run.parts[i].state = PART_DONE;
}

/* One leaves: the other has the whole answer, and the run its end. */
static void
one_of_two_visitors_leaves(void **state)
{
	struct outbox *outboxes[2];
	struct reply replies[2];
	struct sink sinks[2];
	int stays[2], leaves[2];
	struct world w;

	world_open(&w, *state, world_services, 0);
	assert_int_equal(pipe(stays), 0);
	assert_int_equal(pipe(leaves), 0);
	close(leaves[0]);
	open_visitor(&w, &replies[0], &sinks[0], leaves[1]);
	open_visitor(&w, &replies[1], &sinks[1], stays[1]);
	outboxes[0] = &replies[0].outbox;
	outboxes[1] = &replies[1].outbox;
	world_begin(&w, true);
	end_all_parts(&w);
	assert_int_equal(merge_run(&w.run, outboxes, 2), -1);
	assert_true(w.run.ended);
	assert_false(w.run.abandoned);
	assert_true(outboxes[0]->gone);
	assert_false(outboxes[1]->gone);
	assert_int_equal(unit_count(w.sent.data, "Status: 200"), 1);
	assert_int_equal(unit_count(w.sent.data, "data: _done|"), 1);
	unit_assert_has(w.sent.data, "\nid: 2\n\n");
	reply_free(&replies[0]);
	reply_free(&replies[1]);
	close(leaves[1]);
	close(stays[0]);
	close(stays[1]);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_hear_the_same_ids),
		cmocka_unit_test(words_of_the_wire),
		TEST(a_run_without_a_visitor),
		TEST(a_visitor_leaves),
		TEST(one_of_two_visitors_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
