/*
 * page.c: listener, before any fork.  Finds and checks the templates of the
 * form and of the HTML answer; knows nothing of how they are filled.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "setup/place.h"

#define PAGE_MAX	(64 * 1024)	/* bytes */

/* The path of a template, a new string; NULL if there is none. */
static char *
find_template(const char *name)
{
	char *dir = place_find("RECIPE_HTDOCS", "htdocs"), *path = NULL;
	const char *root = getenv("DOCUMENT_ROOT");

	if (dir != NULL)
		path = place_join(dir, name, "");
	free(dir);
	if (path != NULL && access(path, R_OK) == 0)
		return path;
	free(path);
	if (root == NULL || getenv("GATEWAY_INTERFACE") == NULL)
		return NULL;
	path = place_join(root, name, "");
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *
page_find(bool any)
{
	return find_template(any ? "any.html" : "plain.html");
}

/* Whether a stage of the graph has a text for that name. */
static bool
is_of_stages(const struct graph *graph, const char *name)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (strcmp(graph->stages[i].part, name) == 0 ||
		    graph_is_field(&graph->stages[i], name))
			return true;
	return false;
}

const char *
page_language(const struct prompt_piece *piece)
{
	if (piece->kind != PROMPT_IF || piece->text[0] != '.' ||
	    strchr(piece->text + 1, '.') != NULL)
		return NULL;
	return piece->text + 1;
}

/* Whether a piece with one of the page's own names has one that there is. */
static bool
is_page_name(const struct graph *graph, const struct prompt_piece *piece)
{
	static const char title[] = ".title.";
	static const char *const notes[] = { ".note.failed", ".note.cut",
	    ".note.again" };
	const char *name = piece->text;
	size_t i;

	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(name, notes[i]) == 0)
			return piece->kind != PROMPT_VALUE;
	for (i = 0; i < graph->n; i++)
		if (strncmp(name, title, sizeof(title) - 1) == 0 &&
		    strcmp(graph->stages[i].part, name + sizeof(title) - 1) ==
		    0)
			return true;
	return piece->kind == PROMPT_VALUE ? strcmp(name, ".lang") == 0 :
	    strchr(name + 1, '.') == NULL;
}

/* Whether the graph, or this program, has a text for that name. */
static bool
can_fill(const struct graph *graph, const struct prompt_piece *piece)
{
	const char *name = piece->text;
	size_t i;

	if (name[0] == '.')
		return is_page_name(graph, piece);
	if (strcmp(name, "demo") == 0 || strcmp(name, "error") == 0 ||
	    strcmp(name, "fields") == 0)
		return true;
	for (i = 0; i < graph->ninputs; i++)
		if (strcmp(graph->inputs[i].name, name) == 0)
			return true;
	return is_of_stages(graph, name);
}

/* Whether every name in the template can be filled: 0, or -1 with err. */
static int
check_names(const struct graph *graph, const struct prompt *page,
    const char *path, struct err *err)
{
	const struct prompt_piece *piece;
	size_t i;

	for (i = 0; i < page->n; i++) {
		piece = &page->pieces[i];
		if (piece->kind != PROMPT_TEXT && !can_fill(graph, piece))
			return err_set(err, 503, "config", "%s:%d: {{%s}} is "
			    "no input, part or field of a pick in stages.json,"
			    " so text/html is answered as text/plain", path,
			    piece->line, piece->text);
	}
	return 0;
}

/* Whether a template names nothing that this graph's stages write. */
static bool
is_of_another(const struct graph *graph, const struct prompt *page)
{
	size_t i;

	for (i = 0; i < page->n; i++)
		if (page->pieces[i].kind != PROMPT_TEXT &&
		    is_of_stages(graph, page->pieces[i].text))
			return false;
	return true;
}

/* Reads the template at a path, which is UTF-8: 0, or -1 with err. */
static int
parse_page(const struct graph *graph, const char *site, const char *path,
    const struct buf *file, struct prompt *page, struct err *err)
{
	struct buf text = BUF_INIT(4 * PAGE_MAX);
	char why[PROMPT_WHY_BYTES];
	int line = 0, rc = 0;

	if (page_expand(graph, site, file->data, file->len, &text) == -1)
		rc = err_set(err, 503, "config", "%s: it is too long with all "
		    "the parts of stages.json in it", path);
	else if (prompt_parse(page, text.data, text.len, why, &line) == -1)
		rc = err_set(err, 503, "config", "%s:%d: %s", path, line, why);
	buf_free(&text);
	return rc;
}

/*
 * Reads a template of that name into *page.  Returns 0, also if there is none;
 * 1 with err if it is another graph's; or -1 with err.  In both cases *page is
 * empty, since no page at all is better than half of one.
 */
static int
load_file(const struct graph *graph, const char *site, const char *name,
    struct prompt *page, struct err *err)
{
	struct buf file = BUF_INIT(PAGE_MAX);
	char *path = find_template(name);
	int rc = 0;

	if (path == NULL)
		return 0;
	if (doc_slurp(path, &file) == -1)
		rc = err_set(err, 503, "config", "%s: %s", path,
		    strerror(errno));
	else if ((rc = doc_check_utf8(path, &file, err)) == 0)
		rc = parse_page(graph, site, path, &file, page, err);
	if (rc == 0)
		rc = check_names(graph, page, path, err);
	if (rc == -1 && page->n > 0 && is_of_another(graph, page))
		rc = 1;
	if (rc != 0)
		prompt_free(page);
	buf_free(&file);
	free(path);
	return rc;
}

const char *
page_site(const struct graph *graph, const char *name)
{
	return name != NULL ? name : graph_title(graph, "recipe.fcgi");
}

int
page_load(struct graph *graph, const char *name, struct err *err)
{
	const char *site = page_site(graph, name);
	int rc = load_file(graph, site, "plain.html", &graph->page, err);

	if (load_file(graph, site, "any.html", &graph->form, err) == -1)
		return -1;
	/* A page of another graph, which is not for this one. */
	if (rc == 1 && graph->form.n > 0)
		rc = load_file(graph, site, "any.html", &graph->page, err);
	return rc == 0 ? 0 : -1;
}
