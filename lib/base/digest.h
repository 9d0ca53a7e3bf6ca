/*
 * digest: SHA-256, to name things by.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

/*
 * Writes the first `digits` hexadecimal digits (at most 64) of the SHA-256 of
 * the n bytes at data to hex, and a NUL.
 */
void	digest_hex(const void *data, size_t n, char *hex, size_t digits);

#endif
