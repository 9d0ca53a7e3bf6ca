/*
 * journal: the file of one run, which outlives the connection of its visitor.
 *
 * It has the run's events as text/event-stream writes them, and nothing is ever
 * changed in it but at its end, so it can be read while it is written
 * (journal/follow.h).  One process writes it, and holds a lock on byte
 * RUNFILE_WRITES of it as long as it does.  So a reader can tell a writer that
 * is dead from one that is slow.  Readers hold a shared lock on RUNFILE_READS.
 *
 *	runs/ID		the journal, mode 0600, in a directory of mode 0700
 *	runs/ID.bell	while it is written: a FIFO by which anybody who has the
 *			key stops the run (journal/bell.h)
 *
 * Its first block is a comment with the digest of the request, its last event
 * is _done.
 *
 *	struct journal journal = JOURNAL_INIT;
 *
 *	switch (journal_begin(&journal, dir, id, digest)) {
 *	case JOURNAL_OURS:	run_subscribe(&run, &journal.subscriber);
 *	case JOURNAL_THERE:	another process has begun it before
 *	case JOURNAL_NONE:	it cannot be kept: journal.why
 *	}
 *	journal_flush(&journal);	before what was told is delivered
 *	journal_end(&journal);
 *
 * POSIX locks end when their process closes any descriptor of the file.  So the
 * process that writes a journal must not open it a second time.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/event.h"

/* Between two comments with the time there are at least so many ms. */
#define JOURNAL_STAMP_MS	250

/* The most bytes that are told between two calls of journal_flush. */
#define JOURNAL_ROUND_MAX	(16 * 1024 * 1024)

struct journal {
	struct subscriber	 subscriber;	/* writes down what it hears */
	int			 fd;		/* -1: it is not kept */
	int			 bell;		/* bell_hang; or -1 */
	char			 path[PATH_MAX];
	struct buf		 out;		/* told, and not written yet */
	int64_t			 size;		/* of whole events written */
	int64_t			 stamped_ms;
	int64_t			 looked_ms;	/* stamped_ms, at the look */
	const char		*why;		/* it is not kept any more */
};

#define JOURNAL_INIT { .fd = -1, .bell = -1 }

enum journal_begun { JOURNAL_OURS, JOURNAL_THERE, JOURNAL_NONE };

/*
 * Makes the journal of a run, in the folder `dir` of the site, or NULL if there
 * is none.  `digest` is that of the request, in hexadecimal digits.
 */
enum journal_begun journal_begin(struct journal *journal, const char *dir,
	    const char *id, const char *digest);

/*
 * Writes what was told, by one write(2).  If that fails, or if somebody has
 * removed the file, journal->why says why, nothing more is written, and there
 * is no file any more.
 */
void	journal_flush(struct journal *journal);

/* Whether some process reads it just now.  One system call. */
bool	journal_is_read(const struct journal *journal);

/*
 * Ends it, with what was told.  The lock is given back.  If nothing was told,
 * because the run has not begun, its file is removed, and the name is free.
 */
void	journal_end(struct journal *journal);

#endif
