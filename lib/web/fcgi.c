/*
 * fcgi.c: worker.  FastCGI or CGI on one connection; knows nothing of what a
 * request means.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "setup/config.h"
#include "web/fcgi.h"

/* libfcgi's buffer is 8192 bytes with the record's head and padding in it. */
#define FCGI_CHUNK	8000
/* POSIX's PIPE_BUF on Linux: a pipe that polls writable takes it at once. */
#define CGI_CHUNK	4096

/* For the rest of a body under CGI; the web server has bounds of its own. */
#define DRAIN_MS	1000

struct fcgi {
	FCGX_Request	 request;
	bool		 is_cgi;
	bool		 served;	/* CGI: its one request */
	bool		 open;		/* a request is being served */
	int		 fd;		/* the connection; libfcgi's too */
	const struct limits *limits;
	size_t		 left;		/* CGI: of the body */
	int64_t		 arrived_ms;
	struct source	 source;
	struct sink	 sink;
};

bool
fcgi_init(void)
{
	return FCGX_Init() != 0 || FCGX_IsCGI();
}

static void
set_timeout(int fd, int which, int64_t ms)
{
	struct timeval tv = { ms / 1000, (ms % 1000) * 1000 };

	/* A pipe has none; its reads are polled for. */
	setsockopt(fd, SOL_SOCKET, which, &tv, sizeof(tv));
}

static const char *
param(void *arg, const char *name)
{
	struct fcgi *f = arg;

	return f->is_cgi ? getenv(name) :
	    FCGX_GetParam(name, f->request.envp);
}

static int
too_slow(const struct fcgi *f, struct err *err)
{
	return err_set(err, 408, "body_timeout", "the request did not arrive "
	    "within body_ms, %lld ms", (long long)f->limits->body_ms);
}

/* Without a Content-Length's worth of bytes stdin may never end. */
static ssize_t
read_cgi(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct fcgi *f = arg;
	ssize_t got;

	if (n > f->left)
		n = f->left;
	if (n == 0)
		return 0;
	if (io_wait_readable(STDIN_FILENO, deadline_ms) == -1)
		return too_slow(f, err);
	do
		got = read(STDIN_FILENO, data, n);
	while (got == -1 && errno == EINTR);
	if (got > 0)
		f->left -= (size_t)got;
	return got > 0 ? got : 0;
}

/*
 * What libfcgi has buffered, or one more record.  It reads on its own inside
 * a record that is cut, without a clock: SO_RCVTIMEO is that clock.
 */
static ssize_t
read_fcgi(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct fcgi *f = arg;
	FCGX_Stream *in = f->request.in;
	size_t have = (size_t)(in->stop - in->rdNext);
	int64_t left = deadline_ms - io_now_ms();
	int c;

	if (have == 0) {
		if (left <= 0)
			return too_slow(f, err);
		set_timeout(f->fd, SO_RCVTIMEO, left);
		errno = 0;
		if ((c = FCGX_GetChar(in)) == -1) {
			if (errno == EAGAIN || errno == EWOULDBLOCK ||
			    io_now_ms() >= deadline_ms)
				return too_slow(f, err);
			return 0;
		}
		*data = (char)c;
		return 1;
	}
	if (n > have)
		n = have;
	return FCGX_GetStr(data, (int)n, in);
}

static ssize_t
write_cgi(void *arg, const char *data, size_t n)
{
	(void)arg;
	return write(STDOUT_FILENO, data, n);
}

static ssize_t
write_fcgi(void *arg, const char *data, size_t n)
{
	struct fcgi *f = arg;
	FCGX_Stream *out = f->request.out;

	/* A failed flush says so once; the stream's error stays. */
	if (FCGX_PutStr(data, (int)n, out) == -1 || FCGX_FFlush(out) == -1 ||
	    FCGX_GetError(out) != 0)
		return -1;
	return (ssize_t)n;
}

