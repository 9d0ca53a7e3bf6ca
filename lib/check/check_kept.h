/*
 * check_kept: whether a run of a site outlives its visitor, and can be read by
 * polls, which is how the page reads it on a host that holds streams back.
 *
 *	check_kept_name(key);
 *	way.key = key;
 *	...				a run, which says that it is kept
 *	check_kept_say(&v, http, body, wait_ms);
 */
#ifndef CHECK_KEPT_H
#define CHECK_KEPT_H

#include "plan/runname.h"

struct http;
struct visit;

/* Draws the key of a run; "" if that is impossible. */
void	check_kept_name(char key[RUNNAME_DIGITS + 1]);

/*
 * Begins a run of the site v with this body, leaves it, reads it by polls, and
 * prints how it has ended.  It waits for wait_ms at most.  Returns whether the
 * run has ended whole, so that the page can read by polls.
 */
bool	check_kept_say(const struct visit *v, struct http *http,
	    const char *json, long wait_ms);

#endif
