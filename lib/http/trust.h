/*
 * trust: the CA certificates that services are checked by.
 *
 * Loaded before the forks and const after, so that all children share them: a
 * child that loads the system's bundle by itself burns 20 ms of CPU, with an
 * inherited store 3 ms (measured).
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

#include "http/call.h"

struct store;
struct trust;

/* Fatal without memory. */
struct trust *trust_new(void);
void	 trust_free(struct trust *trust);

/*
 * Loads the store for ca_file (NULL: SSL_CERT_FILE, else where the system has
 * it).  0, or -1 with *why (static): https to services that ask for it will
 * then fail.  Each file is read once, whether it is good or not: asked again,
 * it gives the first answer.
 */
int	 trust_add(struct trust *trust, const char *ca_file,
	    const char **why);

/* Whether trust_add was asked for ca_file, here or before a fork. */
bool	 trust_knows(const struct trust *trust, const char *ca_file);

/* The store for ca_file, NULL where none could be loaded. */
const struct store *trust_find(const struct trust *trust,
	    const char *ca_file);

/* Makes a new SSL_CTX, as libcurl hands it out, check by this store alone. */
void	 trust_apply(const struct store *store, void *ssl_ctx);

/*
 * What was wrong with a certificate, by OpenSSL's code (X509_V_*).  libcurl
 * looks at the name by itself, and then leaves the code of no error.
 */
enum http_trouble trust_trouble(long code);

#endif
