/*
 * handover.c: listener and worker.  Descriptors in messages; never looks at
 * what is behind them.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "web/handover.h"

int
handover_open(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int
handover_send(int end, int fd)
{
	union {
		struct cmsghdr	head;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte = 'c';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(end, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 ? 0 : -1;
}

enum handover_word
handover_hear(int end)
{
	char byte;
	ssize_t n = recv(end, &byte, 1, MSG_DONTWAIT);

	if (n == 1)
		return HANDOVER_IDLE;
	return n == -1 && (errno == EAGAIN || errno == EINTR) ?
	    HANDOVER_NOTHING : HANDOVER_LEAVES;
}

/* One message: its descriptor, -1 at EOF or for anything else. */
static int
receive(int end)
{
	union {
		struct cmsghdr	head;
		char		space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	int fd;

	if (recvmsg(end, &msg, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c == NULL || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

/* 1 readable, 0 the time is over.  Signals are let in only while it waits. */
static int
wait_message(int end, int64_t ms, void (*woken)(void *), void *arg)
{
	int64_t deadline = io_now_ms() + ms, left;
	struct pollfd pfd = { end, POLLIN, 0 };
	struct timespec ts;
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		left = deadline - io_now_ms();
		if (left < 0)
			left = 0;
		ts = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		switch (ppoll(&pfd, 1, ms < 0 ? NULL : &ts, &none)) {
		case -1:
			woken(arg);
			break;
		case 0:
			return 0;
		default:
			return 1;
		}
	}
}

int
handover_next(int end, bool say_idle, int64_t idle_ms, void (*woken)(void *),
    void *arg)
{
	if (say_idle && send(end, "i", 1, MSG_NOSIGNAL) == -1)
		return -1;
	if (wait_message(end, idle_ms, woken, arg) == 0) {
		shutdown(end, SHUT_WR);
		/* One may be on its way; then comes EOF. */
		wait_message(end, -1, woken, arg);
	}
	return receive(end);
}
