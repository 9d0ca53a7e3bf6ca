/*
 * listener.c: listener.  The one process of an unused site; knows sockets and
 * workers, not requests.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/io.h"
#include "base/leave.h"
#include "base/log.h"
#include "web/handover.h"
#include "web/listener.h"

/* As many may wait while the house is full; net.core.somaxconn may be less. */
#define BACKLOG		4096
/* After a fork or an accept that failed; the web server queues meanwhile. */
#define PAUSE_MS	100

struct worker {
	pid_t	pid;
	int	end;		/* our side of the hand-over */
	bool	idle;
};

struct listener {
	int			 fd;
	int64_t			 max;
	struct worker		*workers;
	struct pollfd		*fds;	/* [0] is fd, then one per worker */
	size_t			 n;
	bool			 paused;
	struct log_pace		 no_worker, no_accept, lost;
	struct crowd		*crowd;
	worker_main_fn		*worker_main;
	void			*arg;
};

static volatile sig_atomic_t stopping;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static void
on_child(int sig)
{
	(void)sig;	/* it only has to interrupt the wait */
}

/* Everything that is handled is blocked but for the wait itself. */
static void
set_signals(void)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGUSR1 };
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction child = { .sa_handler = on_child };
	sigset_t blocked;
	size_t i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		sigaction(stops[i], &stop, NULL);
		sigaddset(&blocked, stops[i]);
	}
	sigaction(SIGCHLD, &child, NULL);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/* In a new worker: what the listener stops for is not its concern. */
static void
set_worker_signals(void)
{
	static const int ignored[] = { SIGTERM, SIGINT, SIGUSR1, SIGHUP,
	    SIGPIPE };
	sigset_t blocked;
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* Out of the table; the process ends, or has ended, by itself. */
static void
drop_worker(struct listener *l, size_t i)
{
	close(l->workers[i].end);
	l->workers[i] = l->workers[--l->n];
}

/* The child of a fork: nothing of the listener's stays open in it. */
static void __attribute__((noreturn))
become_worker(struct listener *l, int ends[2])
{
	size_t i;
	int null;

	set_worker_signals();
	setsid();		/* a signal to the group is not for us */
	close(ends[0]);
	for (i = 0; i < l->n; i++)
		close(l->workers[i].end);
	free(l->workers);
	free(l->fds);
	/* Started as inetd does it, the listening socket is on fd 1 as well. */
	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1 ||
	    dup2(null, STDIN_FILENO) == -1 ||
	    dup2(null, STDOUT_FILENO) == -1)
		leave(1);
	close(null);
	if (l->fd != STDIN_FILENO)
		close(l->fd);
	l->worker_main(l->arg, ends[1]);
	leave(0);
}

/* -1 where no process is to be had. */
static int
add_worker(struct listener *l)
{
	int ends[2];
	pid_t pid;

	if (handover_open(ends) == -1)
		return -1;
	if ((pid = fork()) == -1) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (pid == 0)
		become_worker(l, ends);
	close(ends[1]);
	l->workers[l->n++] = (struct worker){ pid, ends[0], true };
	return 0;
}

static struct worker *
find_idle(struct listener *l)
{
	size_t i;

	/* The last that came back has the warmest caches; others may leave. */
	for (i = l->n; i > 0; i--)
		if (l->workers[i - 1].idle)
			return &l->workers[i - 1];
	return NULL;
}

/* It is tried ten times a second and may last, so the log has a pace. */
static void
pause_accepting(struct listener *l, struct log_pace *pace, const char *what)
{
	log_warn_paced(pace, io_now_ms(), "%s; new requests wait", what);
	l->paused = true;
}

static void
accept_one(struct listener *l)
{
	struct worker *w = find_idle(l);
	int fd;

	/* The worker first: a connection that is accepted must be served. */
	if (w == NULL) {
		if (add_worker(l) == -1) {
			pause_accepting(l, &l->no_worker,
			    "no worker can be forked");
			return;
		}
		w = &l->workers[l->n - 1];
	}
	if ((fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC)) == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_accepting(l, &l->no_accept, "accept");
		return;
	}
	w->idle = false;
	/* One that has died in the meantime is replaced by a new one. */
	while (handover_send(w->end, fd) == -1) {
		drop_worker(l, (size_t)(w - l->workers));
		if (add_worker(l) == -1) {
			log_warn_paced(&l->lost, io_now_ms(),
			    "a request is lost: no worker can be forked");
			break;
		}
		w = &l->workers[l->n - 1];
		w->idle = false;
	}
	close(fd);
}

static void
hear_workers(struct listener *l)
{
	size_t i;

	for (i = l->n; i > 0; i--) {
		if (l->fds[i].revents == 0)
			continue;
		switch (handover_hear(l->workers[i - 1].end)) {
		case HANDOVER_IDLE:
			l->workers[i - 1].idle = true;
			break;
		case HANDOVER_LEAVES:
			drop_worker(l, i - 1);
			break;
		case HANDOVER_NOTHING:
			break;
		}
	}
}

static size_t
count_busy(const struct listener *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		n += !l->workers[i].idle;
	return n;
}

static bool
may_accept(struct listener *l)
{
	return !l->paused && ((int64_t)l->n < l->max ||
	    find_idle(l) != NULL);
}

