/*
 * call: one HTTP request and what came of it.  Types alone, without
 * libcurl's, for those who ask by http.
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stddef.h>

/* How a request ended. */
enum http_end {
	HTTP_OK,		/* an answer came and was read to its end */
	HTTP_STOPPED,		/* a callback said so */
	HTTP_UNREACHABLE,	/* no name, no route, refused, no answer */
	HTTP_TLS,		/* the certificate or the handshake */
	HTTP_BROKEN,		/* the answer ended before its end */
	HTTP_UNREADABLE,	/* no HTTP/1, or a coding that is not known */
	HTTP_FAILED,		/* anything else: see trouble */
};

/* Finer than the end, where a person is to be told (trouble.h). */
enum http_trouble {
	HTTP_NO_TROUBLE,
	HTTP_NO_NAME,		/* the host's name is not known */
	HTTP_NO_PROXY_NAME,	/* the proxy's */
	HTTP_NO_CONNECTION,	/* nobody listens, or nobody lets us in */
	HTTP_TIMED_OUT,		/* timeout_ms */
	HTTP_PROXY_REFUSED,	/* with a status of its own */
	HTTP_NO_CA,		/* there is nothing to check it by */
	HTTP_NO_TLS,		/* it answers with something else */
	HTTP_NO_HANDSHAKE,	/* TLS, but they do not agree */
	HTTP_OTHER_NAME,	/* its certificate is for another */
	HTTP_EXPIRED,
	HTTP_NOT_YET,
	HTTP_SELF_SIGNED,
	HTTP_NO_ISSUER,		/* nobody trusted has signed it */
	HTTP_BAD_CERTIFICATE,	/* in another way */
	HTTP_CLOSED,		/* before an answer began */
	HTTP_CUT,		/* in the answer */
	HTTP_NO_HTTP,		/* the answer is something else */
	HTTP_NO_CODING,		/* the answer's encoding is broken */
	HTTP_NO_MEMORY,
	HTTP_OTHER,
};

struct http_result {
	enum http_end	 end;
	enum http_trouble trouble;
	int		 status;	/* 0 while no answer has begun */
	int		 version;	/* 10, 11 or 20; 0: no answer */
	bool		 sent;		/* of a POST's body, anything */
	char		 type[64];	/* Content-Type, without parameters */
	char		 coding[32];	/* Content-Encoding; "": none */
	char		 redirect[1024]; /* where to, whole; "": nowhere */
	char		 message[128];	/* for visitors; "" if all is well */
	char		 detail[300];	/* libcurl's words, with hosts */
};

/*
 * One request: a POST, or a GET where `ready` is NULL.  Callbacks return 0,
 * or -1 to stop.
 *
 * A POST may have to be paid for, so it is sent at most once.  As soon as a
 * byte of its body has been handed to a connection (result's `sent`) the host
 * may have taken it, and whatever becomes of the connection, nothing is sent
 * again: HTTP_BROKEN tells who asked, and to ask again is for them to decide.
 * A connection that closes before that, while it waits for the body or while
 * it was kept, has carried nothing: it is replaced by another, once.
 */
struct http_request {
	const char	*url;
	const char	*key;		/* NULL: none */
	const char	*key_header;	/* its header; NULL: a bearer token */
	char *const	*headers;	/* more, "Name: value"; NULL: none */
	const char	*accept;	/* NULL: an event stream */
	/*
	 * The content codings that are asked for; NULL: none ("identity").
	 * What a host sends compressed and says so is decoded all the same.
	 */
	const char	*encodings;
	bool		 http2;		/* too, where TLS negotiates it */
	const char	*ca_file;	/* which store; NULL: the system's */
	bool		 keep;		/* keep the connection afterwards */
	long		 timeout_ms;	/* for all of it; 0: none */
	/*
	 * Called when a connection is there, new or kept: fills *body, which
	 * must stay until the request ends.  It may block, and then nothing has
	 * been sent yet.  Called again, and the same body wanted, if that
	 * connection had closed before anything was sent and another was made.
	 */
	int		(*ready)(void *arg, const char **body, size_t *n);
	/*
	 * A header of the answer, as it comes; may be NULL.  Those of interim
	 * answers (status 1xx) are not told: they are not about this one.
	 */
	void		(*header)(void *arg, const char *name,
			    const char *value);
	/* The head of the answer is whole; result's status and type are set. */
	int		(*head)(void *arg, const struct http_result *result);
	/*
	 * Whether nothing more is wanted: a server that then keeps the answer
	 * open is left after a second.  May be NULL.
	 */
	bool		(*enough)(void *arg);
	/*
	 * All that has come is read, and more is about to be waited for.
	 * Returns for how many ms it may gather first, or -1 to stop.  May be
	 * NULL.
	 */
	int		(*pause)(void *arg);
	/* Bytes of the answer as they arrive. */
	int		(*data)(void *arg, const char *data, size_t n);
	void		*arg;
};

#endif
