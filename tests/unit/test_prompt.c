/*
 * test_prompt: templates, and that nothing put into one is looked at again.
 */
#include "base/vars.h"
#include "text/prompt.h"
#include "unit.h"

/* Renders a template with a few variables; fails where it does not parse. */
static void
render(const char *text, size_t n, enum prompt_escape escape, struct buf *out)
{
	struct prompt prompt = PROMPT_INIT;
	struct vars vars = VARS_INIT;
	char why[PROMPT_WHY_BYTES] = "";
	int line = 0;

	vars_set(&vars, "name", BYTES("Beef"));
	vars_set(&vars, "recipe.name", BYTES("Pie"));
	vars_set(&vars, "a_1", BYTES("A"));
	vars_set(&vars, "empty", BYTES(""));
	vars_set(&vars, "nasty", BYTES("{{name}}}} {{ %s \\ |\r\n"
	    "\xf0\x9f\x8d\xb3"));
	vars_set(&vars, "html", BYTES("<b>\"Tom\" & 'Jo'</b>&amp;{{name}}"));
	if (prompt_parse(&prompt, text, n, why, &line) == -1)
		fail_msg("%s: line %d: %s", text, line, why);
	buf_reset(out);
	assert_int_equal(prompt_render(&prompt, &vars, escape, out), 0);
	prompt_free(&prompt);
	prompt_free(&prompt);
	vars_free(&vars);
}

static void
templates(void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "", "" },
		{ "\n", "" },
		{ "\n\n", "\n" },
		{ "plain words", "plain words" },
		{ "plain words\n", "plain words" },
		{ "two\nlines\n\n", "two\nlines\n" },
		{ "{{name}}", "Beef" },
		{ "{{name}}\n", "Beef" },
		{ "{{name}}{{name}}", "BeefBeef" },
		{ "a {{name}}, b {{recipe.name}} c", "a Beef, b Pie c" },
		{ "{{ name }}", "Beef" },
		{ "{{\t name\n}}", "Beef" },
		{ "{{a_1}}", "A" },
		{ "[{{empty}}]", "[]" },
		{ "[{{absent}}]", "[]" },
		{ "{name} { {name}} }}", "{name} { {name}} }}" },
		{ "{\"a\": {\"b\": 1} }", "{\"a\": {\"b\": 1} }" },
		{ "100 % {{name}} %s", "100 % Beef %s" },
		{ "\xea\xb9\x80{{name}}\xf0\x9f\x8d\xb3",
		    "\xea\xb9\x80" "Beef\xf0\x9f\x8d\xb3" },
		{ "{", "{" }, { "}", "}" }, { "}}", "}}" },
		{ "end {", "end {" },
		{ "{{#name}}for {{name}}{{/name}}.", "for Beef." },
		{ "{{^name}}for none{{/name}}.", "." },
		{ "{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}", "none" },
		{ "{{#absent}}x{{/absent}}{{^absent}}none{{/absent}}", "none" },
		{ "{{# name }}a{{#a_1}}b{{^empty}}c{{/empty}}{{/a_1}}{{/ name}}",
		    "abc" },
		{ "{{#empty}}a{{#name}}b{{/name}}c{{/empty}}d", "d" },
		{ "{{#name}}{{/name}}", "" },
	};
	struct buf out = BUF_INIT(1000);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		render(cases[i].text, strlen(cases[i].text), PROMPT_PLAIN,
		    &out);
		assert_string_equal(out.data, cases[i].want);
	}
	buf_free(&out);
}

static void
values_are_left_alone(void **state)
{
	struct buf out = BUF_INIT(1000);

	(void)state;
	render(BYTES("<{{nasty}}>"), PROMPT_PLAIN, &out);
	assert_string_equal(out.data, "<{{name}}}} {{ %s \\ |\r\n"
	    "\xf0\x9f\x8d\xb3>");
	buf_free(&out);
}

static void
html_escapes_values_alone(void **state)
{
	struct buf out = BUF_INIT(1000);

	(void)state;
	render(BYTES("<li>{{html}}</li> &nbsp; \"'"), PROMPT_HTML, &out);
	assert_string_equal(out.data, "<li>&lt;b&gt;&quot;Tom&quot; &amp; "
	    "&#39;Jo&#39;&lt;/b&gt;&amp;amp;{{name}}</li> &nbsp; \"'");
	buf_free(&out);
}

/* A file may hold anything: a NUL is a byte as any other. */
static void
template_with_a_nul(void **state)
{
	struct buf out = BUF_INIT(1000);

	(void)state;
	render(BYTES("a\0b{{name}}c\0"), PROMPT_PLAIN, &out);
	assert_int_equal(out.len, 9);
	assert_memory_equal(out.data, "a\0bBeefc\0", 10);
	buf_free(&out);
}

