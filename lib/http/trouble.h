/*
 * trouble: what kept a request from its answer, in words for visitors.  They
 * are the same with every libcurl and OpenSSL, and name no host and no address.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "http/call.h"

/* A clause for after a colon, static; "" for none. */
const char	*trouble_words(enum http_trouble trouble);

#endif
