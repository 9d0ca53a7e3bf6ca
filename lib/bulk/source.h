/*
 * source: where lines come from.
 *
 * It is an interface of two functions, so that lines can come from something
 * else than a file.  source_open makes one of a file or of standard input.
 *
 *	struct source_lines source;
 *	struct raw_line line;
 *
 *	if (source_open(&source, "in.jsonl", &err) == 0)
 *		while ((rc = source.next(source.arg, &line, &err)) == 1)
 *			...		line.text, line.len, line.number
 *	if (source.close != NULL)
 *		source.close(source.arg);
 *
 * split.h says what a line is.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "bulk/split.h"

struct err;

struct source_lines {
	/*
	 * Returns 1 with *line, 0 at the end, or -1 with err: it cannot be
	 * read, it is UTF-16 or compressed, or a line is longer than
	 * LINE_MAX_BYTES (err names it).  If a signal came while it waited, the
	 * code is "interrupted", and it can be called again.
	 */
	int	(*next)(void *arg, struct raw_line *line, struct err *err);
	void	(*close)(void *arg);
	void	*arg;
	/*
	 * -1: it never waits, and can be opened and read a second time.  Else
	 * it is a pipe or the like: what can be waited for, before `is_ready`
	 * is asked whether next would not wait.
	 */
	int	fd;
	bool	(*is_ready)(void *arg);
};

/*
 * "-" is standard input, which close leaves open.  Returns 0, or -1 with err,
 * and then close is NULL.
 */
int	source_open(struct source_lines *source, const char *path,
	    struct err *err);

#endif
