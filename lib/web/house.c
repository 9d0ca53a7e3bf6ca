/*
 * house.c: listener, before any fork, and worker.  Loads and frees what all
 * processes share; knows nothing of requests.
 */
#include <stdlib.h>
#include <string.h>

#include "base/crowd.h"
#include "base/io.h"
#include "base/leave.h"
#include "base/log.h"
#include "http/http.h"
#include "http/trust.h"
#include "plan/plan.h"
#include "setup/page.h"
#include "setup/place.h"
#include "site/folder.h"
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

/*
 * Reads the prompts and the page into `graph`: 0, or -1 with err.  What is
 * wrong with the page comes into *page alone, because the site still serves the
 * other forms without it.
 */
static int
load_graph(struct graph *graph, const char *name, struct err *page,
    struct err *err)
{
	if (graph_load(graph, err) == -1)
		return -1;
	if (page_load(graph, name, page) == 0)
		*page = (struct err)ERR_INIT;
	return 0;
}

/* Notes what is wrong with the page, and logs it. */
static void
note_page(struct house *house, const struct err *page)
{
	house->page = *page;
	if (page->status != 0)
		log_warnx("%s", page->text);
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
	struct err err = ERR_INIT, page = ERR_INIT;

	if (config_load(&house->config, log_warning, &err) == -1) {
		log_warnx("%s", err.text);
		err_set(&house->broken, 503, "config", "%s", remedy);
		return;
	}
	house->set = house->config.limits;
	if (load_graph(&house->graph, house->config.name, &page, &err) == -1) {
		log_warnx("%s", err.text);
		house->stale = err;
		err_set(&house->broken, 503, "config", "%s", remedy);
		return;
	}
	note_page(house, &page);
	fit_limits(house);
}

/* Puts a graph that was read anew in the place of the old one. */
static void
replace_graph(struct house *house, struct graph *graph, const struct err *page)
{
	graph_free(&house->graph);
	house->graph = *graph;
	house->stale = house->broken = (struct err)ERR_INIT;
	note_page(house, page);
	fit_limits(house);
	/* Directories that are there only now are watched as well. */
	if (house->saved.dirs[0].path == NULL)
		house_watch(house);
	saved_renew(&house->saved);
	log_info("the prompts were saved, and are used from now on");
}

/* What was read cannot be used. */
static void
keep_graph(struct house *house, const struct err *err)
{
	log_warnx("%s; %s", err->text, house->broken.status == 0 ?
	    "what was there before is used on" : "nothing can be served");
	house->stale = *err;
}

bool
house_is_broken(const struct house *house)
{
	return house->set.max_runs > 0 &&
	    (house->stale.status != 0 || house->page.status != 0);
}

/* Whether it is time to look whether what was broken is mended. */
static bool
is_due(struct house *house)
{
	int64_t now = io_now_ms();

	if (!house_is_broken(house) || now - house->looked_ms < HOUSE_LOOK_MS)
		return false;
	house->looked_ms = now;
	return true;
}

/* Whether the same is wrong, if anything is, as when it was read last. */
static bool
is_as_before(const struct house *house, const struct err *err,
    const struct err *page)
{
	return strcmp(err->text, house->stale.text) == 0 &&
	    (err->status != 0 || strcmp(page->text, house->page.text) == 0);
}

bool
house_refresh(struct house *house)
{
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT, page = ERR_INIT;
	bool saved;

	/* With a broken recipe.json the limits are not set. */
	if (house->set.max_runs == 0)
		return false;
	saved = saved_look(&house->saved);
	if (!saved && !is_due(house))
		return false;
	load_graph(&graph, house->config.name, &page, &err);
	if (!saved && is_as_before(house, &err, &page)) {
		graph_free(&graph);
		return false;
	}
	if (err.status == 0) {
		replace_graph(house, &graph, &page);
		return true;
	}
	graph_free(&graph);
	keep_graph(house, &err);
	return true;
}

void
house_open(struct house *house)
{
	char *site = place_site(house->config.path);
	const char *dir;

	state_open(&house->state, house->config.state, site);
	free(site);
	places_open(&house->places, house->state.dir);
	rates_open(&house->rates, house->state.dir, &house->config.services);
	laps_open(&house->laps, house->state.dir);
	/* What is spent is counted where the operator says, or not at all. */
	dir = folder_is_in(house->state.dir, house->config.state) ?
	    house->state.dir : NULL;
	ledger_open(&house->ledger, dir, &house->config.guard,
	    &house->places);
	if (dir != NULL && house->config.state == NULL &&
	    folder_is_emptied(dir))
		ledger_may_vanish(&house->ledger);
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

/* Ends what others notice. */
static void
end_parts(struct house *house)
{
	saved_close(&house->saved);
	pool_free(&house->pool);
	ledger_close(&house->ledger);
	places_close(&house->places);
}

static void
free_all(struct house *house)
{
	rates_close(&house->rates);
	laps_close(&house->laps);
	tempo_free(&house->tempo);
	state_free(&house->state);
	crowd_free(house->crowd);
	trust_free(house->trust);
	graph_free(&house->graph);
	config_free(&house->config);
}

void
house_free(struct house *house)
{
	end_parts(house);
	free_all(house);
}

void
house_leave(struct house *house)
{
	end_parts(house);
	/* It is shared with the listener until it is freed: page by page. */
	if (LEAVE_CHECKS)
		free_all(house);
	leave(0);
}
