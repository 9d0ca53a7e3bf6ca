/*
 * test_watch: who is called when descriptors are ready, and the nearest clock.
 */
#include "base/watch.h"
#include "unit.h"

struct heard {
	char	order[16];
	short	revents[16];
	size_t	n;
};

struct listener {
	struct heard	*heard;
	char		 name;
};

static void
hear(void *arg, short revents)
{
	struct listener *l = arg;

	l->heard->revents[l->heard->n] = revents;
	l->heard->order[l->heard->n++] = l->name;
}

static struct watch watch;

static void
those_that_are_ready_in_order(void **state)
{
	struct heard heard = { .n = 0 };
	struct listener a = { &heard, 'a' }, b = { &heard, 'b' },
	    c = { &heard, 'c' };
	int in[2], out[2];

	(void)state;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(write(in[1], "x", 1), 1);
	watch_clear(&watch);
	assert_int_equal(watch_add(&watch, out[1], POLLOUT, hear, &c), 0);
	assert_int_equal(watch_add(&watch, out[0], POLLIN, hear, &b), 0);
	assert_int_equal(watch_add(&watch, in[0], POLLIN, hear, &a), 0);
	assert_int_equal(poll(watch.fds, watch.n, watch_timeout(&watch)), 2);
	watch_serve(&watch);
	assert_string_equal(heard.order, "ca");
	assert_int_equal(heard.revents[0], POLLOUT);
	assert_int_equal(heard.revents[1], POLLIN);

	/* An end is heard though only input was asked for. */
	close(out[1]);
	watch_clear(&watch);
	assert_int_equal(watch_add(&watch, out[0], POLLIN, hear, &b), 0);
	assert_int_equal(poll(watch.fds, watch.n, watch_timeout(&watch)), 1);
	watch_serve(&watch);
	assert_string_equal(heard.order, "cab");
	assert_true((heard.revents[2] & POLLHUP) != 0);
	close(out[0]);
	close(in[0]);
	close(in[1]);
}

/* Nothing stays from one round to the next, and what is too much is refused. */
static void
a_full_set(void **state)
{
	struct heard heard = { .n = 0 };
	struct listener a = { &heard, 'a' };
	size_t i;

	(void)state;
	watch_clear(&watch);
	for (i = 0; i < WATCH_MAX; i++)
		assert_int_equal(watch_add(&watch, -1, POLLIN, hear, &a), 0);
	assert_int_equal(watch_add(&watch, -1, POLLIN, hear, &a), -1);
	assert_int_equal(watch.n, WATCH_MAX);
	watch_clear(&watch);
	assert_int_equal(watch.n, 0);
	watch_serve(&watch);
	assert_int_equal(heard.n, 0);
}

static void
the_nearest_clock(void **state)
{
	(void)state;
	watch_clear(&watch);
	assert_int_equal(watch_timeout(&watch), 3600000);
	watch_until(&watch, INT64_MAX);
	assert_int_equal(watch_timeout(&watch), 3600000);
	watch_until(&watch, 250);
	watch_until(&watch, 300);
	assert_int_equal(watch_timeout(&watch), 250);
	watch_until(&watch, 7);
	assert_int_equal(watch_timeout(&watch), 7);
	/* One that should have fired already is no wait for ever. */
	watch_until(&watch, -5);
	assert_int_equal(watch_timeout(&watch), 0);
	watch_clear(&watch);
	assert_int_equal(watch_timeout(&watch), 3600000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_that_are_ready_in_order),
		cmocka_unit_test(a_full_set),
		cmocka_unit_test(the_nearest_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
