/*
 * test_outbox: the clocks of a visitor's queue, at times that the test names,
 * and a connection that has more to say than is read.
 */
#include <poll.h>
#include <sys/socket.h>

#include "base/io.h"
#include "base/watch.h"
#include "fixture_log.h"
#include "setup/config.h"
#include "unit.h"
#include "wire/outbox.h"

#define HEARTBEAT_MS	5000
#define STALL_MS	30000

struct scene {
	struct outbox	outbox;
	struct limits	limits;
	struct sink	sink;
	struct buf	sent;
	size_t		takes;		/* bytes that a write takes */
	size_t		asked;		/* how often gone was asked */
	bool		left;		/* the visitor has */
	bool		mute;		/* the form may not speak now */
	int64_t		now_ms;		/* when the scene began */
};

static ssize_t
take(void *arg, const char *data, size_t n)
{
	struct scene *s = arg;

	n = n < s->takes ? n : s->takes;
	buf_add(&s->sent, data, n);
	return (ssize_t)n;
}

static int
ask(void *arg, short revents)
{
	struct scene *s = arg;

	assert_true((revents & POLLIN) != 0);
	s->asked++;
	return s->left;
}

static void
beat(void *arg)
{
	struct scene *s = arg;

	if (!s->mute)
		buf_puts(&s->outbox.out, "hb ");
}

static void
begin(struct scene *s)
{
	const struct filler filler = { beat, NULL, s };

	memset(s, 0, sizeof(*s));
	s->limits.heartbeat_ms = HEARTBEAT_MS;
	s->limits.stall_ms = STALL_MS;
	s->sink = (struct sink){ take, ask, 4096, -1, POLLIN, s, false };
	s->takes = 4096;
	buf_init(&s->sent, 1 << 20);
	outbox_init(&s->outbox, &s->sink, &s->limits, 1024);
	outbox_begin(&s->outbox, &filler, 1 << 20);
	s->now_ms = s->outbox.grew_ms;
}

static void
finish(struct scene *s)
{
	outbox_free(&s->outbox);
	assert_true(outbox_is_empty(&s->outbox));
	buf_free(&s->sent);
}

static void
put(struct scene *s, const char *text)
{
	buf_puts(&s->outbox.out, text);
	outbox_grew(&s->outbox);
}

static void
silence_is_broken(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	assert_int_equal(outbox_tick(&s.outbox, s.now_ms + HEARTBEAT_MS - 1),
	    1);
	assert_true(outbox_is_empty(&s.outbox));
	outbox_tick(&s.outbox, s.now_ms + HEARTBEAT_MS);
	assert_string_equal(s.outbox.out.data, "hb ");
	/* While a beat waits to leave there is no other. */
	outbox_tick(&s.outbox, s.now_ms + 2 * HEARTBEAT_MS);
	assert_string_equal(s.outbox.out.data, "hb ");
	assert_int_equal(outbox_flush(&s.outbox), 0);
	assert_int_equal(outbox_tick(&s.outbox, s.now_ms + HEARTBEAT_MS + 1),
	    HEARTBEAT_MS - 1);
	outbox_tick(&s.outbox, s.now_ms + 2 * HEARTBEAT_MS);
	outbox_flush(&s.outbox);
	assert_string_equal(s.sent.data, "hb hb ");
	/* One that may not speak now is asked again a beat later. */
	s.mute = true;
	assert_int_equal(outbox_tick(&s.outbox, s.now_ms + 3 * HEARTBEAT_MS),
	    HEARTBEAT_MS);
	s.mute = false;
	outbox_end(&s.outbox);
	assert_true(outbox_tick(&s.outbox, s.now_ms + 9 * HEARTBEAT_MS) ==
	    INT64_MAX);
	assert_true(outbox_is_empty(&s.outbox));
	finish(&s);
}

/* A visitor who takes a byte now and then is slow, and not gone. */
static void
who_takes_nothing_is_gone(void **state)
{
	struct buf log = BUF_INIT(4096);
	int saved = log_take(*state);
	struct scene s;
	int64_t wait_ms;

	begin(&s);
	put(&s, "some words");
	s.takes = 1;
	wait_ms = s.outbox.waits_ms;
	assert_int_equal(outbox_tick(&s.outbox, wait_ms + STALL_MS - 1), 1);
	s.outbox.waits_ms = wait_ms - STALL_MS;
	assert_int_equal(outbox_flush(&s.outbox), 0);
	assert_true(s.outbox.waits_ms >= wait_ms);
	wait_ms = s.outbox.waits_ms;
	assert_int_equal(outbox_tick(&s.outbox, wait_ms + STALL_MS - 1), 1);
	assert_false(s.outbox.gone);
	/* More of it is no sign of life. */
	s.outbox.waits_ms = wait_ms -= 7;
	put(&s, " and more");
	assert_int_equal(s.outbox.waits_ms, wait_ms);
	/* The worker may have been late itself: it may look once more. */
	outbox_tick(&s.outbox, wait_ms + STALL_MS);
	outbox_tick(&s.outbox, wait_ms + STALL_MS);
	assert_true(s.outbox.gone);
	/* No clock of his fires any more, and nobody waits for him. */
	assert_true(outbox_tick(&s.outbox, wait_ms + 9 * STALL_MS) ==
	    INT64_MAX);
	assert_string_equal(s.sent.data, "s");
	log_read(*state, saved, &log);
	unit_assert_has(log.data, "read nothing for stall_ms, 30000 ms");
	buf_free(&log);
	finish(&s);
}

