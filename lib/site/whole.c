/*
 * whole.c: any process of a site but its stages.  Makes a file; knows nothing
 * of what is in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "site/whole.h"

int
whole_make(const char *path, int (*fill)(void *arg, int fd), void *arg)
{
	char mine[PATH_MAX];
	int fd, rc = -1, saved;

	if ((size_t)snprintf(mine, sizeof(mine), "%s.%ld", path,
	    (long)getpid()) >= sizeof(mine)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* A dead process may have left one of that name. */
	unlink(mine);
	fd = open(mine, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	/* Its name must not be on the disk before what is in it. */
	if (fill(arg, fd) == 0 && fsync(fd) == 0) {
		if (link(mine, path) == 0)
			rc = 1;
		else if (errno == EEXIST)
			rc = 0;
	}
	saved = errno;
	close(fd);
	unlink(mine);
	errno = saved;
	return rc;
}
