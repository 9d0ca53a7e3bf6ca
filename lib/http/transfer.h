/*
 * transfer: one request under way in libcurl's terms: its options, its
 * callbacks, and the loop that waits for its answer.
 *
 * http.c owns what is kept between transfers and decides what the end of one
 * means:
 *
 *	struct transfer t = { .request = request, .result = result,
 *	    .store = store };
 *
 *	rc = transfer_run(&t, multi, share);
 *
 * After the run, the struct says how far the transfer came.  Nothing in it has
 * to be freed.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/call.h"

struct store;

struct transfer {
	const struct http_request	*request;
	struct http_result	*result;
	CURL			*easy;
	struct curl_slist	*headers;
	const struct store	*store;
	const char		*body;		/* NULL: not known yet */
	size_t			 len;		/* of the body */
	size_t			 read;		/* of it, by libcurl */
	bool			 stopped;	/* a callback returned -1 */
	bool			 dead;		/* closed before we sent */
	bool			 once;		/* sent once, so not again */
	bool			 began;		/* the answer has begun */
	bool			 interim;	/* this head is a 1xx */
	bool			 headed;	/* the final head is whole */
	bool			 head_told;	/* to request->head */
	int64_t			 enough_ms;	/* since when; 0: not yet */
	long			 verify;	/* OpenSSL's code; 0: good */
	long			 proxy_status;	/* to CONNECT; 0: none */
	char			 error[CURL_ERROR_SIZE];
};

/*
 * Sends the request once, on a connection that `multi` keeps or on a new one,
 * with the TLS sessions of `share`.  The caller has set request, result and
 * store (NULL: no TLS); the other members are 0, or as an earlier run of the
 * same transfer has set them.
 *
 * Returns libcurl's code.  CURLE_ABORTED_BY_CALLBACK also stands for an answer
 * that was complete but whose connection the server kept open: it was closed
 * here.
 *
 * If a kept connection closes before an answer begins, libcurl by itself sends
 * the request again on another, however much of it was sent.  Here it may do so
 * only as long as it has read nothing of the body, since the request may have
 * to be paid for.  After that the transfer ends, and `once` is set.
 */
CURLcode transfer_run(struct transfer *t, CURLM *multi, CURLSH *share);

#endif
