/*
 * runfile.c: any process of a site but its stages.  Knows nothing of what is in
 * the files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "journal/runfile.h"

int
runfile_path(char path[PATH_MAX], const char *dir, const char *id,
    const char *suffix)
{
	return snprintf(path, PATH_MAX, "%s/runs/%s%s", dir, id, suffix) <
	    PATH_MAX ? 0 : -1;
}

static int
lock_call(int fd, int call, int64_t byte, struct flock *lock, short type)
{
	*lock = (struct flock){ .l_type = type, .l_whence = SEEK_SET,
	    .l_start = byte, .l_len = 1 };
	return fcntl(fd, call, lock);
}

bool
runfile_lock(int fd, int64_t byte, short type)
{
	struct flock lock;

	return lock_call(fd, F_SETLK, byte, &lock, type) == 0;
}

bool
runfile_is_locked(int fd, int64_t byte, short type)
{
	struct flock lock;

	return lock_call(fd, F_GETLK, byte, &lock, type) == 0 &&
	    lock.l_type != F_UNLCK;
}
