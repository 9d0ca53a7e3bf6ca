/*
 * chunk: what is the common chunk and what is not.  That it says the same as
 * json-c does is fuzzed (tests/fuzz/fuzz_chunk.c).
 */
#include <string.h>

#include "base/buf.h"
#include "model/chunk.h"
#include "unit.h"

#define HEAD "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":1734567890,\"model\":\"m/n\","
#define DELTA(delta) HEAD "\"choices\":[{\"index\":0,\"delta\":{" delta "}}]}"
#define TEXT(text) DELTA("\"content\":\"" text "\"")

static void
reads(const char *doc, const char *want)
{
	struct chunk_shape shape = { .nbefore = 0 };
	struct buf out = BUF_INIT(4096);

	buf_puts(&out, "before ");
	if (!chunk_read(&shape, doc, strlen(doc), &out))
		fail_msg("left to json-c: %s", doc);
	assert_string_equal(out.data + 7, want);
	buf_free(&out);
}

static void
leaves(const char *doc)
{
	struct chunk_shape shape = { .nbefore = 0 };
	struct buf out = BUF_INIT(4096);

	buf_puts(&out, "before ");
	if (chunk_read(&shape, doc, strlen(doc), &out))
		fail_msg("taken: %s", doc);
	assert_string_equal(out.data, "before ");
	buf_free(&out);
}

static void
common_chunks(void **state)
{
	static const struct { const char *doc, *want; } cases[] = {
		{ TEXT("beef"), "beef" }, { TEXT(""), "" },
		{ TEXT(" \xea\xb9\x80\xec\xb9\x98 \xf0\x9f\x8d\xb3"),
		  " \xea\xb9\x80\xec\xb9\x98 \xf0\x9f\x8d\xb3" },
		{ TEXT("a\\nb\\t\\\"c\\\" \\\\d\\/"), "a\nb\t\"c\" \\d/" },
		{ TEXT("\\\\u0041"), "\\u0041" },
		{ DELTA("\"role\":\"assistant\",\"content\":\"x\""), "x" },
		{ DELTA("\"role\":\"assistant\""), "" },
		{ DELTA("\"role\":\"assistant\",\"content\":null,"
		  "\"refusal\":null,\"tool_calls\":null"), "" },
		{ "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}", "x" },
		{ " { \"choices\" : [ { \"delta\" : { \"content\" : \"x\" } , "
		  "\"finish_reason\" : null , \"logprobs\" : null } ] , "
		  "\"usage\" : null }\r\n", "x" },
		{ HEAD "\"system_fingerprint\":\"fp\",\"service_tier\":\"on\","
		  "\"obfuscation\":\"ab\",\"choices\":[{\"index\":0,\"delta\":"
		  "{\"content\":\"x\"},\"logprobs\":null,\"finish_reason\":"
		  "null}],\"usage\":null,\"x_groq\":null}", "x" },
		{ HEAD "\"choices\":null}", "" }, { "{\"id\":true}", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		reads(cases[i].doc, cases[i].want);
}

/* What says more than a text, or is not strictly JSON. */
static void
other_chunks(void **state)
{
	static const char *const docs[] = { "", " ", "{", "{}", "[]", "null",
		"[DONE]", "x", TEXT("x") "x", TEXT("x") "{}",
		TEXT("\\u0041"), TEXT("\\ud83d"), TEXT("\\x"), TEXT("\\"),
		TEXT("a\nb"), TEXT("a\tb"), "{\"choices\":[{\"delta\":{"
		"\"content\":\"x", "{\"choices\":[{\"delta\":{\"content\":\"x\""
		"}}", DELTA("\"content\":7"), DELTA("\"content\":[]"),
		DELTA("\"content\":\"x\",\"reasoning\":\"y\""),
		DELTA("\"content\":\"x\",\"content\":\"y\""),
		DELTA("\"content\":null,\"content\":\"y\""),
		DELTA("\"c\\u006fntent\":\"x\""), DELTA(""),
		"{\"choices\":[]}", "{\"choices\":[{\"index\":1,\"delta\":{"
		"\"content\":\"x\"}}]}", "{\"choices\":[{\"index\":00}]}",
		"{\"choices\":[{\"index\":0},{\"index\":1}]}",
		"{\"choices\":[{\"delta\":{\"content\":\"x\"},"
		"\"finish_reason\":\"stop\"}]}",
		"{\"choices\":[{\"text\":\"x\"}]}",
		"{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
		"{\"object\":\"error\",\"choices\":null}",
		"{\"object\":\"chat.completion\",\"choices\":null}",
		"{\"error\":\"x\"}", "{\"usage\":{}}", "{\"created\":-1}",
		"{\"created\":1.5}", "{\"created\":007}",
		"{\"created\":1234567890123456789}", "{\"id\":nul}",
		"{\"id\":null,}", "{\" id\":\"a\"}",
		"{\"choices\":[{\"delta\":{\" content\":\"x\"}}]}", "{'id':null}", "{id:null}", "{\"id\" null}",
		"{\"id\":null \"model\":null}", "{\"id\":\"a\\nb\"}",
		"\xef\xbb\xbf" TEXT("x") };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(docs); i++)
		leaves(docs[i]);
}

/* Every byte counts: a chunk that is cut anywhere is none. */
static void
cut_anywhere(void **state)
{
	static const char doc[] = TEXT("a\\\"b");
	struct chunk_shape shape = { .nbefore = 0 };
	struct buf out = BUF_INIT(4096);
	size_t n;

	(void)state;
	for (n = 0; n < sizeof(doc) - 1; n++)
		assert_false(chunk_read(&shape, doc, n, &out));
	assert_true(chunk_read(&shape, doc, n, &out));
	buf_free(&out);
}

static void
more_than_there_is_room_for(void **state)
{
	static const char doc[] = TEXT("0123456789");
	struct chunk_shape shape = { .nbefore = 0 };
	struct buf out = BUF_INIT(9);

	(void)state;
	assert_false(chunk_read(&shape, doc, strlen(doc), &out));
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* A chunk that has the shape of the one before is read by its text alone. */
static void
same_shape(void **state)
{
	static const struct { const char *doc, *want; } cases[] = {
		{ TEXT("a"), "a" }, { TEXT(""), "" },
		{ TEXT("b\\n\\\"c"), "b\n\"c" }, { TEXT("\\u0041"), NULL },
		{ TEXT("d\"}}]}, \"e"), NULL }, { TEXT("f\\"), NULL },
		{ TEXT("g\x01"), NULL }, { HEAD "\"choices\":[]}", NULL },
		{ DELTA("\"content\":1"), NULL }, { TEXT("h"), "h" },
		{ DELTA("\"content\":\"i\",\"role\":\"assistant\""), "i" },
		{ DELTA("\"content\":\"j\",\"role\":\"assistant\""), "j" },
		{ DELTA("\"content\":\"k\",\"role\":assistant"), NULL },
		{ TEXT("l") "x", NULL }, { TEXT("m"), "m" },
	};
	struct chunk_shape shape = { .nbefore = 0 };
	struct buf out = BUF_INIT(4096);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&out);
		assert_int_equal(chunk_read(&shape, cases[i].doc,
		    strlen(cases[i].doc), &out), cases[i].want != NULL);
		assert_string_equal(out.data, cases[i].want == NULL ? "" :
		    cases[i].want);
	}
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(common_chunks),
		cmocka_unit_test(other_chunks),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(same_shape),
		cmocka_unit_test(more_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
