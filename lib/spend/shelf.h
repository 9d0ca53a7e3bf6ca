/*
 * shelf: the books that a process has open, and what a visitor is called in
 * them.
 *
 *	struct shelf shelf = SHELF_INIT;
 *
 *	shelf_open(&shelf, dir, &guard, &places);
 *	book = shelf_today(&shelf);		NULL: it cannot be opened
 *	if (shelf_name(&shelf, visitor, &entry) == 0)
 *		...
 *	shelf_close(&shelf);
 */
#ifndef SHELF_H
#define SHELF_H

#include "base/log.h"
#include "spend/book.h"
#include "spend/salt.h"

struct guard;
struct places;

struct shelf {
	int64_t			(*wall_ms)(void);	/* io_wall_ms; a test
							   may set another */
	char			*dir;	/* NULL: there is no folder */
	const struct guard	*guard;
	struct places		*places;
	struct book		 today;
	struct book		 other;		/* of another day */
	struct salt		 salt, old_salt;
	struct log_pace		 pace;		/* of a book that fails */
	bool			 may_vanish;	/* see ledger_may_vanish */
};

#define SHELF_INIT { .today = BOOK_INIT, .other = BOOK_INIT }

/* Opens no file yet; dir may be NULL.  guard and places are borrowed. */
void	shelf_open(struct shelf *shelf, const char *dir,
	    const struct guard *guard, struct places *places);
void	shelf_close(struct shelf *shelf);

/*
 * The book of today, which is made if it is not there.  What this process had
 * not read of it is read when it is opened.  Returns NULL, with a line in the
 * log, if it cannot be opened.
 */
struct book *shelf_today(struct shelf *shelf);

/*
 * The book of a day; NULL if there is none.  At most one besides that of today
 * is open, and the one that was returned before is closed then.
 */
struct book *shelf_book(struct shelf *shelf, int day);

/*
 * Sets in an ENTRY_RUN of today who the visitor is, and what he had before
 * midnight.  Returns 0, or -1 if there is no salt.
 */
int	shelf_name(struct shelf *shelf, const char *visitor,
	    struct entry *run);

/*
 * When the n-th newest (from 1) of the runs of the hour began of the visitor of
 * this ENTRY_RUN, which shelf_name has filled; 0: he has not so many.
 */
int64_t	shelf_began(struct shelf *shelf, const char *visitor,
	    const struct entry *run, size_t n);

/* Says in the log, from time to time, that a book cannot be written. */
void	shelf_complain(struct shelf *shelf);

#endif
