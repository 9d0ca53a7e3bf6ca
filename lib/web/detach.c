/*
 * detach.c: worker, under plain CGI.  Forks; knows nothing of runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "web/detach.h"

/* What the new process reports; it has the same literals as the old one. */
static int
hear_report(int fd, struct err *err)
{
	struct err heard;
	ssize_t n;

	do {
		n = read(fd, &heard, sizeof(heard));
	} while (n == -1 && errno == EINTR);
	close(fd);
	if (n != (ssize_t)sizeof(heard))
		return err_set(err, 503, "lost", "the server could not begin; "
		    "try again in a moment");
	if (heard.status == 0)
		return 0;
	*err = heard;
	return -1;
}

/* The server waits until nobody holds these any more. */
static void
drop_server(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = 0; fd != -1 && i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static int
no_process(struct err *err)
{
	return err_set(err, 503, "no_process", "the server has no process for "
	    "this; try again in a moment");
}

int
detach_fork(struct detach *detach, struct err *err)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return no_process(err);
	if ((pid = fork()) == -1) {
		close(fds[0]);
		close(fds[1]);
		return no_process(err);
	}
	if (pid > 0) {
		close(fds[1]);
		return hear_report(fds[0], err);
	}
	close(fds[0]);
	setsid();
	drop_server();
	detach->fd = fds[1];
	return 1;
}

void
detach_report(struct detach *detach, const struct err *err)
{
	const struct err none = ERR_INIT;

	/* Less than PIPE_BUF, so it is written at once. */
	if (write(detach->fd, err == NULL ? &none : err, sizeof(none)) == -1)
		errno = 0;
	close(detach->fd);
}
