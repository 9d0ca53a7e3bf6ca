/*
 * signals.c: listener and worker.  One flag and two masks.
 */
#include "web/signals.h"

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
	(void)sig;	/* the signal only has to interrupt ppoll */
}

void
signals_for_listener(sigset_t *unblocked)
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
	sigemptyset(unblocked);
}

void
signals_for_worker(void)
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

bool
signals_say_stop(void)
{
	return stopping != 0;
}
