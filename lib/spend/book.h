/*
 * book: the file of one day, to which all processes of a site append what their
 * runs reserve and spend, and what it adds up to.
 *
 *	struct book book = BOOK_INIT;
 *
 *	if (book_open(&book, dir, day, true) == -1)
 *		...
 *	book_read(&book, &guard);		what is new
 *	replay_want(&book.replay, run, false, 0);
 *	if (book_append(&book, entries, n) == 0)
 *		book_read(&book, &guard);
 *	book_close(&book);
 *
 * The file is "spend-" and the day, in the site's folder, mode 0600.
 */
#ifndef BOOK_H
#define BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "spend/replay.h"

struct guard;

/* Names of the files begin so; the day follows. */
#define BOOK_NAME	"spend-"

/* Where each process that begins runs has a place (site/places.h). */
#define BOOK_GROUND	"spend"

struct book {
	int		day;		/* 0: none is open */
	int		fd;
	dev_t		device;
	ino_t		inode;
	int64_t		at;		/* read up to this byte */
	bool		damaged;	/* what comes then is no entry */
	struct replay	replay;
};

#define BOOK_INIT { .day = 0, .fd = -1, .replay = REPLAY_INIT }

/*
 * Opens the book of a day in the folder `dir`.  If it is not there and `make`
 * is set, makes it, and it begins with what is known of that day (past.h).
 * Returns 0; 1 if this call has made it; or -1 and errno.
 */
int	book_open(struct book *book, const char *dir, int day, bool make);

/* May be called twice. */
void	book_close(struct book *book);

/*
 * Whether the file of its day is another one now, or none, or shorter than what
 * was read of it; `dir` is that of book_open.  One system call.
 */
bool	book_is_gone(const struct book *book, const char *dir);

/*
 * Takes all entries that are new.  One system call if they are few.  Before
 * bytes that are no entries of this program it stops, and `damaged` is set: the
 * sums are not those of the whole book.
 */
void	book_read(struct book *book, const struct guard *guard);

/*
 * Appends n entries, whose head is set here.  Returns 0, or -1 and errno if
 * they are not all written.
 */
int	book_append(struct book *book, struct entry *list, size_t n);

#endif
