/*
 * io: where a request comes from and where its reply goes, and the clock.
 *
 * `struct source` and `struct sink` are what floors above need of a
 * connection; only the module fcgi knows whether FastCGI or CGI is behind
 * them.  Both are borrowed by whoever gets them.
 */
#ifndef IO_H
#define IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct source {
	/* A CGI variable by name, NULL where it is not set. */
	const char	*(*param)(void *arg, const char *name);
	/*
	 * Reads at least 1 and at most n bytes of the body before deadline_ms
	 * (io_now_ms's clock).  Returns the count, 0 at its end, -1 with err.
	 */
	ssize_t		(*read)(void *arg, char *data, size_t n,
			    int64_t deadline_ms, struct err *err);
	void		*arg;
};

struct sink {
	/*
	 * Once fd polls writable: hands at most `chunk` bytes of data to the
	 * web server without blocking.  Returns the count taken, or -1 when
	 * nobody is there any more.
	 */
	ssize_t	(*write)(void *arg, const char *data, size_t n);
	/*
	 * Whether the visitor has left, asked when fd polls readable, hung up
	 * or in error; `revents` is what came of it.
	 */
	int	(*gone)(void *arg, short revents);
	size_t	chunk;		/* most bytes one write takes */
	int	fd;		/* what to poll, for writing and for leaving */
	short	leave_events;	/* what to poll it for, to see a leave */
	void	*arg;
};

/* Milliseconds of a clock that only goes forward. */
int64_t	io_now_ms(void);

/* write(2) all of it on a blocking fd.  0, or -1 and errno. */
int	io_write_all(int fd, const void *data, size_t n);

/* Waits until there is something to read, or an end.  0; -1 at the deadline. */
int	io_wait_readable(int fd, int64_t deadline_ms);

int	io_set_nonblock(int fd);

/* This process's connected TCP socket with that port of its own; -1. */
int	io_find_socket(int local_port);

/* Whether the other side has closed a socket, also if more is yet unread. */
bool	io_hung_up(int fd);

/*
 * In a child that will not exec: leaves only fds 0, 1 and 2 open, 0 and 1 on
 * /dev/null, and `keep[]` moved to 3, 4, ... in the order given (each entry
 * is changed to its new number).  At most 8.  0, or -1 and errno.
 */
int	io_keep_only(int keep[], size_t nkeep);

#endif
