/*
 * recipe.fcgi: a recipe from several prompts at once, as one stream of
 * server-sent events.  recipe.fcgi(8) is the manual, README the map.
 *
 * main chooses what this process is: a command on a terminal, a plain CGI
 * program, or the listener, whose forked workers serve().
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include "base/crowd.h"
#include "base/err.h"
#include "base/io.h"
#include "base/leave.h"
#include "base/log.h"
#include "base/wipe.h"
#include "check/command.h"
#include "http/http.h"
#include "http/trust.h"
#include "http/warmup.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "plan/state.h"
#include "reply/reply.h"
#include "run/conduct.h"
#include "run/merge.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "setup/page.h"
#include "setup/place.h"
#include "stage/stage.h"
#include "web/fcgi.h"
#include "web/handover.h"
#include "web/listener.h"
#include "web/route.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

/* What a process inherits from main and never changes, but for its pool. */
struct house {
	struct config	 config;
	struct graph	 graph;
	struct trust	*trust;
	struct state	 state;
	struct crowd	*crowd;
	struct err	 broken;	/* status 0: it is not */
	struct pool	 pool;		/* the worker's own */
};

/*
 * The stores for what a run may speak to; a fault comes up as its tls, and is
 * said by the process that saw it first: by the listener, for all its workers.
 * Returns whether any of it is spoken to by TLS.
 */
static bool
load_trust(struct house *house)
{
	const struct service *s;
	const char *why;
	bool any = false, known;
	size_t i;

	for (i = 0; i < house->config.services.n; i++) {
		s = &house->config.services.list[i];
		if (s->why_not != NULL || !service_is_https(s))
			continue;
		any = true;
		known = trust_knows(house->trust, s->ca_file);
		if (trust_add(house->trust, s->ca_file, &why) == -1 && !known)
			log_warnx("certificates for %s: %s%s%s", s->id,
			    s->ca_file == NULL ? "" : s->ca_file,
			    s->ca_file == NULL ? "" : ": ", why);
	}
	return any;
}

/* One request and its answer. */
struct visitor {
	struct house	*house;
	struct fcgi	*fcgi;
	struct request	 request;
	struct reply	 reply;
};

/*
 * A run, from its plan to its last event.  One line for each who listens.  The
 * reply stays serve()'s: what is still queued when a visitor has left or
 * stalled is never sent.
 */
static int
run_plan(struct visitor *v, const struct plan *plan)
{
	struct house *house = v->house;
	struct outbox *const outboxes[] = { &v->reply.outbox };
	struct run run = RUN_INIT;
	int rc;

	/* Under CGI the visitor has the first bytes before this takes time. */
	if (merge_flush(&v->reply.outbox) == -1)
		return -1;
	load_trust(house);
	run_subscribe(&run, &v->reply.subscriber);
	rc = conduct_begin(&run, plan, &house->pool, &house->state,
	    fcgi_arrived_ms(v->fcgi));
	if (rc == 0)
		merge_run(&run, outboxes, 1);
	conduct_free(&run);
	return rc;
}

/* POST /generate */
static int
generate(struct visitor *v, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	struct house *house = v->house;
	struct plan plan = PLAN_INIT;
	int rc;

	if (request_is_repeated(source)) {
		reply_nothing(&v->reply, &v->request);
		return 0;
	}
	reply_choose(&v->reply, source_param(source, "HTTP_ACCEPT"),
	    &house->graph);
	if (request_read(&v->request, source, &house->config, &house->graph,
	    err) == -1)
		return -1;
	state_read(&house->state);
	rc = plan_build(&plan, &house->graph, &house->config, &house->state,
	    &v->request, err);
	if (rc == 0)
		rc = reply_begin(&v->reply, &v->request, &plan, err);
	/* The head is out: what fails from here on breaks the answer off. */
	if (rc == 0 && run_plan(v, &plan) == -1)
		v->reply.outbox.gone = true;
	state_finish(&house->state);
	plan_free(&plan);
	return rc;
}

/* GET /services */
static int
services(struct visitor *v, struct err *err)
{
	struct house *house = v->house;

	(void)err;
	reply_services(&v->reply, &v->request, &house->config,
	    plan_is_demo(&house->graph, &house->config));
	return 0;
}

/*
 * All that the program serves, and what it will serve: the files of the web
 * servers hand over all of it (`make lint` compares them).
 */
static const struct route routes[] = {
	{ "/generate", "POST, OPTIONS", generate },
	{ "/services", "GET, OPTIONS", services },
	{ "/graph", "GET, OPTIONS", NULL },
	{ "/speed", "GET, OPTIONS", NULL },
	{ "/runs", "GET, OPTIONS", NULL },
	{ "/runs/", "GET, HEAD, POST, DELETE, OPTIONS", NULL },
};

/* 0 with an answer, or -1 with err. */
static int
answer(struct visitor *v, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	const char *method = source_param(source, "REQUEST_METHOD");
	const struct route *route = route_find(routes,
	    sizeof(routes) / sizeof(routes[0]), source);

	*err = v->house->broken;
	if (err->status != 0)
		return -1;
	if (route == NULL || route->serve == NULL)
		return err_set(err, 404, "not_found", "nothing is served "
		    "here; POST to /generate or GET /services");
	v->request.allow = route->methods;
	if (!route_allows(route, method))
		return err_set(err, 405, "method_not_allowed",
		    "this takes %.*s, not %.16s",
		    (int)strcspn(route->methods, ","), route->methods,
		    method);
	if (strcmp(method, "OPTIONS") != 0)
		return route->serve(v, err);
	reply_preflight(&v->reply, &v->request);
	return 0;
}

