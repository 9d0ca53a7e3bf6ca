/*
 * test_list: what models write instead of a JSON array, cut everywhere.
 *
 * tests/golden/NAME.list is what a model sends; NAME.elements what is found in
 * it, an element a line, and whether its array has closed.
 */
#include "text/json.h"
#include "text/list.h"
#include "fixture_golden.h"
#include "unit.h"

static void
note(void *arg, struct json *element)
{
	struct buf *out = arg;

	json_write(element, out);
	buf_putc(out, '\n');
}

static void
read_list(const struct buf *text, size_t cut, size_t step, struct buf *out)
{
	struct list list;
	size_t at = cut, n;

	buf_reset(out);
	list_init(&list, "name");
	list_feed(&list, text->data, cut, note, out);
	for (; at < text->len; at += n) {
		n = text->len - at < step ? text->len - at : step;
		list_feed(&list, text->data + at, n, note, out);
	}
	list_end(&list, note, out);
	assert_int_equal(list.count, unit_count(out->data, "\n"));
	buf_puts(out, list.ended ? "-- ended\n" : "-- open\n");
	list_free(&list);
}

static void
golden(void **state)
{
	struct buf text = BUF_INIT(DOC_MAX), want = BUF_INIT(DOC_MAX);
	struct buf got = BUF_INIT(DOC_MAX);
	char path[512];
	size_t cut;

	unit_read(*state, &text);
	snprintf(path, sizeof(path), "%.*s.elements",
	    (int)(strlen(*state) - strlen(".list")), (const char *)*state);
	unit_read(path, &want);
	read_list(&text, text.len, 1, &got);
	assert_string_equal(got.data, want.data);
	read_list(&text, 0, 1, &got);
	assert_string_equal(got.data, want.data);
	for (cut = 0; cut <= text.len; cut++) {
		read_list(&text, cut, text.len, &got);
		if (strcmp(got.data, want.data) != 0)
			fail_msg("cut at %zu: %s", cut, got.data);
	}
	buf_free(&text);
	buf_free(&want);
	buf_free(&got);
}

/* Each element is reported with the brace that closes it, not later. */
static void
reports_at_once(void **state)
{
	static const char text[] = "[{\"name\":\"a\"},{\"name\":\"b\"}]";
	struct buf got = BUF_INIT(100);
	struct list list;
	size_t i;

	(void)state;
	list_init(&list, "name");
	for (i = 0; text[i] != '\0'; i++) {
		list_feed(&list, text + i, 1, note, &got);
		assert_int_equal(list.count, i < 12 ? 0 : i < 25 ? 1 : 2);
		assert_int_equal(list.ended, i == 26);
	}
	list_free(&list);
	buf_free(&got);
}

static void
after_the_end_nothing_counts(void **state)
{
	static const char text[] = "[{\"name\":\"a\"}] [{\"name\":\"b\"}]";
	struct buf got = BUF_INIT(100);
	struct list list;

	(void)state;
	list_init(&list, "name");
	list_feed(&list, text, strlen(text), note, &got);
	list_feed(&list, text, strlen(text), note, &got);
	assert_string_equal(got.data, "{\"name\":\"a\"}\n");
	list_free(&list);
	list_free(&list);
	buf_free(&got);
}

static void
another_field_may_be_the_first(void **state)
{
	static const char text[] = "[{\"name\":\"a\"},{\"title\":\"b\"}]";
	struct buf got = BUF_INIT(100);
	struct list list;

	(void)state;
	list_init(&list, "title");
	list_feed(&list, text, strlen(text), note, &got);
	assert_string_equal(got.data, "{\"title\":\"b\"}\n");
	list_free(&list);
	buf_free(&got);
}

static void
count_only(void *arg, struct json *element)
{
	(void)element;
	++*(size_t *)arg;
}

/* How many are found around a string of n bytes. */
static size_t
count_around(const char *before, size_t n, const char *after)
{
	char piece[1000];
	size_t count = 0, part;
	struct list list;

	memset(piece, 'x', sizeof(piece));
	list_init(&list, "name");
	list_feed(&list, before, strlen(before), count_only, &count);
	for (; n > 0; n -= part) {
		part = n < sizeof(piece) ? n : sizeof(piece);
		list_feed(&list, piece, part, count_only, &count);
	}
	assert_true(list.lenient.outline.text.cap <= 2 * LIST_ELEMENT_MAX);
	list_feed(&list, after, strlen(after), count_only, &count);
	assert_true(list.ended);
	list_free(&list);
	return count;
}

/* {"name":"xxx..."} of n bytes, between two short ones. */
static size_t
with_an_element_of(size_t n)
{
	return count_around("[{\"name\":\"a\"},{\"name\":\"",
	    n - strlen("{\"name\":\"\"}"), "\"},{\"name\":\"b\"}]");
}

