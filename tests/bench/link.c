/*
 * link.c: see link.h.  The one file of the simulator that knows OpenSSL.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"
#include "tool.h"

void *
link_context(const char *cert_file, const char *key_file)
{
	SSL_CTX *ctx;

	if (cert_file == NULL)
		return NULL;
	ctx = SSL_CTX_new(TLS_server_method());
	if (ctx == NULL ||
	    SSL_CTX_use_certificate_chain_file(ctx, cert_file) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM) != 1)
		diex("%s, %s: no certificate with its key", cert_file,
		    key_file);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	return ctx;
}

void
link_open(struct link *l, int fd, void *context)
{
	l->fd = fd;
	l->tls = NULL;
	if (context == NULL)
		return;
	if ((l->tls = SSL_new(context)) == NULL || SSL_set_fd(l->tls, fd) != 1)
		diex("no TLS connection can be made");
	SSL_set_accept_state(l->tls);
}

void
link_close(struct link *l)
{
	SSL_free(l->tls);
	close(l->fd);
}

/* What a call of OpenSSL's returned, in the words of a socket. */
static ssize_t
outcome(struct link *l, int n)
{
	int why;

	if (n > 0)
		return n;
	why = SSL_get_error(l->tls, n);
	ERR_clear_error();
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ?
	    EAGAIN : ECONNRESET;
	return -1;
}

ssize_t
link_recv(struct link *l, char *to, size_t n)
{
	if (l->tls == NULL)
		return recv(l->fd, to, n, 0);
	return outcome(l, SSL_read(l->tls, to, (int)n));
}

ssize_t
link_send(struct link *l, const char *from, size_t n)
{
	if (l->tls == NULL)
		return send(l->fd, from, n, MSG_NOSIGNAL);
	return outcome(l, SSL_write(l->tls, from, (int)n));
}

int
link_pending(const struct link *l)
{
	return l->tls == NULL ? 0 : SSL_pending(l->tls);
}

long
link_handshakes(void *context)
{
	return context == NULL ? 0 : SSL_CTX_sess_accept_good(context);
}
