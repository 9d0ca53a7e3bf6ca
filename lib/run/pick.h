/*
 * pick: a list that a stage writes, the element that is picked from it, and
 * the stages that are made from the others.
 *
 * Which element will be picked was drawn before (plan), so others can start
 * as soon as that one has closed.  A pick is final.
 */
#ifndef PICK_H
#define PICK_H

#include <stdbool.h>
#include <stddef.h>

struct part;
struct run;

/* Text of a list stage: says `_pick` and `_alternates` when they are there. */
void	pick_read(struct run *run, struct part *part, const char *text,
	    size_t n);

/*
 * There is no more text of it, which ended well: an element may have waited.
 * Whether there is a list.
 */
bool	pick_last(struct run *run, struct part *part);

/*
 * The array is whole, or as whole as it will be: at least one element.  Picks
 * among those there if that is still to be done, says `_alternates`, and
 * writes the `each` stages.
 */
void	pick_end(struct run *run, struct part *part);

#endif
