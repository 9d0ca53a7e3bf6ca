/*
 * io: the two ends of a connection to a web server, the clock, and bare file
 * descriptors.
 *
 * `struct source` gives a request and `struct sink` takes its reply.  They are
 * all that the other modules need of a connection: only web/fcgi knows whether
 * FastCGI or plain CGI carries it.  They belong to web/fcgi.
 */
#ifndef IO_H
#define IO_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

struct source {
	/* The CGI variable of that name; NULL if it is not set. */
	const char	*(*param)(void *arg, const char *name);
	/*
	 * Reads at least 1 and at most n bytes of the body before deadline_ms,
	 * a time of io_now_ms.  Returns how many, 0 at the end of the body, or
	 * -1 with err.
	 */
	ssize_t		(*read)(void *arg, char *data, size_t n,
			    int64_t deadline_ms, struct err *err);
	void		*arg;
};

/* A CGI variable by name; "" if it is not set. */
const char *source_param(const struct source *source, const char *name);

struct sink {
	/*
	 * Gives data to the web server.  To be called with n at most `chunk`;
	 * if it is not eager, after poll has said that fd is writable, so that
	 * it does not block.  Returns how many bytes were taken, which may be
	 * 0, or -1 if the visitor has left.
	 */
	ssize_t	(*write)(void *arg, const char *data, size_t n);
	/*
	 * Returns whether the visitor has left.  To be called if poll says
	 * anything of fd other than that it is writable, with its revents.
	 */
	int	(*gone)(void *arg, short revents);
	size_t	chunk;		/* most bytes that one write takes */
	int	fd;		/* for poll: of the connection */
	short	leave_events;	/* for poll: events that show a leave */
	void	*arg;
	bool	eager;		/* write never blocks: poll need not ask */
};

/* The present time in ms, of a clock that never goes back (CLOCK_MONOTONIC). */
int64_t	io_now_ms(void);

/* The same clock in microseconds. */
int64_t	io_now_us(void);

/* Milliseconds since 1970 (CLOCK_REALTIME), of a clock that may be set back. */
int64_t	io_wall_ms(void);

/*
 * Reads what one read(2) gives of a file, such as those of counts in /proc, and
 * ends it with '\0'.  Returns the bytes before that; 0 if it cannot be read.
 */
size_t	io_read_text(const char *path, char *text, size_t size);

/* Writes all n bytes to a blocking fd.  Returns 0, or -1 and errno. */
int	io_write_all(int fd, const void *data, size_t n);

/*
 * Waits until fd has something to read or has come to its end.  Returns 0, or
 * -1 if neither has happened by deadline_ms.
 */
int	io_wait_readable(int fd, int64_t deadline_ms);

/*
 * Waits at most ms milliseconds until there is something to read from `in`, or
 * its end, or until `out` takes more; either may be -1.  `unblocked` is the
 * signal mask for the wait, as ppoll(2) has it: a signal that is blocked but
 * for the wait cannot come between a look at its flag and the wait.  Returns
 * bits of the two, 0 if neither has happened, or -1 if a signal came first.
 */
#define IO_IN	1
#define IO_OUT	2
int	io_wait_either(int in, int out, int64_t ms,
	    const sigset_t *unblocked);

/*
 * The descriptor of this process's connected TCP socket whose local port is
 * that; -1 if there is none.  For a library that tells only the port.
 */
int	io_find_socket(int local_port);

/*
 * Whether the other side has closed its end of a socket, even if bytes that it
 * sent before are still unread.
 */
bool	io_hung_up(int fd);

/*
 * For a child that does not exec: closes all descriptors but 0, 1, 2 and the
 * nkeep (at most 8) in keep[].  0 and 1 become /dev/null, and those of keep[]
 * become 3, 4 and so on, in order; keep[] is changed to the new numbers.
 * Returns 0, or -1 and errno.
 */
int	io_keep_only(int keep[], size_t nkeep);

#endif
