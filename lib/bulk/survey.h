/*
 * survey: what is in a file of lines, before anything is asked.
 *
 *	struct survey survey = SURVEY_INIT;
 *
 *	if (survey_read(&survey, &source, &shared, &ids, true, &err) == -1)
 *		...			the file cannot be read
 *	if (survey.faults > 0)
 *		...			they were named on standard error
 */
#ifndef SURVEY_H
#define SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct ids;
struct source_lines;
struct task_shared;

struct survey {
	size_t	lines;		/* that can be asked */
	size_t	runs, calls;	/* of these */
	size_t	faults;		/* the others */
	size_t	unbound;	/* calls that have no bound */
	int64_t	tokens;		/* at most, of all that have one */
	int64_t	money;		/* as in spend/entry.h */
};

#define SURVEY_INIT { 0, 0, 0, 0, 0, 0, 0 }

/*
 * Reads all lines, and makes each id ID_GIVEN.  Names each fault, with its line
 * and its code, on standard error, but no more than some.  `counts` says that
 * tokens and money are wanted, which takes longer.  Returns 0, or -1 with err.
 */
int	survey_read(struct survey *survey, struct source_lines *source,
	    const struct task_shared *shared, struct ids *ids, bool counts,
	    struct err *err);

#endif
