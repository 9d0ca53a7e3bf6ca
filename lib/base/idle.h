/*
 * idle: for which share of a time the processors of the machine had nothing to
 * do.
 *
 * Linux counts it in /proc/stat.  In a container that is mostly the whole
 * machine's.
 *
 *	struct idle before, now;
 *
 *	idle_read(IDLE_FILE, &before);
 *	some time later
 *	idle_read(IDLE_FILE, &now);
 *	permille = idle_share(&before, &now);
 */
#ifndef IDLE_H
#define IDLE_H

#define IDLE_FILE	"/proc/stat"

/* Ticks of all processors, 100 of each in a second. */
struct idle {
	unsigned long long	idle, all;
};

/* Returns 0, or -1 if the system does not count. */
int	idle_read(const char *file, struct idle *now);

/*
 * The idle share of the time between two reads, in thousandths; -1 if no tick
 * has passed.  It is 0 if the idle time went back, which Linux allows.
 */
int	idle_share(const struct idle *before, const struct idle *now);

#endif
