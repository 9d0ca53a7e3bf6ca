/*
 * address.c: any process.  Parses and compares addresses; asks no network.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "text/address.h"

/* The longest text that is an address, with a zone and a port. */
#define TEXT_MAX	96

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

/* Parses a whole string that is an address and nothing else. */
static int
parse_bare(struct address *address, const char *text)
{
	if (inet_pton(AF_INET6, text, address->bytes) == 1)
		return 0;
	memcpy(address->bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, address->bytes + sizeof(mapped)) ==
	    1 ? 0 : -1;
}

/*
 * Cuts off what is not the address itself: brackets and all after them; a port,
 * which only a text with a single colon can have; and a zone.
 */
static char *
strip(char *text)
{
	char *colon = strchr(text, ':');

	if (*text == '[') {
		text++;
		text[strcspn(text, "]")] = '\0';
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		*colon = '\0';
	}
	text[strcspn(text, "%")] = '\0';
	return text;
}

int
address_parse(struct address *address, const char *text, size_t n)
{
	char copy[TEXT_MAX];

	if (n >= sizeof(copy) || memchr(text, '\0', n) != NULL)
		return -1;
	memcpy(copy, text, n);
	copy[n] = '\0';
	return parse_bare(address, strip(copy));
}

bool
address_is_v4(const struct address *address)
{
	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

bool
address_is_loopback(const struct address *address)
{
	static const unsigned char one[16] = { [15] = 1 };

	return memcmp(address->bytes, one, sizeof(one)) == 0 ||
	    (address_is_v4(address) && address->bytes[12] == 127);
}

int
network_parse(struct network *network, const char *text)
{
	const char *slash = strchr(text, '/');
	char copy[TEXT_MAX], *end;
	size_t n = slash == NULL ? strlen(text) : (size_t)(slash - text);
	long bits, most;

	if (n >= sizeof(copy))
		return -1;
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (parse_bare(&network->address, copy) == -1)
		return -1;
	most = strchr(copy, ':') == NULL ? 32 : 128;
	bits = most;
	if (slash != NULL) {
		bits = strtol(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end != '\0' ||
		    bits > most)
			return -1;
	}
	network->bits = (int)(bits + 128 - most);
	return 0;
}

bool
network_has(const struct network *network, const struct address *address)
{
	int whole = network->bits / 8, rest = network->bits % 8;
	unsigned char mask = (unsigned char)(0xff00 >> rest);

	return memcmp(network->address.bytes, address->bytes,
	    (size_t)whole) == 0 && (rest == 0 ||
	    ((network->address.bytes[whole] ^ address->bytes[whole]) &
	    mask) == 0);
}
