/*
 * list: the elements of a JSON array that a model is still writing.
 *
 * Takes what models really send: a prologue, code fences, an object around
 * the array, a map in its place, text after it, an end in the middle, and
 * JSON that is none (lenient.h).  An element is an object that has a string
 * that is not empty under `field`, and stands
 *
 *   - in an array, or on its own;
 *   - in an array in an object on its own, which is a wrapping;
 *   - in an object without the field, and so on outwards: a map.
 *
 * What is nested in an element is not looked at.  Each is reported as it
 * closes, LIST_MAX at most; one longer than LIST_ELEMENT_MAX is passed over.
 *
 * A model may show an example before the real thing.  So if words came
 * before, the first element waits until another follows it in the same
 * array; if one comes elsewhere instead, it was an example.
 *
 * One pass, linear, and bounded memory whatever comes.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "text/lenient.h"

struct json;

#define LIST_ELEMENT_MAX	OUTLINE_MAX
#define LIST_MAX		100

/* Called per element, which is borrowed; json_share it to keep it. */
typedef void	 list_element_fn(void *arg, struct json *element);

struct list {
	struct lenient	 lenient;
	struct json	*held;		/* an element that waits; or NULL */
	int		 held_home;	/* depth of the array that it is in */
	bool		 held_over;	/* which has closed */
	bool		 sure;		/* no example will be among them */
	bool		 ended;		/* the array with elements has closed */
	size_t		 count;		/* reported so far */
	list_element_fn	*fn;		/* while it reads */
	void		*arg;
};

void	list_init(struct list *list, const char *field);
void	list_free(struct list *list);

/* Reads on.  What comes after `ended` is passed over. */
void	list_feed(struct list *list, const char *text, size_t n,
	    list_element_fn *fn, void *arg);

/* There is no more text: an element that waits is reported. */
void	list_end(struct list *list, list_element_fn *fn, void *arg);

#endif
