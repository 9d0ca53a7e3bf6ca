/*
 * http.c: the listener prepares, a stage or a check asks.  libcurl; knows
 * nothing of models, events or JSON.
 */
#include <curl/curl.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http.h"
#include "io.h"
#include "log.h"
#include "trust.h"

/* For the end of an answer that is complete; its connection can be kept. */
#define LINGER_MS	200

/*
 * The least that libcurl takes.  Of its own 64 KiB a prompt fills 3, but all
 * become memory of this process when free(3) overwrites them.
 */
#define UPLOAD_BUFFER	16384L

struct http {
	const struct trust	*trust;
	CURLSH			*share;	/* connections, names, TLS sessions */
};

/* One request under way. */
struct transfer {
	const struct http_request	*request;
	struct http_result	*result;
	CURL			*easy;
	struct curl_slist	*headers;
	const struct store	*store;
	const char		*body;
	size_t			 len, sent;
	bool			 stopped;	/* a callback said so */
	bool			 waited;	/* for the body, connected */
	bool			 began;		/* of the answer, anything */
	bool			 head_told;
	int64_t			 enough_ms;	/* when it was; 0: not yet */
	char			 error[CURL_ERROR_SIZE];
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
	if ((http->share = curl_share_init()) == NULL) {
		free(http);
		return NULL;
	}
	http->trust = trust;
	curl_share_setopt(http->share, CURLSHOPT_SHARE,
	    CURL_LOCK_DATA_CONNECT);
	curl_share_setopt(http->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
	curl_share_setopt(http->share, CURLSHOPT_SHARE,
	    CURL_LOCK_DATA_SSL_SESSION);
	return http;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_share_cleanup(http->share);
	free(http);
}

static CURLcode
on_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	struct transfer *t = arg;

	(void)easy;
	trust_apply(t->store, ctx);
	return CURLE_OK;
}

static int
add_header(struct transfer *t, const char *line)
{
	struct curl_slist *longer = curl_slist_append(t->headers, line);

	if (longer == NULL)
		return -1;
	t->headers = longer;
	return 0;
}

/*
 * The connection is there and nothing has been sent.  Only headers may be set
 * here: libcurl has already taken note of how the body will be read.
 */
static int
on_ready(void *arg, char *peer, char *local, int peer_port, int local_port)
{
	struct transfer *t = arg;
	char length[48];
	int64_t since;

	(void)peer, (void)local, (void)peer_port, (void)local_port;
	t->sent = 0;
	since = io_now_ms();
	if (t->request->ready(t->request->arg, &t->body, &t->len) == -1) {
		t->stopped = true;
		return CURL_PREREQFUNC_ABORT;
	}
	t->waited = io_now_ms() > since;
	snprintf(length, sizeof(length), "Content-Length: %zu", t->len);
	/* Some servers refuse a chunked request. */
	if (add_header(t, length) == -1 ||
	    add_header(t, "Transfer-Encoding:") == -1)
		return CURL_PREREQFUNC_ABORT;
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return CURL_PREREQFUNC_OK;
}

static size_t
on_read(char *to, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t n = t->len - t->sent;

	if (n > size * count)
		n = size * count;
	memcpy(to, t->body + t->sent, n);
	t->sent += n;
	return n;
}

