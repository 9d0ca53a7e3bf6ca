/*
 * headers: the header lines of a request, as the list that libcurl takes
 * (CURLOPT_HTTPHEADER).
 */
#ifndef HEADERS_H
#define HEADERS_H

#include <stdint.h>

struct buf;
struct curl_slist;
struct http_request;

/*
 * Returns the lines for what the request asks for: its key, types and headers
 * of its own, and Content-Length if `length` is not -1.  -1 says that the
 * length of the body is not known yet, or that there is no body.  The caller
 * frees the list (curl_slist_free_all) once the transfer is over.  NULL without
 * memory.
 */
struct curl_slist *headers_make(const struct http_request *request,
	    int64_t length);

/*
 * Appends the same lines to out, as they would be sent but for what depends on
 * the connection and on the body (Host, Content-Length).  Returns 0, or -1 with
 * out->failed.
 */
int	headers_write(const struct http_request *request, struct buf *out);

#endif
