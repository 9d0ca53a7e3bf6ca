/*
 * detach.c: worker, under plain CGI.  Forks; knows nothing of runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
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

/*
 * The server waits until nobody holds these any more.  A log that nobody reads
 * loses lines, and does not stop the run.
 */
static void
drop_server(int log)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC), i;

	for (i = 0; fd != -1 && i < 2; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	fcntl(log, F_SETFL, O_NONBLOCK);
	dup2(log, STDERR_FILENO);
	close(log);
}

/* The end of the process is the end of its log; but a program may hold it. */
#define LOG_WAIT_MS	500

void
detach_pass_log(struct detach *detach)
{
	char lines[4096];
	ssize_t n;

	while (io_wait_readable(detach->log, io_now_ms() + LOG_WAIT_MS) == 0) {
		n = read(detach->log, lines, sizeof(lines));
		if (n <= 0 || write(STDERR_FILENO, lines, (size_t)n) == -1)
			break;
	}
	close(detach->log);
}

static void
close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
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
	int fds[2], log[2], rc;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return no_process(err);
	if (pipe2(log, O_CLOEXEC) == -1) {
		close_both(fds);
		return no_process(err);
	}
	if ((pid = fork()) == -1) {
		close_both(fds);
		close_both(log);
		return no_process(err);
	}
	if (pid > 0) {
		close(fds[1]);
		close(log[1]);
		detach->log = log[0];
		if ((rc = hear_report(fds[0], err)) == -1)
			detach_pass_log(detach);
		return rc;
	}
	close(fds[0]);
	close(log[0]);
	setsid();
	drop_server(log[1]);
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
