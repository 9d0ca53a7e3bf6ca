/*
 * given.c: the command line.  Reads the files of finished parts; what may be in
 * them is checked as in any request.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/given.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "text/json.h"

/* A pick has one level; the parser must not recurse deeper than that. */
#define DEPTH	8

static bool
is_pick(const struct graph *graph, const char *name)
{
	size_t i;

	for (i = 0; i < graph->n; i++)
		if (graph->stages[i].is_list &&
		    strcmp(graph->stages[i].list.pick, name) == 0)
			return true;
	return false;
}

static struct json *
parse_pick(const char *path, const struct buf *text, struct err *err)
{
	const char *why = "";
	size_t at = 0;
	struct json *json = json_parse(text->data, text->len, DEPTH, true,
	    &why, &at);

	if (json == NULL)
		err_set(err, 400, "bad_json", "%s is not JSON, at byte %zu: %s;"
		    " a pick is an object of its fields", path, at, why);
	return json;
}

/* Reads one file.  Returns its value, or NULL with err. */
static struct json *
read_one(const struct graph *graph, const char *name, const char *path,
    size_t most, struct err *err)
{
	struct buf text = BUF_INIT(most + 1);
	struct json *json = NULL;

	if (doc_slurp(path, &text) == -1)
		err_set(err, 400, "bad_input", "%s: %s", path,
		    strerror(errno));
	else if (is_pick(graph, name))
		json = parse_pick(path, &text, err);
	else if ((json = json_new_string(text.data, text.len)) == NULL)
		err_set(err, 503, "no_memory", "out of memory");
	buf_free(&text);
	return json;
}

struct json *
given_read(const struct graph *graph, const struct json *files, size_t most,
    struct err *err)
{
	struct json *all = json_new_object(), *one;
	const char *name, *path;
	size_t i;

	for (i = 0; i < json_count(files); i++) {
		path = json_string(json_member(files, i, &name), NULL);
		one = read_one(graph, name, path, most, err);
		if (one == NULL) {
			json_free(all);
			return NULL;
		}
		json_set(all, name, one);
	}
	return all;
}
