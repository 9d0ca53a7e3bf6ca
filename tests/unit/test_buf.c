/*
 * test_buf: bytes that grow to a bound, and the sticky failure.
 */
#include "unit.h"

static void
empty_reads_as_a_string(void **state)
{
	struct buf b = BUF_INIT(8);

	(void)state;
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	assert_false(b.failed);
	buf_free(&b);
}

static void
takes_exactly_max(void **state)
{
	struct buf b = BUF_INIT(100);
	char text[100];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(buf_add(&b, text, 100), 0);
	assert_int_equal(b.len, 100);
	assert_int_equal(b.data[100], '\0');
	assert_false(b.failed);
	buf_free(&b);
}

static void
one_over_max_adds_nothing(void **state)
{
	struct buf b = BUF_INIT(100);
	char text[101];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(buf_add(&b, text, 101), -1);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	assert_true(b.failed);
	buf_free(&b);
}

static void
one_behind_a_full_one_fails(void **state)
{
	struct buf b = BUF_INIT(3);

	(void)state;
	assert_int_equal(buf_puts(&b, "abc"), 0);
	assert_int_equal(buf_putc(&b, 'd'), -1);
	assert_string_equal(b.data, "abc");
	assert_true(b.failed);
	buf_free(&b);
}

static void
failure_sticks_until_reset(void **state)
{
	struct buf b = BUF_INIT(4);

	(void)state;
	buf_puts(&b, "ab");
	assert_int_equal(buf_puts(&b, "cde"), -1);
	assert_int_equal(buf_puts(&b, "c"), -1);
	assert_int_equal(buf_putc(&b, 'c'), -1);
	assert_int_equal(buf_printf(&b, "c"), -1);
	assert_int_equal(buf_add(&b, "", 0), -1);
	assert_null(buf_room(&b, 1));
	assert_string_equal(b.data, "ab");
	buf_reset(&b);
	assert_false(b.failed);
	assert_string_equal(b.data, "");
	assert_int_equal(buf_puts(&b, "cdef"), 0);
	assert_string_equal(b.data, "cdef");
	buf_free(&b);
}

static void
reset_before_the_first_append(void **state)
{
	struct buf b = BUF_INIT(1);

	(void)state;
	assert_int_equal(buf_puts(&b, "ab"), -1);
	buf_reset(&b);
	assert_false(b.failed);
	assert_int_equal(buf_puts(&b, "a"), 0);
	buf_free(&b);
}

static void
sizes_do_not_wrap(void **state)
{
	struct buf b = BUF_INIT(16);

	(void)state;
	buf_puts(&b, "abc");
	assert_null(buf_room(&b, SIZE_MAX));
	assert_true(b.failed);
	buf_reset(&b);
	buf_puts(&b, "abc");
	assert_null(buf_room(&b, SIZE_MAX - 2));
	assert_true(b.failed);
	buf_free(&b);
}

static void
grows_byte_by_byte(void **state)
{
	struct buf b = BUF_INIT(5000);
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		assert_int_equal(buf_putc(&b, (char)('a' + i % 26)), 0);
		assert_int_equal(b.data[i + 1], '\0');
	}
	for (i = 0; i < 5000; i++)
		assert_int_equal(b.data[i], 'a' + (int)(i % 26));
	assert_true(b.cap > 5000);
	buf_free(&b);
}

static void
holds_nuls(void **state)
{
	struct buf b = BUF_INIT(16);

	(void)state;
	buf_add(&b, BYTES("a\0b"));
	buf_putc(&b, '\0');
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "a\0b\0", 5);
	buf_free(&b);
}

static void
nothing_may_be_added(void **state)
{
	struct buf b = BUF_INIT(0);

	(void)state;
	assert_int_equal(buf_add(&b, NULL, 0), 0);
	assert_int_equal(buf_puts(&b, ""), 0);
	assert_int_equal(buf_printf(&b, "%s", ""), 0);
	assert_string_equal(b.data, "");
	assert_int_equal(buf_putc(&b, 'a'), -1);
	buf_free(&b);
}

