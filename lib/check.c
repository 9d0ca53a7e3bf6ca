/*
 * check.c: on the command line.  Says what would be done; does none of it.
 */
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "check.h"
#include "config.h"
#include "err.h"
#include "graph.h"
#include "http.h"
#include "json.h"
#include "plan.h"
#include "trust.h"

static void
warn(const char *line)
{
	printf("  warning     %s\n", line);
}

static void
print_user(void)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	/* Not getpwuid: see listener_open. */
	while (file != NULL && (user = fgetpwent(file)) != NULL &&
	    user->pw_uid != geteuid())
		;
	if (user == NULL)
		printf("  user        number %ld", (long)geteuid());
	else
		printf("  user        %s", user->pw_name);
	printf(" (a web server may start it as another)\n");
	if (file != NULL)
		fclose(file);
}

/* An answer being collected; as much as a list of models may have. */
static int
on_head(void *arg, const struct http_result *result)
{
	(void)arg, (void)result;
	return 0;
}

static int
on_data(void *arg, const char *data, size_t n)
{
	return buf_add(arg, data, n);
}

static bool
serves(const struct json *models, const char *model)
{
	const char *id;
	size_t i;

	for (i = 0; i < json_count(models); i++) {
		id = json_string(json_get(json_at(models, i), "id"), NULL);
		if (id != NULL && strcmp(id, model) == 0)
			return true;
	}
	return false;
}

/* What the host's own list says of our models.  -1 where none is served. */
static int
print_models(const struct service *s, const struct json *models)
{
	size_t i, served = 0;
	bool is;

	for (i = 0; i < s->nmodels; i++) {
		is = serves(models, s->models[i]);
		served += is;
		printf("              %s %s\n", is ? "serves" :
		    "does not serve", s->models[i]);
	}
	return served == 0 ? -1 : 0;
}

static int
refuses(int status)
{
	printf("              refuses the key (%d)\n", status);
	return -1;
}

/*
 * Asks the host for its models.  -1 for an answer that says it will not work;
 * a host that does not answer now may well do so later.
 */
static int
ask_models(const struct service *s, const struct trust *trust,
    int64_t timeout_ms)
{
	struct http *http = http_open(trust);
	struct buf url = BUF_INIT(8192), body = BUF_INIT(4 * 1024 * 1024);
	struct http_request request = { .key = s->key, .ca_file = s->ca_file,
	    .timeout_ms = (long)timeout_ms, .head = on_head, .data = on_data,
	    .arg = &body };
	struct http_result result;
	struct json *json;
	int rc = 0;

	buf_printf(&url, "%s/models", s->base_url);
	request.url = url.data;
	http_do(http, &request, &result);
	json = json_parse(body.data, body.len, 16, false, NULL, NULL);
	if (result.end != HTTP_OK)
		printf("              does not answer: %s (%s)\n",
		    result.message, result.detail);
	else if (result.status == 401 || result.status == 403)
		rc = refuses(result.status);
	else if (json_get(json, "data") == NULL)
		printf("              has no list of its models (%d)\n",
		    result.status);
	else
		rc = print_models(s, json_get(json, "data"));
	json_free(json);
	buf_free(&url);
	buf_free(&body);
	http_close(http);
	return rc;
}

/* -1 where one cannot be used although it is configured. */
static int
print_services(const struct config *config)
{
	struct trust *trust = trust_new();
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
		    trust_add(trust, s->ca_file, &why) == -1) {
			printf("              its certificates: %s\n", why);
			rc = -1;
		} else if (s->why_not == NULL && ask_models(s, trust,
		    config->limits.connect_ms) == -1) {
			rc = -1;
		}
	}
	trust_free(trust);
	return rc;
}

static void
print_stages(const struct config *config, const struct graph *graph)
{
	const struct service *order[PLAN_ORDER_MAX] = { NULL };
	const struct stage_spec *s;
	size_t i, k, n;

	for (i = 0; i < graph->n; i++) {
		s = &graph->stages[i];
		printf("  stage       %-12s %s", s->part, s->is_each ?
		    "a template" : "");
		n = s->is_each ? 0 : config_order(config, s->services, order,
		    PLAN_ORDER_MAX);
		for (k = 0; k < n; k++)
			printf("%s%s", k == 0 ? "" : k == 1 && s->race ?
			    " against " : ", then ", order[k]->id);
		printf("\n");
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
