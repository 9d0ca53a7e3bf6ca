/*
 * keep: a run that is to outlive the connection of its visitor.
 *
 *	struct keep keep = KEEP_INIT;
 *
 *	switch (keep_begin(&keep, house, &request)) {
 *	case JOURNAL_THERE:
 *		...				read that one (web/revisit.h)
 *	default:
 *		keep_attach(&keep, &run, outbox);	before it begins
 *	}
 *	...	the run
 *	keep_end(&keep);
 *
 * Each event is in the journal before it is sent to the visitor.  When he has
 * gone, the run goes on as long as somebody reads the journal, and linger_ms
 * after the last reader has gone.  Who has the key stops it at once.  If it
 * cannot be kept, or not any more, it ends with its visitor as runs without a
 * name do, and he is told so.
 */
#ifndef KEEP_H
#define KEEP_H

#include <stdint.h>

#include "journal/journal.h"
#include "run/run.h"

struct house;
struct outbox;
struct request;

struct keep {
	struct keeper	 keeper;
	struct journal	 journal;
	const struct house *house;
	int64_t		 looked_ms;	/* for readers */
	int64_t		 left_ms;	/* nobody has read since; or 0 */
};

#define KEEP_INIT { .journal = JOURNAL_INIT }

/* Makes the journal of a run that has a name. */
enum journal_begun keep_begin(struct keep *keep, struct house *house,
	    const struct request *request);

/* The keep must stay at its address until the run is freed. */
void	keep_attach(struct keep *keep, struct run *run,
	    struct outbox *outbox);

void	keep_end(struct keep *keep);

#endif
