/*
 * transfer.c: stage and check.  libcurl's easy and multi interfaces; knows
 * nothing of why it asks or what becomes of a failure.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "http/headers.h"
#include "http/readahead.h"
#include "http/transfer.h"
#include "http/trust.h"

/* For the end of an answer that is complete; its connection can be kept. */
#define LINGER_MS	200

/*
 * The least that libcurl takes.  Of its own 64 KiB a prompt fills 3, but all
 * become memory of this process when free(3) overwrites them.
 */
#define UPLOAD_BUFFER	16384L

/* How often an answer that is complete is looked at without news. */
#define TICK_MS		1000

static CURLcode
on_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	struct transfer *t = arg;

	(void)easy;
	trust_apply(t->store, ctx);
	return CURLE_OK;
}

/* The head of one request, and of no earlier one. */
static int
set_headers(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	t->headers = headers_make(t->request, t->body == NULL ? -1 :
	    (int64_t)t->len);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return t->headers == NULL ? -1 : 0;
}

/* The connection's SSL *; NULL where it has none. */
static void *
tls_of(const struct transfer *t)
{
	struct curl_tlssessioninfo *tls = NULL;

	return curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &tls) ==
	    CURLE_OK && tls->backend == CURLSSLBACKEND_OPENSSL ?
	    tls->internals : NULL;
}

/* What an earlier connection may have left: nothing came of it. */
static void
begin(struct transfer *t)
{
	t->read = 0;
	t->began = t->head_told = false;
	t->interim = t->headed = false;
	t->enough_ms = 0;
	t->result->status = 0;
	t->result->type[0] = t->result->coding[0] = '\0';
}

/*
 * The connection is there and nothing has been sent.  Only headers may be set
 * here: libcurl has already taken note of how the body will be read.
 */
static int
on_ready(void *arg, char *peer, char *local, int peer_port, int local_port)
{
	struct transfer *t = arg;

	(void)peer, (void)local, (void)peer_port;
	if (t->result->sent) {
		t->once = true;
		return CURL_PREREQFUNC_ABORT;
	}
	begin(t);
	readahead_begin(tls_of(t));
	if (t->request->ready(t->request->arg, &t->body, &t->len) == -1) {
		t->stopped = true;
		return CURL_PREREQFUNC_ABORT;
	}
	/* What is sent now would be lost, or worse: nobody could tell. */
	t->dead = io_hung_up(io_find_socket(local_port));
	if (t->dead || set_headers(t) == -1)
		return CURL_PREREQFUNC_ABORT;
	return CURL_PREREQFUNC_OK;
}

static size_t
on_read(char *to, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t n = t->len - t->read;

	if (n > size * count)
		n = size * count;
	memcpy(to, t->body + t->read, n);
	t->read += n;
	t->result->sent = true;
	return n;
}

/* libcurl is about to send the body again. */
static int
on_seek(void *arg, curl_off_t offset, int origin)
{
	struct transfer *t = arg;

	(void)offset, (void)origin;
	t->once = t->result->sent;
	return t->once ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK;
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

/* One of several heads, perhaps: of an interim answer nothing is wanted. */
static void
begin_head(struct transfer *t, const char *line, size_t n)
{
	const char *status = memchr(line, ' ', n);

	t->result->type[0] = t->result->coding[0] = '\0';
	t->interim = status != NULL && status + 1 < line + n &&
	    status[1] == '1';
}

/* One line of the head; a long one says nothing that we would understand. */
static size_t
on_header(char *line, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t n = size * count, end;
	char text[512], *value;

	t->began = true;
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		begin_head(t, line, n);
	if (n <= 2 && line[n - 1] == '\n')
		t->headed = !t->interim;
	if (t->interim || n >= sizeof(text) ||
	    (value = memchr(line, ':', n)) == NULL)
		return n;
	for (end = n; end > 0 && strchr(" \t\r\n", line[end - 1]) != NULL;)
		end--;
	memcpy(text, line, end);
	text[end] = '\0';
	value = text + (value - line);
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(text, "content-type") == 0)
		take_type(t->result, value);
	if (strcasecmp(text, "content-encoding") == 0)
		snprintf(t->result->coding, sizeof(t->result->coding), "%s",
		    value);
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
prepare(struct transfer *t, CURLSH *share)
{
	const struct http_request *request = t->request;

	t->dead = t->once = false;
	t->error[0] = '\0';
	if ((t->easy = curl_easy_init()) == NULL || set_headers(t) == -1)
		return -1;
	curl_easy_setopt(t->easy, CURLOPT_SHARE, share);
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	/* For one request at a time HTTP/2 costs and gives nothing. */
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, request->http2 ?
	    (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
	/* It decodes what it can, whatever was asked for. */
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING,
	    request->encodings == NULL ? "identity" : request->encodings);
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
	if (t->store != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION,
		    on_ssl_ctx);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t);
	}
	return 0;
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
	curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &t->verify);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE,
	    &t->proxy_status);
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	/* One that is cut would lead elsewhere. */
	if (to != NULL && strlen(to) < sizeof(result->redirect))
		snprintf(result->redirect, sizeof(result->redirect), "%s", to);
}

