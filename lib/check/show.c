/*
 * show.c: runs on the command line.  Composes a request as a run would, and
 * prints it; sends nothing.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/vars.h"
#include "check/show.h"
#include "http/call.h"
#include "http/headers.h"
#include "model/ask.h"
#include "model/job.h"
#include "plan/plan.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/place.h"
#include "site/state.h"
#include "text/json.h"
#include "text/mask.h"

#define EXIT_USAGE	2

/* Bytes of a body, which holds every byte of a prompt as \u00XX at most. */
#define BODY_MAX	(16 * 1024 * 1024)
/* Levels of JSON in a body; stages.json has fewer. */
#define DEPTH		64

struct show {
	struct config	 config;
	struct graph	 graph;
	struct state	 state;
	struct vars	 vars;
	const struct stage_spec *spec;
};

static void
print_remark(const char *line)
{
	fprintf(stderr, "recipe.fcgi: %s\n", line);
}

static int
load(struct show *s)
{
	struct err err = ERR_INIT;
	char *site;

	if (config_load(&s->config, print_remark, &err) == -1 ||
	    graph_load(&s->graph, &err) == -1) {
		print_remark(err.text);
		return -1;
	}
	site = place_site(s->config.path);
	state_look(&s->state, s->config.state, site);
	free(site);
	return 0;
}

/* Whether the stage asks a model: it is no template and no program. */
static bool
asks_model(const struct stage_spec *spec)
{
	return !spec->is_each && spec->run == NULL;
}

/* Finds the stage.  0, or -1 after naming those that can be shown. */
static int
find_part(struct show *s, const char *part)
{
	const struct stage_spec *spec = NULL;
	const char *comma = "";
	size_t i;

	for (i = 0; i < s->graph.n; i++)
		if (strcmp(s->graph.stages[i].part, part) == 0)
			spec = &s->graph.stages[i];
	s->spec = spec;
	if (spec != NULL && asks_model(spec))
		return 0;
	fprintf(stderr, "recipe.fcgi: %s \"%s\"%s; parts that ask a model"
	    " are ", spec == NULL ? "there is no part" : "the part", part,
	    spec == NULL ? "" : spec->is_each ? " asks no model, since its "
	    "stage has \"each\"" : " asks no model, since its stage has "
	    "\"run\"");
	for (i = 0; i < s->graph.n; i++)
		if (asks_model(&s->graph.stages[i])) {
			fprintf(stderr, "%s%s", comma,
			    s->graph.stages[i].part);
			comma = ", ";
		}
	fputs("\n", stderr);
	return -1;
}

/* --- the variables ------------------------------------------------------- */

/* Gives a variable its own name as a text, unless it has one. */
static void
set_placeholder(struct show *s, const char *name)
{
	struct buf text = BUF_INIT(1024);

	if (vars_get(&s->vars, name) != NULL)
		return;
	buf_printf(&text, "<%s>", name);
	vars_set(&s->vars, name, text.data, text.len);
	buf_free(&text);
}

/* The same for each field of a pick. */
static void
set_fields(struct show *s, const struct list_spec *list)
{
	struct buf name = BUF_INIT(1024);
	size_t i;

	for (i = 0; i < list->nfields; i++) {
		buf_reset(&name);
		buf_printf(&name, "%s.%s", list->pick, list->fields[i]);
		set_placeholder(s, name.data);
	}
	buf_free(&name);
}

/* Sets all variables that are not given; they are all that there are. */
static void
set_missing(struct show *s)
{
	const struct stage_spec *from;
	size_t i;

	for (i = 0; i < s->graph.ninputs; i++)
		set_placeholder(s, s->graph.inputs[i].name);
	for (i = 0; i < s->spec->nneeds; i++) {
		from = &s->graph.stages[s->spec->needs[i].stage];
		if (s->spec->needs[i].pick)
			set_fields(s, &from->list);
		else
			set_placeholder(s, from->part);
	}
}

