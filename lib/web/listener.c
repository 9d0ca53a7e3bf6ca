/*
 * listener.c: runs in the listener, the only process of a site that nobody
 * visits.  Knows sockets and workers, not requests.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/io.h"
#include "base/leave.h"
#include "base/log.h"
#include "web/gate.h"
#include "web/handover.h"
#include "web/listener.h"
#include "web/signals.h"

/*
 * How long nothing is accepted after a fork or an accept that failed, so that
 * the listener does not spin; connections wait in the backlog meanwhile.
 */
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
	/* [0] is fd, then one per worker, then saved_fd. */
	struct pollfd		*fds;
	size_t			 n;	/* workers */
	bool			 restarts;	/* may end: is started again */
	bool			 paused;	/* no accept in the next wait */
	bool			 ends;		/* its process is needed */
	int64_t			 alone_ms;	/* has no worker since; or 0 */
	int64_t			 saved_ms;	/* to be read since; or 0 */
	int64_t			 chore_ms;	/* is done then; 0: not */
	struct log_pace		 no_worker, no_accept, lost;
	struct crowd		*crowd;
	struct gate		 gate;
	const struct listener_calls *calls;
};

/* Takes a worker out of the table; its process ends by itself. */
static void
drop_worker(struct listener *l, size_t i)
{
	close(l->workers[i].end);
	l->workers[i] = l->workers[--l->n];
}

/*
 * Closes the listening socket; if inetd started us, it is on fd 1 as well.  A
 * worker does this before anything else: if the listener is killed while
 * another process still holds that socket, lighttpd connects to it, takes it
 * for a server that somebody else has started, and never starts us again.
 */
static void
leave_socket(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(null, STDOUT_FILENO) == -1)
		leave(1);
	close(null);
	if (fd != STDIN_FILENO)
		close(fd);
}

/* Closes what is the listener's, and serves what comes over ends[1]. */
static void __attribute__((noreturn))
become_worker(struct listener *l, int ends[2])
{
	size_t i;

	leave_socket(l->fd);
	signals_for_worker();
	setsid();	/* signals to the listener's group do not reach us */
	close(ends[0]);
	for (i = 0; i < l->n; i++)
		close(l->workers[i].end);
	free(l->workers);
	free(l->fds);
	l->calls->worker_main(l->calls->arg, ends[1], gate_enter(&l->gate));
	leave(0);
}

/* Forks a worker.  Returns 0, or -1 if that is not possible now. */
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

/* An idle worker, or NULL if there is none. */
static struct worker *
find_idle(struct listener *l)
{
	size_t i;

	/*
	 * Always from the same end of the table: the workers there are asked
	 * most often and have the warmest caches, and those at the other end
	 * stay idle long enough to leave.
	 */
	for (i = l->n; i > 0; i--)
		if (l->workers[i - 1].idle)
			return &l->workers[i - 1];
	return NULL;
}

/*
 * Accepts nothing in the next wait.  The failure may last, and is met ten times
 * a second, so the log tells it only from time to time.
 */
static void
pause_accepting(struct listener *l, struct log_pace *pace, const char *what)
{
	log_warn_paced(pace, io_now_ms(), "%s; new requests wait", what);
	l->paused = true;
}

/*
 * Becomes a worker without a fork: closes what is the listener's, serves the
 * next connection and ends.  If there is none, nothing has changed.
 */
static void
serve_alone(struct listener *l)
{
	int ends[2], fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd == -1)
		return;
	if (handover_open(ends) == 0 && handover_send(ends[0], fd) == 0) {
		close(fd);
		become_worker(l, ends);
	}
	leave(1);
}

/* No worker can be forked now. */
static void
lack_worker(struct listener *l)
{
	int64_t now = io_now_ms();

	pause_accepting(l, &l->no_worker, "no worker can be forked");
	if (l->n > 0)
		l->alone_ms = 0;
	else if (l->alone_ms == 0)
		l->alone_ms = now;
	else if (l->restarts && now - l->alone_ms >= LISTENER_ALONE_MS)
		serve_alone(l);
}

static size_t
count_busy(const struct listener *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		n += !l->workers[i].idle;
	return n;
}

/*
 * Whether another connection waits that would find a worker.  To be called
 * after one was accepted, while its worker is not marked as busy yet.
 */
static bool
others_knock(const struct listener *l)
{
	return (int64_t)count_busy(l) + 1 < l->max &&
	    io_wait_readable(l->fd, io_now_ms()) == 0;
}

/*
 * Hands one connection to a worker.  The worker is found or forked before the
 * connection is accepted: one that nobody can serve is better left in the
 * backlog, where it waits, or another listener takes it.
 */
static void
accept_one(struct listener *l)
{
	struct worker *w = find_idle(l);
	int fd;

	if (w == NULL) {
		if (add_worker(l) == -1) {
			lack_worker(l);
			return;
		}
		w = &l->workers[l->n - 1];
	}
	l->alone_ms = 0;
	if ((fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC)) == -1) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_accepting(l, &l->no_accept, "accept");
		return;
	}
	/* Before the worker has the connection, or it might fork already. */
	gate_set(&l->gate, !others_knock(l));
	w->idle = false;
	/* The worker may have died meanwhile: a new one takes its place. */
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

