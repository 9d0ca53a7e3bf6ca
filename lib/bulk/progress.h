/*
 * progress: tells a person how far a file is, and at the end what has come of
 * it, on standard error.
 *
 *	struct progress progress;
 *
 *	progress_begin(&progress, &score, &rates, left);
 *	progress_tick(&progress, busy, waiting);	each second
 *	progress_end(&progress, &summary);
 *
 * On a terminal it is one line that is written again each second, cut off where
 * the terminal ends; elsewhere a line every PROGRESS_EVERY_MS.  "70b at 97 %"
 * says how much of the rpm or tpm of that service is used, on average; those
 * that "wait" do so for a place at a server, or for a limit.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_EVERY_MS	10000

struct json;
struct rates;
struct score;

struct progress {
	const struct score	*score;
	const struct rates	*rates;
	size_t			 total;		/* lines to be asked; 0: not
						   known */
	bool			 terminal;
	int64_t			 start_ms, told_ms;
};

void	progress_begin(struct progress *progress, const struct score *score,
	    const struct rates *rates, size_t total);
void	progress_tick(struct progress *progress, size_t busy, size_t waiting);

/* What the whole command has come to. */
struct summary {
	const char	*how;		/* "done", "stopped", ... */
	size_t		 missing;	/* lines without a result or an error */
	size_t		 unexpected;	/* results without a line */
	size_t		 before;	/* lines that earlier calls have done */
	const char	*errors;	/* the errors file; NULL: none */
};

void	progress_end(const struct progress *progress,
	    const struct summary *summary);

/* The same for machines; the caller frees it. */
struct json *progress_json(const struct progress *progress,
	    const struct summary *summary);

#endif
