/*
 * fcgi: one connection of the web server, as a source and a sink (base/io.h).
 *
 * The connection is either FastCGI on a descriptor that the listener accepted,
 * or plain CGI on fds 0 and 1.  fcgi.c is the only file that knows libfcgi.
 * The life of a connection, which may carry several requests in turn:
 *
 *	struct fcgi *fcgi = fcgi_open(fd, &limits);
 *	int64_t wait_ms = limits.body_ms;
 *
 *	while (fcgi_accept(fcgi, wait_ms) == 0) {
 *		... read from fcgi_source(fcgi), write to fcgi_sink(fcgi) ...
 *		if (fcgi_finish(fcgi, gone) == 0)
 *			break;
 *		wait_ms = limits.worker_idle_ms;
 *	}
 *	fcgi_close(fcgi);
 *
 * The answer of FastCGI is sent by web/record.h, which never blocks.  The pipe
 * of plain CGI is the web server's as well, so it stays blocking: the caller
 * polls it for writing and then hands over one chunk at most, which a pipe that
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
 * Call it first, in every process that will serve.  It installs libfcgi's
 * signal handlers, so the caller sets its own after it.  Returns true if fd 0
 * is not a listening socket: then this process was started as plain CGI, or by
 * hand.
 */
bool	fcgi_init(void);

/*
 * Takes over the connection fd and closes it in the end, also if this fails;
 * fd -1 means plain CGI.  `limits` is borrowed until fcgi_close.  Returns NULL
 * if there is no memory.
 */
struct fcgi *fcgi_open(int fd, const struct limits *limits);

/*
 * Waits until a request begins, at most wait_ms milliseconds, and reads its
 * CGI variables.  Called again after a request if fcgi_finish returned 1.
 * Returns 0, or -1 if no request comes; then only fcgi_close is left to call.
 */
int	fcgi_accept(struct fcgi *fcgi, int64_t wait_ms);

/* Of the present request.  Borrowed: valid until fcgi_finish. */
const struct source *fcgi_source(const struct fcgi *fcgi);
const struct sink *fcgi_sink(const struct fcgi *fcgi);

/* When the present request began, by io_now_ms. */
int64_t	fcgi_arrived_ms(const struct fcgi *fcgi);

/*
 * Ends the present request.  `gone` says that nobody wants the rest of the
 * answer: the connection is then closed without an end record.  Returns 1 if
 * the connection stays open for another request, else 0.
 */
int	fcgi_finish(struct fcgi *fcgi, bool gone);

/* Closes the connection and frees everything.  fcgi may be NULL. */
void	fcgi_close(struct fcgi *fcgi);

#endif
