/*
 * test_results_read: what an output and an errors file say at the start: torn
 * lines, files of other programs, files that are none of results, and errors
 * that are asked again.
 */
#include "fixture_results.h"

/* Cut at every byte, in either file: no whole line is lost, and none is torn. */
static void
torn_anywhere(void **state)
{
	static const char good[] = GOOD("a") "\n" GOOD("b") "\n";
	static const char bad[] = BAD("c") "\n" BAD("d") "\n";
	size_t n, of_good = sizeof(GOOD("a")), of_bad = sizeof(BAD("c")), whole;
	bool is_errors;
	struct files f;

	for (n = 0; n < sizeof(good) + sizeof(bad) - 1; n++) {
		files_init(&f, *state);
		is_errors = n >= sizeof(good);
		put_file(f.out, good, is_errors ? sizeof(good) - 1 : n);
		if (is_errors)
			put_file(f.errors, bad, n - sizeof(good));
		files_open_well(&f, false);
		whole = is_errors ? (n - sizeof(good) + 1) / of_bad :
		    (n + 1) / of_good;
		assert_int_equal(f.ids.n, whole + (is_errors ? 2 : 0));
		assert_int_equal(f.results.torn, is_errors ?
		    n - sizeof(good) > whole * of_bad : n > whole * of_good);
		files_put(&f, is_errors, is_errors ? BAD("x") : GOOD("x"));
		files_flush_well(&f);
		files_close(&f);
		/* All of it can be read again, and nothing is torn now. */
		files_open_well(&f, false);
		assert_int_equal(f.results.torn, 0);
		assert_int_equal(f.ids.n, whole + 1 + (is_errors ? 2 : 0));
		assert_int_equal(files_id(&f, "x"), is_errors ? ID_FAILED :
		    ID_DONE);
		files_close(&f);
	}
}

static void
ends_of_other_kinds(void **state)
{
	static const struct { const char *text; size_t n; const char *left;
	    size_t torn; } cases[] = {
		{ BYTES(""), "", 0 },
		{ BYTES(GOOD("a")), GOOD("a") "\n", 0 },
		{ BYTES(GOOD("a") "\n  \t"), GOOD("a") "\n", 0 },
		{ BYTES("  "), "", 0 }, { BYTES("\n"), "\n", 0 },
		{ BYTES(GOOD("a") "\n\0\0\0\0"), GOOD("a") "\n", 1 },
		{ BYTES("\0\0\0\0\0"), "", 1 },
		{ BYTES(GOOD("a") "\n{\"custom_id\":\"b\0\0\0"), GOOD("a")
		    "\n", 1 },
		{ BYTES("\xef\xbb\xbf" GOOD("a") "\r\n\n" GOOD("b") "\r"),
		    "\xef\xbb\xbf" GOOD("a") "\r\n\n" GOOD("b") "\r\n", 0 },
	};
	struct files f;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		files_init(&f, *state);
		put_file(f.out, cases[i].text, cases[i].n);
		files_open_well(&f, false);
		assert_int_equal(f.results.torn, cases[i].torn);
		assert_int_equal(f.results.good.size, strlen(cases[i].left));
		files_close(&f);
		assert_file(f.out, cases[i].left, strlen(cases[i].left));
	}
}

/* Who has written it does not matter, nor in which file it stands. */
static void
of_other_programs(void **state)
{
	struct files f;

	files_init(&f, *state);
	put_file(f.out, BYTES("{\"id\":\"vllm-1\",\"custom_id\":\"a\","
	    "\"response\":{\"status_code\":200,\"request_id\":\"r\",\"body\":"
	    "{\"choices\":[]}},\"error\":null}\n"
	    "{\"id\":\"vllm-2\",\"custom_id\":\"b\",\"response\":{"
	    "\"status_code\":400,\"body\":null},\"error\":\"bad\"}\n"
	    "{\"custom_id\":\"1\",\"response\":{\"status_code\":500,\"body\":"
	    "{}}}\n"));
	put_file(f.errors, BYTES(GOOD("\\u00e9") "\n" BAD("e") "\n"));
	files_open_well(&f, false);
	assert_int_equal(files_id(&f, "a"), ID_DONE);
	assert_int_equal(files_id(&f, "b"), ID_FAILED);
	assert_int_equal(files_id(&f, "1"), ID_FAILED);
	assert_int_equal(files_id(&f, "01"), 0);
	assert_int_equal(files_id(&f, "\xc3\xa9"), ID_DONE);
	assert_int_equal(files_id(&f, "e"), ID_FAILED);
	files_close(&f);
}

/* A file that may be another one is refused, and not a byte of it changes. */
static void
other_files(void **state)
{
	static const struct { const char *text; size_t n; const char *words; }
	    cases[] = {
		{ BYTES(INPUT_LINE "\n"), "line 1 of " },
		{ BYTES(INPUT_LINE), "line 1 of " },
		{ BYTES(GOOD("a") "\n\n" INPUT_LINE "\n" GOOD("b") "\n"),
		    "line 3 of " },
		{ BYTES(GOOD("a") "\n{\"custom_id\":\"b\",\"respo\n" GOOD("c")
		    "\n"), "line 2 of " },
		{ BYTES("{\n  \"a\": 1\n}\n"), "line 1 of " },
		{ BYTES("# Notes"), "line 1 of " },
		{ BYTES(GOOD("a") "\nnotes"), "line 2 of " },
		{ BYTES("[]"), "line 1 of " },
		{ BYTES("\xff\xfe{\0}\0\n\0"), "is UTF-16" },
		{ BYTES("\x1f\x8b\x08\0"), "is compressed" },
	};
	struct files f;
	size_t i, j;

	for (i = 0; i < COUNT(cases); i++)
		for (j = 0; j < 2; j++) {
			files_init(&f, *state);
			put_file(f.out, "", 0);
			put_file(f.errors, "", 0);
			put_file(j == 0 ? f.out : f.errors, cases[i].text,
			    cases[i].n);
			assert_int_equal(files_open(&f, true), -1);
			unit_assert_has(f.err.text, cases[i].words);
			unit_assert_has(f.err.text, j == 0 ? "/out.jsonl" :
			    ".errors.jsonl");
			files_close(&f);
			assert_file(j == 0 ? f.out : f.errors, cases[i].text,
			    cases[i].n);
		}
}

