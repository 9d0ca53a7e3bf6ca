/*
 * test_doc: JSON files that people write, and what they are told of them.
 */
#include <errno.h>

#include "base/err.h"
#include "setup/doc.h"
#include "text/json.h"
#include "unit.h"

static const char people[] =
    "{\n"
    "  \"text\": \"words\",\n"
    "  \"empty\": \"\",\n"
    "  \"nul\": \"a\\u0000b\",\n"
    "  \"null\": null,\n"
    "  \"whole\": 12,\n"
    "  \"half\": 0.5,\n"
    "  \"yes\": true,\n"
    "  \"list\": [\"a\", \"b\"],\n"
    "  \"none\": [],\n"
    "  \"mixed\": [\"a\", 1],\n"
    "  \"hollow\": [\"a\", \"\"],\n"
    "  \"deep\": {\n"
    "    \"known\": 1,\n"
    "    \"knwon\": 2\n"
    "  }\n"
    "}\n";

struct file {
	char		 dir_and_name[256];
	struct doc	 doc;
	struct err	 err;
};

/* Reads `text` as a file in the test's directory. */
static void
open_file(struct file *file, const char *dir, const char *text)
{
	*file = (struct file){ .doc = DOC_INIT, .err = ERR_INIT };
	unit_write(dir, "people.json", text, 0600, file->dir_and_name);
	if (doc_read(&file->doc, file->dir_and_name, &file->err) == -1)
		fail_msg("%s", file->err.text);
}

/* The complaint names the file, this line, and these words. */
static void
complains(struct file *file, int rc, int line, const char *words)
{
	char place[300];

	assert_int_equal(rc, -1);
	snprintf(place, sizeof(place), "%s:%d: ", file->dir_and_name, line);
	unit_assert_has(file->err.text, place);
	unit_assert_has(file->err.text, words);
	assert_int_equal(file->err.status, 503);
	assert_string_equal(file->err.code, "config");
	file->err = (struct err)ERR_INIT;
}

static void
strings(void **state)
{
	const char *value = "before";
	struct file f;

	open_file(&f, *state, people);
	assert_int_equal(doc_string(&f.doc, &f.err, AT("absent"), &value), 0);
	assert_int_equal(doc_string(&f.doc, &f.err, AT("null"), &value), 0);
	assert_string_equal(value, "before");
	assert_int_equal(doc_string(&f.doc, &f.err, AT("text"), &value), 1);
	assert_string_equal(value, "words");
	complains(&f, doc_string(&f.doc, &f.err, AT("empty"), &value), 3,
	    "\"empty\" must be a string");
	complains(&f, doc_string(&f.doc, &f.err, AT("nul"), &value), 4,
	    "\"nul\"");
	complains(&f, doc_string(&f.doc, &f.err, AT("whole"), &value), 6,
	    "a whole number");
	complains(&f, doc_string(&f.doc, &f.err, AT("list"), &value), 9,
	    "an array");
	assert_string_equal(value, "words");
	doc_free(&f.doc);
}

static void
whole_numbers(void **state)
{
	int64_t value = 7;
	struct file f;

	open_file(&f, *state, people);
	assert_int_equal(doc_int(&f.doc, &f.err, AT("absent"), 0, 9, &value),
	    0);
	assert_int_equal(value, 7);
	assert_int_equal(doc_int(&f.doc, &f.err, AT("whole"), 12, 12, &value),
	    1);
	assert_int_equal(value, 12);
	value = 7;
	complains(&f, doc_int(&f.doc, &f.err, AT("whole"), 13, 20, &value), 6,
	    "\"whole\" is 12, but must be from 13 to 20");
	complains(&f, doc_int(&f.doc, &f.err, AT("whole"), 0, 11, &value), 6,
	    "from 0 to 11");
	complains(&f, doc_int(&f.doc, &f.err, AT("half"), 0, 9, &value), 7,
	    "a whole number");
	complains(&f, doc_int(&f.doc, &f.err, AT("text"), 0, 9, &value), 2,
	    "not a string");
	complains(&f, doc_int(&f.doc, &f.err, AT("deep", "knwon"), 5, 9,
	    &value), 15, "\"deep.knwon\" is 2");
	assert_int_equal(value, 7);
	doc_free(&f.doc);
}

static void
numbers_and_booleans(void **state)
{
	double value = 7;
	bool yes = false;
	struct file f;

	open_file(&f, *state, people);
	assert_int_equal(doc_double(&f.doc, &f.err, AT("absent"), 0, 1,
	    &value), 0);
	assert_int_equal(doc_double(&f.doc, &f.err, AT("half"), 0, 1, &value),
	    1);
	assert_true(value == 0.5);
	assert_int_equal(doc_double(&f.doc, &f.err, AT("whole"), 0, 12,
	    &value), 1);
	assert_true(value == 12);
	complains(&f, doc_double(&f.doc, &f.err, AT("half"), 1, 2, &value), 7,
	    "from 1 to 2");
	complains(&f, doc_double(&f.doc, &f.err, AT("yes"), 0, 1, &value), 8,
	    "must be a number");
	assert_int_equal(doc_bool(&f.doc, &f.err, AT("absent"), &yes), 0);
	assert_int_equal(doc_bool(&f.doc, &f.err, AT("yes"), &yes), 1);
	assert_true(yes);
	complains(&f, doc_bool(&f.doc, &f.err, AT("whole"), &yes), 6,
	    "true or false");
	doc_free(&f.doc);
}

