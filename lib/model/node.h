/*
 * node: a document of JSON to which text can be appended.
 *
 * json-c has no string that grows, and to set a new one for each piece would
 * take time that grows with the square of the text.
 *
 *	struct node *root = node_new(NULL, -1), *text;
 *
 *	text = node_need(node_need(root, "message"), "content");
 *	node_become(text, NODE_TEXT);
 *	buf_add(&text->text, "Leek", 4);	as often as a piece comes
 *	...
 *	node_empty(root);
 *	free(root);
 *
 * A node owns its value and all below it.  A function that finds no memory ends
 * the program.
 */
#ifndef NODE_H
#define NODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct json;

/* The most bytes of one text. */
#define NODE_TEXT_MAX	(8 * 1024 * 1024)

enum node_kind {
	NODE_VALUE,		/* anything, as it came */
	NODE_TEXT,
	NODE_OBJECT,
	NODE_ARRAY,
};

struct node {
	enum node_kind	 kind;
	char		*name;		/* in an object; NULL elsewhere */
	int64_t		 index;		/* in an array; -1: it has none */
	struct json	*value;		/* VALUE; NULL is null */
	struct buf	 text;		/* TEXT */
	struct node	**nodes;	/* OBJECT, ARRAY */
	size_t		 n;
};

/* A NODE_VALUE of null, with a copy of the name. */
struct node *node_new(const char *name, int64_t index);

/* Frees all that it holds.  It is a NODE_VALUE of null then. */
void	node_empty(struct node *node);

/* Adds one, after those of the same index and before those of a higher one. */
struct node *node_add(struct node *parent, const char *name, int64_t index);

/* Makes it one of that kind, which is empty unless it was one before. */
void	node_become(struct node *node, enum node_kind kind);

/*
 * The member of that name; NULL if there is none, or if it is no object.
 * node_need makes it an object with that member.
 */
struct node *node_get(const struct node *object, const char *name);
struct node *node_need(struct node *object, const char *name);

/* The last element of that index; NULL if there is none, or it is no array. */
struct node *node_at(const struct node *array, int64_t index);

#endif
