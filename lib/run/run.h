/*
 * run: the state of one run, and its subscribers.
 *
 * The other modules of this room work on it, each on its own share:
 *
 *	attempt, part	one job at one service; one part of the run
 *	retry		which service of a part is asked next
 *	picking, pick	the list that a stage writes, and the choice from it
 *	hear		what a stage says, and what it means for its part
 *	decide		what follows from an attempt that failed
 *	launch		begins an attempt
 *	purse		what it may spend
 *	late		begins a second one if the first is late
 *	tally		the row that an attempt leaves
 *	clock		deadlines
 *	conduct		what happens next, from the first event to the last
 *	merge		the loop that waits
 *
 * The whole life of a run, with one visitor:
 *
 *	struct run run = RUN_INIT;
 *
 *	run_subscribe(&run, &reply.subscriber);
 *	if (conduct_begin(&run, &plan, &pool, &state, &places, arrived_ms) == 0)
 *		merge_run(&run, outboxes, 1);
 *	conduct_free(&run);
 *
 * A run borrows plan, pool and state and owns its parts and its variables.
 *
 * A `patient` run is one for which nobody waits, such as a line of a file.  It
 * waits as long as the limit of a service lasts, which costs it neither an
 * attempt nor its run_ms, and takes no place at a server for which others wait.
 * Patient runs of one process share what services have said of their limits.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vars.h"
#include "model/code.h"
#include "plan/ratelimit.h"
#include "run/lack.h"
#include "site/laps.h"
#include "wire/event.h"

struct limits;
struct part;
struct watch;
struct places;
struct plan;
struct pool;
struct purse;
struct rates;
struct run;
struct state;
struct tempo;

/*
 * What keeps a run that is to outlive its visitor's connection (web/keep.h).
 * The loop calls it in each round: `tick` returns the milliseconds to its next
 * clock, `watch` adds what it waits for.
 */
struct keeper {
	int64_t	(*tick)(void *arg, struct run *run, int64_t now);
	void	(*watch)(void *arg, struct run *run, struct watch *watch);
	void	*arg;
	bool	 kept;		/* as EVENT_RUN says */
};

struct run {
	const struct plan	*plan;
	struct pool		*pool;
	struct state		*state;		/* what all workers know */
	struct places		*places;	/* NULL: no server is full */
	struct rates		*rates;		/* NULL: no service has any */
	struct purse		*purse;		/* NULL: nothing is counted */
	struct laps		*laps;		/* NULL: no row is left */
	struct lap		 rows[LAPS_AT_ONCE];	/* not written yet */
	size_t			 nrows;
	struct tempo		*tempo;		/* what rows say; NULL: none */
	int64_t			 given_ms;	/* last gave a place back */
	struct audience		 audience;	/* its subscribers */
	struct keeper		*keeper;	/* NULL: it has no name */
	struct ratelimit	 own_ratelimit;	/* if nobody shares one */
	struct ratelimit	*ratelimit;	/* what services have said;
						   NULL: its own will be */
	struct part		*parts;		/* of the graph, its order */
	size_t			 n;
	struct vars		 vars;		/* inputs, picks, texts */
	int64_t			 start_ms;	/* the request's arrival */
	int64_t			 first_ms;	/* any visible text; 0: none */
	int64_t			 paused_ms;	/* unread since; 0: is read */
	int64_t			 waited_ms;	/* not counted in run_ms */
	int64_t			 waits_ms;	/* only waits since; or 0 */
	int64_t			 starved_ms;	/* fork fails since; or 0 */
	struct lack		 lack;		/* while fork fails */
	bool			 hopeless;	/* if fork fails, waits not */
	enum code		 stopped;	/* why all parts were ended */
	bool			 ended;		/* EVENT_DONE was told */
	bool			 abandoned;	/* it ended without a word */
	bool			 unlogged;	/* run_log writes nothing */
	bool			 patient;	/* see below */
};

#define RUN_INIT { .n = 0 }

/* From now on the subscriber hears what the run tells (event.h). */
void	run_subscribe(struct run *run, struct subscriber *subscriber);

/*
 * From now on the subscriber hears nothing.  If a visitor has been the last one
 * to leave, the run is forsaken.
 */
void	run_unsubscribe(struct run *run, struct subscriber *subscriber);

/*
 * Abandons a run to which no visitor listens, unless it is kept (struct
 * keeper).
 */
void	run_forsake(struct run *run);

/*
 * Tells an event with a document, which it frees: of the whole run, or of the
 * part of that name if it is not NULL.
 */
void	run_tell(struct run *run, enum event_kind kind, const char *part,
	    struct json *json);

/*
 * Milliseconds since the request arrived; and from its arrival to the first
 * visible text, -1 if there is none yet.
 */
int64_t	run_ms(const struct run *run);
int64_t	run_first_ms(const struct run *run);

const struct limits *run_limits(const struct run *run);

/*
 * Logs a line about the run, after its id.  A run that a person watches on a
 * terminal is `unlogged`, since its answer stands on the same terminal.
 */
void	run_log(const struct run *run, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
