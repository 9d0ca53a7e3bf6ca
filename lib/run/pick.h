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
 * Tells EVENT_PICK if the drawn element is there, and does what pick_end does
 * if the array has ended.  Each is told once.
 */
void	pick_look(struct part *part);

/*
 * To be called when a list part gets no more text.  An element that the reader
 * held back, because more of it could have come, counts now.  Returns whether
 * there is at least one element.
 */
bool	pick_last(struct part *part);

/*
 * The array is as whole as it will be, and has at least one element.  If it is
 * too short for the drawn one, the draw is made again among those that are
 * there.  Tells EVENT_ALTERNATES and writes the `each` parts.  The second time
 * it does nothing.
 */
void	pick_end(struct part *part);

#endif
