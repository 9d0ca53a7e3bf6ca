/*
 * salt.c: any process of a site but its stages.  Makes salts and hashes; knows
 * no requests.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/digest.h"
#include "site/whole.h"
#include "spend/salt.h"

/* Returns 0, or -1 and errno; EIO if the file does not have a whole salt. */
static int
read_salt(struct salt *salt, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd == -1)
		return -1;
	n = read(fd, salt->bytes, SALT_BYTES);
	close(fd);
	if (n == SALT_BYTES)
		return 0;
	if (n >= 0)
		errno = EIO;
	return -1;
}

static int
fill_salt(void *arg, int fd)
{
	unsigned char bytes[SALT_BYTES];

	(void)arg;
	return getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes) &&
	    write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes) ? 0 : -1;
}

int
salt_find(struct salt *salt, const char *dir, int day)
{
	char path[PATH_MAX];

	if (salt->day == day)
		return 0;
	salt->day = 0;
	if ((size_t)snprintf(path, sizeof(path), "%s/" SALT_NAME "%d", dir,
	    day) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (read_salt(salt, path) == -1) {
		if (errno != ENOENT && errno != EIO)
			return -1;
		/* A machine that went down may have left a part of one. */
		if (errno == EIO)
			unlink(path);
		if (whole_make(path, fill_salt, NULL) == -1 ||
		    read_salt(salt, path) == -1)
			return -1;
	}
	salt->day = day;
	return 0;
}

uint64_t
salt_hash(const struct salt *salt, const char *visitor)
{
	unsigned char text[SALT_BYTES + 64];
	size_t n = strnlen(visitor, sizeof(text) - SALT_BYTES);
	char hex[17];
	uint64_t hash;

	memcpy(text, salt->bytes, SALT_BYTES);
	memcpy(text + SALT_BYTES, visitor, n);
	digest_hex(text, SALT_BYTES + n, hex, 16);
	explicit_bzero(text, sizeof(text));
	hash = strtoull(hex, NULL, 16);
	return hash == 0 ? 1 : hash;
}
