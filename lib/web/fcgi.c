/*
 * fcgi.c: runs in a worker.  Speaks FastCGI or CGI on one connection, and
 * knows nothing of what a request means.
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
#include "web/record.h"

/* Of a FastCGI answer, in one record; a socket takes more at once. */
#define FCGI_CHUNK	8000
/* PIPE_BUF on Linux: a pipe that polls writable takes this much at once. */
#define CGI_CHUNK	4096

/*
 * How long the rest of a body that nobody wants is read under CGI.  It is
 * short, as the web server has limits of its own for a slow sender.
 */
#define DRAIN_MS	1000

struct fcgi {
	FCGX_Request	 request;
	bool		 is_cgi;
	bool		 served;	/* CGI: its one request has begun */
	bool		 open;		/* a request is being served */
	int		 fd;		/* shared with libfcgi; -1: closed */
	const struct limits *limits;
	size_t		 unread;	/* CGI: bytes of the body */
	int64_t		 arrived_ms;
	struct source	 source;
	struct sink	 sink;
	struct record	 record;	/* FastCGI: that is being sent */
};

bool
fcgi_init(void)
{
	return FCGX_Init() != 0 || FCGX_IsCGI();
}

/*
 * Sets SO_RCVTIMEO or SO_SNDTIMEO.  That fails on a pipe, which does no harm:
 * reads from a pipe are polled for instead.
 */
static void
set_timeout(int fd, int which, int64_t ms)
{
	struct timeval tv = { ms / 1000, (ms % 1000) * 1000 };

	setsockopt(fd, SOL_SOCKET, which, &tv, sizeof(tv));
}

/*
 * What a header says in which proxies report whom they ask for.  If it was
 * there several times, some web servers make that many variables of it, of
 * which the last counts: it is the nearest proxy's, and the others may be a
 * client's.  lighttpd makes one of them.  If it has two, one was spelt with
 * "_", which no proxy does, and nobody can tell which: if they differ, nobody
 * is reported.
 */
static const char *
report_variable(char *const *envp, const char *name, const char *server)
{
	bool is_lighttpd = server != NULL &&
	    strncmp(server, "lighttpd", 8) == 0;
	size_t n = strlen(name);
	const char *found = NULL, *value;

	for (; envp != NULL && *envp != NULL; envp++) {
		if (strncmp(*envp, name, n) != 0 || (*envp)[n] != '=')
			continue;
		value = *envp + n + 1;
		if (is_lighttpd && found != NULL && strcmp(value, found) != 0)
			return "unknown";
		found = value;
	}
	return found;
}

/* The source's `param`: a CGI variable, or NULL if it is not set. */
static const char *
cgi_variable(void *arg, const char *name)
{
	struct fcgi *f = arg;
	char *const *envp = f->is_cgi ? environ : f->request.envp;

	if (strcmp(name, "HTTP_X_FORWARDED_FOR") == 0 ||
	    strcmp(name, "HTTP_FORWARDED") == 0)
		return report_variable(envp, name, cgi_variable(arg,
		    "SERVER_SOFTWARE"));
	return f->is_cgi ? getenv(name) : FCGX_GetParam(name, f->request.envp);
}

/* Fills *err for a body that did not arrive in time.  Returns -1. */
static int
too_slow(const struct fcgi *f, struct err *err)
{
	return err_set(err, 408, "body_timeout", "the request did not arrive "
	    "within body_ms, %lld ms", (long long)f->limits->body_ms);
}

/*
 * The source's `read` under CGI.  It reads no more than Content-Length bytes:
 * after them the web server need not close our stdin, and a read would block.
 */
static ssize_t
read_cgi(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct fcgi *f = arg;
	ssize_t got;

	if (n > f->unread)
		n = f->unread;
	if (n == 0)
		return 0;
	if (io_wait_readable(STDIN_FILENO, deadline_ms) == -1)
		return too_slow(f, err);
	do
		got = read(STDIN_FILENO, data, n);
	while (got == -1 && errno == EINTR);
	if (got > 0)
		f->unread -= (size_t)got;
	return got > 0 ? got : 0;
}

/*
 * The source's `read` under FastCGI: returns what libfcgi has in its buffer,
 * or waits until it has read one more record, and returns that one's first
 * byte.  libfcgi blocks inside of a record that arrives in parts and knows no
 * deadline, so SO_RCVTIMEO is set to the time that is left.
 */
static ssize_t
read_fcgi(void *arg, char *data, size_t n, int64_t deadline_ms,
    struct err *err)
{
	struct fcgi *f = arg;
	FCGX_Stream *in = f->request.in;
	size_t have = (size_t)(in->stop - in->rdNext);
	int64_t left_ms = deadline_ms - io_now_ms();
	int c;

	if (have == 0) {
		if (left_ms <= 0)
			return too_slow(f, err);
		set_timeout(f->fd, SO_RCVTIMEO, left_ms);
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

	return record_send(&f->record, f->fd, f->request.requestId, data, n);
}

/*
 * The sink's `gone` under FastCGI.  The body has been read by now, so whatever
 * the web server still sends, or its hang-up, says that the visitor has left.
 */
static int
gone_fcgi(void *arg, short revents)
{
	struct fcgi *f = arg;
	char record[8];
	ssize_t n;

	/* A hang-up counts, also if bytes that nobody read came before it. */
	if ((revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0)
		return 1;
	n = recv(f->fd, record, sizeof(record), MSG_PEEK | MSG_DONTWAIT);
	if (n == -1)
		return errno != EAGAIN && errno != EINTR;
	/*
	 * The header of a record is 8 bytes, the second its type.  Type 2 is
	 * FCGI_ABORT_REQUEST: it is in the specification, though none of the
	 * servers that we know sends it.
	 */
	return n == 0 || (n == sizeof(record) && record[1] == 2);
}

/*
 * The sink's `gone` under CGI.  It is only asked after poll reported a hang-up
 * or an error on fd 1, as leave_events is 0: the visitor has left.
 */
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
	f->source = (struct source){ cgi_variable,
	    f->is_cgi ? read_cgi : read_fcgi, f };
	f->sink = f->is_cgi ?
	    (struct sink){ write_cgi, gone_cgi, CGI_CHUNK, STDOUT_FILENO, 0,
	    f, false } :
	    (struct sink){ write_fcgi, gone_fcgi, FCGI_CHUNK, fd,
	    POLLIN | POLLRDHUP, f, true };
	if (f->is_cgi)
		return f;
	FCGX_InitRequest(&f->request, -1, 0);
	/* For a connection by TCP; on a unix socket it only fails. */
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
	f->unread = length == NULL ? 0 : strtoull(length, NULL, 10);
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
	/*
	 * libfcgi is given the connection instead of accepting it.  Without
	 * keepConnection FCGX_Accept_r would begin by closing ipcFd, which it
	 * takes for the connection of the last request.
	 */
	f->request.keepConnection = 1;
	if (FCGX_Accept_r(&f->request) != 0) {
		/* libfcgi has closed the connection. */
		f->fd = -1;
		return -1;
	}
	f->open = true;
	f->record = (struct record)RECORD_INIT;
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

/*
 * Reads and drops what is left of a body.  A socket that is closed with unread
 * bytes in it is reset, and Apache then loses the end of the answer.
 */
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
	/*
	 * Sends the end of the answer's streams and of the request.  libfcgi
	 * then closes the connection, unless the web server asked to keep it.
	 */
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
