/*
 * program.c: stage.  Keeps a program from its start to its end; knows nothing
 * of what it writes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/orphans.h"
#include "base/utf8.h"
#include "model/job.h"
#include "setup/graph.h"
#include "stage/program.h"
#include "stage/says.h"
#include "stage/spawn.h"
#include "text/frame.h"

/* The frames of what is read at once, of which any byte may become three. */
#define OUT_MAX		(256 * 1024)
/* While more than that waits for the worker, the program is not read. */
#define OUT_HIGH	16384
/* Bytes that are read at once. */
#define READ_MAX	16384

struct program {
	const struct program_host *host;
	struct spawned	 child;
	const char	*prompt;	/* what its standard input lacks */
	size_t		 left;		/* bytes of that */
	char		 begun[4];	/* a code point that is not complete */
	size_t		 nbegun;
	struct buf	 out;		/* frames for the worker */
	struct says	 says;
	sigset_t	 mask;		/* of signals, while it waits */
	bool		 ended;		/* the program has, and all others */
	bool		 stuck;		/* some could not be ended */
	bool		 gone;		/* the worker is */
	int		 status;	/* if ended: as waitpid has it */
};

/* --- its life ------------------------------------------------------------ */

/* Does nothing, but the signal ends a ppoll. */
static void
wake_up(int sig)
{
	(void)sig;
}

/*
 * While a program runs, the stage must not die with its worker, or nobody would
 * be left to end what the program has started.
 */
static void
die_with_worker(bool on)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, on ? SIGKILL : 0);
#else
	(void)on;
#endif
}

/* Blocks SIGCHLD but for the time of a ppoll, or undoes that. */
static void
hold_sigchld(struct program *p, bool on)
{
	struct sigaction action = { .sa_handler = on ? wake_up : SIG_DFL };
	sigset_t child;

	sigemptyset(&action.sa_mask);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (on) {
		sigprocmask(SIG_BLOCK, &child, &p->mask);
		sigdelset(&p->mask, SIGCHLD);
	}
	sigaction(SIGCHLD, &action, NULL);
	if (!on)
		sigprocmask(SIG_SETMASK, &p->mask, NULL);
}

/*
 * Ends the program's group and whatever else is there.  The group is killed
 * before its leader is waited for, as its number is free for others after that.
 */
static void
end_all(struct program *p)
{
	kill(-p->child.pid, SIGKILL);
	kill(p->child.pid, SIGKILL);
	while (waitpid(p->child.pid, &p->status, 0) == -1 && errno == EINTR)
		;
	p->stuck = orphans_end(p->host->orphans, NULL, 0) == -1;
	p->ended = true;
}

/* Waits for orphans that have ended, until it finds that the program has. */
static void
look_for_end(struct program *p)
{
	siginfo_t info;

	while (!p->ended) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) ==
		    -1 || info.si_pid == 0)
			return;
		if (info.si_pid == p->child.pid)
			end_all(p);
		else
			waitpid(info.si_pid, NULL, 0);
	}
}

/* --- its pipes ----------------------------------------------------------- */

/* Whether a read or write of a pipe could not be done just now. */
static bool
is_for_later(ssize_t n)
{
	return n == -1 && (errno == EAGAIN || errno == EINTR);
}

/* Writes what waits for the worker, as far as the pipe takes it. */
static void
write_up(struct program *p)
{
	ssize_t n;

	while (p->out.len > 0) {
		n = write(p->host->up, p->out.data, p->out.len);
		if (is_for_later(n))
			return;
		if (n == -1) {
			p->gone = true;
			return;
		}
		buf_drop(&p->out, (size_t)n);
	}
}

/* Text is made UTF-8, and what has only begun waits for more of it. */
static void
take_output(struct program *p, char *text, size_t n, bool last)
{
	struct buf clean = BUF_INIT(3 * n);
	size_t i, end = last ? n : n - utf8_begun(text, n);

	/* No template can hold a NUL; 0xff is never valid. */
	for (i = 0; i < end; i++)
		if (text[i] == '\0')
			text[i] = '\xff';
	utf8_clean(&clean, text, end);
	if (clean.failed || (end > 0 && frame_put_text(&p->out, FRAME_DELTA,
	    clean.data, clean.len) == -1))
		p->gone = true;		/* without memory: as if it were */
	p->nbegun = n - end;
	memcpy(p->begun, text + end, p->nbegun);
	buf_free(&clean);
	write_up(p);
}

static void
read_out(struct program *p)
{
	char text[sizeof(p->begun) + READ_MAX];
	ssize_t n;

	memcpy(text, p->begun, p->nbegun);
	n = read(p->child.out, text + p->nbegun, READ_MAX);
	/* Of what has ended, nothing comes any more. */
	if (is_for_later(n) && !p->ended)
		return;
	if (n <= 0)
		spawn_shut(&p->child.out);
	take_output(p, text, p->nbegun + (n > 0 ? (size_t)n : 0), n <= 0);
	explicit_bzero(text, sizeof(text));
}

static void
read_err(struct program *p)
{
	char text[4096];
	ssize_t n = read(p->child.err, text, sizeof(text));

	if (is_for_later(n) && !p->ended)
		return;
	if (n > 0)
		says_feed(&p->says, text, (size_t)n);
	else
		spawn_shut(&p->child.err);
	explicit_bzero(text, sizeof(text));
}

