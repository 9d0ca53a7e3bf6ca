/*
 * test_frame: messages in a pipe, however it cuts them.
 */
#include <errno.h>

#include "base/utf8.h"
#include "text/frame.h"
#include "unit.h"

/* The least that frame_fill may be given. */
#define IN_MAX	(FRAME_HEADER + FRAME_MAX)

static const struct { enum frame_type type; const char *data; size_t n; }
    stream[] = {
	{ FRAME_CONNECTED, BYTES("") },
	{ FRAME_START, BYTES("{\"model\":\"m\"}") },
	{ FRAME_THINKING, BYTES("") },
	{ FRAME_DELTA, BYTES("a") },
	{ FRAME_DELTA, BYTES("\xea\xb9\x80\xec\xb9\x98 \xf0\x9f\x8d\xb3\n") },
	{ FRAME_DELTA, BYTES("\0\1\0\0\0\0\0\1") },
	{ FRAME_SYSTEM, BYTES("be brief") },
	{ FRAME_PROMPT, BYTES("one|two\r\n\r\n{{three}}") },
	{ FRAME_GO, BYTES("") },
	{ FRAME_DONE, BYTES("{}") },
};

static void
put_stream(struct buf *out)
{
	size_t i;

	for (i = 0; i < COUNT(stream); i++)
		assert_int_equal(frame_put(out, stream[i].type,
		    stream[i].data, stream[i].n), 0);
}

/* Reads what `in` has and drops it; *i counts the frames of `stream`. */
static void
take_frames(struct buf *in, size_t *i)
{
	struct frame frame;
	size_t pos = 0;
	int rc;

	while ((rc = frame_next(in, &pos, &frame)) == 1) {
		assert_true(*i < COUNT(stream));
		assert_int_equal(frame.type, stream[*i].type);
		assert_int_equal(frame.len, stream[*i].n);
		assert_memory_equal(frame.data, stream[*i].data, frame.len);
		++*i;
	}
	assert_int_equal(rc, 0);
	buf_drop(in, pos);
}

static void
whole(void **state)
{
	struct buf in = BUF_INIT(IN_MAX);
	size_t i = 0;

	(void)state;
	put_stream(&in);
	take_frames(&in, &i);
	assert_int_equal(i, COUNT(stream));
	assert_int_equal(in.len, 0);
	buf_free(&in);
}

static void
byte_by_byte(void **state)
{
	struct buf all = BUF_INIT(IN_MAX), in = BUF_INIT(IN_MAX);
	size_t i = 0, k;

	(void)state;
	put_stream(&all);
	for (k = 0; k < all.len; k++) {
		buf_putc(&in, all.data[k]);
		take_frames(&in, &i);
	}
	assert_int_equal(i, COUNT(stream));
	assert_int_equal(in.len, 0);
	buf_free(&all);
	buf_free(&in);
}

static void
split_at_every_position(void **state)
{
	struct buf all = BUF_INIT(IN_MAX), in = BUF_INIT(IN_MAX);
	size_t i, cut;

	(void)state;
	put_stream(&all);
	for (cut = 0; cut <= all.len; cut++) {
		i = 0;
		buf_reset(&in);
		buf_add(&in, all.data, cut);
		take_frames(&in, &i);
		buf_add(&in, all.data + cut, all.len - cut);
		take_frames(&in, &i);
		assert_int_equal(i, COUNT(stream));
		assert_int_equal(in.len, 0);
	}
	buf_free(&all);
	buf_free(&in);
}

static void
header_is_big_endian(void **state)
{
	struct buf out = BUF_INIT(IN_MAX);
	char payload[0x0102] = { 0 };

	(void)state;
	frame_put(&out, FRAME_DELTA, payload, sizeof(payload));
	assert_memory_equal(out.data, "\4\1\0\0\0\0\1\2", 8);
	assert_int_equal(out.len, FRAME_HEADER + sizeof(payload));
	buf_free(&out);
}

static void
largest_and_one_more(void **state)
{
	struct buf b = BUF_INIT(2 * IN_MAX);
	static char payload[FRAME_MAX + 1];
	struct frame frame;
	size_t pos = 0;

	(void)state;
	memset(payload, 'x', sizeof(payload));
	assert_int_equal(frame_put(&b, FRAME_DELTA, payload, FRAME_MAX), 0);
	b.len--;
	assert_int_equal(frame_next(&b, &pos, &frame), 0);
	b.len++;
	assert_int_equal(frame_next(&b, &pos, &frame), 1);
	assert_int_equal(frame.len, FRAME_MAX);
	assert_int_equal(pos, b.len);
	pos = b.len;
	assert_int_equal(frame_put(&b, FRAME_DELTA, payload, FRAME_MAX + 1),
	    -1);
	assert_true(b.failed);
	assert_int_equal(b.len, pos);
	buf_free(&b);
}

/* Refused by the header alone: no payload is waited for. */
static void
bad_headers(void **state)
{
	static const struct { const char *what, *head; } bad[] = {
		{ "type 0", "\0\1\0\0\0\0\0\0" },
		{ "type after the last", "\15\1\0\0\0\0\0\1" },
		{ "type 200", "\310\1\0\0\0\0\0\1" },
		{ "version 0", "\4\0\0\0\0\0\0\1" },
		{ "version 2", "\4\2\0\0\0\0\0\1" },
		{ "reserved, first", "\4\1\1\0\0\0\0\1" },
		{ "reserved, second", "\4\1\0\1\0\0\0\1" },
		{ "length 16385", "\4\1\0\0\0\0\100\1" },
		{ "length 65536", "\4\1\0\0\0\1\0\0" },
		{ "length 16777216", "\4\1\0\0\1\0\0\0" },
		{ "length 4294967295", "\4\1\0\0\377\377\377\377" },
	};
	struct buf in = BUF_INIT(IN_MAX);
	struct frame frame;
	size_t i, pos;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		buf_reset(&in);
		pos = 0;
		buf_add(&in, bad[i].head, FRAME_HEADER);
		if (frame_next(&in, &pos, &frame) != -1)
			fail_msg("%s was taken", bad[i].what);
	}
	/* The most that is allowed is waited for. */
	buf_reset(&in);
	pos = 0;
	buf_add(&in, "\4\1\0\0\0\0\100\0", FRAME_HEADER);
	assert_int_equal(frame_next(&in, &pos, &frame), 0);
	buf_free(&in);
}

