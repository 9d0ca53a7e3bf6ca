/*
 * test_says: a program's standard error in the log.
 */
#include "fixture_log.h"
#include "stage/says.h"

#define P "recipe.fcgi: part=add program says: "

/* The log after these pieces, each fed alone. */
static void
log_of(const char *dir, const char *const pieces[], size_t n, struct buf *log)
{
	struct says says = SAYS_INIT("add");
	int saved = log_take(dir);
	size_t i;

	for (i = 0; i < n; i++)
		says_feed(&says, pieces[i], strlen(pieces[i]));
	says_end(&says);
	says_free(&says);
	buf_reset(log);
	log_read(dir, saved, log);
}

static void
lines_and_their_pieces(void **state)
{
	static const char *const pieces[] = { "one\ntw", "o\n\n\n", "th",
	    "ree" };
	struct buf log = BUF_INIT(1 << 20);

	log_of(*state, pieces, COUNT(pieces), &log);
	assert_string_equal(log.data, P "one\n" P "two\n" P "three\n");
	buf_free(&log);
}

static void
what_is_no_text(void **state)
{
	static const char *const pieces[] = { "\x1b[31m\r\x07\x7f\tend\n",
	    "\xc2\x85 \xff \xe2\x82 \xed\xa0\x80\n",
	    "\xed\x95\x9c \xf0\x9f\x8d\xb2 \xc2\xa0\n" };
	struct buf log = BUF_INIT(1 << 20);

	log_of(*state, pieces, COUNT(pieces), &log);
	/* log.c writes a space for a tab. */
	assert_string_equal(log.data,
	    P "\\x1b[31m\\x0d\\x07\\x7f end\n"
	    P "\\xc2\\x85 \\xff \\xe2\\x82 \\xed\\xa0\\x80\n"
	    P "\xed\x95\x9c \xf0\x9f\x8d\xb2 \xc2\xa0\n");
	buf_free(&log);
}

/* Each is three bytes, so none ends where a line has to. */
static void
long_lines(void **state)
{
	char text[901] = "";
	const char *pieces[] = { text };
	struct buf log = BUF_INIT(1 << 20);
	size_t i, n = 0;
	const char *p;

	for (i = 0; i < 300; i++)
		snprintf(text + 3 * i, sizeof(text) - 3 * i, "\xed\x95\x9c");
	log_of(*state, pieces, 1, &log);
	assert_null(strchr(log.data, '\\'));
	for (p = log.data; (p = strstr(p, "\xed\x95\x9c")) != NULL; p += 3)
		n++;
	assert_int_equal(n, 300);
	buf_free(&log);
}

static void
no_more_than_so_many(void **state)
{
	static const char line[] = "a line of the many\n";
	const char *pieces[2000];
	struct buf log = BUF_INIT(1 << 20);
	const char *p;
	size_t i, n = 0;

	for (i = 0; i < COUNT(pieces); i++)
		pieces[i] = line;
	log_of(*state, pieces, COUNT(pieces), &log);
	for (p = log.data; (p = strstr(p, "many\n")) != NULL; p++)
		n++;
	assert_int_equal(n, SAYS_MAX / (sizeof(line) - 1));
	p = strstr(log.data, "the rest of this run is dropped\n");
	assert_non_null(p);
	assert_string_equal(strchr(p, '\n'), "\n");
	buf_free(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_and_their_pieces),
		TEST(what_is_no_text),
		TEST(long_lines),
		TEST(no_more_than_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
