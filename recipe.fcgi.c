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
#include "base/idle.h"
#include "base/io.h"
#include "base/log.h"
#include "base/wipe.h"
#include "cli/command.h"
#include "http/trust.h"
#include "http/warmup.h"
#include "plan/plan.h"
#include "journal/sweep.h"
#include "plan/request.h"
#include "site/state.h"
#include "reply/reply.h"
#include "run/lack.h"
#include "run/merge.h"
#include "run/turn.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "stage/stage.h"
#include "web/fcgi.h"
#include "web/gate.h"
#include "web/generate.h"
#include "web/handover.h"
#include "web/house.h"
#include "web/listener.h"
#include "web/revisit.h"
#include "web/route.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

/*
 * How many workers there may be besides max_runs and max_waiting.  They answer
 * requests that begin no run, and send visitors away if too many wait.
 */
#define MORE_WORKERS	8

/* GET /services.  Returns 0. */
static int
services(struct visitor *v, struct err *err)
{
	struct house *house = v->house;

	(void)err;
	reply_services(&v->reply, &v->request, &house->config,
	    plan_is_demo(&house->graph, &house->config),
	    house->stale.status != 0 ? house->stale.text : NULL);
	return 0;
}

/* GET /graph.  Returns 0. */
static int
graph(struct visitor *v, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	struct house *house = v->house;

	(void)err;
	reply_graph(&v->reply, &v->request, &house->graph, house->config.name,
	    source_param(source, "HTTP_ACCEPT"));
	return 0;
}

/*
 * GET /speed.  It tells whose models a site uses, so a stranger may ask only if
 * the operator has said so.
 */
static int
speed(struct visitor *v, struct err *err)
{
	struct house *house = v->house;

	if (!house->config.speed)
		return err_set(err, 404, "not_found", "this site does not "
		    "show it; \"speed\": true in recipe.json does");
	reply_speed(&v->reply, &v->request, &house->config,
	    house->state.dir);
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
	{ "/graph", "GET, OPTIONS", graph },
	{ "/speed", "GET, OPTIONS", speed },
	{ "/runs", "GET, OPTIONS", NULL },
	{ "/runs/", "GET, HEAD, POST, DELETE, OPTIONS", revisit },
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
	v->route = route;
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

	/*
	 * The place that serve_connection took is for the first request only.
	 * For a later one on the same connection it is taken here.
	 */
	turn_peek(&house->turn, &house->places, &house->config.limits);
	reply_init(&v.reply, fcgi_sink(fcgi), &house->config.limits);
	request_begin(&v.request, fcgi_source(fcgi), &house->config);
	if (answer(&v, &err) == -1)
		reply_error(&v.reply, &v.request, &err);
	turn_give(&house->turn);
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
	bool may_fork;

	if (fcgi == NULL)
		return;
	/*
	 * A fork copies memory, so the stages are forked before the text of a
	 * visitor is read.  If no place is free or many come at once, none are
	 * forked yet.
	 */
	may_fork = turn_peek(&house->turn, &house->places,
	    &house->config.limits) && turn_may_fork(&house->turn);
	if (may_fork && gate_is_open(house->gate))
		pool_fill(&house->pool);
	while (fcgi_accept(fcgi, wait_ms) == 0 && serve(house, fcgi)) {
		/* The next stages must not copy what is left of him. */
		pool_reap(&house->pool);
		wipe_traces();
		if (may_fork && gate_is_open(house->gate))
			pool_fill(&house->pool);
		wait_ms = house->config.limits.worker_idle_ms;
	}
	fcgi_close(fcgi);
	turn_give(&house->turn);
	/* Overwrites what is left of the visitor before the next one comes. */
	pool_reap(&house->pool);
	wipe_traces();
	if (crowd_is_dense(house->crowd))
		wipe_release();
}

/*
 * The life of a worker: it serves the connections that the listener hands over
 * at `end`, until that closes or worker_idle_ms pass without one.  It leaves at
 * once, with its stages, if others need these processes.
 */
static void
worker_main(void *arg, int end, int gate)
{
	struct house *house = arg;
	bool again = false;
	int fd;

	saved_close(&house->saved);
	house->gate = gate;
	house_make_pool(house);
	while ((fd = handover_next(end, again,
	    house->config.limits.worker_idle_ms, on_woken, house)) != -1) {
		serve_connection(house, fd);
		if (turn_is_tight(&house->places))
			break;
		again = true;
	}
	house_leave(house);
}

static bool
refresh(void *arg)
{
	struct house *house = arg;

	return house_refresh(house);
}

static bool
is_broken(void *arg)
{
	const struct house *house = arg;

	return house_is_broken(house);
}

static bool
is_lacking(void *arg)
{
	const struct house *house = arg;

	return lack_elsewhere(&house->places);
}

/*
 * Removes kept runs when their time is over; and looks from time to time, while
 * there are any, whether all together have too many bytes.
 */
static int64_t
chore(void *arg)
{
	const struct house *house = arg;
	int64_t ms = sweep_runs(house->state.dir, house->config.limits.keep_s,
	    house->config.limits.journal_bytes);

	return ms < LISTENER_CHORE_MS ? ms : LISTENER_CHORE_MS;
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
	house->is_cgi = true;
	wipe_last();
	house_make_pool(house);
	serve_connection(house, -1);
	house_leave(house);
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

int
main(int argc, char **argv)
{
	struct house house = HOUSE_INIT;
	const char *where = NULL;
	struct listener_calls calls = { .worker_main = worker_main,
	    .refresh = refresh, .is_broken = is_broken,
	    .is_lacking = is_lacking, .chore = chore, .arg = &house };
	struct listener_file file = LISTENER_FILE_INIT;
	int fd = STDIN_FILENO;
	bool cgi;

	/* A limit of file sizes is an error of write(2), like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	if (command_is_given(argc))
		where = command_run(argc, argv, VERSION);
	forbid_dumps();
	hold_signals(SIG_BLOCK);
	cgi = fcgi_init() && where == NULL;
	if (cgi && getenv("REQUEST_METHOD") == NULL)
		command_usage();
	if (where != NULL)
		fd = listener_open(where, &file);
	if (!cgi)
		house_watch(&house);
	house_load(&house);
	if (where != NULL && house.broken.status != 0)
		exit(1);
	house_open(&house);
	if (cgi)
		cgi_main(&house);
	if (trust_load(house.trust, &house.config.services))
		warmup_tls();
	house.crowd = crowd_new(IDLE_FILE);
	if (where != NULL)
		log_info("listening on %s", where);
	calls.saved_fd = house.saved.fd;
	listener_run(fd, &file, where == NULL, house.config.limits.max_runs +
	    house.config.limits.max_waiting + MORE_WORKERS, house.crowd,
	    &calls);
}
