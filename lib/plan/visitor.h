/*
 * visitor: who has sent a request, for limits that are a visitor's.
 *
 * A visitor is an address; of IPv6 the first 64 bits, because a household has
 * all the rest.  If the request came through a proxy that the operator trusts
 * ("trusted_proxies"), it is the address that this proxy reports in
 * X-Forwarded-For or Forwarded, read from the right, so that what a client
 * merely says there does not count.
 *
 *	char name[VISITOR_BYTES];
 *
 *	if (visitor_name(&config->guard, source, name))
 *		...			he has limits
 *
 * The name is an address.  It is hashed before anything is kept of it
 * (spend/salt.h), and whoever calls overwrites it.
 */
#ifndef VISITOR_H
#define VISITOR_H

#include <stdbool.h>

struct guard;
struct source;

#define VISITOR_BYTES	64

/*
 * Fills `name`.  Returns false if he is not limited, because he sits at this
 * machine: his address is a loopback address, and there is no such header.
 *
 * A request from loopback that has one of the headers came through a proxy on
 * this machine.  If that is not trusted, or says nothing that can be read,
 * nobody knows who sent it, so all of these together are one visitor.
 */
bool	visitor_name(const struct guard *guard, const struct source *source,
	    char name[VISITOR_BYTES]);

/*
 * Whether the request came by a proxy that reports a visitor, but is not
 * trusted.  If it is on this machine, so that its address is no visitor's, that
 * is put into `proxy` as recipe.json would name it; else "".
 */
bool	visitor_is_hidden(const struct guard *guard,
	    const struct source *source, char proxy[VISITOR_BYTES]);

#endif
