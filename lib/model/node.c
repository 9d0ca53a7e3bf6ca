/*
 * node.c: stage.  Keeps a document of JSON; knows nothing of answers.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "model/node.h"
#include "text/json.h"

struct node *
node_new(const char *name, int64_t index)
{
	struct node *node = calloc(1, sizeof(*node));

	if (node == NULL ||
	    (name != NULL && (node->name = strdup(name)) == NULL))
		fatal("node");
	node->index = index;
	buf_init(&node->text, NODE_TEXT_MAX);
	return node;
}

void
node_empty(struct node *node)
{
	size_t i;

	json_free(node->value);
	buf_free(&node->text);
	for (i = 0; i < node->n; i++) {
		node_empty(node->nodes[i]);
		free(node->nodes[i]->name);
		free(node->nodes[i]);
	}
	free(node->nodes);
	node->kind = NODE_VALUE;
	node->value = NULL;
	node->nodes = NULL;
	node->n = 0;
}

struct node *
node_add(struct node *parent, const char *name, int64_t index)
{
	struct node **nodes = realloc(parent->nodes,
	    (parent->n + 1) * sizeof(struct node *));
	size_t at = parent->n;

	if (nodes == NULL)
		fatal("node");
	parent->nodes = nodes;
	for (; index >= 0 && at > 0 && nodes[at - 1]->index > index; at--)
		nodes[at] = nodes[at - 1];
	parent->n++;
	return nodes[at] = node_new(name, index);
}

void
node_become(struct node *node, enum node_kind kind)
{
	if (node->kind == kind)
		return;
	node_empty(node);
	node->kind = kind;
}

struct node *
node_get(const struct node *object, const char *name)
{
	size_t i;

	for (i = 0; object != NULL && object->kind == NODE_OBJECT &&
	    i < object->n; i++)
		if (strcmp(object->nodes[i]->name, name) == 0)
			return object->nodes[i];
	return NULL;
}

struct node *
node_at(const struct node *array, int64_t index)
{
	size_t i;

	if (array == NULL || array->kind != NODE_ARRAY)
		return NULL;
	for (i = array->n; i-- > 0;)
		if (array->nodes[i]->index == index)
			return array->nodes[i];
	return NULL;
}

struct node *
node_need(struct node *object, const char *name)
{
	struct node *node = node_get(object, name);

	node_become(object, NODE_OBJECT);
	return node != NULL ? node : node_add(object, name, -1);
}
