/*
 * spawn: starts the program of a stage.
 *
 *	struct spawned child;
 *
 *	if (spawn(&child, graph, spec) == -1)
 *		...	errno
 *	write(child.in, ...); read(child.out, ...); read(child.err, ...);
 *	waitpid(child.pid, &status, 0);
 *	if ((error = spawn_fault(&child)) != 0)
 *		...	the program could not even begin
 *	spawn_close(&child);
 *
 * The program gets
 *
 *	descriptors	0, 1 and 2, each a pipe to the caller; all others are
 *			closed
 *	environment	PATH, HOME, LANG and TZ as this process has them, of
 *			these PATH always, and RECIPE_PART, the part's name
 *	directory	that of stages.json
 *	group		a process group of its own, in the session of the caller
 *	signals		their defaults, none blocked
 *
 * It gains no rights by exec, as a set-user-ID program would, because then the
 * caller could not end it.  On Linux it is killed when the caller dies.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>

struct graph;
struct stage_spec;

struct spawned {
	pid_t	pid;		/* and its process group */
	int	in, out, err;	/* our ends of its 0, 1, 2: do not block */
	int	fault;		/* for spawn_fault */
};

/* Returns 0, or -1 and errno if there is no process, descriptor or memory. */
int	spawn(struct spawned *child, const struct graph *graph,
	    const struct stage_spec *spec);

/*
 * After the process has ended: 0 if it was the program, else the errno for
 * which the program could not be executed.
 */
int	spawn_fault(const struct spawned *child);

/* Closes a descriptor of the struct, if it is open, which becomes -1. */
void	spawn_shut(int *fd);

/* Closes all of them; may be called twice. */
void	spawn_close(struct spawned *child);

#endif
