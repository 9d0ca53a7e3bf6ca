/*
 * keep.c: worker.  Decides how long a run goes on without its visitor; knows
 * nothing of HTTP.
 */
#include <poll.h>
#include <string.h>

#include "base/watch.h"
#include "journal/bell.h"
#include "journal/sweep.h"
#include "plan/request.h"
#include "run/clock.h"
#include "run/conduct.h"
#include "run/run.h"
#include "text/json.h"
#include "web/house.h"
#include "web/keep.h"
#include "wire/outbox.h"

/* How often it is asked whether somebody reads a run without a visitor. */
#define LOOK_MS		250

static void
flush(void *arg)
{
	struct keep *keep = arg;

	journal_flush(&keep->journal);
}

/* It can be kept no longer. */
static void
lose(struct keep *keep, struct run *run)
{
	struct json *json = json_new_object();

	keep->keeper.kept = false;
	run_unsubscribe(run, &keep->journal.subscriber);
	json_set_bool(json, "kept", false);
	json_set_string(json, "why", keep->journal.why);
	run_tell(run, EVENT_KEPT, NULL, json);
	run_forsake(run);
}

/* Asks whether somebody reads, and notes since when nobody does. */
static void
look_for_readers(struct keep *keep, int64_t now)
{
	keep->looked_ms = now;
	if (journal_is_read(&keep->journal))
		keep->left_ms = 0;
	else if (keep->left_ms == 0)
		keep->left_ms = now;
}

/* Returns the milliseconds until it has to be asked again. */
static int64_t
watch_readers(struct keep *keep, struct run *run, int64_t now)
{
	int64_t linger = keep->house->config.limits.linger_ms;

	if (audience_has_visitor(&run->audience)) {
		keep->left_ms = keep->looked_ms = 0;
		return INT64_MAX;
	}
	/* Also at the last moment: somebody may have come since. */
	if (now - keep->looked_ms >= LOOK_MS || (keep->left_ms != 0 &&
	    now - keep->left_ms >= linger))
		look_for_readers(keep, now);
	if (keep->left_ms == 0)
		return LOOK_MS;
	if (now - keep->left_ms < linger)
		return LOOK_MS < linger ? LOOK_MS : linger;
	clock_stop(run, CODE_LEFT, "nobody read it any more");
	return 0;
}

static int64_t
keep_tick(void *arg, struct run *run, int64_t now)
{
	struct keep *keep = arg;

	journal_flush(&keep->journal);
	if (conduct_is_over(run) || !keep->keeper.kept)
		return INT64_MAX;
	if (keep->journal.why != NULL) {
		lose(keep, run);
		return 0;
	}
	return watch_readers(keep, run, now);
}

static void
on_bell(void *arg, short revents)
{
	struct run *run = arg;
	const struct keep *keep = run->keeper->arg;

	(void)revents;
	if (bell_was_rung(keep->journal.bell) && !conduct_is_over(run))
		clock_stop(run, CODE_STOPPED, "it was stopped");
}

static void
add_bell(void *arg, struct run *run, struct watch *watch)
{
	const struct keep *keep = arg;

	if (keep->journal.bell != -1 && !conduct_is_over(run))
		watch_add(watch, keep->journal.bell, POLLIN, on_bell, run);
}

enum journal_begun
keep_begin(struct keep *keep, struct house *house,
    const struct request *request)
{
	const struct limits *limits = &house->config.limits;
	enum journal_begun begun;

	keep->house = house;
	keep->keeper = (struct keeper){ keep_tick, add_bell, keep, false };
	if (!house->config.journal) {
		keep->journal.why = "this site keeps none";
		return JOURNAL_NONE;
	}
	/* Otherwise the listener does it, and no visitor waits for that. */
	if (house->is_cgi)
		sweep_runs(house->state.dir, limits->keep_s,
		    limits->journal_bytes);
	begun = journal_begin(&keep->journal, house->state.dir,
	    request->name.id, request->digest);
	keep->keeper.kept = begun == JOURNAL_OURS;
	return begun;
}

void
keep_attach(struct keep *keep, struct run *run, struct outbox *outbox)
{
	run->keeper = &keep->keeper;
	if (!keep->keeper.kept)
		return;
	run_subscribe(run, &keep->journal.subscriber);
	outbox->before = flush;
	outbox->before_arg = keep;
}

void
keep_end(struct keep *keep)
{
	journal_end(&keep->journal);
}
