/*
 * io.c: any process.  The clock and bare descriptors; knows no protocol.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"

/*
 * Without POLLRDHUP (it is Linux's) a socket counts as closed only after both
 * directions are: poll(2) reports POLLHUP, which needs no asking.
 */
#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

/* Only descriptors below this are searched; a stage has about a dozen. */
#define SOCKETS_MOST	256

const char *
source_param(const struct source *source, const char *name)
{
	const char *value = source->param(source->arg, name);

	return value == NULL ? "" : value;
}

int64_t
io_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
io_now_ms(void)
{
	return io_now_us() / 1000;
}

size_t
io_read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd != -1) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	n = n > 0 ? n : 0;
	text[n] = '\0';
	return (size_t)n;
}

int64_t
io_wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
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

	/* A signal may end poll(2) early: then wait for what time is left. */
	do {
		left = deadline_ms - io_now_ms();
		rc = poll(&pfd, 1, left > 0 ? (int)left : 0);
	} while (rc == -1 && errno == EINTR);
	return rc == 1 ? 0 : -1;
}

int
io_wait_either(int in, int out, int64_t ms, const sigset_t *unblocked)
{
	struct pollfd fds[2] = { { in, POLLIN, 0 }, { out, POLLOUT, 0 } };
	const struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };

	if (ppoll(fds, 2, &wait, unblocked) == -1)
		return -1;
	return (fds[0].revents != 0 ? IO_IN : 0) |
	    (fds[1].revents != 0 ? IO_OUT : 0);
}

/* The local port of fd; -1 if it is no TCP socket, or is not connected. */
static int
port_of(int fd)
{
	struct sockaddr_storage own = { 0 }, peer;
	socklen_t n = sizeof(own), m = sizeof(peer);
	struct sockaddr_in *in = (struct sockaddr_in *)&own;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&own;

	if (getsockname(fd, (struct sockaddr *)&own, &n) == -1 ||
	    getpeername(fd, (struct sockaddr *)&peer, &m) == -1)
		return -1;
	return own.ss_family == AF_INET ? ntohs(in->sin_port) :
	    own.ss_family == AF_INET6 ? ntohs(in6->sin6_port) : -1;
}

int
io_find_socket(int local_port)
{
	static int last = 3;	/* the same one is mostly asked for again */
	int fd;

	if (port_of(last) == local_port)
		return last;
	for (fd = 3; fd < SOCKETS_MOST; fd++)
		if (port_of(fd) == local_port)
			return last = fd;
	return -1;
}

bool
io_hung_up(int fd)
{
	struct pollfd pfd = { fd, POLLRDHUP, 0 };

	return poll(&pfd, 1, 0) == 1;
}

int
io_keep_only(int keep[], size_t nkeep)
{
	const int high = 16;	/* above every target */
	size_t i;
	int null;

	/*
	 * dup2 closes what had the new number.  So all are first copied to
	 * numbers above every target, and then moved down.
	 */
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
