/*
 * test_log: lines, and how often one that repeats is written.
 */
#include <errno.h>

#include "base/log.h"
#include "fixture_log.h"

static void
a_line_is_one_line(void **state)
{
	struct buf text = BUF_INIT(4096);
	int saved = log_take(*state);

	log_warnx("a\nb\tc %s", "d\033[1m");
	errno = ENOENT;
	log_warn("file");
	log_read(*state, saved, &text);
	assert_string_equal(text.data, "recipe.fcgi: a b c d [1m\n"
	    "recipe.fcgi: file: No such file or directory\n");
	buf_free(&text);
}

static void
said_once_a_minute(void **state)
{
	struct log_pace pace = { 0, 0 }, other = { 0, 0 };
	struct buf text = BUF_INIT(65536);
	int saved = log_take(*state), i;

	for (i = 0; i < 1000; i++) {
		errno = EMFILE;
		log_warn_paced(&pace, 5000 + i * 100, "accept");
	}
	/* Another condition has a pace of its own. */
	errno = EAGAIN;
	log_warn_paced(&other, 5000, "fork");
	log_read(*state, saved, &text);
	assert_int_equal(unit_count(text.data, "\n"), 3);
	unit_assert_has(text.data, "recipe.fcgi: accept: Too many open");
	unit_assert_has(text.data, "recipe.fcgi: accept (599 more times since "
	    "this was last said): Too many open");
	unit_assert_has(text.data, "recipe.fcgi: fork: Resource temporarily");
	buf_free(&text);
}

static void
long_text_is_cut(void **state)
{
	struct log_pace pace = { 0, 0 };
	struct buf text = BUF_INIT(65536);
	int saved = log_take(*state);

	log_warn_paced(&pace, 1, "%01000d", 7);
	log_read(*state, saved, &text);
	assert_in_range(text.len, 500, 1024);
	assert_int_equal(unit_count(text.data, "\n"), 1);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_one_line),
		TEST(said_once_a_minute),
		TEST(long_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
