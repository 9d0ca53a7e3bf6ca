/*
 * day: the days of a site, which begin at midnight in its time zone.
 *
 * A day is a number, as 20261129.  The time zone is that of the process: TZ, or
 * else the system's.
 *
 *	day = day_of(io_wall_ms());
 *	ms = day_begins(day_after(day));	the next midnight
 */
#ifndef DAY_H
#define DAY_H

#include <stdint.h>

/* The day of a time in milliseconds since 1970. */
int	day_of(int64_t ms);

/* When a day begins, in milliseconds since 1970. */
int64_t	day_begins(int day);

/* The next day, and the one before. */
int	day_after(int day);
int	day_before(int day);

#endif
