/*
 * test_page: where the template of the HTML answer is, and what may stand in
 * it.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/vars.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "unit.h"

/* A graph with an input, a list with a pick, a text, and an each. */
static void
load(struct graph *graph, const char *dir)
{
	struct err err = ERR_INIT;
	char path[256];

	unit_write(dir, "stages.json", "{\"inputs\": {\"word\": "
	    "{\"type\": \"text\"}}, \"stages\": [{\"part\": \"ideas\", "
	    "\"list\": {\"items\": 3, \"fields\": [\"name\"], \"pick\": "
	    "\"it\"}}, {\"part\": \"rest\", \"each\": \"ideas\"}, "
	    "{\"part\": \"text\", \"needs\": [\"it\"]}]}", 0600, path);
	unit_write(dir, "ideas.txt", "{{word}}", 0600, path);
	unit_write(dir, "rest.txt", "{{name}}", 0600, path);
	unit_write(dir, "text.txt", "{{it.name}}", 0600, path);
	setenv("RECIPE_PROMPTS", dir, 1);
	*graph = (struct graph)GRAPH_INIT;
	if (graph_load(graph, &err) == -1)
		fail_msg("%s", err.text);
}

/* A template of these bytes, NULL for none; what page_load says of it. */
static int
try(const char *dir, const char *text, struct err *err)
{
	struct graph graph;
	char path[256];
	int rc;

	*err = (struct err)ERR_INIT;
	load(&graph, dir);
	if (text != NULL)
		unit_write(dir, "plain.html", text, 0600, path);
	rc = page_load(&graph, NULL, err);
	assert_int_equal(graph.page.n > 0, rc == 0 && text != NULL);
	graph_free(&graph);
	return rc;
}

static void
every_name(void **state)
{
	struct err err;

	setenv("RECIPE_HTDOCS", *state, 1);
	if (try(*state, "<p>{{text}}{{rest}}{{ideas}}{{it.name}}{{word}}"
	    "{{#demo}}{{demo}}{{/demo}}{{^error}}fine{{/error}}"
	    "{{.lang}}{{#.pt-BR}}sim{{/.pt-BR}}{{^.en}}oui{{/.en}}"
	    "{{.title.rest}}{{.title.text}}{{#.note.cut}}cut{{/.note.cut}}",
	    &err) == -1)
		fail_msg("%s", err.text);
}

static void
names_of_nothing(void **state)
{
	static const char *const cases[] = {
		"other", "it", "it.", "it.other", "its.name", "text.name",
		"rest.name", "ideas.name", "demos", "Word", ".en", ".title.it",
		".title", ".note.cut", "#.note.x}}{{/.note.x",
	};
	struct err err;
	char text[64];
	size_t i;

	setenv("RECIPE_HTDOCS", *state, 1);
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "<p>{{text}} {{%s}}", cases[i]);
		assert_int_equal(try(*state, text, &err), -1);
		assert_int_equal(err.status, 503);
		assert_string_equal(err.code, "config");
		unit_assert_has(err.text, "plain.html:1: {{");
		/* The name of a condition is said without its sign. */
		unit_assert_has(err.text, strcmp(cases[i], "#.note.x}}"
		    "{{/.note.x") == 0 ? "{{.note.x}}" : cases[i]);
	}
}

static void
no_template(void **state)
{
	struct err err;

	setenv("RECIPE_HTDOCS", *state, 1);
	assert_int_equal(try(*state, "<p>{{#text}}", &err), -1);
	unit_assert_has(err.text, "plain.html:1: ");
	assert_int_equal(try(*state, "<p>\n\n{{text", &err), -1);
	unit_assert_has(err.text, "plain.html:3: ");
	assert_int_equal(try(*state, "\xff", &err), -1);
	unit_assert_has(err.text, "plain.html:1: this line is not UTF-8");
}

/* What the template has at a piece. */
static void
has_piece(const struct prompt *page, size_t at, const char *text)
{
	assert_true(at < page->n);
	assert_string_equal(page->pieces[at].text, text);
}

