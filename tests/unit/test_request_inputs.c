/*
 * test_request_inputs: the fields of a body, checked as stages.json has them.
 */
#include "base/utf8.h"
#include "fixture_request.h"

static void
fields(void **state)
{
	(void)state;
	refuses(post(BYTES("{}")), 400, "bad_input",
	    "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"prepTime\": 45}")), 400, "bad_input",
	    "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\"}")), 400,
	    "bad_input", "\"prepTime\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": null, \"prepTime\": 1}")),
	    400, "bad_input", "\"ingredientsOnHand\" is missing");
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1,"
	    " \"extra\": 1}")), 400, "bad_input",
	    "\"extra\" is not a field of this request");
	refuses(post(BYTES("{\"ingredientsonhand\": \"beef\", \"prepTime\": 1}"
	    )), 400, "bad_input", "\"ingredientsonhand\" is not a field");
	refuses(post(BYTES("{\"\": 1}")), 400, "bad_input", "not a field");
}

/* Cut between code points, so that the answer is valid JSON. */
static void
long_field_name_is_cut(void **state)
{
	char body[4000] = "{\"";
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < 500; i++)
		strcat(body, "\xea\xb9\x80");
	strcat(body, "\": 1}");
	v = post(body, strlen(body));
	assert_int_equal(visit(&h, &v), -1);
	assert_true(utf8_valid(h.err.text, strlen(h.err.text)));
	assert_true(strlen(h.err.text) < 120);
	request_free(&h.request);
}

static void
duplicate_fields(void **state)
{
	(void)state;
	takes(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1, "
	    "\"ingredientsOnHand\": \"tofu\", \"prepTime\": 2}")), "tofu",
	    "2");
	/* Not a way around the checks. */
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": 1,"
	    " \"prepTime\": 0}")), 400, "bad_input", "prepTime");
}

static void
words_arrive_unharmed(void **state)
{
	(void)state;
	takes_hand("\"beef, onions\"", "beef, onions");
	takes_hand("\"{{prepTime}} {a} \\\"b\\\" |c| \\\\ <d> &amp; %s\"",
	    "{{prepTime}} {a} \"b\" |c| \\ <d> &amp; %s");
	takes_hand("\"a\\nb\\r\\nc\\td\"", "a\nb\r\nc\td");
	takes_hand("\"\xea\xb9\x80\xec\xb9\x98\"", "\xea\xb9\x80\xec\xb9\x98");
	takes_hand("\"\\uae40\\uce58\"", "\xea\xb9\x80\xec\xb9\x98");
	takes_hand("\"eggs \xf0\x9f\xa5\x9a\"", "eggs \xf0\x9f\xa5\x9a");
	takes_hand("\"eggs \\ud83e\\udd5a\"", "eggs \xf0\x9f\xa5\x9a");
	takes_hand("\"  spaces  \"", "  spaces  ");
	takes_hand("\"\xe2\xae\x91 a \xe2\x80\xa8\"",
	    "\xe2\xae\x91 a \xe2\x80\xa8");
	takes_hand("\"data: x\\n\\nid: 9\"", "data: x\n\nid: 9");
}

static void
control_characters(void **state)
{
	char json[32], words[32];
	int c;

	(void)state;
	for (c = 0; c < 0xa0; c++) {
		if ((c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' ||
		    c == '\r')
			continue;
		snprintf(json, sizeof(json), "\"beef \\u%04x\"", (unsigned)c);
		snprintf(words, sizeof(words), "(U+%04X)", (unsigned)c);
		refuses_hand(json, "bad_input", words);
	}
	takes_hand("\"a\\tb\\nc\\rd\"", "a\tb\nc\rd");
	takes_hand("\"be\\u00a0ef\"", "be\xc2\xa0" "ef");
	/* As bytes of the body. */
	refuses_hand("\"beef \x7f\"", "bad_input", "U+007F");
	refuses_hand("\"beef \xc2\x85\"", "bad_input", "U+0085");
}

/* Whatever is made of half a pair, it is valid text or a clear answer. */
static void
lone_surrogates(void **state)
{
	static const char *const halves[] = { "\\ud800", "\\udfff",
	    "\\udc00\\ud800", "\\ud83c x", "\\ud83c\\u0041" };
	const struct var *var;
	char body[200];
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(halves); i++) {
		snprintf(body, sizeof(body), "{\"ingredientsOnHand\": \"beef "
		    "%s\", \"prepTime\": 45}", halves[i]);
		v = post(body, strlen(body));
		if (visit(&h, &v) == 0) {
			var = vars_get(&h.request.inputs, in_hand);
			assert_true(utf8_valid(var->text, var->len));
			assert_memory_equal(var->text, "beef ", 5);
		} else {
			assert_int_equal(h.err.status, 400);
		}
		request_free(&h.request);
	}
}

