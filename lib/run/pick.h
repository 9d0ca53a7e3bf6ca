/*
 * pick: the choice from a list that a stage writes, and the parts that are
 * made from the elements not chosen.
 *
 * Which element will be picked was drawn before the run began (plan.h), so the
 * parts that need it can start as soon as that one element has closed.  A pick
 * is final: what becomes of the list later costs only the alternates.
 *
 *	part_write(part, text, n);
 *	pick_look(part);		after every text of a list part
 *	...
 *	if (pick_last(part))		its text is over
 *		pick_end(part);
 */
#ifndef PICK_H
#define PICK_H

#include <stdbool.h>

struct part;

/*
 * Says EVENT_PICK if the drawn element is there, and all that pick_end says if
 * the array has ended.  Each is said once.
 */
void	pick_look(struct part *part);

/*
 * There is no more text of a list part: an element that the reader held back
 * counts.  Whether there is at least one element.
 */
bool	pick_last(struct part *part);

/*
 * The array is as whole as it will be, with at least one element.  If the
 * drawn one is not among them, the draw is made again among those there.  Says
 * EVENT_ALTERNATES and writes the `each` parts; the second time it does
 * nothing.
 */
void	pick_end(struct part *part);

#endif
