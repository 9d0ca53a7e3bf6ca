/*
 * test_fields: a form's body, and bodies that are none.
 */
#include "text/fields.h"
#include "text/json.h"
#include "unit.h"

/* The fields of n bytes as a JSON document, in out. */
static const char *
parse(const char *text, size_t n, struct buf *out)
{
	struct json *json;
	char *copy = malloc(n + 1);

	/* Of its own size, so that a sanitizer sees who reads beyond. */
	assert_non_null(copy);
	copy = realloc(memcpy(copy, text, n), n > 0 ? n : 1);
	json = fields_parse(copy, n);
	free(copy);
	assert_non_null(json);
	buf_reset(out);
	json_write(json, out);
	json_free(json);
	return out->data;
}

static void
forms(void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "", "{}" },
		{ "a=b", "{\"a\":\"b\"}" },
		{ "a=b&c=d", "{\"a\":\"b\",\"c\":\"d\"}" },
		{ "&&a=b&&", "{\"a\":\"b\"}" },
		{ "a=1&a=2", "{\"a\":\"2\"}" },
		{ "a", "{\"a\":\"\"}" },
		{ "a=", "{\"a\":\"\"}" },
		{ "=b", "{\"\":\"b\"}" },
		{ "a=b=c", "{\"a\":\"b=c\"}" },
		{ "a=1+2%2B3", "{\"a\":\"1 2+3\"}" },
		{ "a%3db=%26%3D%25", "{\"a=b\":\"&=%\"}" },
		{ "a=%41%6a%6A", "{\"a\":\"Ajj\"}" },
		{ "a=%EA%B9%80", "{\"a\":\"\xea\xb9\x80\"}" },
		/* A percent sign before anything else is itself. */
		{ "a=%", "{\"a\":\"%\"}" },
		{ "a=%4", "{\"a\":\"%4\"}" },
		{ "a=%zz%4g%%41", "{\"a\":\"%zz%4g%A\"}" },
		{ "a=%4&1=b", "{\"a\":\"%4\",\"1\":\"b\"}" },
		/* The lines of a form. */
		{ "a=x%0D%0Ay%0d%0a", "{\"a\":\"x\\ny\\n\"}" },
		{ "a=x%0Ay%0Dz", "{\"a\":\"x\\ny\\rz\"}" },
		{ "a=%0D%0D%0A", "{\"a\":\"\\r\\n\"}" },
		{ "a=%0D&b=%0A", "{\"a\":\"\\r\",\"b\":\"\\n\"}" },
	};
	struct buf out = BUF_INIT(1000);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(parse(cases[i].text, strlen(cases[i].text),
		    &out), cases[i].want);
	buf_free(&out);
}

/* Bytes are kept, whatever they are; whoever needs UTF-8 checks it. */
static void
bytes(void **state)
{
	struct json *json = fields_parse(BYTES("a=%FF%00\xfe&b=\0c"));
	const char *s;
	size_t n;

	(void)state;
	assert_non_null(json);
	s = json_string(json_get(json, "a"), &n);
	assert_int_equal(n, 3);
	assert_memory_equal(s, "\xff\0\xfe", 3);
	s = json_string(json_get(json, "b"), &n);
	assert_int_equal(n, 2);
	assert_memory_equal(s, "\0c", 2);
	json_free(json);
}

static void
cut_anywhere(void **state)
{
	static const char all[] = "a%3D=b%20c&&d=%0D%0A+%&%E=%";
	struct buf out = BUF_INIT(1000);
	size_t from, n;

	(void)state;
	for (from = 0; from < sizeof(all); from++)
		for (n = 0; from + n < sizeof(all); n++)
			parse(all + from, n, &out);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(bytes),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
