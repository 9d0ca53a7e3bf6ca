/*
 * terminal.c: the command line.  Writes to standard output; does not know what.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"

/* A pipe that polls writable takes as much without blocking. */
#define CHUNK	4096

static ssize_t
write_out(void *arg, const char *data, size_t n)
{
	struct terminal *terminal = arg;
	ssize_t w = write(STDOUT_FILENO, data, n);

	if (w != -1)
		return w;
	/* Whoever shares the terminal may have made it non-blocking. */
	if (errno == EINTR || errno == EAGAIN)
		return 0;
	terminal->error = errno;
	return -1;
}

static int
has_gone(void *arg, short revents)
{
	(void)arg, (void)revents;
	return 1;
}

void
terminal_init(struct terminal *terminal)
{
	terminal->sink = (struct sink){ write_out, has_gone, CHUNK,
	    STDOUT_FILENO, 0, terminal, false };
	terminal->error = 0;
}

void
terminal_leave(const struct terminal *terminal)
{
	if (terminal->error == 0 || terminal->error == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	fprintf(stderr, "recipe.fcgi: standard output: %s\n",
	    strerror(terminal->error));
	exit(1);
}
