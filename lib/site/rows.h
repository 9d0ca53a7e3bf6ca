/*
 * rows: a file of rows that several processes append to, without a lock.
 *
 * All rows have ROW_BYTES and begin with a struct row.  A process appends whole
 * rows by one write(2) to a descriptor with O_APPEND, which the kernel does one
 * after the other; so no row is torn by another process, nor by one that is
 * killed, and their order in the file is the same for all who read it.  A disk
 * that is full can cut the last row short: each row has a mark and a checksum,
 * and a reader goes on at the next that is whole.  Other bytes are foreign:
 * they were written by somebody else, or have changed on the disk.
 *
 *	rows_seal(&lap, LAPS_MARK);
 *	if (rows_append(fd, &lap, 1) == -1)
 *		...
 *	at = 0;
 *	rows_read(fd, &at, LAPS_MARK, take, arg, NULL);	all that are there
 *	rows_read(fd, &at, LAPS_MARK, take, arg, NULL);	what has come since
 *
 * Numbers are in the byte order of the machine that wrote them.
 */
#ifndef ROWS_H
#define ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_BYTES	64

/* What each row begins with. */
struct row {
	uint32_t	mark;		/* of which kind of file it is */
	uint32_t	sum;		/* of all that comes after it */
};

/* Sets mark and sum, after all the rest. */
void	rows_seal(void *row, uint32_t mark);

/*
 * Appends n sealed rows.  Returns 0, or -1 and errno if not all of them were
 * written; ENOSPC if only some were.
 */
int	rows_append(int fd, const void *rows, size_t n);

/*
 * Calls `take` for each whole row of that mark from byte *at of the file on,
 * and moves *at after the last of them.  The row is borrowed, and aligned for
 * any struct.  Returns how many there were.  One system call, if what is new is
 * less than ROWS_AT_ONCE rows.
 *
 * It passes foreign bytes by if `foreign` is NULL; else it stops before them,
 * and sets *foreign to whether it has.
 */
#define ROWS_AT_ONCE	256
size_t	rows_read(int fd, int64_t *at, uint32_t mark,
	    void (*take)(void *arg, const void *row), void *arg,
	    bool *foreign);

#endif