/* The body has been read: the web server has nothing to say but goodbye. */
static int
gone_fcgi(void *arg, short revents)
{
	struct fcgi *f = arg;
	char record[8];
	ssize_t n;

	/* An end is one, too, after bytes that nobody has read. */
	if ((revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0)
		return 1;
	n = recv(f->fd, record, sizeof(record),
	    MSG_PEEK | MSG_DONTWAIT);

	if (n == -1)
		return errno != EAGAIN && errno != EINTR;
	/* FCGI_ABORT_REQUEST is specified, though no server sends it. */
	return n == 0 || (n == sizeof(record) && record[1] == 2);
}

/* Only asked when the pipe or socket on fd 1 reports hang-up or error. */
static int
gone_cgi(void *arg, short revents)
{
	(void)arg, (void)revents;
	return 1;
}

struct fcgi *
fcgi_open(int fd, const struct limits *limits)
{
	struct fcgi *f = calloc(1, sizeof(*f));
	int on = 1;

	if (f == NULL) {
		if (fd != -1)
			close(fd);
		return NULL;
	}
	f->is_cgi = fd == -1;
	f->fd = fd;
	f->limits = limits;
	f->source = (struct source){ param, f->is_cgi ? read_cgi : read_fcgi,
	    f };
	f->sink = f->is_cgi ?
	    (struct sink){ write_cgi, gone_cgi, CGI_CHUNK, STDOUT_FILENO, 0,
	    f } :
	    (struct sink){ write_fcgi, gone_fcgi, FCGI_CHUNK, fd,
	    POLLIN | POLLRDHUP, f };
	if (f->is_cgi)
		return f;
	FCGX_InitRequest(&f->request, -1, 0);
	/* On TCP only; a unix socket says no. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return f;
}

static int
accept_cgi(struct fcgi *f)
{
	const char *length = getenv("CONTENT_LENGTH");

	if (f->served)
		return -1;
	f->served = f->open = true;
	f->left = length == NULL ? 0 : strtoull(length, NULL, 10);
	return 0;
}

int
fcgi_accept(struct fcgi *f, int64_t wait_ms)
{
	if (f->is_cgi) {
		f->arrived_ms = io_now_ms();
		return accept_cgi(f);
	}
	if (io_wait_readable(f->fd, io_now_ms() + wait_ms) == -1)
		return -1;
	f->arrived_ms = io_now_ms();
	set_timeout(f->fd, SO_RCVTIMEO, f->limits->body_ms);
	set_timeout(f->fd, SO_SNDTIMEO, f->limits->stall_ms);
	f->request.ipcFd = f->fd;
	/* Or FCGX_Accept_r begins by closing what it takes for the last one. */
	f->request.keepConnection = 1;
	if (FCGX_Accept_r(&f->request) != 0) {
		/* It has closed the connection. */
		f->fd = -1;
		return -1;
	}
	f->open = true;
	return 0;
}

const struct source *
fcgi_source(const struct fcgi *f)
{
	return &f->source;
}

const struct sink *
fcgi_sink(const struct fcgi *f)
{
	return &f->sink;
}

int64_t
fcgi_arrived_ms(const struct fcgi *f)
{
	return f->arrived_ms;
}

/* A body that nobody wanted: unread, it would break the answer's connection. */
static void
drain_cgi(struct fcgi *f)
{
	int64_t deadline_ms = io_now_ms() + DRAIN_MS;
	char rest[4096];
	struct err err;

	while (read_cgi(f, rest, sizeof(rest), deadline_ms, &err) > 0)
		;
}

int
fcgi_finish(struct fcgi *f, bool gone)
{
	if (!f->open)
		return 0;
	f->open = false;
	if (f->is_cgi) {
		if (!gone)
			drain_cgi(f);
		return 0;
	}
	if (gone) {
		FCGX_Free(&f->request, 1);
		f->fd = -1;
		return 0;
	}
	/* Ends the records and, unless it is to be kept, closes in order. */
	FCGX_Finish_r(&f->request);
	if (f->request.ipcFd == -1)
		f->fd = -1;
	return f->fd != -1;
}

void
fcgi_close(struct fcgi *f)
{
	if (f == NULL)
		return;
	if (f->open)
		fcgi_finish(f, true);
	if (f->fd != -1)
		close(f->fd);
	free(f);
}
