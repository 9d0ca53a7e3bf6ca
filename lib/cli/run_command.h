/*
 * run_command: `recipe.fcgi run`, a graph on the terminal, without a web
 * server.
 *
 * The request goes the same way as a visitor's, from its check (plan/request.h)
 * to the form of its answer (reply/form.h), and takes a place among the runs of
 * the site.  So standard output gets, byte for byte, the body that a visitor
 * would get.  What goes wrong before the run is said on standard error.
 *
 * With --watch the program stays: when a file of the graph is saved, the stages
 * that it belongs to and those that depend on them run again, and all else is
 * given from the runs before.
 */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

/* The exit statuses of `run`. */
enum {
	RUN_DONE	= 0,	/* all parts ended well, or were cut */
	RUN_FAILED	= 1,	/* a part ended badly */
	RUN_USAGE	= 2,	/* nothing was asked: words, configuration */
};

/*
 * Runs what the n words after "run" say.  Returns the exit status.  If nobody
 * reads standard output any more, it does not return.
 */
int	run_command(int n, char **words);

#endif
