/*
 * program: one job that is to run a program (graph.h: "run").
 *
 * The stage stays beside the program, as its keeper, until it has ended:
 *
 *	- the prompt goes to its standard input, and what it writes to standard
 *	  output comes back as DELTA, at once;
 *	- its standard error goes to the log (says.h);
 *	- when it exits, when the worker dies, or if the stage itself has to
 *	  stop, its process group is killed, and whatever it has started outside
 *	  of that group (base/orphans.h).
 *
 * To that end the stage leads a session of its own, from the first such job on.
 * When the worker dies, the pipe from it comes to its end; the kernel is told
 * not to kill the stage then, as it does at any other time.
 *
 * Status 0 is a good end.  Text that is there when the program exits is still
 * read, but who else holds its standard output is not waited for.  A byte that
 * is no UTF-8, and a NUL, become U+FFFD.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

struct graph;
struct job;
struct orphans;
struct outcome;

/* What a stage gives to it. */
struct program_host {
	const struct graph	*graph;
	struct orphans		*orphans;	/* of this stage */
	pid_t			 worker;
	int			 down, up;	/* pipes from and to it */
};

/*
 * Runs the program of the job with these n bytes as its standard input, writes
 * DELTA frames to host->up, and fills *outcome, which the caller has set to
 * OUTCOME_INIT.  Returns 0 after the program and all that it has started have
 * ended.  Returns -1 if nobody wants the outcome because the worker is gone, or
 * if this stage can do no other job, because something could not be ended.
 */
int	program_run(const struct program_host *host, const struct job *job,
	    const char *prompt, size_t n, struct outcome *outcome);

#endif
