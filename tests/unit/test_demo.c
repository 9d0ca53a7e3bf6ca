/*
 * test_demo: the cook's words.
 */
#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "model/demo.h"
#include "model/job.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

/* What the cook writes by these words for these variables (JSON). */
static const char *
cook(const char *words, const char *vars, bool is_list, struct buf *out)
{
	struct stage_spec spec = { .is_list = is_list };

	spec.demo = strdup(words);
	assert_non_null(spec.demo);
	buf_reset(out);
	demo_write(&spec, vars, strlen(vars), out);
	free(spec.demo);
	return out->data;
}

static const char vars[] = "{\"word\":\"beef\",\"two\":\"beef, red onions\","
    "\"many\":\"a, b; c\\nd ,, e.,\\t f\\r\\n g,h,i,j\",\"none\":\"\","
    "\"odd\":\" ,;. \\n\",\"quote\":\"a \\\"b\\\" \\\\ c\","
    "\"lines\":\"one\\r\\n- two\\tx\\n\\nthree\\u0007y\","
    "\"braces\":\"{{word}} [[x|y]]\","
    "\"korean\":\"\xea\xb9\x80\xec\xb9\x98, \xeb\x91\x90\xeb\xb6\x80\"}";

static void
words(void **state)
{
	static const struct { const char *words, *want; } cases[] = {
		{ "plain", "plain" }, { "", "" },
		{ "two\nlines\n\n", "two\nlines" },
		{ "{{word}}!", "beef!" }, { "{{absent}}!", "!" },
		{ "{{?word}}", "beef" }, { "{{?none}}!", "!" },
		{ "{{?odd}}!", "!" }, { "{{?absent}}!", "!" },
		{ "{{#two}}<{{.}}>{{/two}}", "<beef><red onions>" },
		{ "{{#none}}<{{.}}>{{/none}}!", "!" },
		{ "{{#absent}}x{{/absent}}!", "!" },
		{ "{{^absent}}x{{/absent}}!", "x!" },
		{ "{{^none}}x{{/none}}{{^word}}y{{/word}}!", "x!" },
		{ "{{#many}}{{.}} {{/many}}", "a b c d e f g h " },
		{ "{{#korean}}[{{.}}]{{/korean}}",
		    "[\xea\xb9\x80\xec\xb9\x98][\xeb\x91\x90\xeb\xb6\x80]" },
		{ "{{#two}}{{word}} {{/two}}", "beef beef " },
		{ "[[one]]", "one" }, { "[[a|a]]!", "a!" },
		{ "[[{{word}}]]", "beef" },
		{ "{{#two}}[[<{{.}}>]]{{/two}}", "<beef><red onions>" },
		{ "{{quote}}", "a \"b\" \\ c" },
		{ "{{braces}}", "{{word}} [[x|y]]" },
		{ "{ [ ] } {x} [x]", "{ [ ] } {x} [x]" },
		{ "{{lines}}", "one\n- two\tx\n\nthree y" },
		{ "<{{#lines}}({{.}}){{/lines}}>", "<(one)(- two\tx)(three "
		    "y)>" },
	};
	struct buf out = BUF_INIT(10000);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_string_equal(cook(cases[i].words, vars, false, &out),
		    cases[i].want);
	buf_free(&out);
}

/* Words that somebody has not finished writing must not break it. */
static void
words_cut_anywhere(void **state)
{
	static const char all[] = "a {{word}} {{?two}} [[x|{{word}}]] "
	    "{{#two}}[[a|b {{.}}]]{{/two}} {{.}} {{}} {{#}} [[]] [[|]] end";
	char text[sizeof(all)];
	struct buf out = BUF_INIT(10000);
	size_t n, from;

	(void)state;
	for (from = 0; from < sizeof(all); from++)
		for (n = 0; from + n < sizeof(all); n++) {
			snprintf(text, n + 1, "%s", all + from);
			cook(text, vars, false, &out);
			assert_false(out.failed);
		}
	buf_free(&out);
}

