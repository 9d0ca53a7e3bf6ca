/*
 * digest.c: any process.  OpenSSL's SHA-256; knows nothing of what the name
 * is for.
 */
#include <openssl/sha.h>

#include "base/digest.h"

_Static_assert(DIGEST_SIZE == SHA256_DIGEST_LENGTH, "SHA-256 has 32 bytes");

void
digest_hex(const void *data, size_t n, char *hex, size_t digits)
{
	static const char names[] = "0123456789abcdef";
	unsigned char sum[SHA256_DIGEST_LENGTH];
	size_t i;

	SHA256(data, n, sum);
	for (i = 0; i < digits && i < 2 * sizeof(sum); i++)
		/* The high half of each byte is its first digit. */
		hex[i] = names[i % 2 == 0 ? sum[i / 2] >> 4 : sum[i / 2] & 15];
	hex[i] = '\0';
}

void
digest_bytes(const void *data, size_t n, unsigned char sum[DIGEST_SIZE])
{
	SHA256(data, n, sum);
}
