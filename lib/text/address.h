/*
 * address: IPv4 and IPv6 addresses, and networks of them.
 *
 * An IPv4 address is kept as IPv6 writes it, ::ffff:192.0.2.7, so that both are
 * compared in the same way.
 *
 *	struct network network;
 *	struct address address;
 *
 *	if (network_parse(&network, "10.0.0.0/8") == 0 &&
 *	    address_parse(&address, "10.1.2.3", 8) == 0 &&
 *	    network_has(&network, &address))
 *		...
 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct address {
	unsigned char	bytes[16];
};

struct network {
	struct address	address;
	int		bits;		/* of 128 */
};

/*
 * Parses n bytes: an address, perhaps in brackets, with a port or a zone after
 * it.  Returns 0, or -1 if it is none.
 */
int	address_parse(struct address *address, const char *text, size_t n);

bool	address_is_v4(const struct address *address);
bool	address_is_loopback(const struct address *address);

/* Parses "ADDRESS" or "ADDRESS/BITS".  Returns 0, or -1 if it is none. */
int	network_parse(struct network *network, const char *text);
bool	network_has(const struct network *network,
	    const struct address *address);

#endif
