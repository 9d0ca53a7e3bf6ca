/*
 * check.c: runs on the command line.  Says what a start would do, and does
 * none of it.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "check/check.h"
#include "check/check_files.h"
#include "check/check_graph.h"
#include "check/check_guard.h"
#include "check/check_service.h"
#include "check/check_twice.h"
#include "check/check_window.h"
#include "check/say.h"
#include "http/http.h"
#include "http/trust.h"
#include "plan/plan.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "setup/place.h"
#include "site/folder.h"
#include "site/places.h"

static void
print_warning(const char *line)
{
	printf("  warning     %s\n", line);
}

static void
print_user(void)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	/*
	 * getpwuid would load NSS modules, which crash a static program on a
	 * host with another glibc.
	 */
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

struct check {
	struct config	 config;
	struct graph	 graph;
	/* One for each service, in the configuration's order. */
	struct finding {
		enum standing	 standing;
		struct about	 about;
	} *found;
	size_t		 warnings;	/* about the prompts */
	size_t		 in_file;	/* warnings about recipe.json */
};

/*
 * Warns of a service that has no key.  Only one in recipe.json is warned of:
 * somebody wrote it there to be used.
 */
static void
say_unusable(const struct service *s)
{
	bool env = strncmp(s->key_from, "env:", 4) == 0;

	say_warning("warning", "\"%s\" is left out: %s; %s %s, or take it out "
	    "of recipe.json", s->id, s->why_not, env ? "set" :
	    "put it into", strchr(s->key_from, ':') + 1);
}

/*
 * Names each service and asks it for its models.  The demo is left out, and
 * built-in services without a key are, as nobody asked for them.
 */
static void
check_services(struct check *c)
{
	struct trust *trust = trust_new();
	const struct service *s;
	size_t i;

	for (i = 0; i < c->config.services.n; i++) {
		s = &c->config.services.list[i];
		if (service_is_demo(s) || (s->why_not != NULL &&
		    s->in_file == 0))
			continue;
		printf("  service     %-12s %s, %s\n", s->id, s->base_url,
		    s->models[0]);
		if (s->why_not == NULL) {
			c->found[i].standing = check_service(s, trust,
			    c->config.limits.connect_ms, &c->found[i].about);
			continue;
		}
		c->found[i].standing = STANDING_DOUBTFUL;
		say_unusable(s);
	}
	trust_free(trust);
}

static const struct finding *
finding(const struct check *c, const struct service *s)
{
	return &c->found[s - c->config.services.list];
}

/*
 * Prints which services a stage asks, in order.  Returns whether one of them
 * may answer.
 */
static bool
print_order(const struct check *c, const struct stage_spec *s)
{
	const struct service *order[PLAN_ORDER_MAX] = { NULL };
	bool hope = false;
	size_t k, n;

	n = config_order(&c->config, s->services, order, PLAN_ORDER_MAX);
	for (k = 0; k < n; k++) {
		printf("%s%s", graph_between(s, k), order[k]->id);
		hope = hope ||
		    finding(c, order[k])->standing != STANDING_HOPELESS;
	}
	printf("%s\n", hope ? "" : "; it will fail");
	return hope;
}

/* Prints what a stage runs; that needs no service, so it may write. */
static bool
print_program(const struct stage_spec *s)
{
	printf("the program %s\n", s->run[0]);
	return true;
}

/* Prints each stage.  Returns whether one of them may write. */
static bool
print_stages(const struct check *c)
{
	const struct stage_spec *s;
	bool hope = false;
	size_t i;

	for (i = 0; i < c->graph.n; i++) {
		s = &c->graph.stages[i];
		printf("  stage       %-12s ", s->part);
		if (s->is_each)
			printf("a template\n");
		else if (s->run != NULL)
			hope = print_program(s);
		else if (print_order(c, s))
			hope = true;
	}
	if (plan_is_demo(&c->graph, &c->config))
		printf("\n%s\n", plan_demo_hint);
	return hope;
}

/*
 * Prints the last line: whether a start would serve, and which services there
 * are warnings about, or, if none can work, why each cannot.
 */
static void
say_end(const struct check *c, bool hope)
{
	struct buf names = BUF_INIT(8192);
	enum standing least = hope ? STANDING_DOUBTFUL : STANDING_HOPELESS;
	const struct finding *f;
	size_t i;

	for (i = 0; i < c->config.services.n; i++) {
		f = &c->found[i];
		if (f->standing < least)
			continue;
		buf_printf(&names, "%s%s%s%s", names.len == 0 ? "" : ", ",
		    c->config.services.list[i].id, hope ? "" : " ",
		    hope ? "" : f->about.why);
	}
	if (hope && c->in_file > 0)
		buf_printf(&names, "%srecipe.json",
		    names.len == 0 ? "" : ", ");
	if (hope && c->warnings > 0)
		buf_printf(&names, "%sthe prompts",
		    names.len == 0 ? "" : ", ");
	if (!hope)
		printf("  wrong       nothing can work: %s\n", names.data);
	else if (names.len > 0)
		printf("  ready       but see the warnings about %s\n",
		    names.data);
	else
		printf("  ready       with nothing to warn of\n");
	buf_free(&names);
}

