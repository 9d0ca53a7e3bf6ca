/*
 * plan: what one run will do, decided before anything is started.
 *
 * The run's id, the pick drawn for each list stage, and the service of each
 * stage.  Const once built; borrows graph, config and request.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;
struct err;
struct graph;
struct request;
struct service;
struct stage_spec;
struct state;

#define PLAN_ORDER_MAX	8

struct plan_part {
	const struct stage_spec	*spec;
	const struct service	*order[PLAN_ORDER_MAX];	/* to be asked */
	size_t			 norder;	/* 0 for an `each` stage */
	uint32_t		 draw;		/* random, for a list's pick */
	bool			 absent;	/* it does not run */
	size_t			 heir_of;	/* whose process it takes */
};

#define PLAN_NO_HEIR	SIZE_MAX

struct plan {
	const struct graph	*graph;
	const struct config	*config;
	const struct request	*request;
	char			 id[33];	/* 128 random bits in hex */
	bool			 demo;		/* a part that runs is its */
	struct plan_part	*parts;		/* one per stage, its order */
	size_t			 n;
};

#define PLAN_INIT { NULL, NULL, NULL, "", false, NULL, 0 }

/*
 * Services that are set aside come last in every order.  0, or -1 with err
 * (no memory, no random numbers).
 */
int	plan_build(struct plan *plan, const struct graph *graph,
	    const struct config *config, const struct state *state,
	    const struct request *request, struct err *err);
void	plan_free(struct plan *plan);

/*
 * Processes that a run needs where all goes well.  Where they are kept, a part
 * that waits for the end of another at the same service takes over its process
 * and with it the connection.
 */
size_t	plan_processes(const struct graph *graph,
	    const struct config *config);

/* Whether a run would be the demo's, in whole or in part. */
bool	plan_is_demo(const struct graph *graph, const struct config *config);

/* What ends the demo, for people; a constant. */
extern const char plan_demo_hint[];

#endif
