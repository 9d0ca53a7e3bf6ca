/*
 * ids.c: the command line's process.  A hash table with open addressing; knows
 * nothing of lines.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/log.h"
#include "bulk/ids.h"

#define SLOT		16u		/* bytes */
#define ROOM_FIRST	((size_t)1024)	/* slots; a power of two */

/* The bits of the last byte that are what is known, and not the id's. */
#define BITS	((unsigned char)(ID_GIVEN | ID_DONE | ID_FAILED))

/* Fills a slot for the id, of which nothing is known. */
static void
make_slot(unsigned char slot[SLOT], const char *id, size_t n)
{
	unsigned char sum[DIGEST_SIZE];

	digest_bytes(id, n, sum);
	memcpy(slot, sum, SLOT);
	slot[SLOT - 1] &= (unsigned char)~BITS;
}

static bool
is_vacant(const unsigned char *slot)
{
	static const unsigned char none[SLOT];

	return memcmp(slot, none, SLOT) == 0;
}

static bool
is_of(const unsigned char *slot, const unsigned char *key)
{
	return memcmp(slot, key, SLOT - 1) == 0 &&
	    ((slot[SLOT - 1] ^ key[SLOT - 1]) & ~BITS) == 0;
}

/*
 * The slot of a key, or the free one where it belongs.  There is always a free
 * one.  The first bytes of a SHA-256 are as good a hash as any.
 */
static unsigned char *
find_slot(unsigned char *slots, size_t room, const unsigned char *key)
{
	unsigned char *slot;
	size_t i;

	memcpy(&i, key, sizeof(i));
	for (i &= room - 1; ; i = (i + 1) & (room - 1)) {
		slot = slots + i * SLOT;
		if (is_vacant(slot) || is_of(slot, key))
			return slot;
	}
}

/* Makes room for one more. */
static void
grow_slots(struct ids *ids)
{
	size_t room = ids->room == 0 ? ROOM_FIRST : ids->room * 2, i;
	unsigned char *slots, *from;

	if (ids->n + 1 <= ids->room / 4 * 3)
		return;
	if ((slots = calloc(room, SLOT)) == NULL)
		fatalx("out of memory: %zu custom_ids are too many", ids->n);
	for (i = 0; i < ids->room; i++) {
		from = ids->slots + i * SLOT;
		if (!is_vacant(from))
			memcpy(find_slot(slots, room, from), from, SLOT);
	}
	free(ids->slots);
	ids->slots = slots;
	ids->room = room;
}

unsigned
ids_get(const struct ids *ids, const char *id, size_t n)
{
	unsigned char key[SLOT];

	if (ids->room == 0)
		return 0;
	make_slot(key, id, n);
	/* A free slot has no bits. */
	return find_slot(ids->slots, ids->room, key)[SLOT - 1] & BITS;
}

void
ids_add(struct ids *ids, const char *id, size_t n, unsigned bits)
{
	unsigned char key[SLOT], *slot;

	grow_slots(ids);
	make_slot(key, id, n);
	slot = find_slot(ids->slots, ids->room, key);
	if (is_vacant(slot)) {
		memcpy(slot, key, SLOT);
		ids->n++;
	}
	slot[SLOT - 1] |= (unsigned char)(bits & BITS);
}

size_t
ids_count(const struct ids *ids, unsigned with, unsigned without)
{
	size_t i, count = 0;
	unsigned bits;

	for (i = 0; i < ids->room; i++) {
		bits = ids->slots[i * SLOT + SLOT - 1] & BITS;
		count += bits != 0 && (bits & with) == with &&
		    (bits & without) == 0;
	}
	return count;
}

void
ids_free(struct ids *ids)
{
	free(ids->slots);
	*ids = (struct ids)IDS_INIT;
}
