/*
 * headers: the lines of a request's head, as libcurl takes them.
 */
#ifndef HEADERS_H
#define HEADERS_H

#include <stdint.h>

struct curl_slist;
struct http_request;

/*
 * All that the request names, and that its body is `length` bytes long; -1: it
 * is not known yet, or there is none.  The caller frees them
 * (curl_slist_free_all).  NULL without memory.
 */
struct curl_slist *headers_make(const struct http_request *request,
	    int64_t length);

#endif
