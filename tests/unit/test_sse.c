/*
 * test_sse: golden streams, cut everywhere, and our own dialect written.
 *
 * tests/golden/NAME.sse is what a provider sends; NAME.events what comes of
 * it, a line each: the event's name in brackets, a space, its data, with \n,
 * \r, \0 and \\ for a LF, CR, NUL and backslash in it.
 */
#include "text/sse.h"
#include "fixture_golden.h"
#include "unit.h"

static void
put_escaped(struct buf *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] == '\n')
			buf_puts(out, "\\n");
		else if (s[i] == '\r')
			buf_puts(out, "\\r");
		else if (s[i] == '\0')
			buf_puts(out, "\\0");
		else if (s[i] == '\\')
			buf_puts(out, "\\\\");
		else
			buf_putc(out, s[i]);
}

static int
note(void *arg, const struct sse_event *event)
{
	struct buf *out = arg;

	assert_int_equal(event->data[event->len], '\0');
	buf_putc(out, '[');
	put_escaped(out, event->name, strlen(event->name));
	buf_puts(out, "] ");
	put_escaped(out, event->data, event->len);
	buf_putc(out, '\n');
	return 0;
}

/* Feeds text in pieces: up to `cut`, then the rest in pieces of `step`. */
static void
read_stream(struct sse *sse, const struct buf *text, size_t cut, size_t step,
    struct buf *out)
{
	size_t at = cut, n;

	buf_reset(out);
	assert_int_equal(sse_feed(sse, text->data, cut, note, out), 0);
	for (; at < text->len; at += n) {
		n = text->len - at < step ? text->len - at : step;
		assert_int_equal(sse_feed(sse, text->data + at, n, note, out),
		    0);
	}
	assert_int_equal(sse_end(sse, note, out), 0);
}

static void
golden(void **state)
{
	struct buf text = BUF_INIT(DOC_MAX), want = BUF_INIT(DOC_MAX);
	struct buf got = BUF_INIT(DOC_MAX);
	struct sse sse = SSE_INIT;
	char path[512];
	size_t cut;

	unit_read(*state, &text);
	snprintf(path, sizeof(path), "%.*s.events",
	    (int)(strlen(*state) - strlen(".sse")), (const char *)*state);
	unit_read(path, &want);
	read_stream(&sse, &text, text.len, 1, &got);
	assert_string_equal(got.data, want.data);
	sse_free(&sse);
	read_stream(&sse, &text, 0, 1, &got);
	assert_string_equal(got.data, want.data);
	for (cut = 0; cut <= text.len; cut++) {
		sse_free(&sse);
		read_stream(&sse, &text, cut, text.len, &got);
		if (strcmp(got.data, want.data) != 0)
			fail_msg("cut at %zu: %s", cut, got.data);
	}
	sse_free(&sse);
	buf_free(&text);
	buf_free(&want);
	buf_free(&got);
}

/* An event is there with its blank line, also where CR alone ends lines. */
static void
does_not_wait_for_more(void **state)
{
	static const char *const streams[] = { "data: a\n\n", "data: a\r\r",
	    "data: a\r\n\r" };
	struct buf got = BUF_INIT(100);
	struct sse sse = SSE_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(streams); i++) {
		sse_free(&sse);
		buf_reset(&got);
		sse_feed(&sse, streams[i], strlen(streams[i]), note, &got);
		assert_string_equal(got.data, "[] a\n");
	}
	sse_free(&sse);
	buf_free(&got);
}

static int
stop(void *arg, const struct sse_event *event)
{
	(void)event;
	++*(int *)arg;
	return 7;
}

static void
callback_stops_the_reading(void **state)
{
	static const char two[] = "data: a\n\ndata: b\n\n";
	struct sse sse = SSE_INIT;
	int count = 0;

	(void)state;
	assert_int_equal(sse_feed(&sse, two, strlen(two), stop, &count), 7);
	assert_int_equal(count, 1);
	sse_free(&sse);
	assert_int_equal(sse_feed(&sse, "data: a\n", 8, stop, &count), 0);
	assert_int_equal(sse_end(&sse, stop, &count), 7);
	assert_int_equal(count, 2);
	sse_free(&sse);
}

static void
reset_forgets_everything(void **state)
{
	static const char half[] = "event: x\ndata: a\ndata: b\r";
	struct buf got = BUF_INIT(100);
	struct sse sse = SSE_INIT;

	(void)state;
	sse_feed(&sse, half, strlen(half), note, &got);
	sse_free(&sse);
	sse_feed(&sse, "\ndata: c\n\n", 10, note, &got);
	assert_string_equal(got.data, "[] c\n");
	sse_free(&sse);
	buf_reset(&got);
	sse_feed(&sse, BYTES("\xef\xbb\xbf" "data: d\n\n"), note, &got);
	assert_string_equal(got.data, "[] d\n");
	sse_free(&sse);
	sse_free(&sse);
	buf_free(&got);
}

static int
count_bytes(void *arg, const struct sse_event *event)
{
	*(size_t *)arg += event->len;
	return 0;
}