/* A program need not read its input: then the pipe is closed at its end. */
static void
write_in(struct program *p)
{
	ssize_t n = write(p->child.in, p->prompt, p->left);

	if (is_for_later(n))
		return;
	if (n > 0) {
		p->prompt += n;
		p->left -= (size_t)n;
	}
	if (n == -1 || p->left == 0)
		spawn_shut(&p->child.in);
}

/* --- the loop ------------------------------------------------------------ */

enum { DOWN, UP, IN, OUT, ERR, FDS };

/* poll(2) passes over a descriptor of -1. */
static void
list_fds(const struct program *p, struct pollfd fds[FDS])
{
	bool full = p->out.len > OUT_HIGH;

	fds[DOWN] = (struct pollfd){ p->host->down, POLLIN, 0 };
	fds[UP] = (struct pollfd){ p->host->up,
	    p->out.len > 0 ? POLLOUT : 0, 0 };
	fds[IN] = (struct pollfd){ p->child.in, POLLOUT, 0 };
	fds[OUT] = (struct pollfd){ full ? -1 : p->child.out, POLLIN, 0 };
	fds[ERR] = (struct pollfd){ p->child.err, POLLIN, 0 };
}

/* Whether there is something to wait for. */
static bool
goes_on(const struct program *p)
{
	return !p->gone && !p->stuck && (!p->ended || p->child.out != -1 ||
	    p->child.err != -1 || p->out.len > 0);
}

/*
 * One round.  The worker says nothing while a job is done: if there is
 * something to read of it, that is the end of the pipe.  After the program has
 * ended, its pipes are read without waiting.
 */
static void
turn(struct program *p)
{
	struct pollfd fds[FDS];

	list_fds(p, fds);
	if (ppoll(fds, FDS, NULL, &p->mask) == -1)
		memset(fds, 0, sizeof(fds));
	if (fds[DOWN].revents != 0 || (fds[UP].revents & POLLERR) != 0) {
		p->gone = true;
		return;
	}
	if (fds[UP].revents != 0)
		write_up(p);
	if (fds[IN].revents != 0)
		write_in(p);
	if (fds[OUT].revents != 0)
		read_out(p);
	if (fds[ERR].revents != 0)
		read_err(p);
	look_for_end(p);
}

/* --- the outcome --------------------------------------------------------- */

/* What may be meant by an error of execve(2), after its own words. */
static const char *
hint_at(int error)
{
	if (error == ENOEXEC)
		return "; a script begins with a line such as #!/bin/sh";
	return error == ENOENT ? "; it is not there, or the interpreter in its"
	    " first line is not" : "";
}

static void
conclude(const struct program *p, struct outcome *outcome)
{
	int error = spawn_fault(&p->child), signal, status;

	outcome->tokens = (struct tokens){ 0, 0, false };
	outcome->finish = FINISH_STOP;
	if (error != 0) {
		outcome_fail(outcome, CODE_PROGRAM_FAILED, "the program could "
		    "not be executed: %s%s", strerror(error), hint_at(error));
	} else if (WIFSIGNALED(p->status)) {
		signal = WTERMSIG(p->status);
		outcome_fail(outcome, CODE_PROGRAM_FAILED, "the program was "
		    "ended by signal %d (%s)", signal, strsignal(signal));
	} else if ((status = WEXITSTATUS(p->status)) != 0) {
		/* Shells and env(1) say it so. */
		outcome_fail(outcome, CODE_PROGRAM_FAILED, "the program ended "
		    "with exit status %d%s", status, status == 127 ?
		    ": a command in it was not found" : "");
	}
}

/* Waits for the program to end and for its text to be on its way. */
static void
keep_program(struct program *p)
{
	int flags = fcntl(p->host->up, F_GETFL);

	fcntl(p->host->up, F_SETFL, flags | O_NONBLOCK);
	if (p->left == 0)
		spawn_shut(&p->child.in);
	while (goes_on(p))
		turn(p);
	if (!p->ended)
		end_all(p);
	says_end(&p->says);
	fcntl(p->host->up, F_SETFL, flags);
}

int
program_run(const struct program_host *host, const struct job *job,
    const char *prompt, size_t n, struct outcome *outcome)
{
	struct program p = { .host = host, .prompt = prompt, .left = n,
	    .out = BUF_INIT(OUT_MAX), .says = SAYS_INIT(job->spec->part) };

	setsid();	/* fails if it has led one since an earlier job */
	orphans_adopt(host->orphans);
	hold_sigchld(&p, true);
	die_with_worker(false);
	if (getppid() != host->worker) {
		p.gone = true;
	} else if (spawn(&p.child, host->graph, job->spec) == -1) {
		outcome->unsent = true;
		outcome_fail(outcome, CODE_LOST, "the program could not be "
		    "started: %s", strerror(errno));
	} else {
		keep_program(&p);
		conclude(&p, outcome);
		spawn_close(&p.child);
	}
	die_with_worker(true);
	hold_sigchld(&p, false);
	says_free(&p.says);
	buf_free(&p.out);
	return p.gone || p.stuck || getppid() != host->worker ? -1 : 0;
}