/*
 * Makes libcurl read although its socket may be silent.  libcurl does that only
 * for a transfer that goes on after a pause.
 */
static void
read_again(struct transfer *t)
{
	curl_easy_pause(t->easy, CURLPAUSE_RECV);
	curl_easy_pause(t->easy, CURLPAUSE_CONT);
}

/* A server that keeps an answer open behind its end is left after a while. */
static bool
lingers(struct transfer *t)
{
	if (t->request->enough == NULL || !t->request->enough(t->request->arg))
		return false;
	if (t->enough_ms == 0)
		t->enough_ms = io_now_ms();
	return io_now_ms() - t->enough_ms > LINGER_MS;
}

/* Whether to wait for more, which it lets gather for a while. */
static bool
rest(struct transfer *t)
{
	int ms = t->request->pause == NULL ? 0 :
	    t->request->pause(t->request->arg);
	struct timespec nap = { ms / 1000, ms % 1000 * 1000000L };

	if (ms == -1)
		t->stopped = true;
	if (ms > 0)
		nanosleep(&nap, NULL);
	return ms != -1;
}

/*
 * Waits until there may be more to read.  What TLS has read ahead is there
 * already, and only what is not there yet is worth a wait.  Returns false if
 * the transfer is to stop.
 */
static bool
wait_for_more(struct transfer *t, CURLM *multi)
{
	if (readahead_holds_record(tls_of(t))) {
		read_again(t);
		return true;
	}
	return rest(t) && curl_multi_poll(multi, NULL, 0, TICK_MS, NULL) ==
	    CURLM_OK;
}

/* curl_easy_perform(3), but with the connections that `multi` keeps. */
static CURLcode
carry_out(struct transfer *t, CURLM *multi)
{
	CURLcode rc = CURLE_ABORTED_BY_CALLBACK;
	const CURLMsg *said;
	int running, queued;

	if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
		return CURLE_OUT_OF_MEMORY;
	while (curl_multi_perform(multi, &running) == CURLM_OK &&
	    running > 0 && !lingers(t) && wait_for_more(t, multi))
		;
	if ((said = curl_multi_info_read(multi, &queued)) != NULL)
		rc = said->data.result;
	curl_multi_remove_handle(multi, t->easy);
	return rc;
}

/* A body that could not be decoded, or was empty, has not told the head. */
static bool
tells_head(const struct transfer *t, CURLcode rc)
{
	return !t->head_told && t->began && (rc == CURLE_OK ||
	    rc == CURLE_BAD_CONTENT_ENCODING || rc == CURLE_WRITE_ERROR);
}

CURLcode
transfer_run(struct transfer *t, CURLM *multi, CURLSH *share)
{
	CURLcode rc = CURLE_OUT_OF_MEMORY;

	if (prepare(t, share) == 0) {
		rc = carry_out(t, multi);
		/* To libcurl a head that breaks off is one that has ended. */
		if (rc == CURLE_OK && !t->headed)
			rc = CURLE_PARTIAL_FILE;
		if (tells_head(t, rc) && tell_head(t) == -1)
			t->stopped = true;
		take_info(t);
	}
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	t->easy = NULL;
	t->headers = NULL;
	return rc;
}