static void
not_a_string(void **state)
{
	static const char *const bad[] = { "5", "1.5", "true", "[]", "{}",
	    "[\"beef\"]" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		refuses_hand(bad[i], "bad_input", "must be a string");
}

static void
too_short_and_without_a_letter(void **state)
{
	(void)state;
	refuses_hand("\"\"", "bad_input", "0 characters");
	refuses_hand("\"a\"", "bad_input", "1 characters");
	refuses_hand("\"\xea\xb9\x80\"", "bad_input", "1 characters");
	refuses_hand("\"  \"", "bad_input", "letter");
	refuses_hand("\"12 !?\"", "bad_input", "letter");
	refuses_hand("\"\xf0\x9f\xa5\x9a\xf0\x9f\xa5\x9a\"", "bad_input",
	    "letter");
	takes_hand("\"ei\"", "ei");
	takes_hand("\"\xeb\x91\x90\xeb\xb6\x80\"", "\xeb\x91\x90\xeb\xb6\x80");
	takes_hand("\"1 \xe6\xb0\xb4\"", "1 \xe6\xb0\xb4");
}

/* n times the same code point, and one letter first. */
static struct visit
post_points(struct buf *body, const char *point, int n)
{
	buf_reset(body);
	buf_puts(body, "{\"prepTime\": 45, \"ingredientsOnHand\": \"a");
	while (--n > 0)
		buf_puts(body, point);
	buf_puts(body, "\"}");
	return post(body->data, body->len);
}

static void
longest_text_and_one_more(void **state)
{
	static const char *const points[] = { "b", "\xc3\xa9", "\xea\xb9\x80",
	    "\xf0\x9f\xa5\x9a", "\\n" };
	struct buf body = BUF_INIT(32768);
	struct visit v;
	struct house h;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(points); i++) {
		v = post_points(&body, points[i], 2000);
		if (visit(&h, &v) == -1)
			fail_msg("%s: %s", points[i], h.err.text);
		request_free(&h.request);
		refuses(post_points(&body, points[i], 2001), 400, "bad_input",
		    "has 2001 characters; it takes 2 to 2000");
	}
	buf_free(&body);
}

static void
minutes(void **state)
{
	static const struct { const char *json, *want; } cases[] = {
		{ "45", "45" }, { "\"45\"", "45" }, { "\"045\"", "45" },
		{ "1", "1" }, { "1440", "1440" }, { "\"1\"", "1" },
		{ "\"1440\"", "1440" },
		{ "0", NULL }, { "\"0\"", NULL }, { "1441", NULL },
		{ "\"1441\"", NULL }, { "-1", NULL }, { "\"-1\"", NULL },
		{ "45.5", NULL }, { "\"45.5\"", NULL }, { "\"\"", NULL },
		{ "\"abc\"", NULL }, { "\"45 \"", NULL }, { "\" 45\"", NULL },
		{ "\"+45\"", NULL }, { "\"0x2d\"", NULL }, { "\"4e1\"", NULL },
		{ "\"-\"", NULL }, { "\"--1\"", NULL }, { "\"45min\"", NULL },
		{ "1e9", NULL }, { "1e1", NULL }, { "1e999", NULL },
		{ "\"1e9\"", NULL }, { "null", NULL }, { "true", NULL },
		{ "[45]", NULL }, { "{}", NULL }, { "\"45\\u0000\"", NULL },
		{ "9223372036854775807", NULL },
		{ "9223372036854775808", NULL },
		{ "-9223372036854775808", NULL },
		{ "99999999999999999999999", NULL },
		{ "\"9223372036854775808\"", NULL },
		{ "\"18446744073709551661\"", NULL },
		{ "\"4294967341\"", NULL }, { "4294967341", NULL },
		{ "\"\xef\xbc\x94\xef\xbc\x95\"", NULL },
	};
	char body[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(body, sizeof(body), "{\"ingredientsOnHand\": \"beef"
		    "\", \"prepTime\": %s}", cases[i].json);
		if (cases[i].want != NULL)
			takes(post(body, strlen(body)), "beef", cases[i].want);
		else
			refuses(post(body, strlen(body)), 400, "bad_input",
			    "\"prepTime\"");
	}
}

/* A number that does not fit into 64 bits is not told as another one. */
static void
numbers_without_end(void **state)
{
	static const struct { const char *json, *why; } cases[] = {
		{ "99999999999999999999", "\"prepTime\" is too large; it takes"
		    " 1 to 1440" },
		{ "-99999999999999999999", "\"prepTime\" is too small" },
		{ "18446744073709551616", "\"prepTime\" is too large" },
		{ "\"99999999999999999999\"", "\"prepTime\" is too large" },
		{ "\"-99999999999999999999\"", "\"prepTime\" is too small" },
		{ "9000", "\"prepTime\" is 9000; it takes" },
		{ "\"999999999999999999\"", "is 999999999999999999; it" },
	};
	char body[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(body, sizeof(body), "{\"ingredientsOnHand\": \"beef"
		    "\", \"prepTime\": %s}", cases[i].json);
		refuses(post(body, strlen(body)), 400, "bad_input",
		    cases[i].why);
	}
}

static void
optional_inputs(void **state)
{
	struct visit v = post(BYTES("{\"ingredientsOnHand\": \"beef\", "
	    "\"prepTime\": 45, \"note\": \"12345\"}"));
	struct house h;

	(void)state;
	assert_int_equal(visit(&h, &v), 0);
	assert_string_equal(vars_get(&h.request.inputs, in_note)->text,
	    "12345");
	request_free(&h.request);
	refuses(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": "
	    "45, \"note\": \"12345678901\"}")), 400, "bad_input", "\"note\"");
	takes(post(BYTES("{\"ingredientsOnHand\": \"beef\", \"prepTime\": "
	    "45, \"note\": null}")), "beef", "45");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(long_field_name_is_cut),
		cmocka_unit_test(duplicate_fields),
		cmocka_unit_test(words_arrive_unharmed),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(lone_surrogates),
		cmocka_unit_test(not_a_string),
		cmocka_unit_test(too_short_and_without_a_letter),
		cmocka_unit_test(longest_text_and_one_more),
		cmocka_unit_test(minutes),
		cmocka_unit_test(numbers_without_end),
		cmocka_unit_test(optional_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
