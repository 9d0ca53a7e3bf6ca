/*
 * plan: what one run will do, decided before anything is started.
 *
 * A plan has the run's id and, for each stage of the graph, the order in which
 * services are asked, the random number by which the pick of a list is chosen,
 * and whose process it takes over.  Once built it does not change.
 *
 *	struct plan plan = PLAN_INIT;
 *
 *	if (plan_build(&plan, graph, config, state, tempo, request, err) == 0)
 *		...	reply_begin and conduct_begin borrow it
 *	plan_free(&plan);
 *
 * A plan borrows graph, config and request, and owns its parts.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/fastest.h"

struct config;
struct err;
struct graph;
struct request;
struct service;
struct stage_spec;
struct state;
struct tempo;

/* Services that one part asks at most. */
#define PLAN_ORDER_MAX	8

struct plan_part {
	const struct stage_spec	*spec;
	const struct service	*order[PLAN_ORDER_MAX];	/* first to last */
	size_t			 norder;	/* 0 for an `each` stage, 1 for
						   a program */
	const char		*model;		/* asked of all of them; NULL:
						   of each its own */
	uint32_t		 draw;		/* random, for a list's pick */
	bool			 absent;	/* it does not run */
	bool			 race;		/* the first two at once */
	int64_t			 late_ms;	/* without a token, the second
						   one starts; -1: never */
	struct choice		 choice;	/* of the first one */
	size_t			 heir_of;	/* takes its process over */
};

/* The heir_of of a part that takes over no process. */
#define PLAN_NO_HEIR	SIZE_MAX

struct plan {
	const struct graph	*graph;
	const struct config	*config;
	const struct request	*request;
	char			 id[33];	/* 128 random bits in hex */
	bool			 demo;		/* the demo writes some part */
	const char		*over;		/* the code of the limit for
						   which it does, or NULL */
	const char		*hint;		/* what a visitor is told of
						   the demo, or NULL */
	bool			 by_proxy;	/* an untrusted one: nobody
						   knows who asks */
	struct plan_part	*parts;		/* in the order of the graph */
	size_t			 n;
};

#define PLAN_INIT { .graph = NULL }

/*
 * Builds the plan of a request.  Services that are set aside come last in every
 * order, so they are still asked if all others fail.  If a stage has "fastest"
 * or a late race, what is new is read into *tempo.  Returns 0, or -1 with err
 * if there is no memory or there are no random numbers.  In both cases the plan
 * must be freed afterwards.
 */
int	plan_build(struct plan *plan, const struct graph *graph,
	    const struct config *config, struct state *state,
	    struct tempo *tempo, const struct request *request,
	    struct err *err);
void	plan_free(struct plan *plan);

/*
 * The plan of a call (model/batch_call.h), whose request is the variable "body"
 * of *request: spec is graph_call, or a copy of it with the limit of tokens
 * that the request has.  It asks the n services, first to last, of which those
 * that are set aside come last.  `model` is as in struct plan_part.  Returns as
 * plan_build.
 */
int	plan_call(struct plan *plan, const struct stage_spec *spec,
	    const struct config *config, struct state *state,
	    const struct service *const order[], size_t n, const char *model,
	    const struct request *request, struct err *err);

/*
 * Has the demo write all parts that models would write, because a limit is
 * reached; `over` is its code, a string literal.
 */
void	plan_to_demo(struct plan *plan, const char *over);

/*
 * Fills order, which has PLAN_ORDER_MAX places, with the services that a stage
 * asks, first to last; those that are set aside come last.  Returns how many,
 * at least 1: config_order says which they are.
 */
size_t	plan_order(const struct config *config, const struct state *state,
	    const struct stage_spec *spec, const struct service **order);

/*
 * The number of stage processes that a run needs if nothing fails.  If they
 * serve more than one job (limits.stage_requests), a part that waits for the
 * end of another one at the same service takes over that one's process, and
 * with it the open connection, so it needs none of its own.
 */
size_t	plan_processes(const struct graph *graph,
	    const struct config *config);

/* The same of this plan, which may leave parts out or have given ones. */
size_t	plan_needs(const struct plan *plan);

/* Whether the demo would write a run, or some part of it. */
bool	plan_is_demo(const struct graph *graph, const struct config *config);

/* The sentence that tells a visitor how to replace the demo by a model. */
extern const char plan_demo_hint[];

#endif
