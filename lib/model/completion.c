/*
 * completion.c: stage.  Puts the pieces of an answer together; judges nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "model/completion.h"
#include "model/node.h"
#include "text/json.h"

/* How deep the JSON of a chunk may be nested. */
#define DEPTH		32

/* --- pieces --------------------------------------------------------------- */

/* Strings that are whole each time they come. */
static bool
is_repeated(const char *name)
{
	static const char *const names[] = { "role", "id", "type", "name",
	    "format", "signature", "finish_reason", "stop_reason", NULL };
	size_t i;

	for (i = 0; name != NULL && names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
set_value(struct node *node, struct json *json)
{
	node_empty(node);
	/* A value of a document may be in another one as well. */
	node->value = json_share(json);
}

/*
 * The text at the end of a list of content, made if it is not there.  Some
 * hosts send thoughts as such a list, and then the answer as plain pieces.
 */
static struct node *
last_text(struct node *array)
{
	struct node *last = array->n > 0 ? array->nodes[array->n - 1] : NULL;

	if (last == NULL || last->kind != NODE_OBJECT || last->index >= 0) {
		last = node_add(array, NULL, -1);
		node_need(last, "type")->value = json_new_string("text", 4);
	}
	return node_need(last, "text");
}

static void
join_text(struct node *node, struct json *json)
{
	size_t n;
	const char *text = json_string(json, &n);

	if (node->kind == NODE_ARRAY) {
		if (n == 0)
			return;
		node = last_text(node);
	}
	if (is_repeated(node->name)) {
		if (n > 0 || node->value == NULL)
			set_value(node, json);
		return;
	}
	node_become(node, NODE_TEXT);
	buf_add(&node->text, text, n);
}

static void join_piece(struct node *node, struct json *json);

/* An index is for those who put a stream together; a whole has none. */
static void
drop_index(const struct node *array, struct node *element)
{
	struct node *index = node_get(element, "index");
	size_t i;

	if (index == NULL || array->name == NULL ||
	    strcmp(array->name, "tool_calls") != 0)
		return;
	node_empty(index);
	free(index->name);
	free(index);
	for (i = 0; element->nodes[i] != index; i++)
		;
	element->n--;
	memmove(&element->nodes[i], &element->nodes[i + 1],
	    (element->n - i) * sizeof(struct node *));
}

/* Whether both have an id, and not the same one. */
static bool
differ(const struct node *element, const struct json *json)
{
	const struct node *id = node_get(element, "id");
	const char *had = json_string(id == NULL ? NULL : id->value, NULL);
	const char *has = json_string(json_get(json, "id"), NULL);

	return had != NULL && *had != '\0' && has != NULL && *has != '\0' &&
	    strcmp(had, has) != 0;
}

/*
 * Some hosts give all tool calls of an answer the index 0, and the pieces of
 * one come before those of the next, which begins with an id of its own.
 */
static void
join_elements(struct node *node, const struct json *array)
{
	struct node *element;
	struct json *json;
	int64_t index;
	size_t i;

	node_become(node, NODE_ARRAY);
	for (i = 0; i < json_count(array); i++) {
		json = json_at(array, i);
		index = json_int(json_get(json, "index"), -1);
		if (index < 0) {
			set_value(node_add(node, NULL, -1), json);
			continue;
		}
		element = node_at(node, index);
		if (element == NULL || differ(element, json))
			element = node_add(node, NULL, index);
		join_piece(element, json);
		drop_index(node, element);
	}
}

/* Puts a piece together with what was there before. */
static void
join_piece(struct node *node, struct json *json)
{
	struct json *member;
	const char *name;
	size_t i;

	switch (json_kind(json)) {
	case JSON_NONE:
		break;
	case JSON_STRING:
		join_text(node, json);
		break;
	case JSON_ARRAY:
		join_elements(node, json);
		break;
	case JSON_OBJECT:
		node_become(node, NODE_OBJECT);
		for (i = 0; i < json_count(json); i++) {
			member = json_member(json, i, &name);
			join_piece(node_need(node, name), member);
		}
		break;
	default:
		set_value(node, json);
	}
}

/* --- chunks --------------------------------------------------------------- */

static struct node *
choice_of(struct completion *whole, const struct json *choice)
{
	struct node *choices = node_need(whole->root, "choices");
	int64_t index = json_int(json_get(choice, "index"), 0);
	struct node *node = node_at(choices, index), *message;

	if (node != NULL)
		return node;
	node_become(choices, NODE_ARRAY);
	node = node_add(choices, NULL, index);
	node_need(node, "index")->value = json_new_int(index);
	message = node_need(node, "message");
	node_need(message, "role")->value = json_new_string("assistant", 9);
	node_need(message, "content");
	return node;
}

/*
 * Some hosts send at the end the whole text as a message, after it came in
 * deltas; then the message says nothing new.
 */
static void
add_choice(struct completion *whole, const struct json *choice)
{
	struct node *node = choice_of(whole, choice), *kept;
	struct json *member;
	const char *name;
	size_t i;

	for (i = 0; i < json_count(choice); i++) {
		member = json_member(choice, i, &name);
		if (strcmp(name, "delta") == 0) {
			whole->deltas = whole->deltas ||
			    json_count(member) > 0;
			join_piece(node_need(node, "message"), member);
		} else if (strcmp(name, "message") == 0) {
			if (!whole->deltas)
				join_piece(node_need(node, "message"), member);
		} else if (strcmp(name, "logprobs") == 0) {
			join_piece(node_need(node, name), member);
		} else {
			kept = node_need(node, name);
			if (member != NULL)
				set_value(kept, member);
		}
	}
	if (node->index == 0)
		whole->content = node_get(node_get(node, "message"),
		    "content");
}

static void
add_chunk(struct completion *whole, const struct json *chunk)
{
	struct json *member, *choices = json_get(chunk, "choices");
	struct node *kept;
	const char *name;
	size_t i;

	if (whole->root == NULL) {
		whole->root = node_new(NULL, -1);
		whole->root->kind = NODE_OBJECT;
	}
	for (i = 0; i < json_count(chunk); i++) {
		member = json_member(chunk, i, &name);
		if (strcmp(name, "obfuscation") == 0) /* pads a stream */
			continue;
		kept = node_need(whole->root, name);
		if (strcmp(name, "choices") == 0)
			continue;
		if (member != NULL && (kept->value == NULL ||
		    strcmp(name, "id") != 0))
			set_value(kept, member);
	}
	for (i = 0; i < json_count(choices); i++)
		add_choice(whole, json_at(choices, i));
}

bool
completion_text(struct completion *whole, const char *text, size_t n)
{
	struct node *content = whole->content;

	if (content == NULL || content->kind != NODE_TEXT ||
	    whole->half[0] != '\0')
		return false;
	buf_add(&content->text, text, n);
	return true;
}

void
completion_join(struct completion *whole, const struct json *chunk,
    bool alone)
{
	if (alone && whole->content != NULL)
		buf_puts(&whole->content->text, SURROGATE_ALONE);
	if (json_kind(chunk) == JSON_OBJECT)
		add_chunk(whole, chunk);
}

void
completion_add(struct completion *whole, const char *data, size_t n)
{
	struct buf copy = BUF_INIT(COMPLETION_MAX);
	struct json *json;
	bool alone;

	buf_add(&copy, data, n);
	alone = (whole->half[0] != '\0' ||
	    strstr(copy.data, "\\u") != NULL) &&
	    surrogate_join(whole->half, &copy);
	json = json_parse(copy.data, copy.len, DEPTH, false, NULL, NULL);
	completion_join(whole, json, alone);
	json_free(json);
	buf_free(&copy);
}

bool
completion_is_whole(const struct completion *whole, int64_t n)
{
	const struct node *choices = node_get(whole->root, "choices"), *end;
	int64_t i;

	for (i = 0; i < n; i++) {
		end = node_get(node_at(choices, i), "finish_reason");
		if (end == NULL || end->value == NULL)
			return false;
	}
	return true;
}

void
completion_free(struct completion *whole)
{
	if (whole->root != NULL)
		node_empty(whole->root);
	free(whole->root);
	whole->root = NULL;
	whole->content = NULL;
}

/* --- the document --------------------------------------------------------- */

static void
write_string(const char *text, size_t n, struct buf *out)
{
	struct json *json = json_new_string(text, n);

	json_write(json, out);
	json_free(json);
}

static void write_node(const struct node *node, struct buf *out);

static void
write_nodes(const struct node *node, struct buf *out)
{
	size_t i;

	buf_putc(out, node->kind == NODE_OBJECT ? '{' : '[');
	for (i = 0; i < node->n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		if (node->kind == NODE_OBJECT) {
			write_string(node->nodes[i]->name,
			    strlen(node->nodes[i]->name), out);
			buf_putc(out, ':');
		}
		write_node(node->nodes[i], out);
	}
	buf_putc(out, node->kind == NODE_OBJECT ? '}' : ']');
}

static void
write_node(const struct node *node, struct buf *out)
{
	if (node->kind == NODE_TEXT)
		write_string(node->text.data, node->text.len, out);
	else if (node->kind != NODE_VALUE)
		write_nodes(node, out);
	else if (node->value == NULL)
		buf_puts(out, "null");
	else
		json_write(node->value, out);
}

int
completion_write(const struct completion *whole, struct buf *out)
{
	const struct node *root = whole->root;
	size_t i;

	buf_puts(out, "{");
	for (i = 0; root != NULL && i < root->n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		write_string(root->nodes[i]->name, strlen(root->nodes[i]->name),
		    out);
		buf_putc(out, ':');
		if (strcmp(root->nodes[i]->name, "object") == 0)
			buf_puts(out, "\"chat.completion\"");
		else
			write_node(root->nodes[i], out);
	}
	buf_putc(out, '}');
	return out->failed ? -1 : 0;
}
