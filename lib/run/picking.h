/*
 * picking: collects the elements of a list that a stage is writing.
 *
 *	struct picking picking;
 *
 *	picking_init(&picking, &spec->list);
 *	picking_read(&picking, text, n);	as often as text comes
 *	picking_end(&picking);			no more will come
 *	picking_count(&picking), picking_item(&picking, i)
 *	picking_free(&picking);
 *
 * An element is an object of just the fields that the list asks for, each a
 * string.  Whatever else a model has put there is left out, and a field that it
 * has left out is "".  The choice itself is made by pick.h, in `picked`, `pick`
 * and `listed`.
 *
 * It borrows the list's specification and owns the elements.
 */
#ifndef PICKING_H
#define PICKING_H

#include <stdbool.h>
#include <stddef.h>

#include "text/list.h"

struct json;
struct list_spec;

struct picking {
	const struct list_spec	*spec;
	struct list		 list;		/* the reader */
	struct json		*items;		/* an array, the elements */
	bool			 picked;	/* EVENT_PICK was told */
	bool			 listed;	/* EVENT_ALTERNATES was told */
	size_t			 pick;		/* its index */
};

void	picking_init(struct picking *picking, const struct list_spec *spec);
void	picking_free(struct picking *picking);

/* Begins anew: the text so far is void, and with it the elements. */
void	picking_reset(struct picking *picking);

void	picking_read(struct picking *picking, const char *text, size_t n);

/* No more text will come, so an element that had to wait for it counts. */
void	picking_end(struct picking *picking);

/* Whether the reader has seen the end of the array. */
bool	picking_is_whole(const struct picking *picking);

size_t	picking_count(const struct picking *picking);
struct json *picking_item(const struct picking *picking, size_t i);

/* A field of an element, borrowed, and its length in bytes. */
const char *picking_field(const struct picking *picking, size_t i, size_t field,
	    size_t *n);

#endif
