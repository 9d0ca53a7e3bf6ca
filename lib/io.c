/*
 * io.c: any process.  The clock and bare descriptors; knows no protocol.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "io.h"

int64_t
io_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
io_write_all(int fd, const void *data, size_t n)
{
	const char *p = data;
	ssize_t w;

	while (n > 0) {
		if ((w = write(fd, p, n)) == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

int
io_wait_readable(int fd, int64_t deadline_ms)
{
	struct pollfd pfd = { fd, POLLIN, 0 };
	int64_t left;
	int rc;

	do {
		left = deadline_ms - io_now_ms();
		rc = poll(&pfd, 1, left > 0 ? (int)left : 0);
	} while (rc == -1 && errno == EINTR);
	return rc == 1 ? 0 : -1;
}

int
io_set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int
io_keep_only(int keep[], size_t nkeep)
{
	const int high = 16;	/* above every target */
	size_t i;
	int null;

	/* First out of the way of all targets, then down to them. */
	for (i = 0; i < nkeep; i++)
		if ((keep[i] = fcntl(keep[i], F_DUPFD, high)) == -1)
			return -1;
	if ((null = open("/dev/null", O_RDWR)) == -1 ||
	    dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1)
		return -1;
	for (i = 0; i < nkeep; i++)
		if ((keep[i] = dup2(keep[i], 3 + (int)i)) == -1)
			return -1;
	closefrom(3 + (int)nkeep);
	return 0;
}
