/*
 * session.c: the command line.  Does for a person at a terminal what a worker
 * does for a visitor; knows nothing of the words on the command line but what
 * they ask for.
 */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/session.h"
#include "cli/words.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "reply/form.h"
#include "run/merge.h"
#include "run/purse.h"
#include "run/run.h"
#include "web/carry.h"
#include "wire/outbox.h"

/* A person may let the answer wait in a pager for as long as he likes. */
#define PATIENCE_MS	(INT64_C(365) * 24 * 3600 * 1000)

static void
warn_of(const char *line)
{
	log_warnx("%s", line);
}

int
session_open(struct session *session, const struct words *words,
    struct err *err)
{
	struct house *house = &session->house;
	struct limits *limits = &house->config.limits;

	session->words = words;
	if (config_load(&house->config, warn_of, err) == -1 ||
	    graph_load(&house->graph, err) == -1)
		return -1;
	config_fit(&house->config, 1 + graph_processes(&house->graph));
	/* As under plain CGI, no second request will come for which to wait. */
	limits->stage_requests = 1;
	/* No web server is between, which might hold the answer back. */
	limits->pad = 0;
	limits->stall_ms = PATIENCE_MS;
	house_open(house);
	house_make_pool(house);
	terminal_init(&session->terminal);
	kept_init(&session->kept, (size_t)limits->stage_bytes);
	return 0;
}

void
session_close(struct session *session)
{
	kept_free(&session->kept);
	house_free(&session->house);
}

int
session_reload(struct session *session, struct err *err)
{
	struct house *house = &session->house;
	struct graph graph = GRAPH_INIT;

	if (graph_load(&graph, err) == -1) {
		graph_free(&graph);
		return -1;
	}
	pool_free(&house->pool);
	graph_free(&house->graph);
	house->graph = graph;
	house_make_pool(house);
	return 0;
}

/* The answer itself holds nothing of this, so that it can be piped on. */
static void
say_waiting(void *arg, int ahead)
{
	struct session *session = arg;

	if (session->ahead == ahead || !isatty(STDERR_FILENO))
		return;
	session->ahead = ahead;
	if (ahead > 0)
		fprintf(stderr, "recipe.fcgi: waiting; %d before this run\n",
		    ahead);
	else
		fprintf(stderr, "recipe.fcgi: waiting for a place\n");
}

/*
 * Carries one plan, whose answer the reader writes into the outbox.  Returns
 * whether all of it has left.
 */
static bool
carry_plan(struct session *session, const struct plan *plan,
    struct purse *purse, struct outbox *outbox, struct subscriber *reader)
{
	struct house *house = &session->house;
	struct carry carry = { house, outbox, say_waiting, session,
	    io_now_ms(), purse, false };
	struct run run = RUN_INIT;
	bool good;

	session->ahead = -2;
	run.unlogged = !session->words->verbose;
	run_subscribe(&run, &session->kept.subscriber);
	run_subscribe(&run, reader);
	turn_peek(&house->turn, &house->places, &house->config.limits);
	good = carry_run(&carry, &run, plan) == 0 && !outbox->gone;
	turn_give(&house->turn);
	state_finish(&house->state);
	pool_reap(&house->pool);
	return good;
}

/* Writes the answer of a plan in its form.  Returns as session_run does. */
static int
write_answer(struct session *session, const struct plan *plan,
    struct purse *purse)
{
	const struct form_ops *ops = session->words->form;
	struct outbox outbox;
	struct subscriber reader = { .tell = form_tell, .is_visitor = true };
	struct form *form;
	bool good, gone;

	outbox_init(&outbox, &session->terminal.sink,
	    &session->house.config.limits, 0);
	if ((form = form_new(ops, &outbox, plan)) == NULL)
		fatal("run");
	reader.arg = form;
	outbox.subscriber = &reader;
	form_begin(form);
	/* Only a client of the stream waits for heartbeats. */
	if (ops != &reply_stream_ops)
		outbox_end(&outbox);
	good = carry_plan(session, plan, purse, &outbox, &reader);
	gone = outbox.gone;
	form_free(form);
	outbox_free(&outbox);
	if (gone)
		terminal_leave(&session->terminal);
	return good && session->kept.ended && !session->kept.failed ? 0 : 1;
}

int
session_run(struct session *session, const struct json *body, struct err *err)
{
	struct house *house = &session->house;
	struct request request = REQUEST_INIT;
	struct plan plan = PLAN_INIT;
	struct purse purse = PURSE_INIT;
	int rc = request_take(&request, &house->graph, body,
	    (size_t)house->config.limits.stage_bytes, err);

	state_read(&house->state);
	if (rc == 0)
		rc = plan_build(&plan, &house->graph, &house->config,
		    &house->state, &house->tempo, &request, err);
	if (rc == 0 && guard_holds_owner(&house->config.guard))
		rc = purse_open(&purse, &house->ledger, &plan, NULL, err);
	if (rc == 0)
		rc = write_answer(session, &plan, &purse);
	purse_close(&purse);
	plan_free(&plan);
	request_free(&request);
	return rc;
}

void
session_nap(struct session *session, int ms)
{
	struct outbox nothing;

	outbox_init(&nothing, &session->terminal.sink,
	    &session->house.config.limits, 0);
	if (merge_wait(&nothing, ms) == -1)
		terminal_leave(&session->terminal);
	outbox_free(&nothing);
}