static void
bad_behind_a_good_one(void **state)
{
	struct buf in = BUF_INIT(IN_MAX);
	struct frame frame;
	size_t pos = 0;

	(void)state;
	frame_put(&in, FRAME_DELTA, "a", 1);
	buf_add(&in, "HTTP/1.1 ", 9);
	assert_int_equal(frame_next(&in, &pos, &frame), 1);
	assert_int_equal(frame_next(&in, &pos, &frame), -1);
	assert_int_equal(frame_next(&in, &pos, &frame), -1);
	buf_free(&in);
}

/* Text of n bytes comes back whole, no code point cut, nothing left out. */
static void
check_text(const char *text, size_t n)
{
	struct buf in = BUF_INIT(8 * IN_MAX), got = BUF_INIT(8 * IN_MAX);
	struct frame frame;
	size_t pos = 0, count = 0;

	assert_int_equal(frame_put_text(&in, FRAME_PROMPT, text, n), 0);
	while (frame_next(&in, &pos, &frame) == 1) {
		assert_int_equal(frame.type, FRAME_PROMPT);
		assert_true(frame.len <= FRAME_MAX);
		assert_true(utf8_valid(frame.data, frame.len));
		buf_add(&got, frame.data, frame.len);
		count++;
	}
	assert_int_equal(pos, in.len);
	assert_int_equal(got.len, n);
	assert_memory_equal(got.data, text, n);
	assert_true(count <= n / (FRAME_MAX - 3) + 1);
	buf_free(&in);
	buf_free(&got);
}

static void
text_is_cut_between_code_points(void **state)
{
	struct buf text = BUF_INIT(4 * IN_MAX);
	size_t shift;

	(void)state;
	for (shift = 0; shift < 4; shift++) {
		buf_reset(&text);
		buf_add(&text, "abc", shift);
		while (text.len < 3 * FRAME_MAX)
			buf_puts(&text, "\xf0\x9f\x8d\xb3");
		check_text(text.data, text.len);
		check_text(text.data, shift + 4096 * 4);
		check_text(text.data, shift + 4095 * 4);
	}
	buf_reset(&text);
	while (text.len < 3 * FRAME_MAX)
		buf_putc(&text, 'a');
	check_text(text.data, FRAME_MAX - 1);
	check_text(text.data, FRAME_MAX);
	check_text(text.data, FRAME_MAX + 1);
	check_text(text.data, 2 * FRAME_MAX);
	check_text("", 0);
	buf_free(&text);
}

static void
text_that_does_not_fit(void **state)
{
	struct buf out = BUF_INIT(10);

	(void)state;
	assert_int_equal(frame_put_text(&out, FRAME_DELTA, "abc", 3), -1);
	assert_true(out.failed);
	buf_free(&out);
}

/* A pipe, written a few bytes at a time and read with the least of bufs. */
static void
fill_from_a_pipe(void **state)
{
	struct buf all = BUF_INIT(4 * IN_MAX), in = BUF_INIT(IN_MAX);
	static char payload[FRAME_MAX];
	struct frame frame;
	size_t pos = 0, sent = 0, frames = 0, n;
	int fds[2], rc;

	(void)state;
	memset(payload, 'x', sizeof(payload));
	frame_put(&all, FRAME_DELTA, payload, FRAME_MAX);
	frame_put(&all, FRAME_DELTA, payload, FRAME_MAX);
	frame_put(&all, FRAME_DONE, "{}", 2);
	assert_int_equal(pipe(fds), 0);
	while (frames < 3) {
		n = all.len - sent < 5000 ? all.len - sent : 5000;
		assert_int_equal(write(fds[1], all.data + sent, n), n);
		sent += n;
		assert_true(frame_fill(&in, fds[0]) > 0);
		while ((rc = frame_next(&in, &pos, &frame)) == 1)
			frames++;
		assert_int_equal(rc, 0);
		buf_drop(&in, pos);
		pos = 0;
	}
	assert_int_equal(in.len, 0);
	close(fds[1]);
	assert_int_equal(frame_fill(&in, fds[0]), 0);
	close(fds[0]);
	buf_free(&all);
	buf_free(&in);
}

static void
fill_where_nothing_is_to_be_had(void **state)
{
	struct buf in = BUF_INIT(IN_MAX);
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	assert_int_equal(frame_fill(&in, fds[0]), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(in.len, 0);
	assert_string_equal(in.data, "");
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(frame_fill(&in, fds[0]), -1);
	assert_int_equal(errno, EBADF);
	buf_free(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(split_at_every_position),
		cmocka_unit_test(header_is_big_endian),
		cmocka_unit_test(largest_and_one_more),
		cmocka_unit_test(bad_headers),
		cmocka_unit_test(bad_behind_a_good_one),
		cmocka_unit_test(text_is_cut_between_code_points),
		cmocka_unit_test(text_that_does_not_fit),
		cmocka_unit_test(fill_from_a_pipe),
		cmocka_unit_test(fill_where_nothing_is_to_be_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
