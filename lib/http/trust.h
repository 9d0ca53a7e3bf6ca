/*
 * trust: the CA certificates by which the certificates of services are checked.
 *
 * They are loaded before the forks and not changed after that, so that all
 * children share one copy: a child that loads the system's bundle by itself
 * takes 20 ms of CPU for it, a child that inherits the store 3 ms (measured).
 *
 *	struct trust *trust = trust_new();
 *
 *	if (trust_add(trust, NULL, &why) == -1)	// before the forks
 *		log_warn("%s", why);
 *	store = trust_find(trust, NULL);		// in a child
 *	trust_apply(store, ssl_ctx);			// for each connection
 *	trust_free(trust);
 */
#ifndef TRUST_H
#define TRUST_H

#include <stdbool.h>

#include "http/call.h"

struct services;
struct store;
struct trust;

/* Returns an empty one, which trust_free frees.  Fatal without memory. */
struct trust *trust_new(void);
void	 trust_free(struct trust *trust);

/*
 * Loads the certificates in ca_file.  NULL stands for the file that the
 * environment names as SSL_CERT_FILE, or else for the bundle of this system.
 * Returns 0, or -1 and the reason in *why, a static string; then HTTPS to the
 * services that name this file will fail.  Each file is read only once: later
 * calls for it repeat the first answer.  Fatal without memory.
 */
int	 trust_add(struct trust *trust, const char *ca_file,
	    const char **why);

/* Whether trust_add was called for ca_file, here or before a fork. */
bool	 trust_knows(const struct trust *trust, const char *ca_file);

/*
 * Loads the stores of all services that may be asked by https, and returns
 * whether there are any such services.  A store that cannot be loaded makes the
 * attempts at its service fail with the code tls, so here it is only logged: by
 * the process that sees it first, which is the listener.
 */
bool	 trust_load(struct trust *trust, const struct services *services);

/* The store for ca_file; NULL if none was loaded. */
const struct store *trust_find(const struct trust *trust,
	    const char *ca_file);

/*
 * Makes a new SSL_CTX, which libcurl hands out for each connection, trust the
 * certificates of this store and no others.
 */
void	 trust_apply(const struct store *store, void *ssl_ctx);

/*
 * What was wrong with a certificate that was refused, by OpenSSL's code
 * (X509_V_*).  X509_V_OK means another host's name: that is compared by libcurl
 * itself, and OpenSSL reports no error then.
 */
enum http_trouble trust_trouble(long code);

#endif