/* libcurl sends the body again on a new connection when a kept one is dead. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	struct transfer *t = arg;

	if (origin != SEEK_SET || offset < 0 || (size_t)offset > t->len)
		return CURL_SEEKFUNC_FAIL;
	t->sent = (size_t)offset;
	return CURL_SEEKFUNC_OK;
}

static void
take_type(struct http_result *result, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(result->type) - 1; i++) {
		if (value[i] == '\0' || strchr("; \t", value[i]) != NULL)
			break;
		result->type[i] = (char)tolower((unsigned char)value[i]);
	}
	result->type[i] = '\0';
}

/* One line of the head; a long one says nothing that we would understand. */
static size_t
on_header(char *line, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t n = size * count, end;
	char text[512], *value;

	t->began = true;
	if (n >= sizeof(text) || (value = memchr(line, ':', n)) == NULL) {
		if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
			t->result->type[0] = '\0';
		return n;
	}
	for (end = n; end > 0 && strchr(" \t\r\n", line[end - 1]) != NULL;)
		end--;
	memcpy(text, line, end);
	text[end] = '\0';
	value = text + (value - line);
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(text, "content-type") == 0)
		take_type(t->result, value);
	if (t->request->header != NULL)
		t->request->header(t->request->arg, text, value);
	return n;
}

static int
tell_head(struct transfer *t)
{
	long status = 0;

	t->head_told = true;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->result->status = (int)status;
	return t->request->head(t->request->arg, t->result);
}

/*
 * libcurl ignores SIGPIPE: a callback that did not stop the transfer when its
 * pipe is gone would read the answer to its end.
 */
static size_t
on_data(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;

	if ((!t->head_told && tell_head(t) == -1) ||
	    t->request->data(t->request->arg, data, size * count) == -1) {
		t->stopped = true;
		return 0;
	}
	return size * count;
}

static int
add_key(struct transfer *t, const struct http_request *request)
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
	rc = add_header(t, line);
	explicit_bzero(line, n);
	free(line);
	return rc;
}

/* libcurl calls this with every piece of data, and about once a second. */
static int
on_progress(void *arg, curl_off_t dltotal, curl_off_t dlnow,
    curl_off_t ultotal, curl_off_t ulnow)
{
	struct transfer *t = arg;

	(void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
	if (!t->request->enough(t->request->arg))
		return 0;
	if (t->enough_ms == 0)
		t->enough_ms = io_now_ms();
	return io_now_ms() - t->enough_ms > LINGER_MS;
}

static int
add_headers(struct transfer *t, const struct http_request *request)
{
	char accept[128];
	size_t i;

	snprintf(accept, sizeof(accept), "Accept: %s",
	    request->accept == NULL ? "text/event-stream" : request->accept);
	if ((request->ready != NULL &&
	    add_header(t, "Content-Type: application/json") == -1) ||
	    add_header(t, accept) == -1 || add_header(t, "Expect:") == -1 ||
	    (request->key != NULL && add_key(t, request) == -1))
		return -1;
	for (i = 0; request->headers != NULL && request->headers[i] != NULL;
	    i++)
		if (add_header(t, request->headers[i]) == -1)
			return -1;
	return 0;
}

static void
prepare_body(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
	curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, on_ready);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
}

static int
prepare(struct transfer *t, struct http *http)
{
	const struct http_request *request = t->request;

	if ((t->easy = curl_easy_init()) == NULL ||
	    add_headers(t, request) == -1)
		return -1;
	curl_easy_setopt(t->easy, CURLOPT_SHARE, http->share);
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	/* For one request at a time HTTP/2 costs and gives nothing. */
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, request->http2 ?
	    (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING,
	    request->encodings);
	curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE,
	    request->keep ? 0L : 1L);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, request->timeout_ms);
	/* The worker keeps all clocks; libcurl's own is 5 minutes. */
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, 3600000L);
	/* What a proxy answers to CONNECT is not the service's answer. */
	curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "recipe.fcgi");
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	if (request->ready != NULL)
		prepare_body(t);
	if (request->enough != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION,
		    on_progress);
		curl_easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
	}
	if (t->store != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION,
		    on_ssl_ctx);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t);
	}
	return 0;
}

