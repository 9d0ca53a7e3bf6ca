/*
 * ground: the bytes of site/lockfile that belong to one ground, and how a free
 * place is found among them.
 *
 * A ground has 2^20 bytes.  Each of them stands for a mark, a place, or a
 * number in the queue, and is locked by the process that has it.  The places
 * come right before the queue, so that one call tells whether some process
 * waits or holds a place above the limit.  The last mark and the last place are
 * not used, because the kernel would join the locks that one process has on
 * both sides of such a border.
 *
 * `from` and `to` are bytes of the ground, `to` the first that is not meant.
 */
#ifndef GROUND_H
#define GROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "site/lockfile.h"
#include "site/ours.h"

#define GROUND_BITS	20

#define GROUND_MARKS	((int64_t)0)
#define GROUND_PLACES	((int64_t)1 << 16)
#define GROUND_QUEUE	((int64_t)1 << 17)
#define GROUND_END	((int64_t)1 << GROUND_BITS)

/* Returned instead of a byte. */
#define GROUND_NO_LOCK	(-1)	/* the file system fails */
#define GROUND_FULL	(-2)	/* all places are taken */

/* As lockfile_take, and lockfile_drop.  One system call. */
int	ground_lock(struct places *places, uint64_t ground, int64_t from,
	    int64_t to);
void	ground_unlock(const struct places *places, uint64_t ground,
	    int64_t from, int64_t to);

/* As lockfile_find, and *found is in bytes of the ground.  One system call. */
bool	ground_find(const struct places *places, uint64_t ground, int64_t from,
	    int64_t to, struct span *found);

/* As lockfile_find_lowest. */
bool	ground_find_lowest(const struct places *places, uint64_t ground,
	    int64_t from, int64_t to, struct span *found);

/* As lockfile_count; 0 if there is no file. */
int64_t	ground_count(const struct places *places, uint64_t ground,
	    int64_t from, int64_t to);

/*
 * Places may be held at `limit` or above, from a time when the limit was
 * higher.  Returns a number of 0 to `limit`: a place below it may be taken
 * although those are held.
 */
int64_t	ground_room(const struct places *places, uint64_t ground,
	    int64_t limit);

/*
 * Locks n places in a row, all of them below the place `room`.  Returns the
 * byte of the first, GROUND_NO_LOCK or GROUND_FULL.
 */
int64_t	ground_pick(struct places *places, uint64_t ground, int64_t room,
	    int64_t n);

#endif
