/*
 * trouble: what kept a request from its answer, in words for visitors.
 *
 * The words are the same with every version of libcurl and OpenSSL, and they
 * name no host and no address.
 */
#ifndef TROUBLE_H
#define TROUBLE_H

#include "http/call.h"

/*
 * Returns a clause that can follow "... cannot be reached: ".  It is a static
 * string; "" for HTTP_NO_TROUBLE.
 */
const char	*trouble_words(enum http_trouble trouble);

#endif
