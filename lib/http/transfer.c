/*
 * transfer.c: stage and check.  Uses libcurl's easy and multi interfaces; does
 * not know what is asked, nor what a failure leads to.
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

/*
 * How long an answer that has all that is wanted may take to end.  If it ends
 * in time, its connection can be kept.
 */
#define LINGER_MS	200

/*
 * The smallest upload buffer that libcurl takes.  Of its default of 64 KiB a
 * prompt fills some 3, but all 64 become memory of this process when free(3)
 * overwrites them (wipe.h).
 */
#define UPLOAD_BUFFER	16384L

/* The longest wait in ms; then the loop asks whether the answer lingers. */
#define TICK_MS		1000

static CURLcode
on_curl_ssl_ctx(CURL *easy, void *ctx, void *arg)
{
	struct transfer *t = arg;

	(void)easy;
	trust_apply(t->store, ctx);
	return CURLE_OK;
}

/*
 * Gives libcurl the header lines of this request.  Those of an earlier call,
 * when the length of the body was not known, are freed.
 */
static int
set_headers(struct transfer *t)
{
	curl_slist_free_all(t->headers);
	t->headers = headers_make(t->request, t->body == NULL ? -1 :
	    (int64_t)t->len);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return t->headers == NULL ? -1 : 0;
}

/* The SSL * of the connection; NULL if it has none. */
static void *
tls_of(const struct transfer *t)
{
	struct curl_tlssessioninfo *tls = NULL;

	return curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &tls) ==
	    CURLE_OK && tls->backend == CURLSSLBACKEND_OPENSSL ?
	    tls->internals : NULL;
}

/* Forgets what an earlier connection, which was closed, has said. */
static void
reset_answer(struct transfer *t)
{
	t->read = 0;
	t->began = t->head_told = false;
	t->interim = t->headed = false;
	t->enough_ms = 0;
	t->result->status = 0;
	t->result->type[0] = t->result->coding[0] = '\0';
}

/*
 * libcurl's CURLOPT_PREREQFUNCTION: a connection is there and nothing has been
 * sent on it.  Of the options only the headers may still be set here: libcurl
 * has already decided how it will read the body.
 */
static int
on_connected(void *arg, char *peer, char *local, int peer_port, int local_port)
{
	struct transfer *t = arg;

	(void)peer, (void)local, (void)peer_port;
	if (t->result->sent) {
		t->once = true;
		return CURL_PREREQFUNC_ABORT;
	}
	reset_answer(t);
	readahead_begin(tls_of(t));
	if (t->request->ready(t->request->arg, &t->body, &t->len) == -1) {
		t->stopped = true;
		return CURL_PREREQFUNC_ABORT;
	}
	/* On a closed connection nobody could tell whether it was taken. */
	t->dead = io_hung_up(io_find_socket(local_port));
	if (t->dead || set_headers(t) == -1)
		return CURL_PREREQFUNC_ABORT;
	return CURL_PREREQFUNC_OK;
}

/* CURLOPT_READFUNCTION: gives libcurl the next piece of the body to send. */
static size_t
on_curl_read(char *to, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t n = t->len - t->read;

	if (n > size * count)
		n = size * count;
	memcpy(to, t->body + t->read, n);
	t->read += n;
	t->result->sent = true;
	if (t->read == t->len)
		t->result->sent_us = io_now_us();
	return n;
}

/*
 * CURLOPT_SEEKFUNCTION: libcurl wants to send the body from its beginning on
 * another connection.  It may, unless some of it was sent.
 */
static int
on_curl_seek(void *arg, curl_off_t offset, int origin)
{
	struct transfer *t = arg;

	(void)offset, (void)origin;
	t->once = t->result->sent;
	return t->once ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK;
}

/* Content-Type without its parameters, in lower case. */
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

/*
 * A status line.  Before the answer's own head others may come, of interim
 * answers (status 1xx), of which nothing is wanted.
 */
static void
begin_head(struct transfer *t, const char *line, size_t n)
{
	const char *status = memchr(line, ' ', n);

	t->result->type[0] = t->result->coding[0] = '\0';
	t->interim = status != NULL && status + 1 < line + n &&
	    status[1] == '1';
}