/* The last worker has left: ends, if its process is needed elsewhere. */
static void
make_room(struct listener *l)
{
	if (l->restarts && l->calls->is_lacking(l->calls->arg) &&
	    io_wait_readable(l->fd, io_now_ms()) == -1)
		l->ends = true;
}

/*
 * Reads what workers have said, from the end of the table: drop_worker moves
 * the last one, whose turn was before, into the place that gets free.
 */
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
			if (l->n == 0)
				make_room(l);
			break;
		case HANDOVER_NOTHING:
			break;
		}
	}
}

/* Whether a connection that is accepted now would find a worker. */
static bool
may_accept(struct listener *l)
{
	return !l->paused && ((int64_t)l->n < l->max ||
	    find_idle(l) != NULL);
}

/*
 * Calls refresh, if it is time.  If that says so, closes our end to all
 * workers: they leave after what they serve now.
 */
static void
replace_workers(struct listener *l)
{
	if (l->saved_ms > 0 &&
	    io_now_ms() - l->saved_ms < LISTENER_REFRESH_MS)
		return;
	l->saved_ms = 0;
	if (l->calls->refresh(l->calls->arg))
		while (l->n > 0)
			drop_worker(l, l->n - 1);
}

/* How long to wait at most; NULL: until something comes. */
static const struct timespec *
longest_wait(const struct listener *l, struct timespec *t)
{
	int64_t ms = l->paused || l->saved_ms > 0 ? PAUSE_MS :
	    l->calls->is_broken(l->calls->arg) ? LISTENER_LOOK_MS : -1;
	int64_t left = l->chore_ms - io_now_ms();

	if (l->chore_ms > 0 && (ms == -1 || left < ms))
		ms = left > 0 ? left : 0;
	*t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	return ms == -1 ? NULL : t;
}

/*
 * Waits for a connection, a word of a worker, a file, or a signal.  If nobody
 * knocks any more, be it that another listener was faster, the gate is opened
 * first.
 */
static int
wait_for_event(struct listener *l, const sigset_t *unblocked)
{
	const struct timespec none = { 0, 0 };
	struct timespec t;
	size_t i;
	int n;

	l->fds[0] = (struct pollfd){ may_accept(l) ? l->fd : -1, POLLIN, 0 };
	for (i = 0; i < l->n; i++)
		l->fds[i + 1] = (struct pollfd){ l->workers[i].end, POLLIN,
		    0 };
	l->fds[l->n + 1] = (struct pollfd){ l->saved_ms > 0 ? -1 :
	    l->calls->saved_fd, POLLIN, 0 };
	if (!l->gate.open) {
		n = ppoll(l->fds, l->n + 2, &none, unblocked);
		if (n != -1 && l->fds[0].revents == 0)
			gate_set(&l->gate, true);
		if (n != 0)
			return n;
	}
	return ppoll(l->fds, l->n + 2, longest_wait(l, &t), unblocked);
}

static void
do_chore(struct listener *l)
{
	int64_t ms;

	if (l->chore_ms == 0 || io_now_ms() < l->chore_ms)
		return;
	ms = l->calls->chore(l->calls->arg);
	l->chore_ms = ms == -1 ? 0 : io_now_ms() + ms;
}

/* Waits, and sees to what has come.  `unblocked` is the mask for the wait. */
static void
wait_and_serve(struct listener *l, const sigset_t *unblocked)
{
	bool knocks;

	do_chore(l);
	if (wait_for_event(l, unblocked) == -1) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		return;
	}
	l->paused = false;
	knocks = l->fds[0].revents != 0;
	if (l->fds[l->n + 1].revents != 0)
		l->saved_ms = io_now_ms();
	hear_workers(l);
	if (l->saved_ms > 0 || (knocks && l->calls->saved_fd == -1) ||
	    l->calls->is_broken(l->calls->arg))
		replace_workers(l);
	if (knocks)
		accept_one(l);
	if (knocks && l->chore_ms == 0)
		l->chore_ms = io_now_ms() + LISTENER_CHORE_MS;
	crowd_set(l->crowd, count_busy(l));
}

void
listener_run(int fd, const struct listener_file *file, bool restarts,
    int64_t max, struct crowd *crowd, const struct listener_calls *calls)
{
	struct listener l = { .fd = fd, .restarts = restarts, .max = max,
	    .crowd = crowd, .calls = calls };
	sigset_t unblocked;

	/* One place more than may_accept ever lets accept_one fill. */
	l.workers = calloc((size_t)max + 1, sizeof(*l.workers));
	l.fds = calloc((size_t)max + 3, sizeof(*l.fds));
	if (l.workers == NULL || l.fds == NULL)
		fatal("listener");
	/*
	 * accept must not block: if another process has the same socket, it
	 * may have taken the connection that ended our wait.
	 */
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	gate_init(&l.gate);
	/* One before us may have died, and nobody may come for long. */
	l.chore_ms = io_now_ms();
	signals_for_listener(&unblocked);
	while (!signals_say_stop() && !l.ends)
		wait_and_serve(&l, &unblocked);
	close(fd);
	listener_remove(file);
	gate_free(&l.gate);
	free(l.workers);
	free(l.fds);
	leave(0);
}
