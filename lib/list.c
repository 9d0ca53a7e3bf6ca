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
	buf_init(&list->outer, LIST_ELEMENT_MAX);
	buf_init(&list->inner, LIST_ELEMENT_MAX);
}

void
list_free(struct list *list)
{
	buf_free(&list->outer);
	buf_free(&list->inner);
}

static bool
in_array(const struct list *list)
{
	return list->depth > 0 && list->depth <= LIST_DEPTH &&
	    list->open[list->depth - 1] == '[';
}

/*
 * An object on its own may be an element or what is wrapped around them; that
 * shows when the first object in an array in it closes.
 */
static void
open_brace(struct list *list)
{
	if (list->outer_depth == 0) {
		if (list->depth == 0 || in_array(list)) {
			buf_reset(&list->outer);
			list->outer_depth = list->depth + 1;
		}
	} else if (list->outer_depth == 1 && list->inner_depth == 0 &&
	    in_array(list)) {
		buf_reset(&list->inner);
		list->inner_depth = list->depth + 1;
	}
}

static void
open_bracket(struct list *list, char c)
{
	if (c == '{')
		open_brace(list);
	if (list->depth < LIST_DEPTH)
		list->open[list->depth] = c;
	list->depth++;
}

/* Reports an object that has closed, if it is an element. */
static bool
close_object(struct list *list, const struct buf *object,
    list_element_fn *fn, void *arg)
{
	struct json *json = NULL;
	size_t n = 0;

	if (!object->failed)
		json = json_parse(object->data, object->len, LIST_DEPTH,
		    false, NULL, NULL);
	json_string(json_get(json, list->field), &n);
	if (n > 0) {
		list->count++;
		list->array_depth = list->depth;
		fn(arg, json);
	}
	json_free(json);
	return n > 0;
}

static void
forget_object(struct list *list)
{
	list->outer_depth = list->inner_depth = 0;
	buf_reset(&list->outer);
	buf_reset(&list->inner);
}

static void
close_bracket(struct list *list, list_element_fn *fn, void *arg)
{
	if (list->depth == 0)
		return;
	list->depth--;
	if (list->inner_depth == list->depth + 1) {
		list->inner_depth = 0;
		if (close_object(list, &list->inner, fn, arg))
			forget_object(list);	/* it was a wrapping */
	} else if (list->outer_depth == list->depth + 1) {
		close_object(list, &list->outer, fn, arg);
		forget_object(list);
	} else if (list->array_depth > 0 &&
	    list->array_depth == list->depth + 1) {
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
		if (list->outer_depth > 0)
			buf_putc(&list->outer, c);
		if (list->inner_depth > 0)
			buf_putc(&list->inner, c);
		if (!list->in_string && (c == '}' || c == ']'))
			close_bracket(list, fn, arg);
	}
}