static int
feed_many(struct sse *sse, char c, size_t n, size_t *got)
{
	char piece[4096];
	size_t part;
	int rc = 0;

	memset(piece, c, sizeof(piece));
	for (; n > 0 && rc == 0; n -= part) {
		part = n < sizeof(piece) ? n : sizeof(piece);
		rc = sse_feed(sse, piece, part, count_bytes, got);
	}
	return rc;
}

static void
longest_line_and_one_more(void **state)
{
	const size_t field = strlen("data:");
	struct sse sse = SSE_INIT;
	size_t got = 0;

	(void)state;
	sse_feed(&sse, "data:", field, count_bytes, &got);
	assert_int_equal(feed_many(&sse, 'x', SSE_MAX - field, &got), 0);
	assert_int_equal(sse_feed(&sse, "\n\n", 2, count_bytes, &got), 0);
	assert_int_equal(got, SSE_MAX - field);
	sse_feed(&sse, "data:", field, count_bytes, &got);
	assert_int_equal(feed_many(&sse, 'x', SSE_MAX - field + 1, &got), -1);
	sse_free(&sse);
}

/* Many short lines are one long event. */
static void
longest_event_and_one_more(void **state)
{
	struct sse sse = SSE_INIT;
	size_t got = 0, i, most = SSE_MAX / 16;
	int rc = 0;

	(void)state;
	for (i = 0; i < most && rc == 0; i++)
		rc = sse_feed(&sse, "data:0123456789abcde\n", 21, count_bytes,
		    &got);
	assert_int_equal(rc, 0);	/* SSE_MAX - 1: no LF is last */
	assert_int_equal(sse_feed(&sse, "data:\n", 6, count_bytes, &got), 0);
	assert_int_equal(sse_feed(&sse, "data:\n", 6, count_bytes, &got), -1);
	sse_free(&sse);
	assert_int_equal(sse_feed(&sse, "data:a\n\n", 8, count_bytes, &got),
	    0);
	assert_int_equal(got, 1);
	sse_free(&sse);
}

/* --- writing -------------------------------------------------------------- */

#define NL SSE_NEWLINE

static void
data_retry_and_id_last(void **state)
{
	struct buf out = BUF_INIT(500);

	(void)state;
	sse_write(&out, 17, -1, "add", BYTES("1 | 2\n"));
	assert_string_equal(out.data, "data: add|1 | 2" NL "\nid: 17\n\n");
	buf_reset(&out);
	sse_write(&out, UINT64_MAX, -1, "x", BYTES("y"));
	assert_string_equal(out.data, "data: x|y\n"
	    "id: 18446744073709551615\n\n");
	buf_reset(&out);
	sse_write(&out, 1, 86400000, "x", BYTES("y"));
	assert_string_equal(out.data, "data: x|y\nretry: 86400000\nid: 1"
	    "\n\n");
	buf_free(&out);
}

/* Appends the text of a `p` event after its bar, without its id. */
static int
take_text(void *arg, const struct sse_event *event)
{
	assert_memory_equal(event->data, "p|", 2);
	assert_string_equal(event->name, "");
	buf_add(arg, event->data + 2, event->len - 2);
	return 0;
}

/* An event stays one line and one event, whatever its text holds. */
static void
written_and_read_again(void **state)
{
	static const struct { const char *text, *read; } cases[] = {
		{ "", "" }, { "\n", NL }, { "\n\n", NL NL },
		{ "a\nb\n", "a" NL "b" NL }, { "a\rb", "a" NL "b" },
		{ "a\n\nid: 7\ndata: x", "a" NL NL "id: 7" NL "data: x" },
		{ "a|b: c", "a|b: c" }, { "  spaces  ", "  spaces  " },
		{ "\v\f\xc2\x85\xe2\x80\xa8", "\v\f\xc2\x85\xe2\x80\xa8" },
	};
	struct buf wire = BUF_INIT(1000), got = BUF_INIT(1000);
	struct sse sse = SSE_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&wire);
		buf_reset(&got);
		sse_free(&sse);
		sse_write(&wire, 3, -1, "p", cases[i].text,
		    strlen(cases[i].text));
		assert_int_equal(unit_count(wire.data, "\n\n"), 1);
		sse_feed(&sse, wire.data, wire.len, take_text, &got);
		assert_string_equal(got.data, cases[i].read);
	}
	sse_free(&sse);
	buf_free(&wire);
	buf_free(&got);
}

static void
full_queue_is_said(void **state)
{
	struct buf out = BUF_INIT(20);

	(void)state;
	sse_write(&out, 1, -1, "part", BYTES("longer than that"));
	assert_true(out.failed);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(does_not_wait_for_more),
		cmocka_unit_test(callback_stops_the_reading),
		cmocka_unit_test(reset_forgets_everything),
		cmocka_unit_test(longest_line_and_one_more),
		cmocka_unit_test(longest_event_and_one_more),
		cmocka_unit_test(data_retry_and_id_last),
		cmocka_unit_test(written_and_read_again),
		cmocka_unit_test(full_queue_is_said),
	};

	return golden_run(plain, COUNT(plain), "sse", golden);
}