static void
arrays_of_strings(void **state)
{
	char **value = NULL;
	size_t n = 9;
	struct file f;

	open_file(&f, *state, people);
	assert_int_equal(doc_strings(&f.doc, &f.err, AT("absent"), &value, &n),
	    0);
	assert_null(value);
	assert_int_equal(doc_strings(&f.doc, &f.err, AT("list"), &value, &n),
	    1);
	assert_int_equal(n, 2);
	assert_string_equal(value[0], "a");
	assert_string_equal(value[1], "b");
	assert_null(value[2]);
	complains(&f, doc_strings(&f.doc, &f.err, AT("none"), &value, &n), 10,
	    "\"none\"");
	complains(&f, doc_strings(&f.doc, &f.err, AT("mixed"), &value, &n), 11,
	    "\"mixed\"");
	complains(&f, doc_strings(&f.doc, &f.err, AT("hollow"), &value, &n),
	    12, "\"hollow\"");
	complains(&f, doc_strings(&f.doc, &f.err, AT("whole"), &value, &n), 6,
	    "\"whole\"");
	assert_int_equal(n, 2);
	assert_string_equal(value[0], "a");
	assert_int_equal(doc_strings(&f.doc, &f.err, AT("text"), &value, &n),
	    1);
	assert_int_equal(n, 1);
	assert_string_equal(value[0], "words");
	doc_free_strings(value);
	doc_free_strings(NULL);
	doc_free(&f.doc);
}

static void
unknown_members(void **state)
{
	static const char *const known[] = { "known", "other", NULL };
	static const char *const more[] = { "knwon", "known", NULL };
	struct file f;

	open_file(&f, *state, people);
	assert_int_equal(doc_only(&f.doc, &f.err, AT("absent"), known), 0);
	assert_int_equal(doc_only(&f.doc, &f.err, AT("deep"), more), 0);
	complains(&f, doc_only(&f.doc, &f.err, AT("deep"), known), 15,
	    "\"knwon\" is not known here; known are known, other");
	complains(&f, doc_only(&f.doc, &f.err, AT("text"), known), 2,
	    "\"text\" must be an object");
	complains(&f, doc_only(&f.doc, &f.err, AT(NULL), known), 2,
	    "\"text\" is not known here");
	doc_free(&f.doc);
	doc_free(&f.doc);
}

static void
own_complaint(void **state)
{
	char words[1000];
	struct file f;

	open_file(&f, *state, people);
	complains(&f, doc_complain(&f.doc, &f.err, AT("deep", "known"),
	    "%d is %s", 1, "odd"), 14, "1 is odd");
	memset(words, 'x', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	complains(&f, doc_complain(&f.doc, &f.err, AT("yes"), "%s", words), 8,
	    "xxx");
	doc_free(&f.doc);
}

static void
files_that_are_none(void **state)
{
	static const struct { const char *text, *place, *words; } cases[] = {
		{ "{\n\"a\": 1,\n\"b\" 2\n}\n", ":3:", "not JSON" },
		{ "{\n\"a\": 1,\n}\n", ":3:", "not JSON" },
		{ "{\n\"a\": 1\n\"b\": 2\n}\n", ":3:", "not JSON" },
		{ "{\n\"a\": 1\n}\n}\n", ":4:", "not JSON" },
		{ "{\n\"a\": [1,\n2\n", ":4:", "not JSON" },
		{ "{\n\"a\": \"\xff\"\n}\n", ":2:", "not valid UTF-8" },
		{ "{\n\"a\": \"b\nc\"\n}\n", ":2:", "like \\n" },
		{ "{\n\"a\": NaN\n}\n", ":2:", "not JSON" },
		{ "{\n'a': 1\n}\n", ":2:", "double quotes" },
		{ "\xef\xbb\xbf{}", ":1:", "byte order mark" },
		{ "", ":1:", "not JSON" },
		{ "[1]", ":1:", "one JSON object" },
		{ "\"a\"", ":1:", "one JSON object" },
		{ "null", ":1:", "" },
	};
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;
	char path[256];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		unit_write(*state, "bad.json", cases[i].text, 0600, path);
		assert_int_equal(doc_read(&doc, path, &err), -1);
		doc_free(&doc);
		unit_assert_has(err.text, path);
		unit_assert_has(err.text, cases[i].words);
		if (strstr(err.text, cases[i].place) == NULL)
			fail_msg("case %zu: %s", i, err.text);
	}
}

static void
file_that_is_not_there(void **state)
{
	struct doc doc = DOC_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(doc_read(&doc, "/nowhere/at.all", &err), -1);
	assert_string_equal(err.text, "/nowhere/at.all: No such file or "
	    "directory");
	doc_free(&doc);
	assert_int_equal(doc_read(&doc, "/", &err), -1);
	doc_free(&doc);
}

/* Less than max bytes, to the byte, also where max is small. */
static void
slurp_to_the_bound(void **state)
{
	static const size_t most[] = { 1, 20, 4096, 4097, 4101, 8192 };
	struct buf out;
	char text[8193], path[256];
	size_t i;

	for (i = 0; i < COUNT(most); i++) {
		buf_init(&out, most[i]);
		memset(text, 'x', sizeof(text));
		text[most[i] - 1] = '\0';
		unit_write(*state, "fits", text, 0600, path);
		assert_int_equal(doc_slurp(path, &out), 0);
		assert_int_equal(out.len, most[i] - 1);
		assert_string_equal(out.data, text);
		buf_reset(&out);
		text[most[i] - 1] = 'x';
		text[most[i]] = '\0';
		unit_write(*state, "larger", text, 0600, path);
		assert_int_equal(doc_slurp(path, &out), -1);
		assert_int_equal(errno, EFBIG);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(strings),
		TEST(whole_numbers),
		TEST(numbers_and_booleans),
		TEST(arrays_of_strings),
		TEST(unknown_members),
		TEST(own_complaint),
		TEST(files_that_are_none),
		TEST(file_that_is_not_there),
		TEST(slurp_to_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
