/*
 * face.c: worker.  Writes what a page must know of the graph; knows nothing of
 * requests and runs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "reply/face.h"
#include "reply/language.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "text/json.h"

#define FACE_VERSION	1

/* An input of text with more characters than this is a box of several lines. */
#define LINE_MAX_CHARS	200

static void
set_shared(struct json *object, const char *key, struct json *value)
{
	if (value != NULL)
		json_set(object, key, json_share(value));
}

static struct json *
string_of(const char *s)
{
	return json_new_string(s, strlen(s));
}

static struct json *
input_face(const struct input *input)
{
	struct json *json = json_new_object();

	json_set_string(json, "name", input->name);
	json_set_string(json, "type", input->is_integer ? "integer" : "text");
	json_set_int(json, "min", input->min);
	json_set_int(json, "max", input->max);
	if (input->letter)
		json_set_bool(json, "letter", true);
	json_set_bool(json, "required", input->required);
	set_shared(json, "label", input->label);
	set_shared(json, "hint", input->hint);
	set_shared(json, "choices", input->choices);
	return json;
}

static struct json *
list_json(const struct list_spec *list)
{
	struct json *json = json_new_object(), *fields = json_new_array();
	size_t i;

	for (i = 0; i < list->nfields; i++)
		json_push(fields, string_of(list->fields[i]));
	json_set_int(json, "items", list->items);
	json_set(json, "fields", fields);
	json_set_string(json, "pick", list->pick);
	return json;
}

static struct json *
needs_json(const struct graph *graph, const struct stage_spec *s)
{
	struct json *needs = json_new_array();
	const struct stage_spec *from;
	size_t i;

	for (i = 0; i < s->nneeds; i++) {
		from = &graph->stages[s->needs[i].stage];
		json_push(needs, string_of(s->needs[i].pick ?
		    from->list.pick : from->part));
	}
	return needs;
}

static struct json *
part_face(const struct graph *graph, const struct stage_spec *s)
{
	struct json *json = json_new_object();

	json_set_string(json, "name", s->part);
	if (s->titles == NULL)
		json_set_string(json, "title", s->title);
	set_shared(json, "title", s->titles);
	json_set_string(json, "form", s->form);
	json_set(json, "needs", needs_json(graph, s));
	if (s->is_list)
		json_set(json, "list", list_json(&s->list));
	if (s->is_each)
		json_set_string(json, "each", graph->stages[s->each].part);
	return json;
}

struct json *
face_json(const struct graph *graph, const char *name)
{
	struct json *json = json_new_object(), *inputs = json_new_array();
	struct json *parts = json_new_array();
	size_t i;

	for (i = 0; i < graph->ninputs; i++)
		json_push(inputs, input_face(&graph->inputs[i]));
	for (i = 0; i < graph->n; i++)
		json_push(parts, part_face(graph, &graph->stages[i]));
	json_set_int(json, "version", FACE_VERSION);
	json_set_string(json, "title", page_site(graph, name));
	if (name == NULL)
		set_shared(json, "title", graph->title);
	json_set(json, "inputs", inputs);
	json_set(json, "parts", parts);
	return json;
}

static void
put_escaped(struct buf *out, const char *s)
{
	prompt_add_html(out, s, strlen(s));
}

/* One choice, as an option. */
static void
put_option(struct buf *out, const struct json *choice, const char *languages)
{
	const struct json *value = json_get(choice, "value");
	const char *s = json_string(value, NULL);
	char number[24];

	if (s == NULL) {
		snprintf(number, sizeof(number), "%" PRId64,
		    json_int(value, 0));
		s = number;
	}
	buf_puts(out, "<option value=\"");
	put_escaped(out, s);
	buf_puts(out, "\">");
	put_escaped(out, language_words(json_get(choice, "label"), languages,
	    s));
	buf_puts(out, "</option>");
}

static void
put_choices(struct buf *out, const struct input *input, const char *languages)
{
	size_t i;

	buf_printf(out, "<select name=\"%s\"%s>", input->name,
	    input->required ? " required" : "");
	if (!input->required)
		buf_puts(out, "<option value=\"\"></option>");
	for (i = 0; i < json_count(input->choices); i++)
		put_option(out, json_at(input->choices, i), languages);
	buf_puts(out, "</select>");
}

/* The element in which the visitor writes. */
static void
put_control(struct buf *out, const struct input *input, const char *languages)
{
	const char *required = input->required ? " required" : "";

	if (input->choices != NULL)
		put_choices(out, input, languages);
	else if (input->is_integer)
		buf_printf(out, "<input name=\"%s\" type=\"number\" min=\"%"
		    PRId64 "\" max=\"%" PRId64 "\"%s>", input->name,
		    input->min, input->max, required);
	else if (input->max > LINE_MAX_CHARS)
		buf_printf(out, "<textarea name=\"%s\" dir=\"auto\" "
		    "minlength=\"%" PRId64 "\" maxlength=\"%" PRId64 "\"%s>"
		    "</textarea>", input->name, input->min, 2 * input->max,
		    required);
	else
		buf_printf(out, "<input name=\"%s\" dir=\"auto\" minlength=\"%"
		    PRId64 "\" maxlength=\"%" PRId64 "\"%s>", input->name,
		    input->min, 2 * input->max, required);
}

/*
 * Both lengths count an emoji as two; so maxlength is twice as much, and
 * minlength lets some pass that the program refuses.
 */
void
face_fields(const struct graph *graph, const char *languages, struct buf *out)
{
	const struct input *input;
	size_t i;

	for (i = 0; i < graph->ninputs; i++) {
		input = &graph->inputs[i];
		buf_puts(out, "<label class=\"field\"><span>");
		put_escaped(out, language_words(input->label, languages,
		    input->name));
		buf_puts(out, "</span>");
		put_control(out, input, languages);
		if (input->hint != NULL) {
			buf_puts(out, "<small class=\"hint\">");
			put_escaped(out, language_words(input->hint,
			    languages, ""));
			buf_puts(out, "</small>");
		}
		buf_puts(out, "</label>\n");
	}
}