static void
largest_element_and_larger_ones(void **state)
{
	(void)state;
	assert_int_equal(with_an_element_of(LIST_ELEMENT_MAX), 3);
	assert_int_equal(with_an_element_of(LIST_ELEMENT_MAX + 1), 2);
	assert_int_equal(with_an_element_of(70 * 1024), 2);
}

/* What is wrapped around the list does not count against its elements. */
static void
large_wrapping(void **state)
{
	(void)state;
	assert_int_equal(count_around("{\"thoughts\":\"", 70 * 1024,
	    "\",\"list\":[{\"name\":\"a\"},{\"name\":\"b\"}]}"), 2);
	assert_int_equal(count_around("{\"list\":[{\"name\":\"", 70 * 1024,
	    "\"},{\"name\":\"b\"},{\"name\":\"c\"}]}"), 2);
}

/* No more than LIST_MAX are kept, and no more is read. */
static void
elements_without_end(void **state)
{
	static const char *const begins[] = { "[", "", "{\"list\":[", "{" };
	static const char *const elements[] = { "{\"name\":\"a\"},",
	    "{\"name\":\"a\"}\n", "{\"name\":\"a\"},", "\"1\":{\"name\":\"a\"},"
	};
	size_t i, k, count;
	struct list list;

	(void)state;
	for (i = 0; i < COUNT(begins); i++) {
		count = 0;
		list_init(&list, "name");
		list_feed(&list, begins[i], strlen(begins[i]), count_only,
		    &count);
		for (k = 0; k < 200000; k++) {
			list_feed(&list, elements[i], strlen(elements[i]),
			    count_only, &count);
			assert_int_equal(list.ended, k + 1 >= LIST_MAX);
		}
		list_end(&list, count_only, &count);
		assert_int_equal(count, LIST_MAX);
		assert_int_equal(list.count, LIST_MAX);
		assert_true(list.lenient.outline.text.cap <=
		    2 * LIST_ELEMENT_MAX);
		list_free(&list);
	}
}

/* After words the first waits for the second to begin, and no longer. */
static void
an_example_is_not_taken(void **state)
{
	static const char text[] = "So:\n[{\"name\":\"a\"}, {\"name\":\"b\"}]";
	struct buf got = BUF_INIT(100);
	struct list list;
	size_t i, second = strlen("So:\n[{\"name\":\"a\"}, {") - 1;

	(void)state;
	list_init(&list, "name");
	for (i = 0; text[i] != '\0'; i++) {
		list_feed(&list, text + i, 1, note, &got);
		assert_int_equal(list.count, i < second ? 0 :
		    i < strlen(text) - 2 ? 1 : 2);
	}
	assert_true(list.ended);
	list_free(&list);
	/* One that is still waiting is freed. */
	list_init(&list, "name");
	list_feed(&list, BYTES("So: {\"name\":\"a\"}"), note, &got);
	assert_int_equal(list.count, 0);
	list_free(&list);
	buf_free(&got);
}

/* Brackets without end: memory stays what it is, and nothing breaks. */
static void
endless_brackets(void **state)
{
	struct buf got = BUF_INIT(100);
	char piece[1000];
	struct list list;
	int i;

	(void)state;
	list_init(&list, "name");
	memset(piece, '[', sizeof(piece));
	for (i = 0; i < 100; i++)
		list_feed(&list, piece, sizeof(piece), note, &got);
	memset(piece, '{', sizeof(piece));
	for (i = 0; i < 100; i++)
		list_feed(&list, piece, sizeof(piece), note, &got);
	memset(piece, '}', sizeof(piece));
	for (i = 0; i < 300; i++)
		list_feed(&list, piece, sizeof(piece), note, &got);
	assert_int_equal(list.count, 0);
	assert_true(list.lenient.outline.text.cap <= 2 * LIST_ELEMENT_MAX);
	list_feed(&list, BYTES("[{\"name\":\"a\"}]"), note, &got);
	assert_int_equal(list.count, 1);
	list_free(&list);
	buf_free(&got);
}

static void
elements_may_be_kept(void *arg, struct json *element)
{
	*(struct json **)arg = json_share(element);
}

static void
shared_element_outlives_the_list(void **state)
{
	struct json *kept = NULL;
	struct list list;

	(void)state;
	list_init(&list, "name");
	list_feed(&list, BYTES("[{\"name\":\"a\"}]"), elements_may_be_kept,
	    &kept);
	list_free(&list);
	assert_string_equal(json_string(json_get(kept, "name"), NULL), "a");
	json_free(kept);
}

int
main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(reports_at_once),
		cmocka_unit_test(after_the_end_nothing_counts),
		cmocka_unit_test(another_field_may_be_the_first),
		cmocka_unit_test(largest_element_and_larger_ones),
		cmocka_unit_test(large_wrapping),
		cmocka_unit_test(elements_without_end),
		cmocka_unit_test(an_example_is_not_taken),
		cmocka_unit_test(endless_brackets),
		cmocka_unit_test(shared_element_outlives_the_list),
	};

	return golden_run(plain, COUNT(plain), "list", golden);
}
