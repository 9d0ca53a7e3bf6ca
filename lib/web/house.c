/*
 * house.c: listener, before any fork, and worker.  Loads and frees what all
 * processes share; knows nothing of requests.
 */
#include <stdlib.h>

#include "base/crowd.h"
#include "base/log.h"
#include "http/http.h"
#include "http/trust.h"
#include "plan/plan.h"
#include "setup/page.h"
#include "setup/place.h"
#include "web/house.h"

static const char remedy[] = "this program is not configured well; run "
    "\"recipe.fcgi check\" on the server, it says what to mend";

static void
log_warning(const char *line)
{
	log_warnx("%s", line);
}

/* Fits the limits to what a run of this graph takes. */
static void
fit_limits(struct house *house)
{
	const char *why;

	house->config.limits = house->set;
	why = config_fit(&house->config, 1 + graph_processes(&house->graph));
	if (why != NULL)
		log_warnx("max_runs is %lld and max_waiting %lld because of"
		    " %s", (long long)house->config.limits.max_runs,
		    (long long)house->config.limits.max_waiting, why);
}

/* Reads the prompts and the page into `graph`: 0, or -1 with err. */
static int
load_graph(struct graph *graph, const char *name, struct err *err)
{
	struct err page = ERR_INIT;

	if (graph_load(graph, err) == -1)
		return -1;
	/* Without its page the site still serves the other forms. */
	if (page_load(graph, name, &page) == -1)
		log_warnx("%s", page.text);
	return 0;
}

void
house_watch(struct house *house)
{
	char *prompts = place_find("RECIPE_PROMPTS", "prompts");
	char *page = page_find(false), *any = page_find(true);

	if (prompts != NULL)
		saved_open(&house->saved, prompts, page, any);
	free(prompts);
	free(page);
	free(any);
}

void
house_load(struct house *house)
{
	struct err err = ERR_INIT;

	if (config_load(&house->config, log_warning, &err) == -1) {
		log_warnx("%s", err.text);
		err_set(&house->broken, 503, "config", "%s", remedy);
		return;
	}
	house->set = house->config.limits;
	if (load_graph(&house->graph, house->config.name, &err) == -1) {
		log_warnx("%s", err.text);
		house->stale = err;
		err_set(&house->broken, 503, "config", "%s", remedy);
		return;
	}
	fit_limits(house);
}

/* Puts a graph that was read anew in the place of the old one. */
static void
replace_graph(struct house *house, struct graph *graph)
{
	graph_free(&house->graph);
	house->graph = *graph;
	house->stale = house->broken = (struct err)ERR_INIT;
	fit_limits(house);
	log_info("the prompts were saved, and are used from now on");
}

bool
house_refresh(struct house *house)
{
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT;

	/* With a broken recipe.json the limits are not set. */
	if (!saved_look(&house->saved) || house->set.max_runs == 0)
		return false;
	if (load_graph(&graph, house->config.name, &err) == 0) {
		replace_graph(house, &graph);
		return true;
	}
	graph_free(&graph);
	log_warnx("%s; %s", err.text, house->broken.status == 0 ?
	    "what was there before is used on" : "nothing can be served");
	house->stale = err;
	return true;
}

void
house_open(struct house *house)
{
	char *site = place_site(house->config.path);

	state_open(&house->state, house->config.state, site);
	free(site);
	places_open(&house->places, house->state.dir);
	laps_open(&house->laps, house->state.dir);
	if (house->places.file.why[0] != '\0')
		log_warnx("%s", house->places.file.why);
	http_init();
	house->trust = trust_new();
}

void
house_make_pool(struct house *house)
{
	const struct stage_heritage heritage = { &house->graph,
	    &house->config, house->trust, house->crowd };

	if (house->broken.status == 0 && pool_init(&house->pool,
	    graph_stages(&house->graph), plan_processes(&house->graph,
	    &house->config), &heritage) == -1)
		fatal("worker");
}

void
house_free(struct house *house)
{
	saved_close(&house->saved);
	pool_free(&house->pool);
	places_close(&house->places);
	laps_close(&house->laps);
	state_free(&house->state);
	crowd_free(house->crowd);
	trust_free(house->trust);
	graph_free(&house->graph);
	config_free(&house->config);
}
