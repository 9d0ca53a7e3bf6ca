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
 *	source.close(source.arg);
 *
 * Lines end at byte 0x0A alone; one 0x0D before it is dropped, and so is a BOM
 * at the beginning of the file.  Blank lines are passed over, but counted: a
 * number is that of the line in the file, from 1.  The last line may lack its
 * 0x0A.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stddef.h>

struct err;

/* The most bytes of a line, which may have images in it. */
#define LINE_MAX_BYTES	(64 * 1024 * 1024)

struct raw_line {
	const char	*text;		/* until the next one; ends in a NUL */
	size_t		 len;
	size_t		 number;
	size_t		 offset;	/* of its first byte in the file */
};

struct source_lines {
	/*
	 * Returns 1 with *line, 0 at the end, or -1 with err: it cannot be
	 * read, or a line is longer than LINE_MAX_BYTES (err names it).
	 */
	int	(*next)(void *arg, struct raw_line *line, struct err *err);
	void	(*close)(void *arg);
	void	*arg;
};

/* "-" is standard input.  Returns 0, or -1 with err, and then close is NULL. */
int	source_open(struct source_lines *source, const char *path,
	    struct err *err);

#endif
