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

const char plan_demo_hint[] = "This is the built-in demo cook. For a real "
    "model set FIREWORKS_API_KEY, GROQ_API_KEY, TOGETHER_API_KEY or "
    "OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) and start "
    "again.";

bool
plan_is_demo(const struct graph *graph, const struct config *config)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		if (!s->is_each &&
		    service_is_demo(config_choose(config, s->service)))
			return true;
	}
	return false;
}

int
plan_build(struct plan *plan, const struct graph *graph,
    const struct config *config, const struct request *request,
    struct err *err)
{
	unsigned char random[16];
	struct plan_part *part;
	size_t i;

	plan->graph = graph;
	plan->config = config;
	plan->request = request;
	plan->n = graph->n;
	plan->demo = plan_is_demo(graph, config);
	plan->parts = calloc(graph->n, sizeof(*plan->parts));
	if (plan->parts == NULL ||
	    getrandom(random, sizeof(random), 0) != sizeof(random))
		goto fail;
	for (i = 0; i < sizeof(random); i++)
		snprintf(plan->id + 2 * i, 3, "%02x", random[i]);
	for (i = 0; i < graph->n; i++) {
		part = &plan->parts[i];
		part->spec = &graph->stages[i];
		if (part->spec->is_each)
			continue;
		part->service = config_choose(config, part->spec->service);
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
