/*
 * transfer: one request under way, as libcurl wants it: the options, the
 * callbacks, the loop.  http decides what its end means and what is kept.
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
	const char		*body;
	size_t			 len, read;	/* by libcurl, to be sent */
	bool			 stopped;	/* a callback said so */
	bool			 dead;		/* closed before a byte left */
	bool			 once;		/* it is not sent again */
	bool			 began;		/* of the answer, anything */
	bool			 interim;	/* this head is a 1xx */
	bool			 headed;	/* the answer's own is whole */
	bool			 head_told;
	int64_t			 enough_ms;	/* when it was; 0: not yet */
	long			 verify;	/* OpenSSL's code; 0: good */
	long			 proxy_status;	/* to CONNECT; 0: none */
	char			 error[CURL_ERROR_SIZE];
};

/*
 * Does it once, on a connection that `multi` keeps or on a new one, with the
 * TLS sessions of `share`.  request, result and store are set, the rest is 0
 * or what the last try left.  Returns libcurl's code;
 * CURLE_ABORTED_BY_CALLBACK also for an answer that was complete and left.
 *
 * By itself libcurl repeats a request, on another connection, if a kept one
 * ends before anything of an answer has come, however much was sent.  Here it
 * may do so only as long as it has read nothing of the body; else the transfer
 * ends there and `once` is set.
 */
CURLcode transfer_run(struct transfer *t, CURLM *multi, CURLSH *share);

#endif
