/*
 * test_newlines: a model's newlines, whole and in two fragments.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "text/newlines.h"
#include "text/sse.h"
#include "unit.h"

static const struct { const char *text; size_t n; const char *plain; }
    texts[] = {
	{ BYTES("plain"), "plain" },
	{ BYTES("a\nb"), "a" "\n" "b" },
	{ BYTES("a\r\nb"), "a" "\n" "b" },
	{ BYTES("a\rb"), "a" "\n" "b" },
	{ BYTES("\n"), "\n" }, { BYTES("\r"), "\n" }, { BYTES("\r\n"), "\n" },
	{ BYTES("\n\n"), "\n" "\n" }, { BYTES("\r\r"), "\n" "\n" },
	{ BYTES("\n\r"), "\n" "\n" }, { BYTES("\r\n\r\n"), "\n" "\n" },
	{ BYTES("\r\r\n\n"), "\n" "\n" "\n" },
	{ BYTES("a\r\n\nb\r\r\nc\n"), "a" "\n" "\n" "b" "\n" "\n" "c" "\n" },
	{ BYTES("|a||b|\n|"), "|a||b|" "\n" "|" },
	{ BYTES("data: x\n\nid: 9\n: c\r\n"), "data: x" "\n" "\n" "id: 9" "\n"
	    ": c" "\n" },
	{ BYTES("\xea\xb9\x80\r\n\xf0\x9f\x8d\xb3\n"), "\xea\xb9\x80" "\n"
	    "\xf0\x9f\x8d\xb3" "\n" },
	{ BYTES("model's own " SSE_NEWLINE "\n"), "model's own " "\n" "\n" },
	{ BYTES("\v\f\xc2\x85\xe2\x80\xa8"), "\v\f\xc2\x85\xe2\x80\xa8" },
	{ BYTES("  spaces  "), "  spaces  " },
};

static void
become_lf(void **state)
{
	struct buf out = BUF_INIT(500);
	struct newlines newlines;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		newlines = (struct newlines)NEWLINES_INIT;
		buf_reset(&out);
		newlines_read(&newlines, texts[i].text, texts[i].n, &out);
		assert_string_equal(out.data, texts[i].plain);
	}
	buf_free(&out);
}

/* A fragment never ends inside a code point; it may end inside a CRLF. */
static void
become_lf_across_fragments(void **state)
{
	struct buf out = BUF_INIT(500);
	struct newlines newlines;
	size_t i, cut;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		for (cut = 0; cut <= texts[i].n; cut++) {
			if (utf8_cut(texts[i].text, texts[i].n, cut) != cut)
				continue;
			newlines = (struct newlines)NEWLINES_INIT;
			buf_reset(&out);
			newlines_read(&newlines, texts[i].text, cut, &out);
			newlines_read(&newlines, texts[i].text + cut,
			    texts[i].n - cut, &out);
			assert_string_equal(out.data, texts[i].plain);
		}
	buf_free(&out);
}

static void
plain_text_is_said_to_be(void **state)
{
	struct buf out = BUF_INIT(500);
	struct newlines newlines = NEWLINES_INIT;

	(void)state;
	assert_true(newlines_are_plain(&newlines, "a\nb", 3));
	assert_true(newlines_are_plain(&newlines, "", 0));
	assert_false(newlines_are_plain(&newlines, "a\r", 2));
	assert_false(newlines_are_plain(&newlines, BYTES("x" SSE_NEWLINE)));
	/* After a CR the next text may begin with its LF. */
	newlines_read(&newlines, "a\r", 2, &out);
	assert_false(newlines_are_plain(&newlines, "\n", 1));
	newlines_read(&newlines, "", 0, &out);
	assert_false(newlines_are_plain(&newlines, "\n", 1));
	newlines_read(&newlines, "\n", 1, &out);
	assert_true(newlines_are_plain(&newlines, "\n", 1));
	assert_string_equal(out.data, "a\n");
	buf_free(&out);
}

/* A CR in one text says nothing of a LF in another. */
static void
each_text_has_its_own_cr(void **state)
{
	struct buf one = BUF_INIT(500), other = BUF_INIT(500);
	struct newlines a = NEWLINES_INIT, b = NEWLINES_INIT;

	(void)state;
	newlines_read(&a, "\r", 1, &one);
	newlines_read(&b, "\n", 1, &other);
	newlines_read(&a, "\nx", 2, &one);
	assert_string_equal(one.data, "\nx");
	assert_string_equal(other.data, "\n");
	buf_free(&one);
	buf_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(become_lf),
		cmocka_unit_test(become_lf_across_fragments),
		cmocka_unit_test(plain_text_is_said_to_be),
		cmocka_unit_test(each_text_has_its_own_cr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
