/*
 * lockfile: locks on the bytes of one file, by which the processes of a site
 * tell what each of them holds.  Only site/places uses it.
 *
 * They are POSIX record locks (F_SETLK, F_GETLK): the kernel takes them from a
 * process that dies, in whatever way, and no child inherits them.  Nothing
 * here ever waits for a lock.  Two of their rules decide how they are used:
 *
 *   - a process never conflicts with itself, so a lock that it holds already is
 *     granted again, and lockfile_find does not see it: whoever calls keeps
 *     account of what this process holds;
 *   - a process that closes any descriptor of the file loses all its locks on
 *     it.  So the file is opened once in a process, here, and has no content:
 *     nobody has a reason to read it, and it is never renamed or removed.
 */
#ifndef LOCKFILE_H
#define LOCKFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

struct lockfile {
	int		fd;	/* -1: locks cannot be kept anywhere */
	struct log_pace	pace;	/* of a lock that fails later */
	/* "", or a sentence for the log and `check`: see lockfile_open. */
	char		why[1024];
};

#define LOCKFILE_INIT { .fd = -1 }

/* The bytes from `from` up to, not including, `to`. */
struct span {
	int64_t	from, to;
};

/*
 * Opens or makes dir/places.lock (mode 0600, closed on exec) and tries whether
 * locks hold there.  If they do not, or dir is NULL or cannot be written, a
 * file named after `dir` in recipe-UID, in the directory for temporary files,
 * takes its place; that directory has to be this user's own, mode 0700.  If
 * that fails too, fd is -1.  In both of these cases `why` says so, and what to
 * do.  Three system calls if all is well.
 */
void	lockfile_open(struct lockfile *file, const char *dir);

/* Gives back all locks of this process.  `why` stays. */
void	lockfile_close(struct lockfile *file);

/*
 * Locks all bytes of a span.  Returns 1; 0 if another process has locked one of
 * them, and then nothing has changed; or -1, with a line in the log, if the
 * file system fails.  One system call.
 */
int	lockfile_take(struct lockfile *file, struct span span);

/* Unlocks what this process holds of a span.  One system call. */
void	lockfile_drop(const struct lockfile *file, struct span span);

/*
 * Whether another process holds a lock in the span.  If so, *found is the part
 * of that lock which is in the span.  If there are several locks, it is any of
 * them; locks of one process that touch each other are one.  One system call.
 */
bool	lockfile_find(const struct lockfile *file, struct span span,
	    struct span *found);

/*
 * The same, of the lock with the lowest bytes.  One system call if there is
 * none or it begins the span, and usually only a few otherwise.
 */
bool	lockfile_find_lowest(const struct lockfile *file, struct span span,
	    struct span *found);

/*
 * How many bytes of the span other processes have locked.  About two system
 * calls for each lock, and one more.
 */
int64_t	lockfile_count(const struct lockfile *file, struct span span);

#endif
