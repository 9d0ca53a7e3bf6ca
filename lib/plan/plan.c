/*
 * plan.c: worker.  Decides what a run will do; starts nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/err.h"
#include "base/io.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "site/state.h"
#include "site/tempo.h"
#include "setup/config.h"
#include "setup/graph.h"

_Static_assert(PLAN_ORDER_MAX <= FASTEST_MAX, "an order can be sorted");

const char plan_demo_hint[] = "This is the built-in demo cook. For a real "
    "model set FIREWORKS_API_KEY, GROQ_API_KEY, TOGETHER_API_KEY or "
    "OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) and start "
    "again.";

static const char over_hint[] = "This site has used up what it may spend "
    "today, so the built-in demo cook writes this and no model does.";

/*
 * Returns the stage whose process stage i takes over, or PLAN_NO_HEIR.  It must
 * have ended by then, so i waits for the whole of it and not for its pick; it
 * must be connected to the service that i asks first; and no other stage may
 * have taken it.  A stage that is raced has two processes, of which one is
 * ended early, so it neither takes one over nor leaves one.
 */
static size_t
find_heir_of(const struct graph *graph, const struct service *const first[],
    size_t i, const bool taken[])
{
	const struct stage_spec *s = &graph->stages[i];
	size_t k, from;

	for (k = 0; k < s->nneeds && !s->race; k++) {
		from = s->needs[k].stage;
		if (!s->needs[k].pick && !taken[from] &&
		    !graph->stages[from].race && first[from] == first[i])
			return from;
	}
	return PLAN_NO_HEIR;
}

/*
 * Fills heir_of[] for all stages, and returns how many take over a process.  If
 * a process ends after one job (stage_requests is 1), none does.
 */
static size_t
find_heirs(const struct graph *graph, const struct config *config,
    const struct service *const first[], size_t heir_of[])
{
	bool taken[GRAPH_STAGES_MAX] = { false };
	size_t i, n = 0;

	for (i = 0; i < graph->n; i++) {
		heir_of[i] = config->limits.stage_requests == 1 ?
		    PLAN_NO_HEIR : find_heir_of(graph, first, i, taken);
		if (heir_of[i] == PLAN_NO_HEIR)
			continue;
		taken[heir_of[i]] = true;
		n++;
	}
	return n;
}

/*
 * Fills order[], which has at most max places, with what a stage asks.  Returns
 * how many that are: 0 for an `each` stage, 1 for a program.
 */
static size_t
find_order(const struct config *config, const struct stage_spec *s,
    const struct service **order, size_t max)
{
	if (s->is_each)
		return 0;
	if (s->run == NULL)
		return config_order(config, s->services, order, max);
	order[0] = &service_program;
	return 1;
}

/*
 * Fills first[] with the service that each stage asks first, NULL for an `each`
 * stage.  It goes by the configuration alone, before any service is set aside.
 */
static void
find_first(const struct graph *graph, const struct config *config,
    const struct service *first[])
{
	size_t i;

	for (i = 0; i < graph->n; i++) {
		first[i] = NULL;
		find_order(config, &graph->stages[i], &first[i], 1);
	}
}

size_t
plan_needs(const struct plan *plan)
{
	const struct plan_part *p;
	size_t n = 0;

	for (p = plan->parts; p < plan->parts + plan->n; p++)
		if (!p->absent && p->norder > 0 && p->heir_of == PLAN_NO_HEIR)
			n += p->race ? 2 : 1;
	return n;
}

size_t
plan_processes(const struct graph *graph, const struct config *config)
{
	const struct service *first[GRAPH_STAGES_MAX];
	size_t heir_of[GRAPH_STAGES_MAX], i, n = 0;

	find_first(graph, config, first);
	/* A race that is an exception forks its second process by itself. */
	for (i = 0; i < graph->n; i++)
		n += graph->stages[i].is_each ? 0 : graph->stages[i].race ?
		    2 : 1;
	return n - find_heirs(graph, config, first, heir_of);
}

bool
plan_is_demo(const struct graph *graph, const struct config *config)
{
	const struct service *first[GRAPH_STAGES_MAX];
	size_t i;

	find_first(graph, config, first);
	for (i = 0; i < graph->n; i++)
		if (first[i] != NULL && service_is_demo(first[i]))
			return true;
	return false;
}

/* Moves those that are set aside to the end. */
static void
put_aside_last(const struct state *state, const struct service **order,
    size_t norder)
{
	const struct service *aside[PLAN_ORDER_MAX] = { NULL };
	size_t i, n = 0, good = 0;

	for (i = 0; i < norder; i++) {
		if (state_aside_ms(state, order[i]) > 0)
			aside[n++] = order[i];
		else
			order[good++] = order[i];
	}
	for (i = 0; i < n; i++)
		order[good + i] = aside[i];
}

size_t
plan_order(const struct config *config, const struct state *state,
    const struct stage_spec *spec, const struct service **order)
{
	size_t n = find_order(config, spec, order, PLAN_ORDER_MAX);

	put_aside_last(state, order, n);
	return n;
}

/*
 * Decides which of a part's services is asked first, and whether the second one
 * is asked too, at once or later.  One that is set aside is none of these.
 */