static void
drawn_anew(void **state)
{
	struct buf out = BUF_INIT(10000);
	size_t i, a = 0, b = 0, c = 0, beef = 0;

	(void)state;
	for (i = 0; i < 200; i++) {
		cook("[[a|b|c]]", vars, false, &out);
		a += out.data[0] == 'a';
		b += out.data[0] == 'b';
		c += out.data[0] == 'c';
		assert_int_equal(out.len, 1);
		cook("{{?two}}", vars, false, &out);
		beef += strcmp(out.data, "beef") == 0;
		assert_true(out.len == 4 || out.len == 10);
	}
	assert_int_equal(a + b + c, 200);
	assert_true(a > 0 && b > 0 && c > 0);
	assert_true(beef > 0 && beef < 200);
	buf_free(&out);
}

static void
items_are_short(void **state)
{
	struct buf text = BUF_INIT(10000), out = BUF_INIT(10000);
	int i;

	(void)state;
	buf_puts(&text, "{\"v\":\"");
	for (i = 0; i < 100; i++)
		buf_puts(&text, i % 2 == 0 ? "\xea\xb9\x80" :
		    "\xf0\x9f\x8d\xb3");
	buf_puts(&text, "\"}");
	cook("{{?v}}", text.data, false, &out);
	assert_int_equal(utf8_count(out.data, out.len), 40);
	assert_true(utf8_valid(out.data, out.len));
	cook("{{#v}}{{.}}{{/v}}", text.data, false, &out);
	assert_int_equal(utf8_count(out.data, out.len), 40);
	buf_free(&text);
	buf_free(&out);
}

static void
variables_that_are_none(void **state)
{
	static const char *const bad[] = { "", "null", "[]", "no json",
	    "{\"word\":5}", "{\"word\":\"a\\u0000b\"}" };
	struct buf out = BUF_INIT(10000);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		cook("x{{word}}{{?word}}{{#word}}{{.}}{{/word}}", bad[i],
		    false, &out);
		assert_int_equal(out.data[0], 'x');
	}
	buf_free(&out);
}

/* In a list a value is the inside of a JSON string. */
static void
values_in_a_list(void **state)
{
	static const char nasty[] = "{\"word\":\"\\\"},{\\\"name\\\":\\\"x"
	    "\\\\\\n\\t\\u0001\\u007f\xea\xb9\x80\\r\\\\\"}";
	struct buf out = BUF_INIT(10000);
	struct json *json;
	const char *name;

	(void)state;
	cook("[{\"name\": \"{{word}}\", \"intro\": \"{{?word}}{{#word}}{{.}}"
	    "{{/word}}\"}]", nasty, true, &out);
	json = json_parse(out.data, out.len, 4, true, NULL, NULL);
	assert_non_null(json);
	assert_int_equal(json_count(json), 1);
	assert_int_equal(json_count(json_at(json, 0)), 2);
	name = json_string(json_get(json_at(json, 0), "name"), NULL);
	unit_assert_has(name, "\"},{\"name\":\"x\\");
	unit_assert_has(name, "\xea\xb9\x80");
	assert_null(strchr(name, '\n'));
	json_free(json);
	buf_free(&out);
}

/* As in a template; but a string of JSON has one line. */
static void
values_keep_their_lines(void **state)
{
	static const char v[] = "{\"v\":\"a\\nb\\r\\nc\\td\\u0001e\"}";
	struct buf out = BUF_INIT(10000);

	(void)state;
	cook("{{v}}", v, false, &out);
	assert_string_equal(out.data, "a\nb\nc\td e");
	cook("[\"{{v}}\"]", v, true, &out);
	assert_string_equal(out.data, "[\"a b c d e\"]");
	buf_free(&out);
}

static void
part_without_words(void **state)
{
	static char part[] = "sign", name[] = "name", intro[] = "intro";
	static char *fields[] = { name, intro, NULL };
	struct stage_spec spec = { .part = part };
	struct buf out = BUF_INIT(10000);
	struct json *json;

	(void)state;
	demo_write(&spec, vars, strlen(vars), &out);
	unit_assert_has(out.data, "\"sign\"");
	buf_reset(&out);
	spec.is_list = true;
	spec.list = (struct list_spec){ 3, fields, 2, NULL };
	demo_write(&spec, vars, strlen(vars), &out);
	json = json_parse(out.data, out.len, 4, true, NULL, NULL);
	assert_int_equal(json_count(json), 3);
	assert_non_null(json_string(json_get(json_at(json, 2), "intro"),
	    NULL));
	json_free(json);
	buf_free(&out);
}

/* --- the recipes of this tree --------------------------------------------- */

