/*
 * life: by what the processes of a site see of each other whether they live.
 *
 *	struct life life;
 *
 *	life_open(&life, &places);
 *	if (!life_is_known(&life))
 *		...			it cannot begin runs
 *	life_mark(&life, &entry);
 *	life_end_dead(&life, &book, &guard, now_ms);
 *	life_close(&life);
 *
 * A process that begins runs has a place on a ground of its own
 * (site/places.h), whose lock is free when it is dead.  Its number is random,
 * and the high half of those of its runs.
 */
#ifndef LIFE_H
#define LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "site/places.h"

struct book;
struct entry;
struct guard;

struct life {
	struct places	*places;
	struct place	 place;
	uint64_t	 locks;		/* places_identity */
	uint32_t	 process;	/* the number; 0: none */
};

/* places is borrowed. */
void	life_open(struct life *life, struct places *places);
void	life_close(struct life *life);

/* Takes both, the first time.  Returns whether this process has them. */
bool	life_is_known(struct life *life);

/* Says in an ENTRY_RUN where its process has its place. */
void	life_mark(const struct life *life, struct entry *run);

/*
 * Ends all runs in a book whose processes are dead, so that what they had not
 * asked is free again.  Returns whether there was one.
 */
bool	life_end_dead(const struct life *life, struct book *book,
	    const struct guard *guard, int64_t now_ms);

#endif
