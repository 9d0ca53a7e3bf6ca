/*
 * house: what the program loads once, before any fork, and every worker
 * inherits.
 *
 *	struct house house = HOUSE_INIT;
 *
 *	house_watch(&house);		in a listener: what is saved later
 *	house_load(&house);		configuration, prompts, page
 *	house_open(&house);		the folder of the site, the certificates
 *	...	fork
 *	house_make_pool(&house);	in a worker: room for its stages
 *	house_leave(&house);		in a process that was forked
 *	house_free(&house);
 *
 * A worker changes only its own copies of state, places, trust, turn and pool.
 */
#ifndef HOUSE_H
#define HOUSE_H

#include <stdbool.h>

#include "base/err.h"
#include "site/state.h"
#include "run/turn.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/saved.h"
#include "site/laps.h"
#include "site/places.h"
#include "site/rates.h"
#include "site/tempo.h"
#include "spend/ledger.h"
#include "stage/stage.h"

struct crowd;
struct trust;

struct house {
	struct config	 config;
	struct graph	 graph;
	struct trust	*trust;
	struct state	 state;
	struct places	 places;
	struct rates	 rates;		/* shared by all processes */
	struct laps	 laps;
	struct tempo	 tempo;		/* if its stages need it */
	struct ledger	 ledger;	/* of a worker */
	bool		 is_cgi;	/* one process for one request */
	struct crowd	*crowd;		/* NULL: one process is no crowd */
	int		 gate;		/* a worker's (gate.h); -1: none */
	struct err	 broken;	/* nothing is served; status 0: it is */
	struct err	 stale;		/* a broken edit; status 0: none */
	struct err	 page;		/* what is wrong with the page */
	struct limits	 set;		/* before they were fitted */
	struct saved	 saved;		/* the listener's */
	struct log_pace	 hidden;	/* tells of a proxy */
	int64_t		 looked_ms;	/* at what is broken; the listener */
	struct turn	 turn;		/* of the run that a worker serves */
	struct pool	 pool;		/* a worker's processes for stages */
};

#define HOUSE_INIT { .config = CONFIG_INIT, .graph = GRAPH_INIT, \
	.state = STATE_INIT, .places = PLACES_INIT, .rates = RATES_INIT, \
	.laps = LAPS_INIT, \
	.tempo = TEMPO_INIT, .ledger = LEDGER_INIT, \
	.broken = ERR_INIT, .stale = ERR_INIT, .page = ERR_INIT, .gate = -1, \
	.saved = SAVED_INIT, .turn = TURN_INIT, .pool = POOL_INIT }

/* How often files that cannot be used are read again. */
#define HOUSE_LOOK_MS	1000

/* In a listener, before house_load, so that nothing is missed. */
void	house_watch(struct house *house);

/*
 * Loads the configuration, the graph and the page.  If something is wrong, it
 * is logged, and house->broken is the error with which every request is
 * answered; without it a web server would say only "500".
 */
void	house_load(struct house *house);

/*
 * In the listener: if a file of the prompts or the page's template was saved,
 * reads all of them again.  Returns whether new workers would serve otherwise
 * than those that were forked before.  If what was saved cannot be used, what
 * was read before stays, and the log and house->stale say what to mend.
 *
 * While that is so, all files are read again once in HOUSE_LOOK_MS, because not
 * all that mends them is a file that is saved there: a program may get its
 * right to be executed, or be installed in $PATH.
 */
bool	house_refresh(struct house *house);

/* Whether some file could not be used when it was read last. */
bool	house_is_broken(const struct house *house);

/* Opens the site's folder and its places, and prepares HTTP. */
void	house_open(struct house *house);

/*
 * In a worker: room for stages.  Without a good configuration there is no
 * graph, so there are none.
 */
void	house_make_pool(struct house *house);

void	house_free(struct house *house);

/* Ends this process, which was forked or serves plain CGI. */
void	house_leave(struct house *house) __attribute__((noreturn));

#endif
