/*
 * link: a connection of the simulated provider, plain or TLS.  Both ends of
 * it look like recv(2) and send(2) on a socket that does not block.
 */
#ifndef LINK_H
#define LINK_H

#include <stddef.h>
#include <sys/types.h>

struct link {
	int	 fd;
	void	*tls;		/* OpenSSL's, or NULL */
};

/* What links made with it have in common; NULL is plain.  Or die. */
void	*link_context(const char *cert_file, const char *key_file);

/* Over a socket that was accepted, which it closes in the end. */
void	 link_open(struct link *link, int fd, void *context);
void	 link_close(struct link *link);

/* As recv(2) and send(2), EAGAIN and all.  The handshake is in the first. */
ssize_t	 link_recv(struct link *link, char *to, size_t n);
ssize_t	 link_send(struct link *link, const char *from, size_t n);

/* Bytes that came already and that no poll will tell of. */
int	 link_pending(const struct link *link);

/* Handshakes that were begun and done so far, resumed ones too. */
long	 link_handshakes(void *context);

#endif
