/*
 * origin: whether a page of another site made a request.
 *
 * A browser says where a request comes from in Sec-Fetch-Site, which is its
 * own judgement, but sends that to https and to loopback only; in Origin; and,
 * as old ones do without an Origin, in Referer.  The first of them that is
 * there decides.  An origin must be http or https with the host and the port
 * that were asked, and https if the visitor came by https.  "null" says that a
 * page hides where it is, as a page of any site can: it is foreign.  Who says
 * nothing is no browser of today, as curl, and is not.
 *
 * That https was used is known by HTTPS alone, which is not set behind a proxy
 * that ends TLS: an https origin is therefore good on http too.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>

struct source;

bool	origin_is_foreign(const struct source *source);

#endif