/* Says that a word on the command line is no variable, and names them all. */
static int
complain(struct show *s, const char *word)
{
	size_t i;

	vars_free(&s->vars);
	set_missing(s);
	fprintf(stderr, "recipe.fcgi: \"%s\" is not NAME=VALUE in UTF-8, with "
	    "one of these names:", word);
	for (i = 0; i < s->vars.n; i++)
		fprintf(stderr, " %s", s->vars.list[i].name);
	fputs("\n", stderr);
	return -1;
}

/* Reads the words NAME=VALUE.  0, or -1 after a complaint. */
static int
read_values(struct show *s, char *const values[], size_t n)
{
	const char *value;
	char *name;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		value = strchr(values[i], '=');
		if (value == NULL || !utf8_valid(value, strlen(value)))
			return complain(s, values[i]);
		name = strndup(values[i], (size_t)(value - values[i]));
		rc = name != NULL && graph_may_use(&s->graph, s->spec, name) ?
		    vars_set(&s->vars, name, value + 1, strlen(value + 1)) :
		    -1;
		free(name);
		if (rc == -1)
			return complain(s, values[i]);
	}
	return 0;
}

/* --- the service ---------------------------------------------------------- */

/*
 * The service that would be asked first.  If that is the demo, which is sent no
 * request, it is the one that would be asked if it could be.
 */
static const struct service *
choose_service(struct show *s)
{
	const struct service *order[PLAN_ORDER_MAX], *wanted = NULL;
	char **ids = s->spec->services;
	size_t i;

	state_read(&s->state);
	plan_order(&s->config, &s->state, s->spec, order);
	if (!service_is_demo(order[0]))
		return order[0];
	for (i = 0; i < s->spec->nservices && wanted == NULL; i++)
		wanted = services_find(&s->config.services, ids[i]);
	if (wanted == NULL && s->config.default_service != NULL)
		wanted = services_find(&s->config.services,
		    s->config.default_service);
	if (wanted == NULL || service_is_demo(wanted))
		wanted = &s->config.services.list[0];
	fprintf(stderr, "recipe.fcgi: no service can be used, so the demo "
	    "would write this part; this is what \"%s\" would be sent\n",
	    wanted->id);
	return wanted;
}

/* --- what is printed ------------------------------------------------------ */

/* Whether what has this name, of n bytes, should not be seen by others. */
static bool
is_secret(const char *name, size_t n)
{
	static const char *const words[] = { "key", "token", "secret", "auth",
	    "pass", "cookie", "sig", NULL };
	char *copy = strndup(name, n);
	bool found = copy == NULL;
	size_t i;

	for (i = 0; words[i] != NULL && !found; i++)
		found = strcasestr(copy, words[i]) != NULL;
	free(copy);
	return found;
}

/* Hides a user and a password, and what is named as a secret in the query. */
static void
add_url(struct buf *out, const char *url)
{
	const char *host = strstr(url, "://") + 3, *at = NULL, *p;
	size_t n, name;

	for (p = host; p < host + strcspn(host, "/?#"); p++)
		if (*p == '@')
			at = p;
	buf_add(out, url, (size_t)(host - url));
	if (at != NULL) {
		buf_puts(out, MASK_HIDDEN);
		host = at;
	}
	n = strcspn(host, "?");
	buf_add(out, host, n);
	for (p = host + n; *p != '\0'; p += 1 + n) {
		n = strcspn(p + 1, "&");
		name = strcspn(p + 1, "=&");
		if (name < n && is_secret(p + 1, name))
			buf_printf(out, "%.*s=" MASK_HIDDEN, (int)name + 1, p);
		else
			buf_add(out, p, n + 1);
	}
}

/* http's `ready`; it only says that this is a POST. */
static int
send_nothing(void *arg, const char **body, size_t *n)
{
	(void)arg, (void)body, (void)n;
	return -1;
}

