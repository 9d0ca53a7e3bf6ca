/*
 * shelf.c: worker, and commands that ask services.  Has the books of the days;
 * writes no entry.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "setup/guard.h"
#include "site/places.h"
#include "spend/clear.h"
#include "spend/day.h"
#include "spend/shelf.h"

void
shelf_open(struct shelf *shelf, const char *dir, const struct guard *guard,
    struct places *places)
{
	*shelf = (struct shelf)SHELF_INIT;
	shelf->wall_ms = io_wall_ms;
	shelf->guard = guard;
	shelf->places = places;
	if (dir != NULL)
		shelf->dir = strdup(dir);
}

void
shelf_close(struct shelf *shelf)
{
	book_close(&shelf->today);
	book_close(&shelf->other);
	free(shelf->dir);
	*shelf = (struct shelf)SHELF_INIT;
}

void
shelf_complain(struct shelf *shelf)
{
	if (shelf->today.damaged) {
		log_warnx_paced(&shelf->pace, io_now_ms(), "%s/" BOOK_NAME
		    "%d has bytes in it that this program did not write, or "
		    "that have changed, so nobody knows what was spent, and no "
		    "run begins: remove that file, and the day begins anew, or "
		    "mend it", shelf->dir, shelf->today.day);
		return;
	}
	log_warn_paced(&shelf->pace, io_now_ms(), "what is spent cannot be "
	    "written down in %s, so no run begins", shelf->dir == NULL ?
	    "the state directory, which cannot be used" : shelf->dir);
}

/* This process has made the book of a day. */
static void
begin_day(struct shelf *shelf, int day)
{
	clear_old(shelf->dir, day, shelf->guard, shelf->places);
	if (shelf->may_vanish)
		log_warnx("what is spent is counted in %s, which is emptied "
		    "now and then, as when the machine starts, and then the "
		    "count begins anew: set \"state\" in recipe.json to a "
		    "directory that stays", shelf->dir);
}

/* Returns a book that is open and read, or NULL with a line in the log. */
static struct book *
open_book(struct shelf *shelf, struct book *book, int day, bool make)
{
	int rc = -1;

	errno = ENOENT;
	if (shelf->dir != NULL)
		rc = book_open(book, shelf->dir, day, make);
	if (rc == -1) {
		if (make || errno != ENOENT)
			shelf_complain(shelf);
		return NULL;
	}
	if (rc == 1)
		begin_day(shelf, day);
	book_read(book, shelf->guard);
	return book;
}

struct book *
shelf_today(struct shelf *shelf)
{
	int day = day_of(shelf->wall_ms());

	if (shelf->today.day == day && !book_is_gone(&shelf->today,
	    shelf->dir))
		return &shelf->today;
	return open_book(shelf, &shelf->today, day, true);
}

struct book *
shelf_book(struct shelf *shelf, int day)
{
	if (shelf->today.day == day)
		return &shelf->today;
	if (shelf->other.day == day)
		return &shelf->other;
	return open_book(shelf, &shelf->other, day, false);
}

/* The open runs of a visitor whose processes are alive, or may be. */
static uint16_t
count_living(const struct shelf *shelf, const struct account *account,
    uint64_t who)
{
	uint64_t ground = places_ground(BOOK_GROUND);
	uint64_t locks = places_identity(shelf->places);
	const struct open_run *run;
	uint16_t n = 0;
	size_t i;

	for (i = 0; i < account->nopen; i++) {
		run = &account->open[i];
		n += run->who == who && (run->place == 0 ||
		    run->locks != locks || places_is_held(shelf->places,
		    ground, run->place));
	}
	return n;
}

/*
 * In the first hour of a day the runs of yesterday count, too; the visitor has
 * another hash there.
 */
static void
look_back(struct shelf *shelf, int day, const char *visitor,
    struct entry *run)
{
	int64_t now = shelf->wall_ms();
	int before = day_before(day);
	const struct account *account;
	struct book *book;
	uint64_t who;

	if (now - day_begins(day) > ACCOUNT_HOUR_MS ||
	    (book = shelf_book(shelf, before)) == NULL ||
	    salt_find(&shelf->old_salt, shelf->dir, before) == -1)
		return;
	book_read(book, shelf->guard);
	account = &book->replay.account;
	who = salt_hash(&shelf->old_salt, visitor);
	run->hour = (uint16_t)account_visits(account, who,
	    now - ACCOUNT_HOUR_MS);
	run->open = count_living(shelf, account, who);
}

int
shelf_name(struct shelf *shelf, const char *visitor, struct entry *run)
{
	if (salt_find(&shelf->salt, shelf->dir, shelf->today.day) == -1) {
		shelf_complain(shelf);
		return -1;
	}
	run->who = salt_hash(&shelf->salt, visitor);
	look_back(shelf, shelf->today.day, visitor, run);
	return 0;
}

int64_t
shelf_began(struct shelf *shelf, const char *visitor, const struct entry *run,
    size_t n)
{
	const struct account *today = &shelf->today.replay.account;
	int64_t began = account_began(today, run->who, n);
	size_t had = account_visits(today, run->who, INT64_MIN);
	struct book *book;

	if (began != 0 || run->hour == 0 || n <= had || (book =
	    shelf_book(shelf, day_before(shelf->today.day))) == NULL)
		return began;
	return account_began(&book->replay.account,
	    salt_hash(&shelf->old_salt, visitor), n - had);
}
