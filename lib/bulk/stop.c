/*
 * stop.c: the command line.  Counts signals; a handler can do no more.
 */
#include <stddef.h>

#include "bulk/stop.h"

static volatile sig_atomic_t come;
static sigset_t unblocked;

static void
count_signal(int number)
{
	(void)number;
	come++;
}

void
stop_catch(void)
{
	struct sigaction stop = { .sa_handler = count_signal };

	sigemptyset(&stop.sa_mask);
	sigaddset(&stop.sa_mask, SIGINT);
	sigaddset(&stop.sa_mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop.sa_mask, &unblocked);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
}

const sigset_t *
stop_mask(void)
{
	return &unblocked;
}

int
stop_count(void)
{
	return (int)come;
}
