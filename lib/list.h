/*
 * list: the elements of a JSON array that a model is still writing.
 *
 * Takes what models really send: a prologue, code fences, an object around
 * the array, trailing commas, raw newlines in strings, text behind it, an end
 * in the middle.  An element is an object that stands in an array, or on its
 * own, and has a string that is not empty under `field`; what is nested in an
 * element is not looked at.  Each is reported as it closes; one longer than
 * LIST_ELEMENT_MAX is passed over.  One pass, linear, at most twice that of
 * memory whatever comes.
 */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct json;

#define LIST_DEPTH		32
#define LIST_ELEMENT_MAX	(64 * 1024)

/* Called per element, which is borrowed; json_share it to keep it. */
typedef void	 list_element_fn(void *arg, struct json *element);

struct list {
	const char	*field;		/* the first; borrowed */
	struct buf	 outer;		/* the outermost object, so far */
	struct buf	 inner;		/* one in an array in it */
	char		 open[LIST_DEPTH];
	int		 depth;		/* brackets open, may pass LIST_DEPTH */
	int		 outer_depth;	/* of `outer`, or 0 */
	int		 inner_depth;	/* of `inner`, or 0 */
	int		 array_depth;	/* of the array with elements, or 0 */
	bool		 in_string, escaped;
	bool		 ended;		/* that array has closed */
	size_t		 count;
};

void	list_init(struct list *list, const char *field);
void	list_free(struct list *list);

/* Reads on.  What comes after `ended` is passed over. */
void	list_feed(struct list *list, const char *text, size_t n,
	    list_element_fn *fn, void *arg);

#endif
