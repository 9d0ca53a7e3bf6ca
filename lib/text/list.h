/*
 * list: the elements of a JSON array that a model is still writing.
 *
 * It takes what models really send: an introduction, code fences, an object
 * around the array, a map instead of it, text after it, an end in the middle,
 * and what is only nearly JSON (lenient.h).  An element is an object that has,
 * as its member `field`, a string that is not empty, and that stands
 *
 *   - in an array, or alone;
 *   - in an array that is in an object that stands alone, the wrapping;
 *   - in an object without `field`, a map, which itself stands in one of these
 *     places.
 *
 * Objects inside an element are not looked at.  Each element is reported when
 * its brace closes, LIST_MAX elements at most; one that is longer than
 * LIST_ELEMENT_MAX bytes is skipped.
 *
 * A model may show an example before the real list.  So if words came before,
 * the first element is held back until another one begins in the same array.
 * If the next one comes anywhere else, the first was an example and is dropped.
 *
 *	list_init(&list, "name");
 *	list_feed(&list, text, n, on_element, arg);	for each piece
 *	list_end(&list, on_element, arg);
 *	list_free(&list);
 *
 * The text is read once, in linear time, and the memory is bounded whatever
 * the model writes.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "text/lenient.h"

struct json;

#define LIST_ELEMENT_MAX	OUTLINE_MAX	/* bytes */
#define LIST_MAX		100		/* elements */

/* Called for each element.  It is borrowed; json_share it to keep it. */
typedef void	 list_element_fn(void *arg, struct json *element);

struct list {
	struct lenient	 lenient;
	struct json	*held;		/* the element held back, or NULL */
	int		 held_home;	/* depth of its array; 0: in none */
	bool		 held_over;	/* its array has closed */
	bool		 sure;		/* no later element is an example */
	bool		 ended;		/* nothing more is read */
	size_t		 count;		/* elements reported so far */
	list_element_fn	*fn;		/* of the present call */
	void		*arg;
};

/* `field` is borrowed until list_free. */
void	list_init(struct list *list, const char *field);
void	list_free(struct list *list);

/*
 * Reads n more bytes and calls fn for each element that they complete.  Once
 * `ended` is set (the array of the elements has closed, or LIST_MAX were
 * reported) it ignores them.
 */
void	list_feed(struct list *list, const char *text, size_t n,
	    list_element_fn *fn, void *arg);

/*
 * To be called at the end of the text: calls fn for an element that is held
 * back.
 */
void	list_end(struct list *list, list_element_fn *fn, void *arg);

#endif
