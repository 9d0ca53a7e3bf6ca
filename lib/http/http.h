/*
 * http: requests and their streamed answers, over connections that are kept.
 * With headers and transfer the only file that knows libcurl.
 *
 * http_init runs once, before any fork.  A struct http lives in one process
 * and keeps connections between requests.
 */
#ifndef HTTP_H
#define HTTP_H

#include "http/call.h"

struct http;
struct trust;

/* Before any fork and any thread.  Fatal where it fails. */
void	 http_init(void);

/* Borrows trust until http_close.  NULL without memory. */
struct http *http_open(const struct trust *trust);
void	 http_close(struct http *http);

/* Does it and fills *result. */
void	 http_do(struct http *http, const struct http_request *post,
	    struct http_result *result);

#endif
