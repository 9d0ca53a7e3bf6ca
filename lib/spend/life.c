/*
 * life.c: worker, and commands that ask services.  Tells the living from the
 * dead; knows no limits.
 */
#include <sys/random.h>

#include "spend/book.h"
#include "spend/life.h"

/* Runs that are ended by one append. */
#define MANY	64

void
life_open(struct life *life, struct places *places)
{
	*life = (struct life){ .places = places };
	life->place = (struct place)PLACE_OF(places_ground(BOOK_GROUND));
}

void
life_close(struct life *life)
{
	if (life->process != 0)
		places_give(life->places, &life->place);
	life->process = 0;
}

bool
life_is_known(struct life *life)
{
	if (life->process != 0)
		return true;
	if (getrandom(&life->process, sizeof(life->process), 0) !=
	    sizeof(life->process))
		life->process = 0;
	if (life->process == 0)
		return false;
	places_take(life->places, &life->place, PLACES_MOST);
	life->locks = places_identity(life->places);
	return true;
}

void
life_mark(const struct life *life, struct entry *run)
{
	run->place = places_number(life->places, &life->place);
	run->tokens = (int64_t)life->locks;
}

static bool
is_dead(const struct life *life, const struct open_run *run)
{
	/* The locks of others that cannot be seen say nothing. */
	if (run->place == 0 || run->locks != life->locks)
		return false;
	if (run->place == places_number(life->places, &life->place))
		return run->id >> 32 != life->process;
	return !places_is_held(life->places, life->place.ground, run->place);
}

/* Ends some of them.  Returns how many; 0 also if that cannot be written. */
static size_t
end_many(const struct life *life, struct book *book, const struct guard *guard,
    int64_t now_ms)
{
	const struct account *account = &book->replay.account;
	struct entry list[MANY];
	size_t i, n = 0;

	for (i = 0; i < account->nopen && n < MANY; i++)
		if (is_dead(life, &account->open[i]))
			list[n++] = (struct entry){ .kind = ENTRY_END,
			    .run = account->open[i].id, .at_ms = now_ms };
	if (n == 0 || book_append(book, list, n) == -1)
		return 0;
	book_read(book, guard);
	return n;
}

bool
life_end_dead(const struct life *life, struct book *book,
    const struct guard *guard, int64_t now_ms)
{
	size_t open, n = end_many(life, book, guard, now_ms);
	bool any = n > 0;

	/* A book that is not read to its end would keep them open for ever. */
	while (n == MANY) {
		open = book->replay.account.nopen;
		n = end_many(life, book, guard, now_ms);
		if (book->replay.account.nopen >= open)
			break;
	}
	return any;
}