static void
any_graph(void **state)
{
	struct err err = ERR_INIT;
	struct graph graph;
	char path[256];

	setenv("RECIPE_HTDOCS", *state, 1);
	load(&graph, *state);
	unit_write(*state, "any.html", "<b>{{site}}</b>{{fields}}{{parts}}",
	    0600, path);
	unit_write(*state, "plain.html", "{{others}} {{fields}}", 0600, path);
	assert_int_equal(page_load(&graph, "A {{text}} & B", &err), 0);
	has_piece(&graph.form, 0, "<b>A &#123;&#123;text}} &amp; B</b>");
	has_piece(&graph.form, 1, "fields");
	has_piece(&graph.page, 2, "<section data-part=\"ideas\"><h2>");
	has_piece(&graph.page, 3, ".title.ideas");
	has_piece(&graph.page, 4, "</h2><div class=\"text\" dir=\"auto\"><p>"
	    "<b>");
	has_piece(&graph.page, 5, "it.name");
	has_piece(&graph.page, 7, "ideas");
	has_piece(&graph.page, 9, ".title.rest");
	has_piece(&graph.page, 11, "rest");
	has_piece(&graph.page, 15, "text");
	graph_free(&graph);

	/* Meant for this graph: it is complained of, and the form is there. */
	load(&graph, *state);
	unit_write(*state, "plain.html", "{{text}} {{others}}", 0600, path);
	assert_int_equal(page_load(&graph, NULL, &err), -1);
	unit_assert_has(err.text, "plain.html:1: {{others}}");
	assert_int_equal(graph.page.n, 0);
	has_piece(&graph.form, 0, "<b>recipe.fcgi</b>");
	graph_free(&graph);
}

/* $RECIPE_HTDOCS first; the document root under plain CGI alone. */
static void
where(void **state)
{
	struct err err;

	setenv("RECIPE_HTDOCS", "/nowhere", 1);
	setenv("DOCUMENT_ROOT", *state, 1);
	unsetenv("GATEWAY_INTERFACE");
	assert_int_equal(try(*state, NULL, &err), 0);
	setenv("GATEWAY_INTERFACE", "CGI/1.1", 1);
	assert_int_equal(try(*state, "<p>{{text}}", &err), 0);
	assert_int_equal(try(*state, "<p>{{other}}", &err), -1);
	unsetenv("GATEWAY_INTERFACE");
	unsetenv("DOCUMENT_ROOT");
}

/* Which language a piece is for, and what a block has. */
static void
languages(void **state)
{
	static const char text[] = "{{.lang}}{{#.ko}}a{{/.ko}}{{#.pt-BR}}b"
	    "{{/.pt-BR}}{{#.note.cut}}c{{#x}}d{{/x}}{{/.note.cut}}{{#y}}{{/y}}";
	static const char *const codes[] = { NULL, "ko", NULL, NULL, "pt-BR",
	    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL };
	struct prompt page = PROMPT_INIT;
	struct buf out = BUF_INIT(100);
	struct vars vars = VARS_INIT;
	char why[PROMPT_WHY_BYTES] = "";
	int line;
	size_t i;

	(void)state;
	assert_int_equal(prompt_parse(&page, text, strlen(text), why, &line),
	    0);
	assert_int_equal(page.n, COUNT(codes));
	for (i = 0; i < page.n; i++)
		if (codes[i] == NULL)
			assert_null(page_language(&page.pieces[i]));
		else
			assert_string_equal(page_language(&page.pieces[i]),
			    codes[i]);
	vars_set(&vars, "x", "1", 1);
	prompt_render_block(&page, ".note.cut", &vars, PROMPT_HTML, &out);
	assert_string_equal(out.data, "cd");
	buf_reset(&out);
	prompt_render_block(&page, ".note.other", &vars, PROMPT_HTML, &out);
	assert_int_equal(out.len, 0);
	vars_free(&vars);
	prompt_free(&page);
	buf_free(&out);
}

#define IN_DIR(test) \
	cmocka_unit_test_setup_teardown(test, unit_dir_setup, \
	    unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(every_name), IN_DIR(names_of_nothing),
		IN_DIR(no_template), IN_DIR(where),
		IN_DIR(any_graph), cmocka_unit_test(languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
