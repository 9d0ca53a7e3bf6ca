/*
 * http: one POST and its streamed answer.  The only file that knows libcurl
 * and OpenSSL.
 *
 * http_init runs once, before any fork.  A trust holds the CA stores that all
 * children then share: a child that loads the system's bundle by itself burns
 * 20 ms of CPU, with an inherited store 3 ms (measured).  A struct http lives
 * in one process and keeps connections between posts.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct http;
struct trust;

/* How a post ended. */
enum http_end {
	HTTP_OK,		/* an answer came and was read to its end */
	HTTP_STOPPED,		/* a callback said so */
	HTTP_UNREACHABLE,	/* no name, no route, refused, no answer */
	HTTP_TLS,		/* the certificate or the handshake */
	HTTP_BROKEN,		/* the answer ended before its end */
	HTTP_FAILED,		/* anything else: see message */
};

struct http_result {
	enum http_end	 end;
	int		 status;	/* 0 while no answer has begun */
	char		 type[64];	/* Content-Type, without parameters */
	char		 message[300];	/* libcurl's words; "" if all is well */
};

/*
 * One post.  Callbacks return 0, or -1 to stop.
 */
struct http_post {
	const char	*url;
	const char	*key;		/* a bearer token; NULL: none */
	const char	*ca_file;	/* which store; NULL: the system's */
	bool		 keep;		/* keep the connection afterwards */
	/*
	 * Called when a connection is there, new or kept: fills *body, which
	 * must stay until the post ends.  It may block, and then nothing has
	 * been sent yet.  Called again with the same answer wanted where the
	 * waiting connection died and another was made.
	 */
	int		(*ready)(void *arg, const char **body, size_t *n);
	/* The head of the answer is whole; result's status and type are set. */
	int		(*head)(void *arg, const struct http_result *result);
	/* Bytes of the answer as they arrive. */
	int		(*data)(void *arg, const char *data, size_t n);
	void		*arg;
};

/* Before any fork and any thread.  Fatal where it fails. */
void	 http_init(void);

/* The CA stores of this program, loaded before the forks, const after. */
struct trust *http_trust_new(void);
void	 http_trust_free(struct trust *trust);

/*
 * Loads the store for ca_file (NULL: SSL_CERT_FILE, else where the system has
 * it).  0, or -1 with *why (static): https posts that ask for this store will
 * then end as HTTP_TLS.  A store that is there already is not read again.
 */
int	 http_trust_add(struct trust *trust, const char *ca_file,
	    const char **why);

/* Borrows trust until http_close.  NULL without memory. */
struct http *http_open(const struct trust *trust);
void	 http_close(struct http *http);

/* Does it and fills *result. */
void	 http_do(struct http *http, const struct http_post *post,
	    struct http_result *result);

#endif
