/*
 * listener: accepts, and hands each connection to a worker.
 *
 * Holds the listening socket, forks workers on demand, and never reads a byte
 * that a visitor sent.  At max_runs busy workers, or when none can be forked,
 * it stops accepting and the web server queues.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdint.h>

struct crowd;

/*
 * The life of a worker: `end` is its side of the hand-over.  Runs in the new
 * process and must not return.
 */
typedef void	 worker_main_fn(void *arg, int end);

/*
 * Serves on the listening socket fd until TERM, INT or USR1.  Workers go on
 * with what they serve and leave by themselves.  `path` (may be NULL) is a
 * socket's file to remove at the end.  Tells the crowd (may be NULL) how many
 * are busy.  Never returns.
 */
void	listener_run(int fd, const char *path, int64_t max_runs,
	    struct crowd *crowd, worker_main_fn *worker_main, void *arg)
	    __attribute__((noreturn));

/*
 * Opens a socket to listen on: "unix:PATH" (mode 0660, a stale file is
 * removed) or "HOST:PORT", HOST an address, "localhost", or nothing for that.
 * *path is PATH or NULL, borrowed from `where`.
 * Fatal with a remedy where it fails.
 */
int	listener_open(const char *where, const char **path);

#endif
