/*
 * plan.c: worker.  A run on paper; starts nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "config.h"
#include "err.h"
#include "graph.h"
#include "plan.h"
#include "request.h"
#include "state.h"

const char plan_demo_hint[] = "This is the built-in demo cook. For a real "
    "model set FIREWORKS_API_KEY, GROQ_API_KEY, TOGETHER_API_KEY or "
    "OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) and start "
    "again.";

bool
plan_is_demo(const struct graph *graph, const struct config *config)
{
	const struct stage_spec *s;
	const struct service *first;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (s->is_each)
			continue;
		config_order(config, s->services, &first, 1);
		if (service_is_demo(first))
			return true;
	}
	return false;
}

/* A stable order: those that are not set aside, then those that are. */
static void
put_aside_last(struct plan_part *part, const struct state *state)
{
	const struct service *aside[PLAN_ORDER_MAX];
	size_t i, n = 0, good = 0;

	for (i = 0; i < part->norder; i++) {
		if (state_aside_ms(state, part->order[i]) > 0)
			aside[n++] = part->order[i];
		else
			part->order[good++] = part->order[i];
	}
	for (i = 0; i < n; i++)
		part->order[good + i] = aside[i];
}

int
plan_build(struct plan *plan, const struct graph *graph,
    const struct config *config, const struct state *state,
    const struct request *request, struct err *err)
{
	unsigned char random[16];
	struct plan_part *part;
	size_t i;

	plan->graph = graph;
	plan->config = config;
	plan->request = request;
	plan->n = graph->n;
	plan->parts = calloc(graph->n, sizeof(*plan->parts));
	if (plan->parts == NULL ||
	    getrandom(random, sizeof(random), 0) != sizeof(random))
		goto fail;
	for (i = 0; i < sizeof(random); i++)
		snprintf(plan->id + 2 * i, 3, "%02x", random[i]);
	for (i = 0; i < graph->n; i++) {
		part = &plan->parts[i];
		part->spec = &graph->stages[i];
		part->absent = request->partial.absent[i];
		if (part->spec->is_each)
			continue;
		part->norder = config_order(config, part->spec->services,
		    part->order, PLAN_ORDER_MAX);
		if (!part->absent && service_is_demo(part->order[0]))
			plan->demo = true;
		put_aside_last(part, state);
		if (getrandom(&part->draw, sizeof(part->draw), 0) !=
		    sizeof(part->draw))
			goto fail;
	}
	return 0;
fail:
	return err_set(err, 503, "no_memory",
	    "the server is short of memory, try again in a moment");
}

void
plan_free(struct plan *plan)
{
	free(plan->parts);
	plan->parts = NULL;
	plan->n = 0;
}