static void
no_regular_file(void **state)
{
	struct files f;

	files_init(&f, *state);
	assert_int_equal(mkdir(f.out, 0700), 0);
	assert_int_equal(files_open(&f, false), -1);
	unit_assert_has(f.err.text, "cannot be opened for writing: Is a dir");
	files_close(&f);
	assert_int_equal(rmdir(f.out), 0);
	assert_int_equal(mkfifo(f.out, 0600), 0);
	assert_int_equal(files_open(&f, false), -1);
	unit_assert_has(f.err.text, "is no regular file");
	files_close(&f);
	assert_int_equal(unlink(f.out), 0);
	assert_int_equal(mkfifo(f.errors, 0600), 0);
	assert_int_equal(files_open(&f, false), -1);
	unit_assert_has(f.err.text, "errors.jsonl is no regular file");
	files_close(&f);
	snprintf(f.out, sizeof(f.out), "%s/none/out", (const char *)*state);
	assert_int_equal(files_open(&f, false), -1);
	unit_assert_has(f.err.text, "there is no such directory");
	files_close(&f);
	snprintf(f.out, sizeof(f.out), "/dev/null");
	assert_int_equal(files_open(&f, false), -1);
	unit_assert_has(f.err.text, "is no regular file");
	files_close(&f);
}

/* --- errors that are asked again ------------------------------------------ */

static void
give(struct files *f, const char *ids)
{
	for (; *ids != '\0'; ids++)
		ids_add(&f->ids, ids, 1, ID_GIVEN);
}

static void
asked_again(void **state)
{
	char leftover[300];
	struct stat st;
	struct files f;

	files_init(&f, *state);
	snprintf(leftover, sizeof(leftover), "%s.new", f.errors);
	put_file(leftover, BYTES("of a process that was killed"));
	put_file(f.out, BYTES(GOOD("a") "\n" BAD("o") "\n"));
	put_file(f.errors, BYTES(BAD("b") "\n" GOOD("c") "\n\n" BAD("d")
	    "\r\n" BAD("e") "\n" BAD("b") "\n{\"custom_id\":\"f\",\"er"));
	assert_int_equal(chmod(f.errors, 0640), 0);
	give(&f, "abceo");
	/* Without it, they are failed. */
	files_open_well(&f, false);
	assert_int_equal(files_id(&f, "b"), ID_GIVEN | ID_FAILED);
	files_close(&f);
	give(&f, "abceo");
	files_open_well(&f, true);
	assert_int_equal(files_id(&f, "a"), ID_GIVEN | ID_DONE);
	assert_int_equal(files_id(&f, "b"), ID_GIVEN);
	assert_int_equal(files_id(&f, "c"), ID_GIVEN | ID_DONE);
	assert_int_equal(files_id(&f, "d"), ID_FAILED);
	assert_int_equal(files_id(&f, "e"), ID_GIVEN);
	/* In the output file it stays. */
	assert_int_equal(files_id(&f, "o"), ID_GIVEN | ID_FAILED);
	files_put(&f, true, BAD("b"));
	files_flush_well(&f);
	files_close(&f);
	assert_file(f.errors, BYTES(GOOD("c") "\n" BAD("d") "\n" BAD("b")
	    "\n"));
	assert_int_equal(stat(f.errors, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_false(is_file(leftover));
}

static void
none_left(void **state)
{
	struct files f;

	files_init(&f, *state);
	put_file(f.errors, BYTES(BAD("b") "\n" BAD("c")));
	give(&f, "bc");
	files_open_well(&f, true);
	assert_false(is_file(f.errors));
	files_flush_well(&f);
	assert_false(is_file(f.errors));
	files_put(&f, true, BAD("c"));
	files_flush_well(&f);
	files_close(&f);
	assert_file(f.errors, BYTES(BAD("c") "\n"));
}

/* Larger than what is read and written at a time. */
static void
many_lines(void **state)
{
	const size_t n = 20000;
	struct buf text = BUF_INIT(16 << 20);
	struct files f;
	char id[32];
	size_t i;

	files_init(&f, *state);
	for (i = 0; i < n; i++) {
		buf_printf(&text, "{\"custom_id\":\"%zu\",\"response\":null,"
		    "\"error\":{}}\n", i);
		snprintf(id, sizeof(id), "%zu", i);
		if (i % 3 == 0)
			ids_add(&f.ids, id, strlen(id), ID_GIVEN);
	}
	put_file(f.errors, text.data, text.len);
	files_open_well(&f, true);
	files_close(&f);
	files_open_well(&f, true);
	assert_int_equal(f.ids.n, n - (n + 2) / 3);
	for (i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		assert_int_equal(files_id(&f, id), i % 3 == 0 ? 0 : ID_FAILED);
	}
	files_close(&f);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(torn_anywhere),
		TEST(ends_of_other_kinds),
		TEST(of_other_programs),
		TEST(other_files),
		TEST(no_regular_file),
		TEST(asked_again),
		TEST(none_left),
		TEST(many_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
