/*
 * sweep: removes the journals of runs that have ended long ago.
 *
 *	ms = sweep_runs(dir, keep_s, most_bytes);	-1: there is none
 *
 * A journal is removed `keep_s` seconds after something was last written to it,
 * and the oldest ones sooner if all together have more than `most_bytes`.  One
 * whose writer is alive is never removed.
 *
 * To ask for that, a journal is opened, and POSIX locks end when their process
 * closes the file.  So a process that writes one must not call this.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stdint.h>

/*
 * Returns the milliseconds until a journal will have been kept long enough, or
 * until more are to be removed than are removed at once; -1 if there is none.
 * `dir` is the folder of the site, or NULL.
 */
int64_t	sweep_runs(const char *dir, int64_t keep_s, int64_t most_bytes);

#endif