/* The clock of a stall begins when something waits, and not before. */
static void
silence_is_no_stall(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.outbox.waits_ms = 1;
	put(&s, "words");
	assert_true(s.outbox.waits_ms >= s.now_ms);
	finish(&s);
}

/* One round of the worker's loop; how many were ready. */
static int
turn(struct scene *s, struct watch *watch)
{
	int ready;

	watch_clear(watch);
	outbox_watch(&s->outbox, watch);
	ready = poll(watch->fds, watch->n, 0);
	if (ready > 0)
		watch_serve(watch);
	return ready;
}

/*
 * What a visitor sends after his request is read by nobody: it must wake the
 * loop once, and not keep it awake.
 */
static void
deaf_to_unread_input(void **state)
{
	struct watch watch;
	struct scene s;
	int pair[2];

	(void)state;
	begin(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	s.sink.fd = pair[0];
	assert_int_equal(turn(&s, &watch), 0);
	assert_int_equal(write(pair[1], "more", 4), 4);
	assert_int_equal(turn(&s, &watch), 1);
	assert_int_equal(s.asked, 1);
	assert_true(s.outbox.deaf);
	assert_false(s.outbox.gone);
	assert_int_equal(turn(&s, &watch), 0);
	/* What waits for him still leaves. */
	put(&s, "words");
	assert_int_equal(turn(&s, &watch), 1);
	assert_int_equal(s.asked, 1);
	assert_string_equal(s.sent.data, "words");
	close(pair[0]);
	close(pair[1]);
	finish(&s);
}

static void
who_has_left_is_sent_nothing(void **state)
{
	struct watch watch;
	struct scene s;
	int pair[2];

	(void)state;
	begin(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	s.sink.fd = pair[0];
	s.left = true;
	put(&s, "words");
	close(pair[1]);
	assert_int_equal(turn(&s, &watch), 1);
	assert_true(s.outbox.gone);
	assert_int_equal(s.sent.len, 0);
	turn(&s, &watch);
	assert_int_equal(watch.n, 0);
	close(pair[0]);
	finish(&s);
}

static void
full_and_too_full(void **state)
{
	struct scene s;
	size_t i;

	(void)state;
	begin(&s);
	buf_fill(&s.outbox.out, 'x', OUTBOX_HIGH);
	assert_false(outbox_is_full(&s.outbox));
	put(&s, "x");
	assert_true(outbox_is_full(&s.outbox));
	assert_int_equal(outbox_flush(&s.outbox), 0);
	assert_false(outbox_is_full(&s.outbox));
	for (i = 0; i < OUTBOX_HIGH; i += 4096)
		assert_int_equal(outbox_flush(&s.outbox), 0);
	assert_true(outbox_is_empty(&s.outbox));
	assert_int_equal(s.sent.len, OUTBOX_HIGH + 1);
	/* Beyond the bound a word would be missing: the answer breaks off. */
	buf_fill(&s.outbox.out, 'x', 2 << 20);
	assert_int_equal(outbox_flush(&s.outbox), -1);
	assert_true(s.outbox.gone);
	finish(&s);
}

/* Of a connection that need not be polled; the next clock is the heartbeat. */
static void
what_can_leave_leaves_at_once(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.sink.eager = true;
	put(&s, "first ");
	assert_int_equal(outbox_tick(&s.outbox, s.outbox.grew_ms),
	    HEARTBEAT_MS);
	assert_string_equal(s.sent.data, "first ");
	/* More than one write takes. */
	buf_fill(&s.outbox.out, 'x', 10000);
	outbox_grew(&s.outbox);
	outbox_tick(&s.outbox, s.outbox.grew_ms);
	assert_int_equal(s.sent.len, 6 + 10000);
	/* What is not taken waits, for no longer than stall_ms. */
	s.takes = 0;
	put(&s, "last");
	assert_true(outbox_tick(&s.outbox, s.outbox.grew_ms) > HEARTBEAT_MS);
	assert_int_equal(outbox_pending(&s.outbox), 4);
	s.takes = 3;
	outbox_tick(&s.outbox, s.outbox.grew_ms);
	assert_string_equal(s.sent.data + 6 + 10000, "last");
	finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_broken),
		TEST(who_takes_nothing_is_gone),
		cmocka_unit_test(silence_is_no_stall),
		cmocka_unit_test(deaf_to_unread_input),
		cmocka_unit_test(who_has_left_is_sent_nothing),
		cmocka_unit_test(full_and_too_full),
		cmocka_unit_test(what_can_leave_leaves_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
