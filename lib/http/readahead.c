/*
 * readahead.c: stage.  The two questions about its buffer that only OpenSSL
 * can answer; knows nothing of libcurl.
 */
#include <openssl/ssl.h>

#include "http/readahead.h"

void
readahead_begin(void *ssl)
{
	if (ssl != NULL)
		SSL_set_read_ahead(ssl, 1);
}

bool
readahead_holds_record(const void *ssl)
{
	return ssl != NULL && SSL_has_pending(ssl) == 1 &&
	    SSL_want_nothing((const SSL *)ssl);
}
