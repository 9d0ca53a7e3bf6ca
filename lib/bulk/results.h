/*
 * results: where results go: an output file and a file of errors.
 *
 * Each result is one line, and all lines that are put are written by one
 * write(2), so that a process that is killed leaves at most one torn line, the
 * last.  At the next start it is cut off.
 *
 * Its process ignores SIGPIPE and SIGXFSZ (a limit of the size of files), and
 * does not change its directory.
 *
 *	struct results results = RESULTS_INIT;
 *
 *	if (results_open(&results, "out.jsonl", &ids, retries, &err) == 0) {
 *		results_put(&results, false, line, n);	a result
 *		results_put(&results, true, line, n);	an error
 *		if (results_flush(&results, &err) == -1)
 *			...			it is full, or gone
 *	}
 *	results_close(&results);
 *
 * While it is open, the output file is locked (fcntl(2)), so two processes do
 * not write the same one; its errors file is as safe by that.  The process must
 * not open the output file elsewhere: it would lose the lock when it closes
 * that.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;
struct ids;

struct results_file {
	char		*path;
	int		 fd;		/* -1: not open yet */
	long long	 size;		/* of whole lines */
	struct buf	 out;		/* lines that are not written yet */
};

struct results {
	struct results_file	 good, bad;
	bool			 is_stdout;
	size_t			 torn;	/* lines that were cut off at the
					   start */
};

#define RESULTS_INIT { { NULL, -1, 0, BUF_INIT(SIZE_MAX / 4) }, \
	{ NULL, -1, 0, BUF_INIT(SIZE_MAX / 4) }, false, 0 }

/*
 * Opens (makes, with mode 0666 less the umask) the output file, locks it, cuts
 * off a torn last line of it and of the errors file, PATH.errors.jsonl, and
 * reads both into ids: ID_DONE for a line of a good result, ID_FAILED for one
 * of an error, in whichever file it stands and whichever program has written it
 * (line_judge).  If `retry`, lines of errors in the errors file whose ids are
 * ID_GIVEN are taken out of it, by a new file that is renamed to its name, and
 * do not count as failed; if no other line is left, it is removed.  "-" is
 * standard output: it is neither read nor locked, and errors go to standard
 * error.  Returns 0, or -1 with err, which says what to do: for a file that
 * another process writes, that is no regular file, or that has a line which is
 * no result, as if the input were named in its place.  Such a file is left as
 * it is.  Close in both cases.
 */
int	results_open(struct results *results, const char *path,
	    struct ids *ids, bool retry, struct err *err);

/* Puts a line, without its 0x0A; is_bad: into the errors file. */
void	results_put(struct results *results, bool is_bad, const char *line,
	    size_t n);

/*
 * Writes all that was put; makes the errors file when its first line comes.
 * Returns 0, or -1 with err: a disk is full, or a file was moved, removed or
 * changed by somebody else.  Then nothing of a line that was not written whole
 * is left in a file, and the caller stops; what was not written stays put, and
 * could be flushed later.
 */
int	results_flush(struct results *results, struct err *err);

/* Flushes nothing. */
void	results_close(struct results *results);

/*
 * For results_open alone: reads a file that is open, completes its last line or
 * cuts it off, and fills file->size.  The ids of errors that are ID_GIVEN are
 * not taken for failed if `retry`; *again is how many lines these are.
 */
int	results_read(struct results *results, struct results_file *file,
	    struct ids *ids, bool retry, size_t *again, struct err *err);

/* For results_open alone: takes those lines out of the errors file. */
int	results_forget(struct results_file *file, const struct ids *ids,
	    struct err *err);

#endif