/*
 * CURLOPT_HEADERFUNCTION: one line of a head.  An empty line ends it.  A line
 * of 512 bytes or more is ignored: no header that is read here is so long.
 */
static size_t
on_curl_header(char *line, size_t size, size_t count, void *arg)
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

/* Tells the caller of the head, once.  Returns what his callback returns. */
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
 * CURLOPT_WRITEFUNCTION: a piece of the answer's body.  A callback that fails
 * must stop the transfer: libcurl ignores SIGPIPE, so a stage whose worker has
 * gone would otherwise read, and pay for, the answer to its end.
 */
static size_t
on_curl_data(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;

	if ((!t->head_told && tell_head(t) == -1) ||
	    t->request->data(t->request->arg, data, size * count) == -1) {
		t->stopped = true;
		return 0;
	}
	return size * count;
}

/* What a POST needs: its body is asked for when there is a connection. */
static void
prepare_body(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
	curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, on_curl_read);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, on_curl_seek);
	curl_easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
}

/* Makes the easy handle and sets its options.  0, or -1 without memory. */
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
	/* With this set, libcurl decodes all codings that it knows. */
	curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING,
	    request->encodings == NULL ? "identity" : request->encodings);
	curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE,
	    request->keep ? 0L : 1L);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, request->timeout_ms);
	/* The worker keeps the clocks; libcurl's own would end after 5 min. */
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, 3600000L);
	/* What a proxy answers to CONNECT is not the service's answer. */
	curl_easy_setopt(t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "recipe.fcgi");
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_curl_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_curl_data);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	if (request->ready != NULL)
		prepare_body(t);
	if (t->store != NULL) {
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_FUNCTION,
		    on_curl_ssl_ctx);
		curl_easy_setopt(t->easy, CURLOPT_SSL_CTX_DATA, t);
	}
	return 0;
}

/*
 * Takes how long a new connection took.  libcurl counts each of its times from
 * the start of the transfer, and has none for what was not needed.
 */
static void
take_connect_times(struct transfer *t)
{
	struct http_result *result = t->result;
	curl_off_t dns = 0, tcp = 0, tls = 0;
	long made = 0;

	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &made);
	curl_easy_getinfo(t->easy, CURLINFO_NAMELOOKUP_TIME_T, &dns);
	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &tcp);
	curl_easy_getinfo(t->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	result->dns_us = result->tcp_us = result->tls_us = -1;
	if (made == 0 || tcp == 0)
		return;
	result->dns_us = dns;
	result->tcp_us = tcp > dns ? tcp - dns : 0;
	result->tls_us = tls > tcp ? tls - tcp : 0;
}

/* Takes from libcurl what the callbacks have not been told of the answer. */
static void
take_info(struct transfer *t)
{
	struct http_result *result = t->result;
	char *to = NULL;
	long version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	take_connect_times(t);
	result->version = version == CURL_HTTP_VERSION_1_0 ? 10 :
	    version == CURL_HTTP_VERSION_1_1 ? 11 :
	    version == CURL_HTTP_VERSION_2_0 ? 20 : 0;
	curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &t->verify);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE,
	    &t->proxy_status);
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	/* A URL that was cut to fit would lead elsewhere. */
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

/*
 * Whether the answer has had all that is wanted for a while and the server
 * still keeps it open.
 */
static bool
lingers(struct transfer *t)
{
	if (t->request->enough == NULL || !t->request->enough(t->request->arg))
		return false;
	if (t->enough_ms == 0)
		t->enough_ms = io_now_ms();
	return io_now_ms() - t->enough_ms > LINGER_MS;
}

/*
 * Tells the caller that a wait comes next, and sleeps for as long as more may
 * gather.  Returns false if the transfer is to stop.
 */
static bool
pause_first(struct transfer *t)
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
	return pause_first(t) &&
	    curl_multi_poll(multi, NULL, 0, TICK_MS, NULL) == CURLM_OK;
}

/*
 * Does what curl_easy_perform(3) does, but with the connections that `multi`
 * keeps.  If the loop is left before libcurl reports an end, the code is that
 * of a transfer that a callback has aborted.
 */
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

/*
 * Whether the caller must still be told of the head: that is done with the
 * first piece of the body, and here there was none, because the body is empty
 * or could not be decoded.
 */
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
		/* libcurl takes a head that is cut off for a whole one. */
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
