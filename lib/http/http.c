/*
 * http.c: listener, stage and check.  Keeps what outlives a request, and says
 * what libcurl's codes mean; knows nothing of models, events or JSON.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/http.h"
#include "http/transfer.h"
#include "http/trouble.h"
#include "http/trust.h"

struct http {
	const struct trust	*trust;
	CURLM			*multi;	/* keeps connections and names */
	CURLSH			*share;	/* TLS sessions */
};

void
http_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		fatalx("libcurl does not start");
}

struct http *
http_open(const struct trust *trust)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->trust = trust;
	if ((http->multi = curl_multi_init()) == NULL ||
	    (http->share = curl_share_init()) == NULL) {
		http_close(http);
		return NULL;
	}
	curl_share_setopt(http->share, CURLSHOPT_SHARE,
	    CURL_LOCK_DATA_SSL_SESSION);
	return http;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_multi_cleanup(http->multi);
	curl_share_cleanup(http->share);
	free(http);
}

/*
 * Sets the result's end and trouble: first what libcurl's code says, then what
 * how far the request had come says better.  A callback that stopped the
 * transfer makes libcurl report an error of its own, which is not the reason.
 */
static void
classify_end(const struct transfer *t, CURLcode rc)
{
	static const struct { CURLcode code; enum http_end end;
	    enum http_trouble trouble; } ends[] = {
		{ CURLE_OK, HTTP_OK, HTTP_NO_TROUBLE },
		{ CURLE_COULDNT_RESOLVE_HOST, HTTP_UNREACHABLE, HTTP_NO_NAME },
		{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_UNREACHABLE,
		    HTTP_NO_PROXY_NAME },
		{ CURLE_COULDNT_CONNECT, HTTP_UNREACHABLE, HTTP_NO_CONNECTION },
		{ CURLE_OPERATION_TIMEDOUT, HTTP_UNREACHABLE, HTTP_TIMED_OUT },
		{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS, HTTP_NO_HANDSHAKE },
		{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS,
		    HTTP_BAD_CERTIFICATE },
		{ CURLE_SSL_CERTPROBLEM, HTTP_TLS, HTTP_BAD_CERTIFICATE },
		{ CURLE_SSL_CIPHER, HTTP_TLS, HTTP_NO_HANDSHAKE },
		{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS, HTTP_NO_CA },
		{ CURLE_SSL_ISSUER_ERROR, HTTP_TLS, HTTP_NO_ISSUER },
		{ CURLE_SSL_INVALIDCERTSTATUS, HTTP_TLS, HTTP_BAD_CERTIFICATE },
		{ CURLE_GOT_NOTHING, HTTP_BROKEN, HTTP_CLOSED },
		{ CURLE_SEND_ERROR, HTTP_BROKEN, HTTP_CLOSED },
		{ CURLE_RECV_ERROR, HTTP_BROKEN, HTTP_CLOSED },
		{ CURLE_PARTIAL_FILE, HTTP_BROKEN, HTTP_CUT },
		{ CURLE_HTTP2, HTTP_FAILED, HTTP_CUT },
		{ CURLE_HTTP2_STREAM, HTTP_FAILED, HTTP_CUT },
		{ CURLE_WEIRD_SERVER_REPLY, HTTP_UNREADABLE, HTTP_NO_HTTP },
		{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_UNREADABLE, HTTP_NO_HTTP },
		{ CURLE_BAD_CONTENT_ENCODING, HTTP_UNREADABLE, HTTP_NO_CODING },
		/*
		 * libcurl's code for a body that is not the brotli it claims.
		 */
		{ CURLE_WRITE_ERROR, HTTP_UNREADABLE, HTTP_NO_CODING },
		{ CURLE_OUT_OF_MEMORY, HTTP_FAILED, HTTP_NO_MEMORY },
	};
	struct http_result *result = t->result;
	size_t i;

	result->end = t->stopped ? HTTP_STOPPED : HTTP_FAILED;
	result->trouble = HTTP_OTHER;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].code == rc && (rc == CURLE_OK || !t->stopped)) {
			result->end = ends[i].end;
			result->trouble = ends[i].trouble;
		}
	if (t->dead || t->once)
		result->end = HTTP_BROKEN;
	/* So OpenSSL reports a server that speaks HTTP/2 and nothing else. */
	if (result->end == HTTP_TLS &&
	    strcasestr(t->error, "no application protocol") != NULL)
		result->end = HTTP_UNREADABLE;
	/* Nothing was asked yet: nothing broke. */
	if (result->end == HTTP_BROKEN && !t->began && t->body == NULL)
		result->end = HTTP_UNREACHABLE;
}

/* Returns the trouble that the state of the transfer tells more exactly. */
static enum http_trouble
refine_trouble(const struct transfer *t, enum http_trouble trouble)
{
	if (trouble == HTTP_BAD_CERTIFICATE)
		return trust_trouble(t->verify);
	if (trouble == HTTP_NO_HANDSHAKE &&
	    strstr(t->error, "wrong version number") != NULL)
		return HTTP_NO_TLS;
	if (trouble == HTTP_CLOSED && t->proxy_status >= 300)
		return HTTP_PROXY_REFUSED;
	if (trouble == HTTP_CLOSED && t->began)
		return HTTP_CUT;
	return trouble;
}

/*
 * Writes the words about a request that failed, for visitors and for the log.
 */
static void
explain_end(const struct transfer *t, CURLcode rc)
{
	struct http_result *result = t->result;
	char status[32] = "";

	result->trouble = t->dead || t->once ? HTTP_CLOSED :
	    refine_trouble(t, result->trouble);
	if (result->trouble == HTTP_PROXY_REFUSED)
		snprintf(status, sizeof(status), ", with status %ld",
		    t->proxy_status);
	snprintf(result->message, sizeof(result->message), "%s%s",
	    trouble_words(result->trouble), status);
	snprintf(result->detail, sizeof(result->detail), "%s",
	    t->dead ? "it was closed before anything was sent" :
	    t->once ? "it was closed before an answer came" :
	    t->error[0] != '\0' ? t->error : curl_easy_strerror(rc));
}

/*
 * Whether the connection closed before a byte of the body was sent on it.  Then
 * nobody has been asked, and asking on another connection is safe.
 */
static bool
died_unused(const struct transfer *t, CURLcode rc)
{
	return t->body != NULL && !t->result->sent && !t->began &&
	    !t->stopped && (t->dead || rc == CURLE_GOT_NOTHING ||
	    rc == CURLE_SEND_ERROR || rc == CURLE_RECV_ERROR);
}

void
http_do(struct http *http, const struct http_request *request,
    struct http_result *result)
{
	struct transfer t = { .request = request, .result = result };
	CURLcode rc;

	*result = (struct http_result){ .end = HTTP_TLS,
	    .trouble = HTTP_NO_CA, .dns_us = -1, .tcp_us = -1, .tls_us = -1 };
	t.store = trust_find(http->trust, request->ca_file);
	if (t.store == NULL && strncasecmp(request->url, "https:", 6) == 0) {
		explain_end(&t, CURLE_SSL_CACERT_BADFILE);
		return;
	}
	rc = transfer_run(&t, http->multi, http->share);
	if (died_unused(&t, rc))
		rc = transfer_run(&t, http->multi, http->share);
	classify_end(&t, rc);
	if (rc != CURLE_OK)
		explain_end(&t, rc);
}
