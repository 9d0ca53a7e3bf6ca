/*
 * trust.c: the listener loads, a stage's connections use.  OpenSSL's stores of
 * CA certificates; knows nothing of HTTP.
 */
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/trust.h"

/* One that was asked for, loaded or not: no file is read a second time. */
struct store {
	struct store	*next;
	char		*ca_file;	/* NULL: the system's */
	X509_STORE	*store;		/* NULL: it could not be loaded */
	const char	*why;		/* and why; NULL if it was */
};

struct trust {
	struct store	*stores;
};

/* Debian and Alpine, RHEL, FreeBSD, OpenBSD, SUSE. */
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

static const struct store *
find(const struct trust *trust, const char *ca_file)
{
	const struct store *s;

	for (s = trust->stores; s != NULL; s = s->next)
		if (ca_file == NULL ? s->ca_file == NULL :
		    s->ca_file != NULL && strcmp(s->ca_file, ca_file) == 0)
			return s;
	return NULL;
}

const struct store *
trust_find(const struct trust *trust, const char *ca_file)
{
	const struct store *s = find(trust, ca_file);

	return s == NULL || s->store == NULL ? NULL : s;
}

bool
trust_knows(const struct trust *trust, const char *ca_file)
{
	return find(trust, ca_file) != NULL;
}

/* Reads the certificates of a store.  NULL, or why there are none. */
static const char *
load(struct store *s)
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
	const struct store *known = find(trust, ca_file);
	struct store *s;

	if (known == NULL) {
		if ((s = calloc(1, sizeof(*s))) == NULL || (ca_file != NULL &&
		    (s->ca_file = strdup(ca_file)) == NULL))
			fatal("CA store");
		s->why = load(s);
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
	/* A kept connection shall not keep a visitor's text in its buffers. */
	SSL_CTX_set_mode(ssl_ctx, SSL_MODE_RELEASE_BUFFERS);
}

enum http_trouble
trust_trouble(long code)
{
	switch (code) {
	case X509_V_OK:
	case X509_V_ERR_UNSPECIFIED:	/* libcurl's until all is checked */
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
