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
#include <sys/types.h>

struct crowd;

/* The file of a unix socket that this process has bound. */
struct listener_file {
	const char	*path;		/* NULL: there is none */
	dev_t		 dev;		/* which file it was: another may */
	ino_t		 ino;		/* stand at that path by the end */
};

#define LISTENER_FILE_INIT { NULL, 0, 0 }

/*
 * The life of a worker: `end` is its side of the hand-over.  Runs in the new
 * process and must not return.
 */
typedef void	 worker_main_fn(void *arg, int end);

/*
 * Serves on the listening socket fd until TERM, INT or USR1.  Workers go on
 * with what they serve and leave by themselves.  Removes `file` at the end if
 * it is still the socket that was bound.  Tells the crowd (may be NULL) how
 * many are busy.  Never returns.
 */
void	listener_run(int fd, const struct listener_file *file,
	    int64_t max_runs,
	    struct crowd *crowd, worker_main_fn *worker_main, void *arg)
	    __attribute__((noreturn));

/*
 * Opens a socket to listen on: "unix:PATH" (mode 0660) or "HOST:PORT", HOST an
 * address, "localhost", or nothing for that.  A socket at PATH that nobody
 * listens on is replaced; any other file there is left alone and refused.
 * Fills *file, whose path is borrowed from `where`.
 * Fatal with a remedy if it fails.
 */
int	listener_open(const char *where, struct listener_file *file);

#endif
