/*
 * http: requests and their streamed answers, over connections that are kept.
 *
 * http, headers and transfer are the only files that know libcurl.
 *
 *	http_init();				// once, before any fork
 *
 *	struct http *http = http_open(trust);	// in the process that asks
 *	struct http_request request = { .url = url, .data = take, .arg = &me };
 *	struct http_result result;
 *
 *	http_do(http, &request, &result);	// returns when it is over
 *	if (result.end == HTTP_OK) ...
 *	http_close(http);
 *
 * A struct http belongs to one process and does one request at a time.  It
 * keeps connections, host names and TLS sessions from one request to the next.
 */
#ifndef HTTP_H
#define HTTP_H

#include "http/call.h"

struct http;
struct trust;

/* Starts libcurl, before any fork and any thread.  Fatal if it fails. */
void	 http_init(void);

/* Borrows trust until http_close.  Returns NULL without memory. */
struct http *http_open(const struct trust *trust);
void	 http_close(struct http *http);

/*
 * Sends the request and calls its callbacks.  Returns when the whole answer has
 * been read, or when the transfer has failed.  Fills *result in either case.
 */
void	 http_do(struct http *http, const struct http_request *request,
	    struct http_result *result);

#endif
