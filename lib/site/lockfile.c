/*
 * lockfile.c: any process of a site but its stages.  Locks on bytes of one
 * file; does not know what the bytes stand for.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/log.h"
#include "site/lockfile.h"

/* Digits of a site's folder's path in the name of a file for its locks. */
#define DIR_DIGITS	16

/* A byte that stands for nothing, on which a lock is tried. */
#define TRY_BYTE	((int64_t)1 << 62)

_Static_assert(sizeof(off_t) == sizeof(int64_t), "locks need 64 bits");

/* --- one call of the kernel ----------------------------------------------- */

/* Returns as fcntl does; NFS may interrupt it. */
static int
call_fcntl(int fd, int cmd, struct flock *lock, short type, struct span span)
{
	int rc;

	do {
		*lock = (struct flock){ .l_type = type, .l_whence = SEEK_SET,
		    .l_start = span.from, .l_len = span.to - span.from };
		rc = fcntl(fd, cmd, lock);
	} while (rc == -1 && errno == EINTR);
	return rc;
}

/* Returns 1, 0 if another process has it, or -1 and errno. */
static int
try_lock(int fd, struct span span)
{
	struct flock lock;

	if (call_fcntl(fd, F_SETLK, &lock, F_WRLCK, span) == 0)
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

int
lockfile_take(struct lockfile *file, struct span span)
{
	int rc = try_lock(file->fd, span);

	if (rc == -1)
		log_warn_paced(&file->pace, io_now_ms(), "places.lock: a lock"
		    " failed, and nothing is limited meanwhile");
	return rc;
}

void
lockfile_drop(const struct lockfile *file, struct span span)
{
	struct flock lock;

	call_fcntl(file->fd, F_SETLK, &lock, F_UNLCK, span);
}

bool
lockfile_find(const struct lockfile *file, struct span span,
    struct span *found)
{
	struct flock lock;

	if (span.from >= span.to || call_fcntl(file->fd, F_GETLK, &lock,
	    F_WRLCK, span) == -1 || lock.l_type == F_UNLCK)
		return false;
	*found = span;
	if (lock.l_start > span.from)
		found->from = lock.l_start;
	/* A length of 0 means up to the end of any file. */
	if (lock.l_len != 0 && lock.l_start + lock.l_len < span.to)
		found->to = lock.l_start + lock.l_len;
	return true;
}

/*
 * F_GETLK tells the lock that comes first in the kernel's list, which is sorted
 * by process.  So we ask again for what is below it until that is free.
 */
bool
lockfile_find_lowest(const struct lockfile *file, struct span span,
    struct span *found)
{
	bool any = false;

	while (lockfile_find(file, span, found)) {
		any = true;
		span.to = found->from;
		if (span.from == span.to)
			break;
	}
	return any;
}

int64_t
lockfile_count(const struct lockfile *file, struct span span)
{
	struct span found;
	int64_t n = 0;

	while (lockfile_find_lowest(file, span, &found)) {
		n += found.to - found.from;
		span.from = found.to;
	}
	return n;
}

/* --- where it is ---------------------------------------------------------- */

/*
 * Descriptors 0 to 2 are replaced in a stage and by web servers, which would
 * close the file.  Returns fd, or another descriptor of the file above them.
 */
static int
lift(int fd)
{
	int high = fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (high != fd)
		close(fd);
	return high;
}

/* Returns 0 if locks hold in dir/name, which is then open; -1 and errno. */
static int
open_in_dir(struct lockfile *file, const char *dir, const char *name)
{
	const struct span byte = { TRY_BYTE, TRY_BYTE + 1 };
	char path[PATH_MAX];
	int error;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >=
	    sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file->fd == -1 || (file->fd = lift(file->fd)) == -1)
		return -1;
	/* If another process tries at this moment, locks hold as well. */
	switch (try_lock(file->fd, byte)) {
	case 1:
		lockfile_drop(file, byte);
		return 0;
	case 0:
		return 0;
	}
	error = errno;
	lockfile_close(file);
	errno = error;
	return -1;
}

/*
 * Fills `path` with recipe-UID in the directory for temporary files, in which
 * everybody may write.  Returns 0, or -1 and errno if it is not ours alone.
 */
static int
find_temporary(char *path, size_t size)
{
	const char *tmp = getenv("TMPDIR");
	struct stat st;

	snprintf(path, size, "%s/recipe-%ld",
	    tmp == NULL || *tmp != '/' ? "/tmp" : tmp, (long)geteuid());
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return -1;
	if (lstat(path, &st) == -1)
		return -1;
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0)
		return 0;
	errno = EPERM;
	return -1;
}

void
lockfile_open(struct lockfile *file, const char *dir)
{
	char name[sizeof("places-.lock") + DIR_DIGITS] = "places.lock";
	char digits[DIR_DIGITS + 1], temporary[PATH_MAX];
	int first = ENOENT;

	*file = (struct lockfile)LOCKFILE_INIT;
	if (dir != NULL) {
		if (open_in_dir(file, dir, name) == 0)
			return;
		first = errno;
		digest_hex(dir, strlen(dir), digits, DIR_DIGITS);
		snprintf(name, sizeof(name), "places-%s.lock", digits);
	}
	if (find_temporary(temporary, sizeof(temporary)) == 0 &&
	    open_in_dir(file, temporary, name) == 0)
		snprintf(file->why, sizeof(file->why), "%.300s keeps no locks"
		    " (%s), so they are in %.300s; set \"state\" to a directory"
		    " on a local disk that this user may write to",
		    dir == NULL ? "the state directory" : dir,
		    strerror(first), temporary);
	else
		snprintf(file->why, sizeof(file->why), "neither %.300s (%s)"
		    " nor %.300s (%m) keeps locks, so runs and requests at"
		    " once are not limited; set \"state\" to a directory on a"
		    " local disk that this user may write to",
		    dir == NULL ? "the state directory" : dir,
		    strerror(first), temporary);
}

void
lockfile_close(struct lockfile *file)
{
	if (file->fd != -1)
		close(file->fd);
	file->fd = -1;
}