static void
wait_and_serve(struct listener *l, const sigset_t *open_mask)
{
	struct timespec pause = { 0, PAUSE_MS * 1000000L };
	size_t i;

	l->fds[0] = (struct pollfd){ may_accept(l) ? l->fd : -1, POLLIN, 0 };
	for (i = 0; i < l->n; i++)
		l->fds[i + 1] = (struct pollfd){ l->workers[i].end, POLLIN,
		    0 };
	if (ppoll(l->fds, l->n + 1, l->paused ? &pause : NULL,
	    open_mask) == -1) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		return;
	}
	l->paused = false;
	hear_workers(l);
	if (l->fds[0].revents != 0)
		accept_one(l);
	crowd_set(l->crowd, count_busy(l));
}

/* Only the socket that we bound: somebody else may have put a file there. */
static void
remove_file(const struct listener_file *file)
{
	struct stat st;

	if (file->path != NULL && lstat(file->path, &st) == 0 &&
	    S_ISSOCK(st.st_mode) && st.st_dev == file->dev &&
	    st.st_ino == file->ino)
		unlink(file->path);
}

void
listener_run(int fd, const struct listener_file *file, int64_t max_runs,
    struct crowd *crowd, worker_main_fn *worker_main, void *arg)
{
	struct listener l = { .fd = fd, .max = max_runs, .crowd = crowd,
	    .worker_main = worker_main, .arg = arg };
	sigset_t none;

	/* Leaving workers are not counted, so the table is a little larger. */
	l.workers = calloc((size_t)max_runs + 1, sizeof(*l.workers));
	l.fds = calloc((size_t)max_runs + 2, sizeof(*l.fds));
	if (l.workers == NULL || l.fds == NULL)
		fatal("listener");
	/* Another process may take the connection that woke us. */
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	set_signals();
	sigemptyset(&none);
	while (!stopping)
		wait_and_serve(&l, &none);
	close(fd);
	remove_file(file);
	free(l.workers);
	free(l.fds);
	leave(0);
}

/* --- listening without a spawner ---------------------------------------- */

/*
 * A socket that nobody listens on is in the way.  connect(2) to any other file
 * says ECONNREFUSED too, so what it is must be asked first.
 */
static void
clear_way(const char *path, const struct sockaddr_un *addr)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) == -1)
		return;
	if (!S_ISSOCK(st.st_mode))
		fatalx("%s: there is a file that is no socket; name another "
		    "path, or remove it", path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		fatal("socket");
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0)
		fatalx("%s: another program listens there already", path);
	if (errno == ECONNREFUSED)
		unlink(path);
	close(fd);
}

static int
open_unix(const char *path, struct listener_file *file)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd;

	if ((size_t)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
	    path) >= sizeof(addr.sun_path))
		fatalx("%s: a socket's path has at most %zu bytes", path,
		    sizeof(addr.sun_path) - 1);
	clear_way(path, &addr);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		fatal("socket");
	mask = umask(0117);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		fatal("%s", path);
	umask(mask);
	if (lstat(path, &st) == 0)
		*file = (struct listener_file){ path, st.st_dev, st.st_ino };
	return fd;
}

union address {
	struct sockaddr		any;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/* Its length, or 0 for what is no address. */
static socklen_t
read_address(union address *to, const char *host, in_port_t port)
{
	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, host, &to->in.sin_addr) == 1) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons(port);
		return sizeof(to->in);
	}
	if (inet_pton(AF_INET6, host, &to->in6.sin6_addr) == 1) {
		to->in6.sin6_family = AF_INET6;
		to->in6.sin6_port = htons(port);
		return sizeof(to->in6);
	}
	return 0;
}

/* HOST:PORT or [HOST]:PORT, cut in two.  Fatal where it is neither. */
static in_port_t
split(const char *where, char *host, size_t size)
{
	const char *colon = strrchr(where, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - where);
	char *end = NULL;
	long port = 0;

	if (colon != NULL && colon[1] >= '0' && colon[1] <= '9')
		port = strtol(colon + 1, &end, 10);
	if (end == NULL || *end != '\0' || port > 65535 || n >= size)
		fatalx("--listen takes unix:PATH or HOST:PORT, not %s", where);
	if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	memcpy(host, where, n);
	host[n] = '\0';
	return (in_port_t)port;
}

/*
 * No name but one is looked up.  glibc would load the host's NSS modules for
 * that, and in a static program on a host with another glibc they crash it.
 */
static int
open_tcp(const char *where)
{
	char host[INET6_ADDRSTRLEN];
	in_port_t port = split(where, host, sizeof(host));
	union address address;
	socklen_t n;
	int fd, on = 1;

	if (host[0] == '\0' || strcmp(host, "localhost") == 0)
		snprintf(host, sizeof(host), "127.0.0.1");
	if ((n = read_address(&address, host, port)) == 0)
		fatalx("--listen %s: HOST is an address, or localhost", where);
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		fatal("--listen %s", where);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &address.any, n) == -1)
		fatal("--listen %s", where);
	return fd;
}

int
listener_open(const char *where, struct listener_file *file)
{
	int fd = strncmp(where, "unix:", 5) == 0 ?
	    open_unix(where + 5, file) : open_tcp(where);

	if (listen(fd, BACKLOG) == -1)
		fatal("%s", where);
	return fd;
}
