/*
 * alarm: lines in the log that tell how much of the site's limits is used: one
 * for four fifths, and one for all.  Of all processes the first one says it.
 *
 *	alarm_used(&book, &guard, process, now_ms);	what is spent has grown
 *	alarm_percent(&book, &guard, process, now_ms, 100);
 */
#ifndef ALARM_H
#define ALARM_H

#include <stdint.h>

struct book;
struct guard;

/* `process` is a number that no other process has (spend/ledger.h). */
void	alarm_percent(struct book *book, const struct guard *guard,
	    uint32_t process, int64_t now_ms, int percent);
void	alarm_used(struct book *book, const struct guard *guard,
	    uint32_t process, int64_t now_ms);

#endif
