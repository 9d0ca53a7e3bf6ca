/*
 * headers.c: stage and check.  Composes the header lines of a request; sends
 * nothing.
 */
#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "http/call.h"
#include "http/headers.h"

/* Appends a copy of line.  0, or -1 without memory. */
static int
add_line(struct curl_slist **lines, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*lines, line);

	if (longer == NULL)
		return -1;
	*lines = longer;
	return 0;
}

/* The line with the key; its copy here is overwritten before it is freed. */
static int
add_key(struct curl_slist **lines, const struct http_request *request)
{
	const char *name = request->key_header == NULL ? "Authorization" :
	    request->key_header;
	const char *scheme = request->key_header == NULL ? "Bearer " : "";
	size_t n = strlen(name) + strlen(request->key) + sizeof(": Bearer ");
	char *line = malloc(n);
	int rc;

	if (line == NULL)
		return -1;
	snprintf(line, n, "%s: %s%s", name, scheme, request->key);
	rc = add_line(lines, line);
	explicit_bzero(line, n);
	free(line);
	return rc;
}

/*
 * libcurl would send a body that it reads by a callback in chunks, and some
 * servers refuse such a request.  The empty Transfer-Encoding takes libcurl's
 * own line away.
 */
static int
add_length(struct curl_slist **lines, int64_t length)
{
	char line[48];

	snprintf(line, sizeof(line), "Content-Length: %" PRId64, length);
	return add_line(lines, line) == -1 ? -1 :
	    add_line(lines, "Transfer-Encoding:");
}

/*
 * All lines of the request.  The empty Expect keeps libcurl from waiting for a
 * 100 (Continue) before it sends the body.  0, or -1 without memory.
 */
static int
add_all(struct curl_slist **lines, const struct http_request *request,
    int64_t length)
{
	char accept[128];
	size_t i;

	snprintf(accept, sizeof(accept), "Accept: %s",
	    request->accept == NULL ? "text/event-stream" : request->accept);
	if ((request->ready != NULL &&
	    add_line(lines, "Content-Type: application/json") == -1) ||
	    add_line(lines, accept) == -1 || add_line(lines, "Expect:") == -1 ||
	    (request->key != NULL && add_key(lines, request) == -1))
		return -1;
	for (i = 0; request->headers != NULL && request->headers[i] != NULL;
	    i++)
		if (add_line(lines, request->headers[i]) == -1)
			return -1;
	return length < 0 ? 0 : add_length(lines, length);
}

struct curl_slist *
headers_make(const struct http_request *request, int64_t length)
{
	struct curl_slist *lines = NULL;

	if (add_all(&lines, request, length) == 0)
		return lines;
	curl_slist_free_all(lines);
	return NULL;
}

int
headers_write(const struct http_request *request, struct buf *out)
{
	struct curl_slist *lines = headers_make(request, -1), *line;

	if (lines == NULL)
		out->failed = true;
	/* A line without a value takes away one of libcurl's own. */
	for (line = lines; line != NULL; line = line->next)
		if (line->data[strlen(line->data) - 1] != ':')
			buf_printf(out, "%s\n", line->data);
	curl_slist_free_all(lines);
	return out->failed ? -1 : 0;
}
