/*
 * bell: how another process tells the one that writes a journal to stop its
 * run.  It is a FIFO beside the journal, so neither pids nor signals are
 * needed, and nobody is told who may no longer be there.
 *
 *	bell = bell_hang(dir, id);		the writer; waits for POLLIN
 *	bell_was_rung(bell)
 *	bell_take_down(path, bell);
 *
 *	bell_ring(dir, id)			any other process
 */
#ifndef BELL_H
#define BELL_H

#include <stdbool.h>

/* What its name has after that of the journal. */
#define BELL_SUFFIX	".bell"

/*
 * Makes and opens it.  Returns a descriptor for poll(2), or -1 if it cannot be
 * made: then the run can be stopped by nobody, and ends as others do.
 */
int	bell_hang(const char *dir, const char *id);

/* Whether it was rung; takes what was written to it. */
bool	bell_was_rung(int bell);

/* Removes that of the journal at `path`. */
void	bell_take_down(const char *path, int bell);

/* Returns 0; or -1 if nobody would hear it. */
int	bell_ring(const char *dir, const char *id);

#endif
