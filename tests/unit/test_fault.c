/*
 * test_fault: the words of an error, and what is quoted of them.
 */
#include <string.h>

#include "base/buf.h"
#include "model/fault.h"
#include "text/json.h"
#include "unit.h"

static void
words_of_every_shape(void **state)
{
	static const struct { const char *json, *want; } cases[] = {
		{ "{\"error\":{\"message\":\"No\"}}", "No" },
		{ "{\"error\":\"No\"}", "No" },
		{ "[{\"error\":{\"message\":\"No\"}}]", "No" },
		{ "{\"object\":\"error\",\"message\":\"No\"}", "No" },
		{ "{\"detail\":[{\"msg\":\"No\"}]}", "No" },
		{ "{\"base_resp\":{\"status_code\":7,\"status_msg\":\"No\"}}",
		    "No" },
		{ "{\"error\":{\"code\":7}}", "no reason given" },
		{ "{\"choices\":[],\"detail\":\"fine\"}", NULL },
		{ "{\"error\":null,\"choices\":[]}", NULL },
		{ "\"No\"", NULL }, { "[]", NULL },
	};
	const char *text;
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json = json_parse(cases[i].json, strlen(cases[i].json), 16,
		    false, NULL, NULL);
		text = fault_text(json);
		if (cases[i].want == NULL)
			assert_null(text);
		else
			assert_string_equal(text, cases[i].want);
		json_free(json);
	}
}

static void
quotes(const char *text, const char *want)
{
	struct buf out = BUF_INIT(4096);

	fault_quote(text, "sk-0123456789/x", &out);
	assert_string_equal(out.data, want);
	buf_free(&out);
}

static void
one_clean_line_without_the_key(void **state)
{
	(void)state;
	quotes("", "");
	quotes("a\r\nb\tc", "a  b c");
	quotes("bad \xc3 byte", "bad \xef\xbf\xbd byte");
	quotes("key sk-0123456789/x, sk-0123456789\\/x", "key ***, ***");
	quotes("\xc3sk-0123456789%2Fx\xa9", "\xef\xbf\xbd***\xef\xbf\xbd");
}

/* Wherever the line is cut, the key was hidden before. */
static void
no_half_of_a_key(void **state)
{
	static const char key[] = "sk-0123456789/x";
	char text[FAULT_QUOTE_MAX + sizeof(key)];
	struct buf out = BUF_INIT(4096);
	size_t n;

	(void)state;
	for (n = FAULT_QUOTE_MAX - sizeof(key); n < FAULT_QUOTE_MAX; n++) {
		memset(text, '.', n);
		memcpy(text + n, key, sizeof(key));
		fault_quote(text, key, &out);
		assert_true(out.len <= FAULT_QUOTE_MAX);
		assert_null(strstr(out.data, "sk"));
		buf_reset(&out);
	}
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_every_shape),
		cmocka_unit_test(one_clean_line_without_the_key),
		cmocka_unit_test(no_half_of_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