/* What libcurl's code says; the rest depends on how far it had come. */
static void
classify(const struct transfer *t, CURLcode rc)
{
	static const struct { CURLcode code; enum http_end end;
	    enum http_trouble trouble; } ends[] = {
		{ CURLE_OK, HTTP_OK, HTTP_NO_TROUBLE },
		{ CURLE_COULDNT_RESOLVE_HOST, HTTP_UNREACHABLE, HTTP_NO_NAME },
		{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_UNREACHABLE, HTTP_NO_NAME },
		{ CURLE_COULDNT_CONNECT, HTTP_UNREACHABLE, HTTP_NO_CONNECTION },
		{ CURLE_OPERATION_TIMEDOUT, HTTP_UNREACHABLE, HTTP_TIMED_OUT },
		{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_SSL_CERTPROBLEM, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_SSL_CIPHER, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_SSL_ISSUER_ERROR, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_SSL_INVALIDCERTSTATUS, HTTP_TLS, HTTP_NO_TROUBLE },
		{ CURLE_GOT_NOTHING, HTTP_BROKEN, HTTP_NO_TROUBLE },
		{ CURLE_SEND_ERROR, HTTP_BROKEN, HTTP_NO_TROUBLE },
		{ CURLE_RECV_ERROR, HTTP_BROKEN, HTTP_NO_TROUBLE },
		{ CURLE_PARTIAL_FILE, HTTP_BROKEN, HTTP_NO_TROUBLE },
	};
	struct http_result *result = t->result;
	size_t i;

	result->end = t->stopped ? HTTP_STOPPED : HTTP_FAILED;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].code == rc && (rc == CURLE_OK || !t->stopped)) {
			result->end = ends[i].end;
			result->trouble = ends[i].trouble;
		}
	if (result->end == HTTP_BROKEN && !t->began && t->body == NULL)
		result->end = HTTP_UNREACHABLE;
}

/* What only libcurl knows of an answer. */
static void
take_info(struct transfer *t)
{
	struct http_result *result = t->result;
	char *to = NULL;
	long version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	result->version = version == CURL_HTTP_VERSION_1_0 ? 10 :
	    version == CURL_HTTP_VERSION_1_1 ? 11 :
	    version == CURL_HTTP_VERSION_2_0 ? 20 : 0;
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	/* One that is cut would lead elsewhere. */
	if (to != NULL && strlen(to) < sizeof(result->redirect))
		snprintf(result->redirect, sizeof(result->redirect), "%s", to);
}

/*
 * A connection that died while it waited for the prompt: nothing was asked.
 * One that did not wait was closed on the request, which may be paid for.
 */
static bool
died_waiting(const struct transfer *t, CURLcode rc)
{
	return !t->began && !t->stopped && t->body != NULL && t->waited &&
	    (rc == CURLE_GOT_NOTHING || rc == CURLE_SEND_ERROR ||
	    rc == CURLE_RECV_ERROR);
}

static CURLcode
perform(struct transfer *t, struct http *http)
{
	CURLcode rc = CURLE_OUT_OF_MEMORY;

	if (prepare(t, http) == 0) {
		rc = curl_easy_perform(t->easy);
		if (rc == CURLE_OK && !t->head_told && tell_head(t) == -1)
			t->stopped = true;
		take_info(t);
	}
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	t->easy = NULL;
	t->headers = NULL;
	return rc;
}

void
http_do(struct http *http, const struct http_request *request,
    struct http_result *result)
{
	struct transfer t = { .request = request, .result = result };
	CURLcode rc;

	*result = (struct http_result){ .end = HTTP_TLS };
	t.store = trust_find(http->trust, request->ca_file);
	if (t.store == NULL && strncasecmp(request->url, "https:", 6) == 0) {
		snprintf(result->message, sizeof(result->message),
		    "there are no CA certificates to check it by");
		return;
	}
	rc = perform(&t, http);
	if (died_waiting(&t, rc))
		rc = perform(&t, http);
	classify(&t, rc);
	if (rc != CURLE_OK)
		snprintf(result->message, sizeof(result->message), "%s",
		    t.error[0] != '\0' ? t.error : curl_easy_strerror(rc));
}