static const char *const visitors[] = { "beef flank, onions, peppers",
    "\xea\xb9\x80\xec\xb9\x98, \xeb\x91\x90\xeb\xb6\x80", "ei",
    "a \"b\" {c} |d| \\ 'e' <f>", "{{prepTime}} [[x|y]]",
    "eggs \xf0\x9f\xa5\x9a\nmilk\r\nflour; salt", "asdf qwer zxcv", "a,,,,,;",
    "!!! ??? x" };

static void
load_recipes(struct graph *graph)
{
	struct err err = ERR_INIT;
	char dir[512];

	*graph = (struct graph)GRAPH_INIT;
	snprintf(dir, sizeof(dir), "%s/../prompts", unit_tests_dir());
	setenv("RECIPE_PROMPTS", dir, 1);
	if (graph_load(graph, &err) == -1)
		fail_msg("%s", err.text);
}

/* The JSON that a run would give it. */
static void
variables_of(const char *hand, struct buf *out)
{
	struct json *json = json_new_object();

	json_set_string(json, "ingredientsOnHand", hand);
	json_set_string(json, "prepTime", "37");
	json_set_string(json, "recipe.name", "Chopsticks' \"Pie\"");
	json_set_string(json, "recipe.intro", "Good.");
	json_set_string(json, "add", "1 pound of it\n2 more");
	buf_reset(out);
	json_write(json, out);
	json_free(json);
}

/* Valid text, none of the words' own marks in it, and a list that is one. */
static void
check_part(const struct stage_spec *s, const char *hand, const struct buf *out)
{
	struct json *json;

	assert_false(out->failed);
	assert_true(out->len > 10);
	assert_true(utf8_valid(out->data, out->len));
	if (strstr(hand, "{{") == NULL) {
		unit_assert_lacks(out->data, "{{");
		unit_assert_lacks(out->data, "[[");
	}
	if (!s->is_list)
		return;
	json = json_parse(out->data, out->len, 4, true, NULL, NULL);
	if (json_count(json) != 3)
		fail_msg("%s: %s", hand, out->data);
	json_free(json);
}

static void
recipes_for_everybody(void **state)
{
	struct buf text = BUF_INIT(10000), out = BUF_INIT(100000);
	struct graph graph;
	size_t v, i, round;

	(void)state;
	load_recipes(&graph);
	for (v = 0; v < COUNT(visitors); v++) {
		variables_of(visitors[v], &text);
		for (i = 0; i < graph.n; i++)
			for (round = 0; !graph.stages[i].is_each && round < 5;
			    round++) {
				buf_reset(&out);
				demo_write(&graph.stages[i], text.data,
				    text.len, &out);
				check_part(&graph.stages[i], visitors[v],
				    &out);
			}
	}
	graph_free(&graph);
	buf_free(&text);
	buf_free(&out);
}

/* All parts of one run in one text. */
static void
write_all(const struct graph *graph, const char *hand, struct buf *out)
{
	struct buf text = BUF_INIT(10000);
	size_t i;

	variables_of(hand, &text);
	buf_reset(out);
	for (i = 0; i < graph->n; i++)
		if (!graph->stages[i].is_each)
			demo_write(&graph->stages[i], text.data, text.len,
			    out);
	buf_free(&text);
}

static void
recipes_from_the_visitors_own(void **state)
{
	struct buf out = BUF_INIT(100000), again = BUF_INIT(100000);
	struct graph graph;

	(void)state;
	load_recipes(&graph);
	write_all(&graph, "unicorn flank, moonbeams", &out);
	unit_assert_has(out.data, "unicorn flank");
	unit_assert_has(out.data, "moonbeams");
	unit_assert_has(out.data, "37");
	write_all(&graph, "unicorn flank, moonbeams", &again);
	assert_string_not_equal(out.data, again.data);
	graph_free(&graph);
	buf_free(&out);
	buf_free(&again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(words_cut_anywhere),
		cmocka_unit_test(drawn_anew),
		cmocka_unit_test(items_are_short),
		cmocka_unit_test(variables_that_are_none),
		cmocka_unit_test(values_in_a_list),
		cmocka_unit_test(values_keep_their_lines),
		cmocka_unit_test(part_without_words),
		cmocka_unit_test(recipes_for_everybody),
		cmocka_unit_test(recipes_from_the_visitors_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
