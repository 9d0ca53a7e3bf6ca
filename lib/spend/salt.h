/*
 * salt: what a visitor is called in a day's book: a hash of his address and of
 * random bytes that are kept for that day alone, so that no address is on disk
 * and a hash tells nobody which it was once the salt is gone.
 *
 *	struct salt salt;
 *
 *	if (salt_find(&salt, dir, day) == 0)
 *		who = salt_hash(&salt, "4 192.0.2.7");
 */
#ifndef SALT_H
#define SALT_H

#include <stddef.h>
#include <stdint.h>

#define SALT_BYTES	32

struct salt {
	int		day;	/* 0: it has not been read */
	unsigned char	bytes[SALT_BYTES];
};

/* Names of the files begin so; the day follows. */
#define SALT_NAME	"salt-"

/*
 * Reads the salt of a day from the folder `dir`, and makes it if it is not
 * there.  Returns 0, or -1 and errno.
 */
int	salt_find(struct salt *salt, const char *dir, int day);

/* Never 0. */
uint64_t salt_hash(const struct salt *salt, const char *visitor);

#endif
