/*
 * bulk_command: `recipe.fcgi bulk IN OUT`, a file of prompts becomes a file of
 * answers.
 *
 * A line of IN is the body of POST /generate or a line of OpenAI's Batch format
 * (bulk/line.h).  All lines are checked before the first is asked.  Results are
 * written as they come; the same command goes on where the last one ended, and
 * asks only what has no result yet.  cli/bulk_words.h has the options.
 */
#ifndef BULK_COMMAND_H
#define BULK_COMMAND_H

/* The exit statuses of `bulk`. */
enum {
	BULK_DONE	= 0,	/* every line has a result */
	BULK_FAILED	= 1,	/* all were asked, and some failed */
	BULK_USAGE	= 2,	/* nothing was asked: words, configuration, a
				   fault in the file */
	BULK_LEFT	= 3,	/* it stopped, and lines are left */
};

/* Does what the n words after "bulk" say.  Returns the exit status. */
int	bulk_command(int n, char **words);

#endif
