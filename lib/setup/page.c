/*
 * page.c: listener, before any fork.  Finds and checks the template of the HTML
 * answer; knows nothing of how it is filled.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "setup/place.h"

#define FILE_NAME	"plain.html"
#define PAGE_MAX	(64 * 1024)	/* bytes */

char *
page_find(void)
{
	char *dir = place_find("RECIPE_HTDOCS", "htdocs"), *path = NULL;
	const char *root = getenv("DOCUMENT_ROOT");

	if (dir != NULL)
		path = place_join(dir, FILE_NAME, "");
	free(dir);
	if (path != NULL && access(path, R_OK) == 0)
		return path;
	free(path);
	if (root == NULL || getenv("GATEWAY_INTERFACE") == NULL)
		return NULL;
	path = place_join(root, FILE_NAME, "");
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

/* Whether the graph, or this program, has a text for that name. */
static bool
can_fill(const struct graph *graph, const char *name)
{
	size_t i;

	if (strcmp(name, "demo") == 0 || strcmp(name, "error") == 0)
		return true;
	for (i = 0; i < graph->ninputs; i++)
		if (strcmp(graph->inputs[i].name, name) == 0)
			return true;
	for (i = 0; i < graph->n; i++)
		if (strcmp(graph->stages[i].part, name) == 0 ||
		    graph_is_field(&graph->stages[i], name))
			return true;
	return false;
}

/* Whether every name in the template can be filled: 0, or -1 with err. */
static int
check_names(const struct graph *graph, const char *path, struct err *err)
{
	const struct prompt_piece *piece;
	size_t i;

	for (i = 0; i < graph->page.n; i++) {
		piece = &graph->page.pieces[i];
		if (piece->kind != PROMPT_TEXT && !can_fill(graph, piece->text))
			return err_set(err, 503, "config", "%s: {{%s}} is "
			    "no input, part or field of a pick in stages.json,"
			    " so text/html is answered as text/plain", path,
			    piece->text);
	}
	return 0;
}

int
page_load(struct graph *graph, struct err *err)
{
	struct buf text = BUF_INIT(PAGE_MAX);
	char *path = page_find();
	const char *why = "";
	int line = 0, rc = -1;

	if (path == NULL)
		return 0;
	if (doc_slurp(path, &text) == -1)
		err_set(err, 503, "config", "%s: %s", path, strerror(errno));
	else if (!utf8_valid(text.data, text.len))
		err_set(err, 503, "config", "%s is not UTF-8", path);
	else if (prompt_parse(&graph->page, text.data, text.len, &why,
	    &line) == -1)
		err_set(err, 503, "config", "%s:%d: %s", path, line, why);
	else
		rc = check_names(graph, path, err);
	/* No page at all is better than half of one. */
	if (rc == -1)
		prompt_free(&graph->page);
	buf_free(&text);
	free(path);
	return rc;
}