static void
choose(struct plan_part *part, struct state *state, const struct tempo *tempo)
{
	const struct stage_spec *spec = part->spec;
	size_t n = 0;

	while (n < part->norder && state_aside_ms(state, part->order[n]) == 0)
		n++;
	fastest_order(&part->choice, spec, tempo, state, part->order, n);
	part->race = spec->race || part->choice.trial;
	part->late_ms = !spec->is_late_race || n < 2 ? -1 :
	    fastest_late_ms(tempo, part->order[0]);
}

/*
 * Decides one part, whose spec is set.  An `each` part asks no service, and of
 * a program there is only one.  Returns 0, or -1 if there are no random
 * numbers.
 */
static int
build_part(struct plan_part *part, const struct plan *plan,
    struct state *state, const struct tempo *tempo)
{
	part->late_ms = -1;
	if (part->spec->is_each)
		return 0;
	part->norder = plan_order(plan->config, state, part->spec,
	    part->order);
	if (part->spec->run == NULL)
		choose(part, state, tempo);
	return !part->spec->is_list ||
	    getrandom(&part->draw, sizeof(part->draw), 0) ==
	    sizeof(part->draw) ? 0 : -1;
}

/*
 * Decides who takes over whose process.  This comes after the orders of all
 * parts, because a service that is set aside is not asked first.
 */
static void
build_heirs(struct plan *plan)
{
	const struct service *first[GRAPH_STAGES_MAX] = { NULL };
	size_t heir_of[GRAPH_STAGES_MAX] = { 0 }, i;

	for (i = 0; i < plan->n; i++)
		first[i] = plan->parts[i].order[0];
	find_heirs(plan->graph, plan->config, first, heir_of);
	for (i = 0; i < plan->n; i++)
		plan->parts[i].heir_of = heir_of[i];
}

static int
lack_memory(struct err *err)
{
	return err_set(err, 503, "no_memory",
	    "the server is short of memory, try again in a moment");
}

/* Fills all but the parts, of which there will be n.  0, or -1 with err. */
static int
begin_plan(struct plan *plan, const struct graph *graph, size_t n,
    const struct config *config, const struct request *request,
    struct err *err)
{
	unsigned char random[16];
	size_t i;

	plan->graph = graph;
	plan->config = config;
	plan->request = request;
	plan->n = n;
	plan->parts = calloc(n, sizeof(*plan->parts));
	if (plan->parts == NULL ||
	    getrandom(random, sizeof(random), 0) != sizeof(random))
		return lack_memory(err);
	for (i = 0; i < sizeof(random); i++)
		snprintf(plan->id + 2 * i, 3, "%02x", random[i]);
	return 0;
}

int
plan_build(struct plan *plan, const struct graph *graph,
    const struct config *config, struct state *state, struct tempo *tempo,
    const struct request *request, struct err *err)
{
	struct plan_part *part;
	size_t i;

	if (begin_plan(plan, graph, graph->n, config, request, err) == -1)
		return -1;
	if (fastest_is_asked(graph))
		tempo_read(tempo, state->dir, io_wall_ms() - FASTEST_MS);
	for (i = 0; i < graph->n; i++) {
		part = &plan->parts[i];
		part->spec = &graph->stages[i];
		part->absent = request->partial.absent[i];
		if (build_part(part, plan, state, tempo) == -1)
			return lack_memory(err);
		if (!part->absent && part->norder > 0 &&
		    service_is_demo(part->order[0]))
			plan->demo = true;
	}
	if (plan->demo)
		plan->hint = plan_demo_hint;
	build_heirs(plan);
	return 0;
}

int
plan_call(struct plan *plan, const struct stage_spec *spec,
    const struct config *config, struct state *state,
    const struct service *const order[], size_t n, const char *model,
    const struct request *request, struct err *err)
{
	static const struct graph none = GRAPH_INIT;
	struct plan_part *part;
	size_t i;

	if (begin_plan(plan, &none, 1, config, request, err) == -1)
		return -1;
	part = &plan->parts[0];
	part->spec = spec;
	part->norder = n < PLAN_ORDER_MAX ? n : PLAN_ORDER_MAX;
	for (i = 0; i < part->norder; i++)
		part->order[i] = order[i];
	put_aside_last(state, part->order, part->norder);
	part->model = model;
	part->late_ms = -1;
	part->heir_of = PLAN_NO_HEIR;
	return 0;
}

void
plan_to_demo(struct plan *plan, const char *over)
{
	const struct service *demo = services_find(&plan->config->services,
	    SERVICE_DEMO);
	struct plan_part *part;
	size_t i;

	for (i = 0; i < plan->n; i++) {
		part = &plan->parts[i];
		if (part->norder == 0 || part->spec->run != NULL)
			continue;
		part->order[0] = demo;
		part->norder = 1;
		part->race = false;
		part->late_ms = -1;
		part->choice = (struct choice){ .trial = false };
	}
	plan->demo = true;
	plan->over = over;
	plan->hint = over_hint;
	build_heirs(plan);
}

void
plan_free(struct plan *plan)
{
	free(plan->parts);
	plan->parts = NULL;
	plan->n = 0;
}
