/*
 * warmup.c: listener.  Joins a TLS client and a TLS server by a pair of BIOs;
 * knows nothing of services.  The key is made for this once and then freed.
 */
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/warmup.h"

/* More turns than any handshake takes. */
#define ROUNDS		10

struct warmup {
	EVP_PKEY	*key;
	X509		*cert;		/* self-signed */
	SSL_CTX		*ctx[2];	/* the client's, the server's */
	SSL		*ssl[2];
};

/* A key, and a certificate for it that is signed by itself. */
static bool
make_cert(struct warmup *r)
{
	X509_NAME *name;

	if ((r->key = EVP_EC_gen("P-256")) == NULL ||
	    (r->cert = X509_new()) == NULL)
		return false;
	name = X509_get_subject_name(r->cert);
	return X509_set_version(r->cert, X509_VERSION_3) == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"warmup", -1, -1, 0) == 1 &&
	    X509_set_issuer_name(r->cert, name) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(r->cert), -60) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(r->cert), 3600) != NULL &&
	    X509_set_pubkey(r->cert, r->key) == 1 &&
	    X509_sign(r->cert, r->key, EVP_sha256()) > 0;
}

/* A client that trusts the certificate, and a server that shows it. */
static bool
make_ends(struct warmup *r)
{
	BIO *bio[2];
	size_t i;

	r->ctx[0] = SSL_CTX_new(TLS_client_method());
	r->ctx[1] = SSL_CTX_new(TLS_server_method());
	if (r->ctx[0] == NULL || r->ctx[1] == NULL ||
	    X509_STORE_add_cert(SSL_CTX_get_cert_store(r->ctx[0]),
	    r->cert) != 1 ||
	    SSL_CTX_use_certificate(r->ctx[1], r->cert) != 1 ||
	    SSL_CTX_use_PrivateKey(r->ctx[1], r->key) != 1)
		return false;
	SSL_CTX_set_verify(r->ctx[0], SSL_VERIFY_PEER, NULL);
	for (i = 0; i < 2; i++)
		if ((r->ssl[i] = SSL_new(r->ctx[i])) == NULL)
			return false;
	if (BIO_new_bio_pair(&bio[0], 0, &bio[1], 0) != 1)
		return false;
	for (i = 0; i < 2; i++)
		SSL_set_bio(r->ssl[i], bio[i], bio[i]);
	SSL_set_connect_state(r->ssl[0]);
	SSL_set_accept_state(r->ssl[1]);
	return true;
}

/*
 * Does the handshake and sends one record each way, since data has tables of
 * its own.  Returns whether all of it arrived.
 */
static bool
talk(const struct warmup *r)
{
	char said[64] = "data: ", heard[sizeof(said)];
	int i, done = 0, n = 0;

	for (i = 0; i < ROUNDS && done != 2; i++)
		done = (SSL_do_handshake(r->ssl[0]) == 1) +
		    (SSL_do_handshake(r->ssl[1]) == 1);
	for (i = 0; i < 2 && done == 2; i++)
		if (SSL_write(r->ssl[i], said, sizeof(said)) > 0)
			n += SSL_read(r->ssl[1 - i], heard, sizeof(heard));
	ERR_clear_error();
	return n == 2 * (int)sizeof(said);
}

bool
warmup_tls(void)
{
	struct warmup r = { .key = NULL };
	bool well = make_cert(&r) && make_ends(&r) && talk(&r);
	size_t i;

	for (i = 0; i < 2; i++) {
		SSL_free(r.ssl[i]);
		SSL_CTX_free(r.ctx[i]);
	}
	X509_free(r.cert);
	EVP_PKEY_free(r.key);
	return well;
}
