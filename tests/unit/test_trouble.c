/*
 * test_trouble: every trouble has words of its own, and every fault of a
 * certificate that visitors can understand has one.
 */
#include <openssl/x509.h>

#include "http/trouble.h"
#include "http/trust.h"
#include "unit.h"

static void
words(void **state)
{
	const char *one;
	int i, k;

	(void)state;
	assert_string_equal(trouble_words(HTTP_NO_TROUBLE), "");
	for (i = HTTP_NO_TROUBLE + 1; i <= HTTP_OTHER; i++) {
		one = trouble_words((enum http_trouble)i);
		assert_true(one != NULL && strlen(one) > 10);
		assert_true(strlen(one) + sizeof(", with status 1000") <=
		    sizeof(((struct http_result *)NULL)->message));
		for (k = 0; k < i; k++)
			assert_string_not_equal(one,
			    trouble_words((enum http_trouble)k));
	}
}

static void
certificates(void **state)
{
	static const struct { long code; enum http_trouble trouble; }
	    cases[] = {
		{ X509_V_OK, HTTP_OTHER_NAME },
		{ X509_V_ERR_UNSPECIFIED, HTTP_OTHER_NAME },
		{ X509_V_ERR_HOSTNAME_MISMATCH, HTTP_OTHER_NAME },
		{ X509_V_ERR_IP_ADDRESS_MISMATCH, HTTP_OTHER_NAME },
		{ X509_V_ERR_CERT_HAS_EXPIRED, HTTP_EXPIRED },
		{ X509_V_ERR_CERT_NOT_YET_VALID, HTTP_NOT_YET },
		{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, HTTP_SELF_SIGNED },
		{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, HTTP_SELF_SIGNED },
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		    HTTP_NO_ISSUER },
		{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, HTTP_NO_ISSUER },
		{ X509_V_ERR_CERT_REVOKED, HTTP_BAD_CERTIFICATE },
		{ X509_V_ERR_EE_KEY_TOO_SMALL, HTTP_BAD_CERTIFICATE },
		{ -1, HTTP_BAD_CERTIFICATE }, { 123456, HTTP_BAD_CERTIFICATE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (trust_trouble(cases[i].code) != cases[i].trouble)
			fail_msg("%ld: %s", cases[i].code,
			    trouble_words(trust_trouble(cases[i].code)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(certificates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
