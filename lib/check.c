/*
 * check.c: on the command line.  Says what would be done; does none of it.
 */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "config.h"
#include "err.h"
#include "graph.h"
#include "http.h"
#include "plan.h"

static void
warn(const char *line)
{
	printf("  warning     %s\n", line);
}

static void
print_user(void)
{
	const struct passwd *user = getpwuid(geteuid());

	printf("  user        %s (a web server may start it as another)\n",
	    user == NULL ? "unknown" : user->pw_name);
}

/* -1 where one cannot be used although it is configured. */
static int
print_services(const struct config *config)
{
	struct trust *trust = http_trust_new();
	const struct service *s;
	const char *why;
	int rc = 0;
	size_t i;

	for (i = 0; i < config->services.n; i++) {
		s = &config->services.list[i];
		if (service_is_demo(s) || (s->why_not != NULL &&
		    s->in_file == 0))
			continue;
		printf("  service     %-12s %s, %s%s%s\n", s->id, s->base_url,
		    s->models[0], s->why_not == NULL ? "" : "; not usable: ",
		    s->why_not == NULL ? "" : s->why_not);
		if (s->why_not != NULL && s->in_file > 0) {
			printf("              set %s, or take \"%s\" out\n",
			    s->key_from, s->id);
			rc = -1;
		} else if (service_is_https(s) &&
		    http_trust_add(trust, s->ca_file, &why) == -1) {
			printf("              its certificates: %s\n", why);
			rc = -1;
		}
	}
	http_trust_free(trust);
	return rc;
}

static void
print_stages(const struct config *config, const struct graph *graph)
{
	const struct stage_spec *s;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		printf("  stage       %-12s %s\n", s->part, s->is_each ?
		    "a template" : config_choose(config, s->service)->id);
	}
	if (plan_is_demo(graph, config))
		printf("\n%s\n", plan_demo_hint);
}

int
check_run(void)
{
	struct config config = CONFIG_INIT;
	struct graph graph = GRAPH_INIT;
	struct err err = ERR_INIT;
	const char *why;
	int rc = 1;

	http_init();
	print_user();
	if (config_load(&config, warn, &err) == -1 ||
	    graph_load(&graph, &err) == -1) {
		printf("  wrong       %s\n", err.text);
		goto out;
	}
	printf("  config      %s\n", config.path == NULL ?
	    "no recipe.json; what is built in" : config.path);
	printf("  prompts     %s\n", graph.dir);
	rc = print_services(&config) == -1;
	why = config_fit(&config, 1 + graph_processes(&graph));
	printf("  runs        %lld at once, %zu processes each%s%s\n",
	    (long long)config.limits.max_runs, 1 + graph_processes(&graph),
	    why == NULL ? "" : "; lowered by ", why == NULL ? "" : why);
	print_stages(&config, &graph);
out:
	graph_free(&graph);
	config_free(&config);
	return rc;
}
