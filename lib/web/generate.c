/*
 * generate.c: worker.  Begins a run, or finds the one that has begun; knows
 * nothing of stages.
 */
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "plan/plan.h"
#include "run/purse.h"
#include "run/run.h"
#include "run/turn.h"
#include "web/carry.h"
#include "web/detach.h"
#include "web/fcgi.h"
#include "web/generate.h"
#include "web/house.h"
#include "web/keep.h"
#include "web/revisit.h"
#include "web/route.h"
#include "web/till.h"

/* The seconds after which a visitor who was sent away should try again. */
#define RETRY_S		10

/*
 * Runs a plan to its last event.  Whoever is to hear its events is subscribed
 * here, by one line each; the journal before the visitor.  Returns 0, or -1 if
 * not all of the answer has reached him.
 */
static int
run_plan(struct visitor *v, struct carry *carry, struct keep *keep,
    const struct plan *plan)
{
	struct run run = RUN_INIT;

	if (runname_is_given(&v->request.name))
		keep_attach(keep, &run, carry->outbox);
	if (!v->is_detached)
		run_subscribe(&run, &v->reply.subscriber);
	return carry_run(carry, &run, plan);
}

/*
 * Pays for a run and makes it.  `free` is what it is carried by, without a
 * purse.  `begun` is called as soon as it has begun; if that fails, nothing
 * runs.  Returns 0 if it has begun, or -1 with err.
 */
static int
make_run(struct visitor *v, const struct carry *free, struct plan *plan,
    int (*begun)(struct visitor *v, const struct plan *plan, struct err *err),
    struct err *err)
{
	struct house *house = v->house;
	struct purse purse = PURSE_INIT;
	struct keep keep = KEEP_INIT;
	struct carry carry = *free;
	int rc = 0;

	carry.purse = &purse;
	if (carry_is_hopeless(&carry)) {
		err->retry_s = RETRY_S;
		return err_set(err, 503, "busy", "too many people are served "
		    "just now; try again in a moment");
	}
	rc = till_reserve(house, fcgi_source(v->fcgi), plan, &purse, err);
	if (rc == 0 && runname_is_given(&v->request.name) &&
	    keep_begin(&keep, house, &v->request) == JOURNAL_THERE)
		rc = err_set(err, 409, "busy", "this run has begun");
	if (rc == 0)
		rc = begun(v, plan, err);
	/*
	 * The head has been sent, so there is no other way to tell a visitor of
	 * a failure than to break the answer off.
	 */
	if (rc == 0 && run_plan(v, &carry, &keep, plan) == -1)
		v->reply.outbox.gone = true;
	keep_end(&keep);
	purse_close(&purse);
	state_finish(&house->state);
	return rc;
}

static int
begin_reply(struct visitor *v, const struct plan *plan, struct err *err)
{
	return reply_begin(&v->reply, &v->request, plan, err);
}

static int
report_begun(struct visitor *v, const struct plan *plan, struct err *err)
{
	(void)plan, (void)err;
	detach_report(&v->detach, NULL);
	return 0;
}

static ssize_t
drop_bytes(void *arg, const char *data, size_t n)
{
	(void)arg, (void)data;
	return (ssize_t)n;
}

static void
say_nothing(void *arg, int ahead)
{
	(void)arg, (void)ahead;
}

/* The process that goes on under plain CGI: nobody reads but the journal. */
static void __attribute__((noreturn))
carry_on(struct visitor *v, struct plan *plan)
{
	static const struct sink nowhere = { .write = drop_bytes,
	    .fd = -1 };
	struct house *house = v->house;
	struct outbox outbox;
	struct carry carry = { house, &outbox, say_nothing, NULL,
	    fcgi_arrived_ms(v->fcgi), NULL, false };
	struct err err = ERR_INIT;

	places_forget(&house->places);
	v->is_detached = true;
	outbox_init(&outbox, &nowhere, &house->config.limits, 1);
	turn_peek(&house->turn, &house->places, &house->config.limits);
	if (make_run(v, &carry, plan, report_begun, &err) == -1)
		detach_report(&v->detach, &err);
	turn_give(&house->turn);
	outbox_free(&outbox);
	house_leave(house);
}

/* Makes a run for this visitor alone, or one that outlives him. */
static int
start_for(struct visitor *v, struct plan *plan, struct err *err)
{
	struct house *house = v->house;
	struct carry carry = { house, &v->reply.outbox, reply_wait, &v->reply,
	    fcgi_arrived_ms(v->fcgi), NULL, false };
	int rc;

	if (!house->is_cgi || !house->config.journal ||
	    !runname_is_given(&v->request.name))
		return make_run(v, &carry, plan, begin_reply, err);
	turn_give(&house->turn);
	if ((rc = detach_fork(&v->detach, err)) == 1)
		carry_on(v, plan);
	if (rc == 0) {
		rc = revisit_again(house, &v->reply, &v->request, plan, 0,
		    err);
		detach_pass_log(&v->detach);
	}
	return rc;
}

/*
 * A run with a name may have begun before: then it is read, and nothing is paid
 * for again.  If two requests begin it at once, one of them finds it begun.
 */
static int
begin_or_read(struct visitor *v, struct plan *plan, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	const struct request *request = &v->request;
	bool is_repeated = request_is_repeated(source);
	int rc, tries;

	if (!runname_is_given(&request->name))
		return start_for(v, plan, err);
	memcpy(plan->id, request->name.id, sizeof(plan->id));
	for (tries = 0; tries < 2; tries++) {
		rc = revisit_again(v->house, &v->reply, request, plan,
		    request_last_event(source), err);
		if (rc == 0 || err->status != 404)
			return rc;
		if (is_repeated) {
			reply_nothing(&v->reply, request);
			return 0;
		}
		*err = (struct err)ERR_INIT;
		rc = start_for(v, plan, err);
		if (rc == 0 || err->status != 409)
			return rc;
		*err = (struct err)ERR_INIT;
	}
	return err_set(err, 503, "busy", "try again in a moment");
}

/*
 * POST /generate.  Returns 0 if an answer was begun or sent, else -1 with err,
 * for which nothing was sent yet.  The form is chosen before the body is read,
 * because an error of the body is already answered in it.
 */
int
generate(struct visitor *v, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	struct house *house = v->house;
	struct plan plan = PLAN_INIT;
	int rc;

	reply_choose(&v->reply, source_param(source, "HTTP_ACCEPT"),
	    &house->graph);
	rc = request_read(&v->request, source, &house->config, &house->graph,
	    err);
	if (request_is_repeated(source) &&
	    (rc == -1 || !runname_is_given(&v->request.name))) {
		reply_nothing(&v->reply, &v->request);
		return 0;
	}
	if (rc == -1)
		return -1;
	state_read(&house->state);
	rc = plan_build(&plan, &house->graph, &house->config, &house->state,
	    &house->tempo, &v->request, err);
	if (rc == 0)
		rc = begin_or_read(v, &plan, err);
	plan_free(&plan);
	return rc;
}
