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

static void
log_warning(const char *line)
{
	log_warnx("%s", line);
}

void
house_load(struct house *house)
{
	static const char remedy[] = "this program is not configured well; "
	    "run \"recipe.fcgi check\" on the server, it says what to mend";
	struct err err = ERR_INIT;
	const char *why;

	if (config_load(&house->config, log_warning, &err) == -1 ||
	    graph_load(&house->graph, &err) == -1) {
		log_warnx("%s", err.text);
		err_set(&house->broken, 503, "config", "%s", remedy);
		return;
	}
	why = config_fit(&house->config, 1 + graph_processes(&house->graph));
	if (why != NULL)
		log_warnx("max_runs is %lld and max_waiting %lld because of"
		    " %s", (long long)house->config.limits.max_runs,
		    (long long)house->config.limits.max_waiting, why);
	/* Without its page the site still serves the other forms. */
	if (page_load(&house->graph, house->config.name, &err) == -1)
		log_warnx("%s", err.text);
}

void
house_open(struct house *house)
{
	char *site = place_site(house->config.path);

	state_open(&house->state, house->config.state, site);
	free(site);
	places_open(&house->places, house->state.dir);
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
	    graph_processes(&house->graph), plan_processes(&house->graph,
	    &house->config), &heritage) == -1)
		fatal("worker");
}

void
house_free(struct house *house)
{
	pool_free(&house->pool);
	places_close(&house->places);
	state_free(&house->state);
	crowd_free(house->crowd);
	trust_free(house->trust);
	graph_free(&house->graph);
	config_free(&house->config);
}
