/*
 * origin: whether a page of another site made a request.
 *
 * A browser says where a request comes from in up to three headers.  The first
 * of them that is there decides:
 *
 *	Sec-Fetch-Site	the browser's own judgement.  It is sent only to https
 *			and to loopback addresses.
 *	Origin		the site of the page; "null" if the page hides it, which
 *			a page of any site can do, so "null" is foreign.
 *	Referer		the address of the page.  Old browsers send it with a
 *			form, but no Origin.
 *
 * A request without any of them is no browser's of today, but curl's or
 * another program's, and is not foreign: only a browser sends a form that its
 * user has not seen.
 *
 * An origin is our own if its scheme is http or https and its host and port are
 * those that were asked.  If the visitor came by https, it must be https; if he
 * came by http, https is good as well.  This is so because the program knows of
 * https by the variable HTTPS alone, which is not set if a proxy before the web
 * server ends TLS.
 *
 *	if (is_form && origin_is_foreign(source))
 *		return err_set(err, 403, ...);
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>

struct source;

/* Whether a page of another site, or of none that can be told, made it. */
bool	origin_is_foreign(const struct source *source);

#endif