/* Adds the headers; of one that is named as a secret only its name. */
static void
add_headers(struct buf *out, const struct service *service)
{
	static const char bearer[] = "Authorization: Bearer " MASK_HIDDEN;
	struct http_request request = { .ready = send_nothing };
	struct buf all = BUF_INIT(64 * 1024);
	const char *line;
	size_t n, name;

	ask_request(service, &request);
	request.key = service->key_from == NULL ? NULL : MASK_HIDDEN;
	headers_write(&request, &all);
	for (line = all.data; *line != '\0'; line += n + 1) {
		n = strcspn(line, "\n");
		name = strcspn(line, ":");
		if (is_secret(line, name) && (n != sizeof(bearer) - 1 ||
		    memcmp(line, bearer, n) != 0))
			buf_printf(out, "%.*s: " MASK_HIDDEN "\n", (int)name,
			    line);
		else
			buf_add(out, line, n + 1);
	}
	if (all.failed)
		out->failed = true;
	buf_free(&all);
}

/* Adds the body, on lines of its own.  0, or -1 if it is too long. */
static int
add_body(struct show *s, const struct job *job, struct buf *out)
{
	struct buf text = BUF_INIT((size_t)s->config.limits.prompt_bytes);
	struct buf body = BUF_INIT(BODY_MAX);
	struct messages messages;
	struct json *json = NULL;
	int rc;

	rc = ask_prompt(s->spec, &s->vars, &text, &messages.system_len);
	messages.system = text.data;
	messages.user = text.data + messages.system_len;
	messages.user_len = text.len - messages.system_len;
	if (rc == 0 && (rc = ask_body(job, &messages, &body)) == 0)
		json = json_parse(body.data, body.len, DEPTH, false, NULL,
		    NULL);
	json_write_lines(json, out);
	buf_putc(out, '\n');
	json_free(json);
	buf_free(&body);
	buf_free(&text);
	return rc;
}

/*
 * Prints all of it.  The key is looked for once more in the whole text: a
 * profile's headers and members are free, and might hold it.  Returns the exit
 * status.
 */
static int
print_request(struct show *s, const struct service *service)
{
	struct job job = { .spec = s->spec, .service = service,
	    .model = service->models[0] };
	struct buf url = BUF_INIT(8192), out = BUF_INIT(2 * BODY_MAX);
	struct buf clean = BUF_INIT(2 * BODY_MAX);
	int rc;

	job.params = ask_params(s->spec, service, state_refused(&s->state,
	    service, job.model, s->spec));
	job.thinks = state_thinks(&s->state, service, job.model);
	ask_url(&job, &url);
	buf_puts(&out, "POST ");
	add_url(&out, url.data);
	buf_puts(&out, "\n");
	add_headers(&out, service);
	buf_puts(&out, "\n");
	if ((rc = add_body(s, &job, &out)) == -1)
		fprintf(stderr, "recipe.fcgi: the prompt would be longer than"
		    " prompt_bytes, %lld\n",
		    (long long)s->config.limits.prompt_bytes);
	mask_text(&clean, out.data, out.len, service->key);
	if (rc == 0)
		fputs(clean.data, stdout);
	buf_free(&clean);
	buf_free(&out);
	buf_free(&url);
	return rc == -1 ? 1 : 0;
}

int
show_run(const char *part, char *const values[], size_t n)
{
	struct show s = { .config = CONFIG_INIT, .graph = GRAPH_INIT,
	    .state = STATE_INIT, .vars = VARS_INIT };
	int rc = 1;

	if (load(&s) == 0) {
		rc = EXIT_USAGE;
		if (find_part(&s, part) == 0 &&
		    read_values(&s, values, n) == 0) {
			set_missing(&s);
			rc = print_request(&s, choose_service(&s));
		}
	}
	vars_free(&s.vars);
	state_free(&s.state);
	graph_free(&s.graph);
	config_free(&s.config);
	return rc;
}
