/*
 * bell.c: any process of a site but its stages.  Knows nothing of runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/bell.h"
#include "journal/runfile.h"

/*
 * It is opened for reading and writing: a FIFO without a writer would wake
 * poll(2) for ever after the first writer has gone.
 */
int
bell_hang(const char *dir, const char *id)
{
	char path[PATH_MAX];

	if (runfile_path(path, dir, id, BELL_SUFFIX) == -1 ||
	    (mkfifo(path, 0600) == -1 && errno != EEXIST))
		return -1;
	return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

bool
bell_was_rung(int bell)
{
	char bytes[16];

	return read(bell, bytes, sizeof(bytes)) > 0;
}

void
bell_take_down(const char *path, int bell)
{
	char own[PATH_MAX];

	if (snprintf(own, sizeof(own), "%s" BELL_SUFFIX, path) <
	    (int)sizeof(own))
		unlink(own);
	close(bell);
}

/* Without a reader the open fails, which tells that the writer is dead. */
int
bell_ring(const char *dir, const char *id)
{
	char path[PATH_MAX];
	int fd, rc;

	if (runfile_path(path, dir, id, BELL_SUFFIX) == -1 || (fd = open(path,
	    O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return -1;
	rc = write(fd, "", 1) == 1 || errno == EAGAIN ? 0 : -1;
	close(fd);
	return rc;
}
