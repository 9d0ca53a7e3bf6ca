/*
 * day.c: any process of a site but its stages, and commands.  Reckons with
 * days; asks no clock.
 */
#include <time.h>

#include "spend/day.h"

static struct tm
split_date(int day)
{
	return (struct tm){ .tm_year = day / 10000 - 1900,
	    .tm_mon = day / 100 % 100 - 1, .tm_mday = day % 100,
	    .tm_isdst = -1 };
}

static int
join_date(const struct tm *tm)
{
	return (tm->tm_year + 1900) * 10000 + (tm->tm_mon + 1) * 100 +
	    tm->tm_mday;
}

int
day_of(int64_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm tm = { 0 };

	localtime_r(&s, &tm);
	return join_date(&tm);
}

int64_t
day_begins(int day)
{
	struct tm tm = split_date(day);

	return (int64_t)mktime(&tm) * 1000;
}

/* The day that is `days` later.  At noon no day begins or ends anywhere. */
static int
add_days(int day, int days)
{
	struct tm tm = split_date(day);

	tm.tm_mday += days;
	tm.tm_hour = 12;
	mktime(&tm);
	return join_date(&tm);
}

int
day_after(int day)
{
	return add_days(day, 1);
}

int
day_before(int day)
{
	return add_days(day, -1);
}
