/*
 * fcgi: one connection of the web server, as a source and a sink.
 *
 * FastCGI on a descriptor that the listener accepted, or plain CGI on fds 0
 * and 1.  The only file that knows libfcgi.
 *
 * libfcgi writes blocking and takes O_NONBLOCK for an error.  So a sink is
 * polled for writing and then given one chunk, which a socket or a pipe that
 * polls writable takes without blocking (measured).
 */
#ifndef FCGI_H
#define FCGI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

struct fcgi;
struct limits;

/*
 * First of all, in every process that serves.  Installs libfcgi's signal
 * handlers: set your own afterwards.  Returns whether fd 0 is no listening
 * socket, so that this was started as plain CGI or by hand.
 */
bool	fcgi_init(void);

/*
 * Opens fd, which it owns from now on, or CGI where fd is -1.  NULL without
 * memory.
 */
struct fcgi *fcgi_open(int fd, const struct limits *limits);

/*
 * Waits for a request and reads its head; on a connection that the web server
 * keeps, for the next one.  `wait_ms` is how long it may take to begin.
 * 0, or -1 where none comes: fcgi_close.
 */
int	fcgi_accept(struct fcgi *fcgi, int64_t wait_ms);

/* Of the request; valid until fcgi_finish. */
const struct source *fcgi_source(const struct fcgi *fcgi);
const struct sink *fcgi_sink(const struct fcgi *fcgi);
int64_t	fcgi_arrived_ms(const struct fcgi *fcgi);

/*
 * The answer is complete, or `gone`: nobody wants the rest.  Returns 1 where
 * the connection stays for another request, else 0.
 */
int	fcgi_finish(struct fcgi *fcgi, bool gone);

/* Frees everything and closes the connection. */
void	fcgi_close(struct fcgi *fcgi);

#endif
