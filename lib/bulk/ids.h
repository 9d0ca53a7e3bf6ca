/*
 * ids: what is known of each custom_id of a file, in a table of 16 bytes for
 * each: 500 000 ids need 16 MiB, and 24 MiB while it grows.
 *
 * An id is kept as 125 bits of its SHA-256, so that memory does not depend on
 * how long ids are, and two ids are never taken for one.  Ids are compared byte
 * for byte, after JSON's escapes are undone: "1" is not "01".
 *
 *	struct ids ids = IDS_INIT;
 *
 *	if ((ids_get(&ids, id, n) & ID_GIVEN) != 0)
 *		...			it is there twice
 *	ids_add(&ids, id, n, ID_GIVEN);
 *	ids_free(&ids);
 */
#ifndef IDS_H
#define IDS_H

#include <stddef.h>
#include <stdint.h>

/* Bits of what is known. */
#define ID_GIVEN	1u	/* a line of the input has it */
#define ID_DONE		2u	/* a result of it is in the output */
#define ID_FAILED	4u	/* it failed, or if it is done, in a part */

struct ids {
	unsigned char	*slots;		/* 16 bytes each; all 0: free */
	size_t		 n, room;
};

#define IDS_INIT { NULL, 0, 0 }

/* What is known of an id; 0 if nothing is. */
unsigned ids_get(const struct ids *ids, const char *id, size_t n);

/* Adds bits to what is known.  Ends the program if there is no memory. */
void	ids_add(struct ids *ids, const char *id, size_t n, unsigned bits);

/*
 * How many ids have all of `with` and none of `without`.  An id of which
 * nothing is known any more is not counted.
 */
size_t	ids_count(const struct ids *ids, unsigned with, unsigned without);

void	ids_free(struct ids *ids);

#endif
