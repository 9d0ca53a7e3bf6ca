/*
 * graph_input.c: listener, before any fork.  Reads what a request gives; knows
 * nothing of stages.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "setup/doc.h"
#include "setup/graph.h"
#include "text/json.h"

bool
graph_is_name(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-' &&
		    (s[i] != '_' || i == 0))
			return false;
	return i > 0 && i <= 32;
}

/* Whether a request has another use for a member of that name. */
static bool
is_reserved(const char *name)
{
	return strcmp(name, "want") == 0 || strcmp(name, "given") == 0 ||
	    strcmp(name, "run") == 0 ||
	    strcmp(name, "custom_id") == 0;
}

/* Reads one member of "inputs". */
static int
load_input(const struct doc *doc, struct input *input, const char *name,
    struct err *err)
{
	static const char *const known[] = { "type", "min", "max", "letter",
	    "required", "label", "hint", "choices", NULL };
	const char *type = NULL;
	int64_t least;

	if (!graph_is_name(name) || is_reserved(name))
		return doc_complain(doc, err, AT("inputs", name), "an input's "
		    "name is letters, digits, '-' and '_', but none of want, "
		    "given and custom_id, which are members of a request or of "
		    "a line of a file");
	if (doc_only(doc, err, AT("inputs", name), known) == -1 ||
	    doc_string(doc, err, AT("inputs", name, "type"), &type) == -1)
		return -1;
	if (type == NULL || (strcmp(type, "text") != 0 &&
	    strcmp(type, "integer") != 0))
		return doc_complain(doc, err, AT("inputs", name),
		    "\"type\" must be \"text\" or \"integer\"");
	/* What the file may leave out. */
	input->is_integer = strcmp(type, "integer") == 0;
	input->max = input->is_integer ? INT32_MAX : 2000;
	least = input->is_integer ? INT32_MIN : 0;
	/* A "min" may not pass the "max" that the file leaves out either. */
	if (doc_int(doc, err, AT("inputs", name, "max"), least, INT32_MAX,
	    &input->max) == -1 ||
	    doc_int(doc, err, AT("inputs", name, "min"), least, input->max,
	    &input->min) == -1 ||
	    doc_bool(doc, err, AT("inputs", name, "letter"),
	    &input->letter) == -1 ||
	    doc_bool(doc, err, AT("inputs", name, "required"),
	    &input->required) == -1 ||
	    graph_load_label(input, doc, name, err) == -1)
		return -1;
	if ((input->name = strdup(name)) == NULL)
		return err_set(err, 503, "config", "out of memory");
	return 0;
}

int
graph_load_inputs(struct graph *graph, const struct doc *doc, struct err *err)
{
	struct json *all = doc_get(doc, AT("inputs"));
	const char *name;
	size_t i, n = json_count(all);

	if (json_kind(all) != JSON_OBJECT || n == 0)
		return doc_complain(doc, err, AT("inputs"),
		    "\"inputs\" must name what a request gives");
	if ((graph->inputs = calloc(n, sizeof(*graph->inputs))) == NULL)
		return err_set(err, 503, "config", "out of memory");
	graph->ninputs = n;
	for (i = 0; i < n; i++) {
		json_member(all, i, &name);
		if (load_input(doc, &graph->inputs[i], name, err) == -1)
			return -1;
	}
	return 0;
}
