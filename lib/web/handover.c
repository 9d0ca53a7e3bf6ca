/*
 * handover.c: runs in the listener and in workers.  Sends descriptors in
 * messages, and never reads from or writes to what they refer to.
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

/*
 * Receives one message.  Returns the descriptor in it, or -1 at EOF, after an
 * error, and if the message has no descriptor.
 */
static int
receive_fd(int end)
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

/*
 * Waits until `end` is readable, for ms milliseconds at most, or without limit
 * if ms is negative.  Signals are unblocked by ppoll, and only while it waits,
 * so none is missed between two waits.  Returns 1 if it is readable, else 0.
 */
static int
wait_message(int end, int64_t ms, void (*woken)(void *), void *arg)
{
	int64_t deadline_ms = io_now_ms() + ms, left_ms;
	struct pollfd pfd = { end, POLLIN, 0 };
	struct timespec ts;
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		left_ms = deadline_ms - io_now_ms();
		if (left_ms < 0)
			left_ms = 0;
		ts = (struct timespec){ left_ms / 1000,
		    left_ms % 1000 * 1000000 };
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
		/*
		 * The listener may have sent a connection before it saw the
		 * shutdown.  After that one, or at once, EOF comes.
		 */
		wait_message(end, -1, woken, arg);
	}
	return receive_fd(end);
}
