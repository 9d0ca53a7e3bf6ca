/*
 * late: a race that begins only if the first service is late.
 *
 * Of a stage with "race": "late" the first service is asked alone.  If it has
 * sent no token after the time in which 19 of 20 of its answers begin
 * (plan/fastest.h), the second one is asked as well, and the first to give text
 * wins.  A service that is now and then very late then costs a visitor little
 * more than its p95, for few calls more.
 *
 * How many more is limited by a token bucket (site/tempo.h): one in twenty of
 * the calls of that service, by all processes of the site.  Before each second
 * call its mark LAP_LATE is left, and the file's order decides whether it may
 * begin; so none begins if nothing can be written.
 *
 *	next_ms = late_next(part);		INT64_MAX: no such clock runs
 *	if (now_ms >= next_ms)
 *		late_begin(part);
 */
#ifndef LATE_H
#define LATE_H

#include <stdint.h>

struct part;

/*
 * When the first attempt of the part will be late, in io_now_ms; INT64_MAX if
 * it cannot be, because it has begun to answer, or was late already.
 */
int64_t	late_next(const struct part *part);

/*
 * It is late.  Begins the second attempt, if the bucket is not empty, its
 * service is not set aside and has a place, and there is a process for it;
 * otherwise the first one goes on alone.
 */
void	late_begin(struct part *part);

#endif