static void
printf_to_the_bound_and_over(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	assert_int_equal(buf_printf(&b, "%s-%d", "abcdef", 123), 0);
	assert_string_equal(b.data, "abcdef-123");
	buf_reset(&b);
	assert_int_equal(buf_printf(&b, "%s-%d", "abcdef", 1234), -1);
	assert_string_equal(b.data, "");
	assert_true(b.failed);
	buf_free(&b);
}

static void
room_keeps_what_is_there(void **state)
{
	struct buf b = BUF_INIT(200);
	char *room;

	(void)state;
	buf_puts(&b, "abc");
	room = buf_room(&b, 197);
	assert_ptr_equal(room, b.data + 3);
	memset(room, 'x', 197);
	b.len += 197;
	b.data[b.len] = '\0';
	assert_memory_equal(b.data, "abcxxx", 6);
	assert_non_null(buf_room(&b, 0));
	assert_null(buf_room(&b, 1));
	buf_free(&b);
}

static void
drop_moves_the_rest_to_the_front(void **state)
{
	struct buf b = BUF_INIT(16);

	(void)state;
	buf_drop(&b, 0);
	buf_puts(&b, "abcdef");
	buf_drop(&b, 0);
	assert_string_equal(b.data, "abcdef");
	buf_drop(&b, 4);
	assert_string_equal(b.data, "ef");
	assert_int_equal(b.len, 2);
	buf_puts(&b, "gh");
	assert_string_equal(b.data, "efgh");
	buf_drop(&b, 4);
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void
drop_overwrites_what_it_gives_up(void **state)
{
	static const char none[6] = { 0 };
	struct buf b = BUF_INIT(16);

	(void)state;
	buf_puts(&b, "secrets!");
	buf_drop(&b, 6);
	assert_memory_equal(b.data + 2, none, 6);
	buf_free(&b);
}

static void
reset_overwrites_and_keeps_the_memory(void **state)
{
	static const char none[9] = { 0 };
	struct buf b = BUF_INIT(16);
	char *data;

	(void)state;
	buf_puts(&b, "secrets!");
	data = b.data;
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_ptr_equal(b.data, data);
	assert_memory_equal(b.data, none, 9);
	buf_free(&b);
}

static void
free_twice_and_use_again(void **state)
{
	struct buf b = BUF_INIT(4);

	(void)state;
	buf_puts(&b, "abcde");
	buf_free(&b);
	buf_free(&b);
	assert_int_equal(b.max, 4);
	assert_false(b.failed);
	assert_string_equal(b.data, "");
	assert_int_equal(buf_puts(&b, "abcd"), 0);
	assert_int_equal(buf_puts(&b, "e"), -1);
	buf_free(&b);
}

static void
empty_ones_share_no_byte(void **state)
{
	struct buf a = BUF_INIT(4), b = BUF_INIT(4);

	(void)state;
	buf_puts(&a, "a");
	assert_string_equal(b.data, "");
	assert_int_equal(buf_empty[0], '\0');
	buf_free(&a);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_reads_as_a_string),
		cmocka_unit_test(takes_exactly_max),
		cmocka_unit_test(one_over_max_adds_nothing),
		cmocka_unit_test(one_behind_a_full_one_fails),
		cmocka_unit_test(failure_sticks_until_reset),
		cmocka_unit_test(reset_before_the_first_append),
		cmocka_unit_test(sizes_do_not_wrap),
		cmocka_unit_test(grows_byte_by_byte),
		cmocka_unit_test(holds_nuls),
		cmocka_unit_test(nothing_may_be_added),
		cmocka_unit_test(printf_to_the_bound_and_over),
		cmocka_unit_test(room_keeps_what_is_there),
		cmocka_unit_test(drop_moves_the_rest_to_the_front),
		cmocka_unit_test(drop_overwrites_what_it_gives_up),
		cmocka_unit_test(reset_overwrites_and_keeps_the_memory),
		cmocka_unit_test(free_twice_and_use_again),
		cmocka_unit_test(empty_ones_share_no_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
