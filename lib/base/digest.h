/*
 * digest: SHA-256, as hexadecimal digits, from which names of files are made,
 * or as bytes.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

#define DIGEST_SIZE	32	/* bytes */

/*
 * Writes the first `digits` hexadecimal digits of the SHA-256 of the n bytes
 * at data, and a NUL, to hex, which has room for digits + 1 bytes.  There are
 * 64 digits; if more are asked for, 64 are written.
 */
void	digest_hex(const void *data, size_t n, char *hex, size_t digits);

/* Writes the SHA-256 of the n bytes at data. */
void	digest_bytes(const void *data, size_t n,
	    unsigned char sum[DIGEST_SIZE]);

#endif
