/*
 * speed_command: `recipe.fcgi speed`, how fast the services are from here.
 *
 *	recipe.fcgi speed [SERVICE[/MODEL] ...] [--models] [--runs N]
 *	    [--tokens N] [--prompt FILE] [--json]
 *
 * Every service that can be used is asked, or those that are named; with
 * --models each model of its list.  They are asked in turns, A B C A B C, so
 * that a change of the network or of the machine hits all alike, and one at a
 * time, so that they do not wait for each other.  Each prompt begins with a
 * line that no other has, so that no cache of a service knows it.
 *
 * The answers leave rows for the site as those of visitors do (site/laps.h).
 */
#ifndef SPEED_COMMAND_H
#define SPEED_COMMAND_H

/* The exit statuses of `speed`. */
enum {
	SPEED_DONE	= 0,	/* every request was answered */
	SPEED_FAILED	= 1,	/* one was not; its row says why */
	SPEED_USAGE	= 2,	/* nothing was asked: words, configuration */
	SPEED_STOPPED	= 3,	/* by SIGINT or SIGTERM, before the last */
};

/* Does what the n words after "speed" say.  Returns the exit status. */
int	speed_command(int n, char **words);

#endif