/* Warns of stages that may be too long for a service that they ask. */
static void
check_windows(struct check *c)
{
	const struct service *order[PLAN_ORDER_MAX] = { NULL };
	const struct stage_spec *s;
	size_t i, k, n;

	for (i = 0; i < c->graph.n; i++) {
		s = &c->graph.stages[i];
		n = s->is_each || s->run != NULL ? 0 : config_order(&c->config,
		    s->services, order, PLAN_ORDER_MAX);
		for (k = 0; k < n; k++)
			c->warnings += check_window(&c->graph, s, order[k],
			    finding(c, order[k])->about.window);
	}
}

/* Warns of what looks like a mistake in the prompts, and in the page. */
static void
check_prompts(struct check *c)
{
	struct err err = ERR_INIT;

	if (page_load(&c->graph, c->config.name, &err) == -1) {
		say_warning("warning", "%s", err.text);
		c->warnings++;
	}
	c->warnings += check_graph(&c->graph, &c->config) +
	    check_files(&c->graph);
	check_windows(c);
}

static void
print_runs(struct check *c)
{
	size_t each = 1 + graph_processes(&c->graph);
	const char *why = config_fit(&c->config, each);

	printf("  runs        %lld at once, %zu processes each, and %lld"
	    " visitors wait%s%s\n", (long long)c->config.limits.max_runs, each,
	    (long long)c->config.limits.max_waiting,
	    why == NULL ? "" : "; lowered by ", why == NULL ? "" : why);
}

/* Says what of the runs is kept, where, and how long. */
static void
print_kept(const struct check *c)
{
	if (c->config.journal)
		printf("  kept        runs that their clients name, in state, "
		    "below runs/: for %lld s after their end, %lld MiB at "
		    "most\n", (long long)c->config.limits.keep_s,
		    (long long)c->config.limits.journal_bytes / 1048576);
	else
		printf("  kept        no run, as \"journal\" is false\n");
}

/*
 * Names the folder in which the processes of the site keep what they know of
 * each other, and tells what is wrong with it.  Makes nothing there: this user
 * may not be the web server's.
 */
static void
print_folder(const struct check *c)
{
	char path[PATH_MAX], *site = place_site(c->config.path);
	struct places places;
	int rc = folder_look(path, sizeof(path), c->config.state, site);
	int error = errno;

	free(site);
	printf("  state       %s%s\n", path, rc == 1 ? ", not made yet" : "");
	if (rc == -1 && error == EPERM)
		say_warning("warning", "%s is another user's, so this command"
		    " sees nothing of what the site knows; run it as the web"
		    " server's user: sudo -u USER recipe.fcgi check", path);
	else if (rc == -1)
		say_warning("warning", "%s cannot be used: %s; set \"state\" to"
		    " a directory that the web server's user may write to",
		    path, strerror(error));
	if (rc == -1 && c->config.guard.on && c->config.state != NULL)
		say_warning("warning", "no run begins, because what is spent"
		    " cannot be written down in \"state\"");
	else if (rc != -1 && c->config.guard.on && c->config.state == NULL &&
	    folder_is_emptied(path))
		say_warning("warning", "what is spent is counted there, and"
		    " that place is emptied now and then, as when the machine"
		    " starts; then the count begins anew: set \"state\" in"
		    " recipe.json to a directory that stays");
	if (rc != 0)
		return;
	places_open(&places, path);
	if (places.file.why[0] != '\0')
		say_warning("warning", "%s", places.file.why);
	places_close(&places);
}

int
check_run(void)
{
	struct check c = { .config = CONFIG_INIT, .graph = GRAPH_INIT };
	struct err err = ERR_INIT;
	bool hope = false;

	/* By line, so that a service is named before it is waited for. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	http_init();
	print_user();
	if (config_load(&c.config, print_warning, &err) == -1 ||
	    graph_load(&c.graph, &err) == -1) {
		printf("  wrong       %s\n", err.text);
		goto out;
	}
	if ((c.found = calloc(c.config.services.n,
	    sizeof(*c.found))) == NULL)
		fatal("check");
	printf("  config      %s\n", c.config.path == NULL ?
	    "no recipe.json; what is built in" : c.config.path);
	printf("  prompts     %s\n", c.graph.dir);
	c.in_file = c.config.path == NULL ? 0 : check_twice(c.config.path);
	print_folder(&c);
	check_services(&c);
	print_runs(&c);
	print_kept(&c);
	c.in_file += check_guard(&c.config, &c.graph);
	hope = print_stages(&c);
	check_prompts(&c);
	say_end(&c, hope);
out:
	free(c.found);
	graph_free(&c.graph);
	config_free(&c.config);
	return hope ? 0 : 1;
}