static void
value_with_a_nul(void **state)
{
	struct prompt prompt = PROMPT_INIT;
	struct vars vars = VARS_INIT;
	struct buf out = BUF_INIT(10);
	char why[PROMPT_WHY_BYTES] = "";
	int line;

	(void)state;
	vars_set(&vars, "v", BYTES("a\0<"));
	prompt_parse(&prompt, BYTES("{{v}}"), why, &line);
	prompt_render(&prompt, &vars, PROMPT_HTML, &out);
	assert_int_equal(out.len, 6);
	assert_memory_equal(out.data, "a\0&lt;", 7);
	prompt_free(&prompt);
	vars_free(&vars);
	buf_free(&out);
}

static void
faults_and_their_lines(void **state)
{
	static const struct { const char *text; int line; const char *why; }
	    cases[] = {
		{ "{{", 1, "\"{{\" is without its \"}}\"" },
		{ "{{name", 1, "\"{{name\" is without" },
		{ "{{name}", 1, "\"{{name}\" is without" },
		{ "a\nb\n{{name\nmore", 3, "\"{{name\" is without" },
		{ "{{name}}\n\n{{\n", 3, "without its" },
		{ "{{}}", 1, "no name of a variable" },
		{ "{{  }}", 1, "no name of a variable" },
		{ "\n{{two words}}", 2, "braces of \"{{two words}}\"; a name" },
		{ "{{a+b}}", 1, "\"{{a+b}}\"" },
		{ "{{{name}}}", 1, "no name of a variable" },
		{ "{{#name}}", 1, "\"{{#name}}\" has no \"{{/name}}\"" },
		{ "a\n{{#name}}\nb", 2, "\"{{#name}}\" has no" },
		{ "{{#a}}\n{{^b}}\n{{/b}}\n{{^c}}", 4,
		    "\"{{^c}}\" has no \"{{/c}}\" that ends it" },
		{ "{{/name}}", 1, "\"{{/name}}\" ends a condition that was not "
		    "begun; write \"{{#name}}\" before it" },
		{ "{{#name}}\n{{/other}}", 2, "\"{{/other}}\" must be "
		    "\"{{/name}}\", since \"{{#name}}\" in line 1 began last" },
		{ "{{#a}}{{^b}}\n{{/a}}{{/b}}", 2, "\"{{/a}}\" must be "
		    "\"{{/b}}\", since \"{{^b}}\" in line 1" },
		{ "{{#name}}{{/name}}{{/name}}", 1, "was not begun" },
		{ "{{#}}x{{/}}", 1, "no name of a variable" },
		{ "{{##name}}{{/name}}", 1, "no name of a variable" },
		{ "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}\n{{#b}}",
		    2, "\"{{#b}}\" is nested too deeply" },
		{ "{{n\xc3\xa4me}}", 1, "\"{{n\xc3\xa4me}}\"" },
		{ "{{a {{name}} b", 1, "\"{{a {{name}}\"" },
		/* Cut between two code points, not in one. */
		{ "{{\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3\xf0\x9f"
		    "\x8d\xb3\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3"
		    "\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3 \xf0\x9f\x8d\xb3}}", 1,
		    "\xf0\x9f\x8d\xb3 }}\"" },
	};
	struct prompt prompt = PROMPT_INIT;
	char why[PROMPT_WHY_BYTES] = "";
	size_t i;
	int line;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		line = 0;
		if (prompt_parse(&prompt, cases[i].text, strlen(cases[i].text),
		    why, &line) != -1)
			fail_msg("%s was taken", cases[i].text);
		assert_int_equal(line, cases[i].line);
		unit_assert_has(why, cases[i].why);
		prompt_free(&prompt);
	}
}

static void
longer_than_the_buffer(void **state)
{
	struct prompt prompt = PROMPT_INIT;
	struct vars vars = VARS_INIT;
	struct buf out = BUF_INIT(7);
	char why[PROMPT_WHY_BYTES] = "";
	int line;

	(void)state;
	vars_set(&vars, "v", BYTES("abcd"));
	assert_int_equal(prompt_parse(&prompt, BYTES("xyz{{v}}"), why, &line),
	    0);
	assert_int_equal(prompt_render(&prompt, &vars, PROMPT_PLAIN, &out), 0);
	assert_string_equal(out.data, "xyzabcd");
	buf_reset(&out);
	vars_set(&vars, "v", BYTES("abcde"));
	assert_int_equal(prompt_render(&prompt, &vars, PROMPT_PLAIN, &out),
	    -1);
	prompt_free(&prompt);
	vars_free(&vars);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates),
		cmocka_unit_test(values_are_left_alone),
		cmocka_unit_test(html_escapes_values_alone),
		cmocka_unit_test(template_with_a_nul),
		cmocka_unit_test(value_with_a_nul),
		cmocka_unit_test(faults_and_their_lines),
		cmocka_unit_test(longer_than_the_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
