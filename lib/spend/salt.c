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

/*
 * Makes the file under another name first: it has its name only when it is
 * whole.  If another process is faster, its salt stays.
 */
static int
make_salt(const char *path)
{
	unsigned char bytes[SALT_BYTES];
	char mine[PATH_MAX];
	int fd, rc = -1, saved;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -1;
	if ((size_t)snprintf(mine, sizeof(mine), "%s.%ld", path,
	    (long)getpid()) >= sizeof(mine)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	unlink(mine);
	fd = open(mine, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes) &&
	    (link(mine, path) == 0 || errno == EEXIST))
		rc = 0;
	saved = errno;
	close(fd);
	unlink(mine);
	errno = saved;
	return rc;
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
	if (read_salt(salt, path) == -1 && (errno != ENOENT ||
	    make_salt(path) == -1 || read_salt(salt, path) == -1))
		return -1;
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
