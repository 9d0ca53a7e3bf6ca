/*
 * readahead.c: stage.  What only OpenSSL can be asked of its buffer; knows
 * nothing of libcurl.
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
readahead_holds(const void *ssl)
{
	return ssl != NULL && SSL_has_pending(ssl) == 1;
}
