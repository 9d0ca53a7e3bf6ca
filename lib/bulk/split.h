/*
 * split: cuts what a descriptor gives into lines.  A source of lines uses it,
 * and whoever reads the files of results.
 *
 *	struct split split;
 *	struct raw_line line;
 *
 *	split_init(&split, fd, "in.jsonl", LINE_MAX_BYTES);
 *	while ((rc = split_next(&split, &line, &err)) == 1)
 *		...			line.text, line.len, line.number
 *	split_free(&split);		fd stays open
 *
 * Lines end at byte 0x0A alone; one 0x0D before it is dropped, and so is a BOM
 * at the beginning of the file.  Blank lines are left out, but they are
 * counted, so that the number of a line is that of the line in the file, from
 * 1.  The last line may end without a 0x0A.
 *
 * It reads by large read(2), and needs half a MiB, or at most four times the
 * longest line so far.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;

/* The most bytes of a line of the input, which may have images in it. */
#define LINE_MAX_BYTES	(64 * 1024 * 1024)

struct raw_line {
	const char	*text;		/* until the next one; ends in a NUL */
	size_t		 len;
	size_t		 number;
	size_t		 offset;	/* of its first byte in the file */
};

struct split {
	int		 fd;
	const char	*name;		/* borrowed, for messages */
	size_t		 max;		/* bytes of a line */
	struct buf	 in;
	size_t		 pos;		/* in `in`: of the next line */
	size_t		 looked;	/* in `in`: there is no 0x0A from pos
					   up to here */
	size_t		 offset;	/* of in.data[0] in the file */
	size_t		 number;	/* of lines so far, blank ones too */
	bool		 has_ended;	/* all of the file is in `in` */
	bool		 is_cut;	/* the last line so far, perhaps a blank
					   one, lacks its 0x0A ... */
	size_t		 last;		/* ... and begins here in the file */
};

/* fd is at the beginning of its file; max is at most 1 GiB. */
void	split_init(struct split *split, int fd, const char *name, size_t max);

/*
 * Returns 1 with *line, 0 at the end, or -1 with err: it cannot be read, or is
 * UTF-16 or compressed, or a line is longer than max.  If a signal came while
 * it waited, the code is "interrupted", and it can be called again.
 */
int	split_next(struct split *split, struct raw_line *line,
	    struct err *err);
void	split_free(struct split *split);

/*
 * Whether split_next would not wait: it has a line, or the end or an error to
 * tell.  Reads what is there for that.  A signal counts as nothing there.
 */
bool	split_is_ready(struct split *split);

#endif
