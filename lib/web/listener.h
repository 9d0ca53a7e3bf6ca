/*
 * listener: accepts connections and hands each to a worker (handover.h).
 *
 * The listener holds the listening socket, forks workers as they are needed,
 * and never reads a byte that a visitor sent.  While `max` workers are busy,
 * or if none can be forked, it does not accept, and connections wait in
 * the socket's backlog.
 *
 *	struct listener_file file = LISTENER_FILE_INIT;
 *	int fd = listener_open("unix:/run/recipe/recipe.sock", &file);
 *
 *	listener_run(fd, &file, false, max, crowd, &calls);
 *
 * A program that was started with its listening socket on fd 0, as a web
 * server or spawn-fcgi does it, calls listener_run with that fd and a `file`
 * that has no path.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct crowd;

/*
 * The file of a unix socket that this process has bound.  Its device and inode
 * tell it from another file that may be at that path by the time we end.
 */
struct listener_file {
	const char	*path;		/* borrowed; NULL: there is no file */
	dev_t		 dev;
	ino_t		 ino;
};

#define LISTENER_FILE_INIT { NULL, 0, 0 }

/* What a listener asks of its caller; all get `arg`. */
struct listener_calls {
	/*
	 * What a new worker does: serves what comes over `end`, its end of the
	 * pair of handover_open, heeds `gate` (gate.h), and then ends the
	 * process; must not return.
	 */
	void	(*worker_main)(void *arg, int end, int gate);
	/*
	 * Called when saved_fd is readable, or, if that is -1, before each
	 * connection.  Returns whether new workers would serve otherwise than
	 * the old ones, which then finish what they serve and leave.
	 */
	bool	(*refresh)(void *arg);
	int	saved_fd;
	/*
	 * Whether files could not be used: then refresh is also called once in
	 * LISTENER_LOOK_MS, because not all that mends them is saved where
	 * saved_fd would tell it.
	 */
	bool	(*is_broken)(void *arg);
	/* Whether another process of the site lacks a process (run/lack.h). */
	bool	(*is_lacking)(void *arg);
	/*
	 * Does what is due while nobody comes; called at the start.  Returns
	 * the milliseconds until it has to be called again; -1: not before
	 * somebody has been served, and then after LISTENER_CHORE_MS.
	 */
	int64_t	(*chore)(void *arg);
	void	*arg;
};

#define LISTENER_CHORE_MS	10000

/*
 * If no worker can be forked for LISTENER_ALONE_MS, and there is none, a
 * listener that a web server starts when it is needed becomes a worker itself
 * for the next connection, and ends with it.  Otherwise an account whose last
 * processes are such listeners would serve nobody.  For the same reason it ends
 * when its last worker has left while another process of the site lacks one.
 */
#define LISTENER_ALONE_MS	1000

/*
 * How long after saved_fd has become readable refresh is called: files that are
 * saved together are then read together.
 */
#define LISTENER_REFRESH_MS	100

/* How often refresh is called while is_broken says so. */
#define LISTENER_LOOK_MS	1000

/*
 * Serves on the listening socket fd until TERM, INT or USR1, and then ends the
 * process.  Workers finish what they are serving and end by themselves; there
 * are at most `max` of them.  Removes `file` in the end, if it is still the
 * socket that was bound.  `restarts` says that a web server starts the program
 * again if it ends.  Keeps `crowd` (may be NULL) informed of how many workers
 * are busy.
 */
void	listener_run(int fd, const struct listener_file *file, bool restarts,
	    int64_t max, struct crowd *crowd,
	    const struct listener_calls *calls) __attribute__((noreturn));

/*
 * Opens a socket to listen on.  `where` is "unix:PATH" (the socket gets mode
 * 0660) or "HOST:PORT", with HOST an IP address, "localhost", or nothing,
 * which means localhost too.  A socket at PATH that nobody listens on is
 * replaced; any other file there is left alone, and that is an error.
 * Fills *file for a unix socket; its path is borrowed from `where`.
 * Returns the descriptor.  An error ends the process with a message that says
 * what to do.
 */
int	listener_open(const char *where, struct listener_file *file);

/*
 * Removes the file of a socket, but not another one: a second start with the
 * same path has replaced it by its own.
 */
void	listener_remove(const struct listener_file *file);

#endif
