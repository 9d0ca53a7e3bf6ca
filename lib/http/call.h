/*
 * call: one HTTP request, and what came of it.
 *
 * These are types only, and none of them is libcurl's.  A caller of http.h
 * fills a struct http_request and reads a struct http_result; it need not know
 * which library did the work.
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a request ended. */
enum http_end {
	HTTP_OK,		/* an answer came and was read to its end */
	HTTP_STOPPED,		/* a callback returned -1 */
	HTTP_UNREACHABLE,	/* no name, no route, nobody listens */
	HTTP_TLS,		/* a bad certificate or handshake */
	HTTP_BROKEN,		/* the connection closed too early */
	HTTP_UNREADABLE,	/* not HTTP/1, or an unknown coding */
	HTTP_FAILED,		/* anything else: see trouble */
};

/*
 * The cause of an end in more detail, for the sentence that a person reads
 * (trouble.h).  "It" is the server.
 */
enum http_trouble {
	HTTP_NO_TROUBLE,
	HTTP_NO_NAME,		/* its host name is not known */
	HTTP_NO_PROXY_NAME,	/* the proxy's name is not known */
	HTTP_NO_CONNECTION,	/* nobody listens, or a firewall */
	HTTP_TIMED_OUT,		/* timeout_ms have passed */
	HTTP_PROXY_REFUSED,	/* the proxy refused to connect to it */
	HTTP_NO_CA,		/* we have no CA certificates */
	HTTP_NO_TLS,		/* it answers with something else */
	HTTP_NO_HANDSHAKE,	/* it and we agree on no version of TLS */
	HTTP_OTHER_NAME,	/* its certificate is for another host */
	HTTP_EXPIRED,		/* its certificate has expired */
	HTTP_NOT_YET,		/* its certificate is not valid yet */
	HTTP_SELF_SIGNED,	/* its certificate, or its authority's */
	HTTP_NO_ISSUER,		/* nobody that we trust has signed it */
	HTTP_BAD_CERTIFICATE,	/* it is wrong in another way */
	HTTP_CLOSED,		/* it closed before an answer began */
	HTTP_CUT,		/* it closed in the midst of the answer */
	HTTP_NO_HTTP,		/* its answer is not HTTP */
	HTTP_NO_CODING,		/* its answer cannot be decoded */
	HTTP_NO_MEMORY,		/* we have none */
	HTTP_OTHER,		/* http_result's detail may tell */
};

struct http_result {
	enum http_end	 end;
	enum http_trouble trouble;
	int		 status;	/* of HTTP; 0: no answer has begun */
	int		 version;	/* 10, 11 or 20; 0: no answer */
	bool		 sent;		/* a byte of a POST's body was */
	int64_t		 sent_us;	/* all of it was, by io_now_us; 0: no */
	/*
	 * Microseconds that a new connection took for its host's name, for
	 * itself, and for TLS (0 without); -1 if a kept one served.
	 */
	int64_t		 dns_us, tcp_us, tls_us;
	char		 type[64];	/* Content-Type, without parameters */
	char		 coding[32];	/* Content-Encoding; "": none */
	char		 redirect[1024]; /* the whole URL; "": none */
	char		 message[128];	/* for visitors; "" if all is well */
	char		 detail[300];	/* libcurl's words; they name hosts */
};

/*
 * One request: a POST, or a GET if `ready` is NULL.  The callbacks get `arg`,
 * and return 0, or -1 to stop the request (HTTP_STOPPED).  They are called in
 * this order:
 *
 *	ready		a connection is there; say what to send
 *	header...	for each header of the answer
 *	head		the head of the answer is whole
 *	data, pause...	for each piece of the body; before each wait
 *
 * All that is pointed to is borrowed until the request has ended.
 *
 * A POST may have to be paid for, so it is sent at most once.  As soon as a
 * byte of its body has been handed to a connection (result's `sent`) the host
 * may have taken it, and whatever becomes of the connection, nothing is sent
 * again: the caller reads HTTP_BROKEN, and decides whether to ask again.
 * A connection that closes before that, because it was kept for long or waits
 * for the body, has carried nothing: it is replaced by another, once.
 */
struct http_request {
	const char	*url;
	const char	*key;		/* NULL: none */
	const char	*key_header;	/* its header; NULL: a bearer token */
	char *const	*headers;	/* more, "Name: value"; NULL: none */
	const char	*accept;	/* NULL: an event stream */
	/*
	 * The content codings that are asked for; NULL: none ("identity").
	 * An answer that a host compresses although nobody asked is decoded all
	 * the same, if its head says so.
	 */
	const char	*encodings;
	bool		 http2;		/* is offered too, over TLS */
	const char	*ca_file;	/* to trust; NULL: the system's store */
	bool		 keep;		/* keep the connection afterwards */
	long		 timeout_ms;	/* for the whole request; 0: none */
	/*
	 * Called when a connection is there, new or kept, and nothing has been
	 * sent on it.  Sets *body and its length *n; the body must stay as it
	 * is until the request ends.  It may block for as long as it likes: so
	 * a connection can be made before it is known what to ask.  If that
	 * connection is closed before anything was sent, another is made and
	 * this is called again, for the same body.
	 */
	int		(*ready)(void *arg, const char **body, size_t *n);
	/*
	 * One header of the answer, as it comes; may be NULL.  Headers of
	 * interim answers (status 1xx) are left out: they are not about the
	 * answer.
	 */
	void		(*header)(void *arg, const char *name,
			    const char *value);
	/* The head is whole; result's status, type and coding are set. */
	int		(*head)(void *arg, const struct http_result *result);
	/*
	 * Whether all that is wanted has come.  If a server keeps its answer
	 * open after that, the connection is closed a moment later.  May be
	 * NULL: then an answer is read to its end.
	 */
	bool		(*enough)(void *arg);
	/*
	 * All that has come has been given to `data`, and the next thing is a
	 * wait for more.  Returns for how many ms more may gather before it is
	 * looked at, or -1 to stop.  May be NULL: 0.
	 */
	int		(*pause)(void *arg);
	/* A piece of the answer's body, decoded, as it arrives. */
	int		(*data)(void *arg, const char *data, size_t n);
	void		*arg;
};

#endif
