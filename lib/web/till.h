/*
 * till: whether a visitor's run may be paid for.
 *
 *	if (till_reserve(house, source, &plan, &purse, err) == -1)
 *		...			429: he is told so
 *	...				the run
 *	purse_close(&purse);
 */
#ifndef TILL_H
#define TILL_H

struct err;
struct house;
struct plan;
struct purse;
struct source;

/*
 * Reserves what the run may cost.  This comes before its visitor is told to
 * wait, because afterwards no status is left to refuse it by.  If the site may
 * not spend it, and the operator wants that, the demo writes instead, and *plan
 * is changed; a visitor's own limits are no reason for that, and hold for such
 * a run, too.  Returns 0, or -1 with err.
 */
int	till_reserve(struct house *house, const struct source *source,
	    struct plan *plan, struct purse *purse, struct err *err);

#endif
