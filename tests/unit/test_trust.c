/*
 * test_trust: each file of certificates is read once, whatever is in it.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "http/trust.h"
#include "unit.h"

/* DIR/NAME, with a certificate that has signed itself. */
static const char *
write_certificate(const char *dir, const char *name, char path[256])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	X509_NAME *who = X509_get_subject_name(cert);
	FILE *file;

	unit_write(dir, name, "", 0600, path);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(who, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, who);
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, cert), 1);
	assert_int_equal(fclose(file), 0);
	X509_free(cert);
	EVP_PKEY_free(key);
	return path;
}

static void
good_file(void **state)
{
	struct trust *trust = trust_new();
	const char *why = "?";
	char path[256];

	write_certificate(*state, "ca.pem", path);
	assert_false(trust_knows(trust, path));
	assert_null(trust_find(trust, path));
	assert_int_equal(trust_add(trust, path, &why), 0);
	assert_null(why);
	assert_true(trust_knows(trust, path));
	assert_non_null(trust_find(trust, path));
	assert_false(trust_knows(trust, NULL));
	/* What was read stays, also when the file has gone. */
	unlink(path);
	assert_int_equal(trust_add(trust, path, &why), 0);
	trust_free(trust);
}

/* It is remembered as bad: nobody reads it again for the next request. */
static void
bad_file_is_read_once(void **state)
{
	static const struct { const char *text, *why; } cases[] = {
		{ "nothing\n", "no CA certificate" },
		{ "", "no CA certificate" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n"
		  "-----END CERTIFICATE-----\n", "no CA certificate" },
		{ NULL, "cannot be read" },
	};
	struct trust *trust = trust_new();
	const char *why;
	char path[256], name[16];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		snprintf(name, sizeof(name), "%zu.pem", i);
		unit_write(*state, name, cases[i].text == NULL ? "" :
		    cases[i].text, 0600, path);
		if (cases[i].text == NULL)
			unlink(path);
		assert_false(trust_knows(trust, path));
		assert_int_equal(trust_add(trust, path, &why), -1);
		unit_assert_has(why, cases[i].why);
		assert_true(trust_knows(trust, path));
		write_certificate(*state, name, path);
		assert_int_equal(trust_add(trust, path, &why), -1);
		unit_assert_has(why, cases[i].why);
		assert_null(trust_find(trust, path));
	}
	trust_free(trust);
}

static void
many_files(void **state)
{
	struct trust *trust = trust_new();
	const char *why;
	char path[256], name[16];
	int i;

	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "%d.pem", i);
		unit_write(*state, name, "nothing", 0600, path);
		if (i % 2 == 0)
			write_certificate(*state, name, path);
		assert_int_equal(trust_add(trust, path, &why),
		    i % 2 == 0 ? 0 : -1);
		assert_true(i % 2 == 0 || strstr(why, "holds no") != NULL);
	}
	trust_free(trust);
}

static void
of_the_environment(void **state)
{
	struct trust *trust = trust_new();
	const char *why;
	char path[256];

	setenv("SSL_CERT_FILE", "/nowhere/bundle.pem", 1);
	assert_int_equal(trust_add(trust, NULL, &why), -1);
	assert_true(trust_knows(trust, NULL));
	trust_free(trust);
	setenv("SSL_CERT_FILE", write_certificate(*state, "b.pem", path), 1);
	trust = trust_new();
	assert_int_equal(trust_add(trust, NULL, &why), 0);
	assert_non_null(trust_find(trust, NULL));
	assert_null(trust_find(trust, path));
	unsetenv("SSL_CERT_FILE");
	trust_free(trust);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(good_file),
		TEST(bad_file_is_read_once),
		TEST(many_files),
		TEST(of_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
