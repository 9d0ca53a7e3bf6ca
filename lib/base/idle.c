/*
 * idle.c: stage and worker.  Reads what the kernel has counted of all
 * processors.
 */
#include <stdlib.h>
#include <string.h>

#include "base/idle.h"
#include "base/io.h"

/* "cpu  user nice system idle iowait irq softirq steal guest guest_nice" */
#define COLUMNS		8	/* the last two are counted in the first two */
#define COLUMN_IDLE	3
#define COLUMN_IOWAIT	4

int
idle_read(const char *file, struct idle *now)
{
	char text[256], *at = text + strlen("cpu"), *end;
	unsigned long long ticks;
	int i;

	io_read_text(file, text, sizeof(text));
	if (strncmp(text, "cpu ", 4) != 0)
		return -1;
	now->idle = now->all = 0;
	for (i = 0; i < COLUMNS; i++, at = end) {
		ticks = strtoull(at, &end, 10);
		if (end == at)
			return -1;
		now->all += ticks;
		if (i == COLUMN_IDLE || i == COLUMN_IOWAIT)
			now->idle += ticks;
	}
	return 0;
}

int
idle_share(const struct idle *before, const struct idle *now)
{
	if (now->all <= before->all)
		return -1;
	/* The idle time of a processor can be corrected, and then goes back. */
	if (now->idle < before->idle)
		return 0;
	if (now->idle - before->idle >= now->all - before->all)
		return 1000;
	return (int)(1000 * (now->idle - before->idle) /
	    (now->all - before->all));
}
