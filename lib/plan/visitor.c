/*
 * visitor.c: worker.  Reads addresses of a request; counts nothing.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/io.h"
#include "plan/visitor.h"
#include "setup/guard.h"
#include "text/address.h"

static bool
is_trusted(const struct guard *guard, const struct address *address)
{
	size_t i;

	for (i = 0; i < guard->nproxies; i++)
		if (network_has(&guard->proxies[i], address))
			return true;
	return false;
}

static bool
has_report(const struct source *source)
{
	return *source_param(source, "HTTP_X_FORWARDED_FOR") != '\0' ||
	    *source_param(source, "HTTP_FORWARDED") != '\0';
}

/* NAT64 (RFC 6052) has the IPv4 address of the visitor in its last bytes. */
static bool
has_v4(const struct address *address)
{
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	return address_is_v4(address) || memcmp(address->bytes, nat64,
	    sizeof(nat64)) == 0;
}

static void
name_address(const struct address *address, char name[VISITOR_BYTES])
{
	const unsigned char *b = address->bytes;

	if (has_v4(address))
		snprintf(name, VISITOR_BYTES, "4 %d.%d.%d.%d", b[12], b[13],
		    b[14], b[15]);
	else
		snprintf(name, VISITOR_BYTES, "6 %02x%02x:%02x%02x:%02x%02x:"
		    "%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5], b[6],
		    b[7]);
}

/*
 * Fills *address with who has connected to the web server.  Of a unix socket
 * that is nobody, and whoever is at its other end is on this machine.
 */
static bool
find_remote(const struct source *source, struct address *address)
{
	const char *remote = source_param(source, "REMOTE_ADDR");

	if (address_parse(address, remote, strlen(remote)) == 0)
		return true;
	address_parse(address, "127.0.0.1", strlen("127.0.0.1"));
	return false;
}

/* --- what proxies report --------------------------------------------- */

/* Some bytes of a header, borrowed. */
struct extract {
	const char	*text;
	size_t		 n;
};

static struct extract
trim(struct extract extract)
{
	while (extract.n > 0 && strchr(" \t\"", extract.text[0]) != NULL) {
		extract.text++;
		extract.n--;
	}
	while (extract.n > 0 &&
	    strchr(" \t\"", extract.text[extract.n - 1]) != NULL)
		extract.n--;
	return extract;
}

/* Takes the last element of a list off its end. */
static struct extract
take_last(struct extract *list)
{
	size_t at = list->n;
	struct extract last;

	while (at > 0 && list->text[at - 1] != ',')
		at--;
	last = (struct extract){ list->text + at, list->n - at };
	list->n = at == 0 ? 0 : at - 1;
	return trim(last);
}

/* What "for" says in an element of Forwarded (RFC 7239); empty: nothing. */
static struct extract
find_for(struct extract element)
{
	struct extract pair;
	size_t n;

	while (element.n > 0) {
		n = 0;
		while (n < element.n && element.text[n] != ';')
			n++;
		pair = trim((struct extract){ element.text, n });
		if (pair.n > 4 && strncasecmp(pair.text, "for=", 4) == 0)
			return trim((struct extract){ pair.text + 4,
			    pair.n - 4 });
		n += n < element.n;
		element.text += n;
		element.n -= n;
	}
	return (struct extract){ "", 0 };
}

/*
 * Goes from the proxy that has connected back to who sent it the request, and
 * on, as long as the one that is reached is trusted, too.  Whoever is reached
 * last is the visitor.  The caller has made sure that the first one may report.
 */
static void
walk_back(const struct guard *guard, const char *header, bool is_forwarded,
    struct address *address)
{
	struct extract list = { header, strlen(header) }, one;
	struct address next;
	bool is_first = true;

	while (list.n > 0 && (is_first || is_trusted(guard, address))) {
		is_first = false;
		one = take_last(&list);
		if (is_forwarded)
			one = find_for(one);
		if (address_parse(&next, one.text, one.n) == -1)
			return;
		*address = next;
	}
}

/*
 * If both headers are there and differ, the proxy has written one of them and
 * passed the other on as a client made it up.  Nobody knows which, so such
 * requests all count as the proxy's own.
 */
static void
find_sender(const struct guard *guard, const struct source *source,
    struct address *address)
{
	const char *list = source_param(source, "HTTP_X_FORWARDED_FOR");
	const char *forwarded = source_param(source, "HTTP_FORWARDED");
	struct address by_list = *address, by_forwarded = *address;

	walk_back(guard, list, false, &by_list);
	walk_back(guard, forwarded, true, &by_forwarded);
	if (*forwarded == '\0')
		*address = by_list;
	else if (*list == '\0' || memcmp(&by_list, &by_forwarded,
	    sizeof(by_list)) == 0)
		*address = by_forwarded;
}

/* Whether what this one reports counts; `known` is as find_remote says. */
static bool
may_report(const struct guard *guard, const struct address *address,
    bool known)
{
	return known ? is_trusted(guard, address) : guard->trusts_unix;
}

bool
visitor_name(const struct guard *guard, const struct source *source,
    char name[VISITOR_BYTES])
{
	struct address address, remote;
	bool known = find_remote(source, &remote);
	bool reports = has_report(source);

	address = remote;
	if (reports && may_report(guard, &remote, known))
		find_sender(guard, source, &address);
	if (!address_is_loopback(&address)) {
		name_address(&address, name);
		return true;
	}
	/* It came through a proxy on this machine, and from nobody knows. */
	snprintf(name, VISITOR_BYTES, known ? "proxy" : "unknown");
	return reports || !known;
}

bool
visitor_is_hidden(const struct guard *guard, const struct source *source,
    char proxy[VISITOR_BYTES])
{
	struct address address;
	bool known = find_remote(source, &address);

	proxy[0] = '\0';
	if (!has_report(source) || may_report(guard, &address, known))
		return false;
	if (!known)
		snprintf(proxy, VISITOR_BYTES, "unix");
	else if (address_is_loopback(&address))
		snprintf(proxy, VISITOR_BYTES, "%.63s", source_param(source,
		    "REMOTE_ADDR"));
	return true;
}
