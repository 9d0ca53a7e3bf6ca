/*
 * recipe.fcgi: sends several prompts to models at once and merges their texts
 * into one stream of server-sent events.  recipe.fcgi(8) is the manual, README
 * names the rooms of lib/.
 *
 * main decides what this process is: a command on a terminal, a plain CGI
 * program for one request, or the listener, which forks the workers.  A worker
 * calls serve() for each request.
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
#include "site/places.h"
#include "stage/stage.h"
#include "web/fcgi.h"
#include "web/handover.h"
#include "web/listener.h"
#include "web/route.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

/*
 * What main loads once and every worker inherits by fork.  A worker changes
 * only its copies of state, trust and pool.
 */
struct house {
	struct config	 config;
	struct graph	 graph;
	struct trust	*trust;
	struct state	 state;
	struct places	 places;
	struct crowd	*crowd;
	struct err	 broken;	/* bad configuration; status 0: good */
	struct pool	 pool;		/* processes for stages */
};

/* One request and its answer; lives as long as serve() works on it. */
struct visitor {
	struct house	*house;
	struct fcgi	*fcgi;
	struct request	 request;
	struct reply	 reply;
};

/*
 * Runs a plan to its last event.  Whoever is to hear its events is subscribed
 * here, by one line each; today that is the visitor alone.  Returns 0, or -1 if
 * not all of the answer has reached him.
 */
static int
run_plan(struct visitor *v, const struct plan *plan)
{
	struct house *house = v->house;
	struct outbox *const outboxes[] = { &v->reply.outbox };
	struct run run = RUN_INIT;
	int rc;

	/*
	 * The head is sent first.  Under plain CGI no process before this one
	 * has loaded the stores, which takes time.
	 */
	if (merge_flush(&v->reply.outbox) == -1)
		return -1;
	trust_load(house->trust, &house->config.services);
	run_subscribe(&run, &v->reply.subscriber);
	rc = conduct_begin(&run, plan, &house->pool, &house->state,
	    &house->places, fcgi_arrived_ms(v->fcgi));
	if (rc == 0)
		merge_run(&run, outboxes, 1);
	conduct_free(&run);
	return rc;
}

/*
 * POST /generate.  Returns 0 if an answer was begun or sent, else -1 with err,
 * for which nothing was sent yet.  The form is chosen before the body is read,
 * because an error of the body is already answered in it.
 */
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
	/*
	 * The head has been sent, so there is no other way to tell a visitor of
	 * a failure than to break the answer off.
	 */
	if (rc == 0 && run_plan(v, &plan) == -1)
		v->reply.outbox.gone = true;
	state_finish(&house->state);
	plan_free(&plan);
	return rc;
}

/* GET /services.  Returns 0. */
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
 * The paths that the shipped files of the web servers hand over to the program;
 * `make lint` compares them.  One without a function is planned and answers
 * 404: it is here already so that a deployed file need not change later.
 */
static const struct route routes[] = {
	{ "/generate", "POST, OPTIONS", generate },
	{ "/services", "GET, OPTIONS", services },
	{ "/graph", "GET, OPTIONS", NULL },
	{ "/speed", "GET, OPTIONS", NULL },
	{ "/runs", "GET, OPTIONS", NULL },
	{ "/runs/", "GET, HEAD, POST, DELETE, OPTIONS", NULL },
};

/* Answers one request.  Returns 0, or -1 with an err that serve() answers. */
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

/*
 * Serves one request, from its head to the last byte of its answer.  Returns
 * whether the web server keeps the connection for another request.
 */
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

/* A stage has ended while the worker waits for a visitor: reaps the zombie. */
static void
on_woken(void *arg)
{
	struct house *house = arg;

	pool_reap(&house->pool);
}

/*
 * Serves one connection of the web server, which may carry several requests.
 * The first must come within body_ms, as its body must, because the web server
 * has connected for it; for another one the worker waits worker_idle_ms.
 */
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
	/* Overwrites what is left of the visitor before the next one comes. */
	pool_reap(&house->pool);
	wipe_traces();
	if (crowd_is_dense(house->crowd))
		wipe_release();
}

/* Without a good configuration there is no graph, so no stage either. */
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
	places_close(&house->places);
	state_free(&house->state);
	crowd_free(house->crowd);
	trust_free(house->trust);
	graph_free(&house->graph);
	config_free(&house->config);
}

/*
 * The life of a worker: it serves the connections that the listener hands over
 * at `end`, until that closes or worker_idle_ms pass without one.
 */
static void
worker_main(void *arg, int end)
{
	struct house *house = arg;
	bool again = false;
	int fd;

	make_pool(house);
	while ((fd = handover_next(end, again,
	    house->config.limits.worker_idle_ms, on_woken, house)) != -1) {
		/* A fork copies memory: it comes before a visitor's text. */
		pool_fill(&house->pool);
		serve_connection(house, fd);
		again = true;
	}
	free_house(house);
	leave(0);
}

/*
 * Blocks or unblocks the signals that end the program.  They are blocked until
 * our own handlers are installed, because fcgi_init installs libfcgi's, and
 * these would take the first SIGTERM and do nothing.
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

/*
 * Plain CGI: this process is the worker, for one request.  Its stages serve one
 * job each, since no second request will come for which to keep them.
 */
static void __attribute__((noreturn))
cgi_main(struct house *house)
{
	/* The web server ends a CGI program by SIGTERM; libfcgi took it. */
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	hold_signals(SIG_UNBLOCK);
	house->config.limits.stage_requests = 1;
	make_pool(house);
	serve_connection(house, -1);
	free_house(house);
	exit(0);
}

/*
 * A crash must not leave a key or a visitor's text in a core file.  The test
 * build lets its memory be read, which the tests for leaks of text do.
 */
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

/*
 * Loads the configuration and the graph.  With a fault in them the program runs
 * all the same and answers every request with the remedy, because a web server
 * whose program ends at once only says "500".
 */
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

/* Each site has a state of its own, known by where its files are. */
static void
open_state(struct house *house)
{
	char *site = place_site(house->config.path);

	state_open(&house->state, house->config.state, site);
	free(site);
	places_open(&house->places, house->state.dir);
	if (house->places.file.why[0] != '\0')
		log_warnx("%s", house->places.file.why);
}

int
main(int argc, char **argv)
{
	struct house house = { .config = CONFIG_INIT, .graph = GRAPH_INIT,
	    .state = STATE_INIT, .places = PLACES_INIT,
	    .broken = ERR_INIT, .pool = POOL_INIT };
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
	if (trust_load(house.trust, &house.config.services))
		warmup_tls();
	house.crowd = crowd_new();
	if (where != NULL)
		log_info("listening on %s", where);
	listener_run(fd, &file, house.config.limits.max_runs, house.crowd,
	    worker_main, &house);
}
