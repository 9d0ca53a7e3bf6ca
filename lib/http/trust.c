/*
 * trust.c: listener, stage and check.  OpenSSL's stores of CA certificates;
 * knows nothing of HTTP.
 */
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/trust.h"
#include "setup/service.h"

/*
 * One file that trust_add was asked for.  It stays in the list even if it could
 * not be loaded, so that no file is read a second time.
 */
struct store {
	struct store	*next;
	char		*ca_file;	/* NULL: the system's */
	X509_STORE	*store;		/* NULL: it could not be loaded, */
	const char	*why;		/* and why; NULL if it was */
};

struct trust {
	struct store	*stores;
};

/*
 * The path of the system's bundle, NULL if there is none.  The places are those
 * of Debian and Alpine, RHEL, FreeBSD, OpenBSD and SUSE, in this order.
 */
static const char *
system_bundle(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/usr/local/share/certs/ca-root-nss.crt",
		"/etc/ssl/cert.pem",
		"/etc/ssl/ca-bundle.pem",
	};
	const char *said = getenv("SSL_CERT_FILE");
	size_t i;

	if (said != NULL && *said != '\0')
		return said;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], R_OK) == 0)
			return places[i];
	return NULL;
}

struct trust *
trust_new(void)
{
	struct trust *trust = calloc(1, sizeof(*trust));

	if (trust == NULL)
		fatal("CA stores");
	return trust;
}

void
trust_free(struct trust *trust)
{
	struct store *s, *next;

	for (s = trust == NULL ? NULL : trust->stores; s != NULL; s = next) {
		next = s->next;
		free(s->ca_file);
		X509_STORE_free(s->store);
		free(s);
	}
	free(trust);
}

/* The entry for ca_file, loaded or not; NULL if nobody has asked for it. */
static const struct store *
find_store(const struct trust *trust, const char *ca_file)
{
	const struct store *s;

	for (s = trust->stores; s != NULL; s = s->next)
		if (ca_file == NULL ? s->ca_file == NULL :
		    s->ca_file != NULL && strcmp(s->ca_file, ca_file) == 0)
			return s;
	return NULL;
}

bool
trust_load(struct trust *trust, const struct services *services)
{
	const struct service *s;
	const char *why;
	bool any = false, known;
	size_t i;

	for (i = 0; i < services->n; i++) {
		s = &services->list[i];
		if (s->why_not != NULL || !service_is_https(s))
			continue;
		any = true;
		known = trust_knows(trust, s->ca_file);
		if (trust_add(trust, s->ca_file, &why) == -1 && !known)
			log_warnx("certificates for %s: %s%s%s", s->id,
			    s->ca_file == NULL ? "" : s->ca_file,
			    s->ca_file == NULL ? "" : ": ", why);
	}
	return any;
}

const struct store *
trust_find(const struct trust *trust, const char *ca_file)
{
	const struct store *s = find_store(trust, ca_file);

	return s == NULL || s->store == NULL ? NULL : s;
}

bool
trust_knows(const struct trust *trust, const char *ca_file)
{
	return find_store(trust, ca_file) != NULL;
}

/* Reads the certificates of a store.  Returns NULL, or why there are none. */
static const char *
load_store(struct store *s)
{
	const char *path = s->ca_file != NULL ? s->ca_file : system_bundle();

	if (path == NULL)
		return "this system has no bundle of CA certificates; install "
		    "ca-certificates or set ca_file";
	if (access(path, R_OK) == -1)
		return "the file cannot be read";
	if ((s->store = X509_STORE_new()) == NULL)
		fatal("CA store");
	if (X509_STORE_load_file(s->store, path) == 1)
		return NULL;
	X509_STORE_free(s->store);
	s->store = NULL;
	return "the file holds no CA certificate";
}

int
trust_add(struct trust *trust, const char *ca_file, const char **why)
{
	const struct store *known = find_store(trust, ca_file);
	struct store *s;

	if (known == NULL) {
		if ((s = calloc(1, sizeof(*s))) == NULL || (ca_file != NULL &&
		    (s->ca_file = strdup(ca_file)) == NULL))
			fatal("CA store");
		s->why = load_store(s);
		s->next = trust->stores;
		trust->stores = s;
		known = s;
	}
	*why = known->why;
	return known->why == NULL ? 0 : -1;
}

void
trust_apply(const struct store *store, void *ssl_ctx)
{
	SSL_CTX_set1_cert_store(ssl_ctx, store->store);
	/* So that a kept connection keeps no visitor's text in its buffers. */
	SSL_CTX_set_mode(ssl_ctx, SSL_MODE_RELEASE_BUFFERS);
}

enum http_trouble
trust_trouble(long code)
{
	switch (code) {
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED:	/* libcurl's first value */
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return HTTP_OTHER_NAME;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return HTTP_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return HTTP_NOT_YET;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return HTTP_SELF_SIGNED;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_CERT_UNTRUSTED:
		return HTTP_NO_ISSUER;
	default:
		return HTTP_BAD_CERTIFICATE;
	}
}
