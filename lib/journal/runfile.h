/*
 * runfile: the names of the files of a run, and the locks on its journal.
 *
 *	runfile_path(path, dir, id, "")		the journal
 *	if (!runfile_is_locked(fd, RUNFILE_WRITES, F_WRLCK))
 *		...				its writer is dead
 *
 * The locks are POSIX record locks, which end with their process.
 */
#ifndef RUNFILE_H
#define RUNFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* The bytes of a journal that are locked; the file may be shorter. */
#define RUNFILE_WRITES	0
#define RUNFILE_READS	1

/*
 * The path of a file of the run `id` in the folder `dir` of a site; `id` ""
 * means the directory of all.  Returns 0, or -1 if it is too long.
 */
int	runfile_path(char path[PATH_MAX], const char *dir, const char *id,
	    const char *suffix);

/*
 * Locks a byte of the file, for F_RDLCK or F_WRLCK; and tells whether another
 * process holds a lock that forbids that.  Neither waits.
 */
bool	runfile_lock(int fd, int64_t byte, short type);
bool	runfile_is_locked(int fd, int64_t byte, short type);

#endif
