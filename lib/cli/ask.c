/*
 * ask.c: the command line.  Asks a person for inputs; knows nothing of runs.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/ask.h"
#include "plan/request.h"
#include "setup/graph.h"
#include "text/json.h"

static bool
is_missing(const struct input *input, const struct json *inputs)
{
	return input->required && json_get(inputs, input->name) == NULL;
}

/* Names the inputs, all or those that are missing, with a comma between. */
static void
name_inputs(const struct graph *graph, const struct json *missing_in,
    struct buf *out)
{
	const struct input *input;
	size_t i;

	for (i = 0; i < graph->ninputs; i++) {
		input = &graph->inputs[i];
		if (missing_in == NULL || is_missing(input, missing_in))
			buf_printf(out, "%s%s", out->len == 0 ? "" : ", ",
			    input->name);
	}
}

/* Refuses a name that the graph does not have.  Returns 0, or -1 with err. */
static int
check_input_names(const struct graph *graph, const struct json *inputs,
    struct err *err)
{
	struct buf all = BUF_INIT(200);
	const char *name = "";
	size_t i, k;
	int rc = 0;

	for (i = 0; i < json_count(inputs) && rc == 0; i++) {
		json_member(inputs, i, &name);
		for (k = 0; k < graph->ninputs; k++)
			if (strcmp(graph->inputs[k].name, name) == 0)
				break;
		if (k < graph->ninputs)
			continue;
		name_inputs(graph, NULL, &all);
		rc = err_set(err, 400, "bad_input", "there is no input %s; "
		    "%s/stages.json has %s", name, graph->dir,
		    all.failed ? "others" : all.data);
	}
	buf_free(&all);
	return rc;
}

/* Prints the values that an input may have, with a comma between. */
static void
print_choices(const struct json *choices)
{
	const struct json *value;
	size_t i;

	for (i = 0; i < json_count(choices); i++) {
		value = json_get(json_at(choices, i), "value");
		fputs(i == 0 ? "" : ", ", stderr);
		if (json_kind(value) == JSON_INT)
			fprintf(stderr, "%" PRId64, json_int(value, 0));
		else
			fputs(json_string(value, NULL), stderr);
	}
}

static void
put_question(const struct input *input)
{
	if (input->choices != NULL) {
		fprintf(stderr, "%s (", input->name);
		print_choices(input->choices);
		fputs("): ", stderr);
		return;
	}
	fprintf(stderr, "%s (%s, %" PRId64 " to %" PRId64 "%s): ",
	    input->name, input->is_integer ? "a number" : "text", input->min,
	    input->max, input->is_integer ? "" : " characters");
}

/* Whether a run would take this value; if not, a person is told why. */
static bool
is_good(const struct input *input, const struct json *value)
{
	struct request scratch = REQUEST_INIT;
	struct err err = ERR_INIT;
	bool good = request_input(&scratch, input, value, &err) == 0;

	if (!good)
		fprintf(stderr, "%s\n", err.text);
	request_free(&scratch);
	return good;
}

/* Asks for one input.  Returns 0, or -1 with err at the end of the input. */
static int
ask_one(const struct input *input, struct json *inputs, struct err *err)
{
	struct json *value = NULL;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	do {
		json_free(value);
		put_question(input);
		if ((n = getline(&line, &size, stdin)) == -1) {
			fputc('\n', stderr);
			free(line);
			return err_set(err, 400, "bad_input",
			    "%s was not answered", input->name);
		}
		value = json_new_string(line, n > 0 && line[n - 1] == '\n' ?
		    (size_t)n - 1 : (size_t)n);
	} while (!is_good(input, value));
	json_set(inputs, input->name, value);
	free(line);
	return 0;
}

int
ask_inputs(const struct graph *graph, struct json *inputs, struct err *err)
{
	struct buf missing = BUF_INIT(200);
	size_t i;

	if (check_input_names(graph, inputs, err) == -1)
		return -1;
	name_inputs(graph, inputs, &missing);
	if (missing.len == 0)
		return 0;
	if (!isatty(STDIN_FILENO)) {
		err_set(err, 400, "bad_input", "say %s as NAME=VALUE",
		    missing.data);
		buf_free(&missing);
		return -1;
	}
	buf_free(&missing);
	for (i = 0; i < graph->ninputs; i++)
		if (is_missing(&graph->inputs[i], inputs) &&
		    ask_one(&graph->inputs[i], inputs, err) == -1)
			return -1;
	return 0;
}
