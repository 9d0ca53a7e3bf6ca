/*
 * list.c: worker.  A list that is being written; knows brackets and quotes,
 * not what the elements are for.
 */
#include <string.h>

#include "json.h"
#include "list.h"

void
list_init(struct list *list, const char *field)
{
	memset(list, 0, sizeof(*list));
	list->field = field;
	buf_init(&list->element, LIST_ELEMENT_MAX);
}

void
list_free(struct list *list)
{
	buf_free(&list->element);
}

/* An object that is not inside another: alone, or directly in an array. */
static bool
may_be_element(const struct list *list)
{
	return list->depth == 0 || (list->depth <= LIST_DEPTH &&
	    list->open[list->depth - 1] == '[');
}

static void
open_bracket(struct list *list, char c)
{
	if (c == '{' && may_be_element(list)) {
		/* One that opens in another takes its place: see list.h. */
		buf_reset(&list->element);
		list->element_depth = list->depth + 1;
	}
	if (list->depth < LIST_DEPTH)
		list->open[list->depth] = c;
	list->depth++;
}

static void
close_element(struct list *list, list_element_fn *fn, void *arg)
{
	struct json *json = NULL;
	size_t n = 0;

	if (!list->element.failed)
		json = json_parse(list->element.data, list->element.len,
		    LIST_DEPTH, false, NULL, NULL);
	json_string(json_get(json, list->field), &n);
	if (n > 0) {
		list->count++;
		if (list->depth > 0)
			list->array_depth = list->depth;
		fn(arg, json);
	}
	json_free(json);
}

static void
close_bracket(struct list *list, list_element_fn *fn, void *arg)
{
	if (list->depth == 0)
		return;
	list->depth--;
	if (list->element_depth == list->depth + 1) {
		list->element_depth = 0;
		close_element(list, fn, arg);
		buf_reset(&list->element);
	} else if (list->array_depth == list->depth + 1) {
		list->ended = true;
	}
}

static void
in_string(struct list *list, char c)
{
	if (list->escaped)
		list->escaped = false;
	else if (c == '\\')
		list->escaped = true;
	else if (c == '"')
		list->in_string = false;
}

void
list_feed(struct list *list, const char *text, size_t n, list_element_fn *fn,
    void *arg)
{
	size_t i;
	char c;

	for (i = 0; i < n && !list->ended; i++) {
		c = text[i];
		if (list->in_string)
			in_string(list, c);
		else if (c == '"')
			list->in_string = list->depth > 0;
		else if (c == '{' || c == '[')
			open_bracket(list, c);
		if (list->element_depth > 0)
			buf_putc(&list->element, c);
		if (!list->in_string && (c == '}' || c == ']'))
			close_bracket(list, fn, arg);
	}
}