/* The whole way of a request.  Whether the connection stays for another. */
static bool
serve(struct house *house, struct fcgi *fcgi)
{
	struct visitor v = { .house = house, .fcgi = fcgi,
	    .request = REQUEST_INIT };
	struct err err = ERR_INIT;
	bool gone;

	reply_init(&v.reply, fcgi_sink(fcgi), &house->config.limits);
	request_begin(&v.request, fcgi_source(fcgi), &house->config);
	if (answer(&v, &err) == -1)
		reply_error(&v.reply, &v.request, &err);
	gone = merge_flush(&v.reply.outbox) == -1;
	reply_free(&v.reply);
	request_free(&v.request);
	return fcgi_finish(fcgi, gone) == 1;
}

/* A child of ours has gone while we wait: no zombie stays. */
static void
on_woken(void *arg)
{
	struct house *house = arg;

	pool_reap(&house->pool);
}

/* One connection of the web server, which may carry several requests. */
static void
serve_connection(struct house *house, int fd)
{
	struct fcgi *fcgi = fcgi_open(fd, &house->config.limits);
	int64_t wait_ms = house->config.limits.body_ms;

	if (fcgi == NULL)
		return;
	while (fcgi_accept(fcgi, wait_ms) == 0 && serve(house, fcgi)) {
		pool_fill(&house->pool);
		wait_ms = house->config.limits.worker_idle_ms;
	}
	fcgi_close(fcgi);
	/* Nothing of a visitor stays, not even for the next one's stages. */
	pool_reap(&house->pool);
	wipe_traces();
	if (crowd_is_dense(house->crowd))
		wipe_release();
}

static void
make_pool(struct house *house)
{
	const struct stage_heritage heritage = { &house->graph,
	    &house->config, house->trust, house->crowd };

	if (house->broken.status == 0 && pool_init(&house->pool,
	    graph_processes(&house->graph), plan_processes(&house->graph,
	    &house->config), &heritage) == -1)
		fatal("worker");
}

static void
free_house(struct house *house)
{
	pool_free(&house->pool);
	state_free(&house->state);
	crowd_free(house->crowd);
	trust_free(house->trust);
	graph_free(&house->graph);
	config_free(&house->config);
}

static void
worker_main(void *arg, int end)
{
	struct house *house = arg;
	bool again = false;
	int fd;

	make_pool(house);
	while ((fd = handover_next(end, again,
	    house->config.limits.worker_idle_ms, on_woken, house)) != -1) {
		/* Before a visitor's text is in this process: see stage.h. */
		pool_fill(&house->pool);
		serve_connection(house, fd);
		again = true;
	}
	free_house(house);
	leave(0);
}

/*
 * Until our own handlers are there: libfcgi's, which fcgi_init installs, would
 * take the first TERM and do nothing.
 */
static void
hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGINT);
	sigprocmask(how, &set, NULL);
}

/* Plain CGI: this process is the worker, for one request. */
static void __attribute__((noreturn))
cgi_main(struct house *house)
{
	/* The web server ends it by TERM, which libfcgi has taken. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	hold_signals(SIG_UNBLOCK);
	house->config.limits.stage_requests = 1;
	make_pool(house);
	serve_connection(house, -1);
	free_house(house);
	exit(0);
}

/* A crash must not leave a key or a visitor's text in a core file. */
static void
forbid_dumps(void)
{
#if defined(__linux__) && !defined(TEST_BUILD)
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void
warn(const char *line)
{
	log_warnx("%s", line);
}

/* A fault is answered to everybody: a web server would only say "500". */
static void
load(struct house *house)
{
	static const char remedy[] = "this program is not configured well; "
	    "run \"recipe.fcgi check\" on the server, it says what to mend";
	struct err err = ERR_INIT;
	const char *why;

	if (config_load(&house->config, warn, &err) == 0 &&
	    graph_load(&house->graph, &err) == 0) {
		why = config_fit(&house->config,
		    1 + graph_processes(&house->graph));
		if (why != NULL)
			log_warnx("max_runs is %lld because of %s",
			    (long long)house->config.limits.max_runs, why);
		if (page_load(&house->graph, &err) == -1)
			log_warnx("%s", err.text);
		return;
	}
	log_warnx("%s", err.text);
	err_set(&house->broken, 503, "config", "%s", remedy);
}

static void
open_state(struct house *house)
{
	char *site = place_site(house->config.path);

	state_open(&house->state, house->config.state, site);
	free(site);
}

int
main(int argc, char **argv)
{
	struct house house = { .config = CONFIG_INIT, .graph = GRAPH_INIT,
	    .state = STATE_INIT, .broken = ERR_INIT, .pool = POOL_INIT };
	const char *where = command_is_given(argc) ?
	    command_run(argc, argv, VERSION) : NULL;
	struct listener_file file = LISTENER_FILE_INIT;
	int fd = STDIN_FILENO;
	bool cgi;

	forbid_dumps();
	hold_signals(SIG_BLOCK);
	cgi = fcgi_init() && where == NULL;
	if (cgi && getenv("REQUEST_METHOD") == NULL)
		command_usage();
	if (where != NULL)
		fd = listener_open(where, &file);
	load(&house);
	if (where != NULL && house.broken.status != 0)
		exit(1);
	open_state(&house);
	http_init();
	house.trust = trust_new();
	if (cgi)
		cgi_main(&house);
	if (load_trust(&house))
		warmup_tls();
	house.crowd = crowd_new();
	if (where != NULL)
		log_info("listening on %s", where);
	listener_run(fd, &file, house.config.limits.max_runs, house.crowd,
	    worker_main, &house);
}
