/*
 * record: the answer of a FastCGI request, sent as records on the connection's
 * socket, without ever blocking.  (libfcgi's writes block, so they need another
 * poll(2) before each; it reads the request, and ends it.)
 *
 * A web server reads an answer as records of type FCGI_STDOUT, each a header of
 * 8 bytes and what it announces:
 *
 *	version 1 | type 6 | request id, 2 bytes | length, 2 bytes |
 *	padding 0 | 0, reserved | content, `length` bytes
 *
 * A socket may take a part of a record.  Its rest must be sent before anything
 * else, so a struct record remembers how much that is:
 *
 *	struct record record = RECORD_INIT;
 *
 *	n = record_send(&record, fd, id, data, len);
 *	...			wait until fd can be written to
 *	record_send(&record, fd, id, data + n, len - n);
 */
#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <sys/types.h>

#define RECORD_HEADER	8

struct record {
	unsigned char	header[RECORD_HEADER];
	size_t		header_left;	/* bytes of it that were not sent */
	size_t		left;		/* of what it announces */
};

#define RECORD_INIT { { 0 }, 0, 0 }

/* The most bytes that a record has. */
#define RECORD_MAX	65535

/*
 * Sends what the socket takes of the n bytes at data, at most one record.  They
 * must begin with those that it did not take before.  Returns how many it has
 * taken, 0 if it takes none now, or -1 if the web server has closed it.
 */
ssize_t	record_send(struct record *record, int fd, int id, const char *data,
	    size_t n);

#endif
