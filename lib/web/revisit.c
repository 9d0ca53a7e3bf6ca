/*
 * revisit.c: worker.  Sends what a journal has; knows nothing of stages.
 */
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "journal/bell.h"
#include "journal/follow.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "reply/form.h"
#include "reply/reply.h"
#include "run/merge.h"
#include "web/durable.h"
#include "web/fcgi.h"
#include "web/house.h"
#include "web/revisit.h"
#include "web/route.h"

/* In the place of an id: the run of the key that is sent. */
#define MINE	"mine"

static int
no_such_run(struct err *err)
{
	return err_set(err, 404, "no_run", "there is no such run, or it is not "
	    "kept any longer");
}

static void
tell_nobody(void *arg, const struct event *event)
{
	(void)arg, (void)event;
}

/*
 * Whether all that it has was read before.  With any other answer than 204 a
 * client of server-sent events would ask for ever.
 */
static bool
is_read(struct house *house, const char *id, uint64_t after)
{
	struct follower follower;
	bool is;

	if (after == 0 || follow_open(&follower, house->state.dir, id) == -1)
		return false;
	is = follow_next(&follower, tell_nobody, NULL) == FOLLOW_DONE &&
	    follower.last_id <= after;
	follow_close(&follower);
	return is;
}

/* Sends it to its end, as far as the visitor reads. */
static void
send_journal(struct follower *follower, struct reply *reply)
{
	struct outbox *outbox = &reply->outbox;
	enum follow_found found;

	follower->by_pieces = true;
	do {
		found = follow_next(follower, reply->subscriber.tell,
		    reply->subscriber.arg);
		outbox_grew(outbox);
		if (found == FOLLOW_BROKEN)
			outbox->gone = true;
		while (!outbox->gone && outbox_is_full(outbox))
			if (merge_wait(outbox, FOLLOW_LOOK_MS) == -1)
				return;
	} while (found == FOLLOW_WAITS && !outbox->gone && (follower->more ||
	    merge_wait(outbox, FOLLOW_LOOK_MS) == 0));
}

/* Too many read: a stream that ends cleanly is asked for again. */
static void
send_away(struct reply *reply)
{
	buf_puts(&reply->outbox.out, "retry: 1000\n\n");
	outbox_end(&reply->outbox);
	outbox_grew(&reply->outbox);
}

static int
read_run(struct house *house, struct reply *reply,
    const struct request *request, const struct plan *plan, const char *id,
    uint64_t after, struct err *err)
{
	struct place place = PLACE_OF(places_ground(PLACES_READERS));
	struct follower follower;

	/* It begins no run, so it takes no place from one. */
	turn_give(&house->turn);
	/* This comes first: it closes the file, and with it ends our lock. */
	if (is_read(house, id, after)) {
		reply_nothing(reply, request);
		return 0;
	}
	if (follow_open(&follower, house->state.dir, id) == -1)
		return no_such_run(err);
	follower.after = after;
	if (reply_begin(reply, request, plan, err) == -1) {
		follow_close(&follower);
		return -1;
	}
	if (request->is_head)
		outbox_end(&reply->outbox);
	else if (places_take(&house->places, &place,
	    (size_t)house->config.limits.max_readers) == 1)
		send_journal(&follower, reply);
	else
		send_away(reply);
	places_give(&house->places, &place);
	follow_close(&follower);
	return 0;
}

int
revisit_again(struct house *house, struct reply *reply,
    const struct request *request, const struct plan *plan, uint64_t after,
    struct err *err)
{
	struct follower follower;
	bool same;

	if (follow_open(&follower, house->state.dir, request->name.id) == -1)
		return no_such_run(err);
	same = follow_is_of(&follower, request->digest);
	follow_close(&follower);
	if (!same)
		return err_set(err, 422, "other_request", "another request was "
		    "made with this key; draw a new one for each run");
	return read_run(house, reply, request, plan, request->name.id,
	    after, err);
}

static int
stop_run(struct house *house, const char *id, const char *key,
    struct err *err)
{
	struct runname name;
	struct follower follower;

	turn_give(&house->turn);
	if (runname_read(&name, key, err) == -1 || strcmp(name.id, id) != 0)
		return err_set(err, 403, "not_yours", "a run is stopped with "
		    "the key that it was begun with");
	if (follow_open(&follower, house->state.dir, id) == -1)
		return no_such_run(err);
	/* If nobody hears the bell, it has ended, or its process has died. */
	bell_ring(house->state.dir, id);
	follow_close(&follower);
	return 0;
}

/*
 * Reads the id out of the path; that of "mine" is made of the key, for clients
 * that cannot make it.  *stops becomes whether /stop follows the id.
 */
static int
read_name(const struct visitor *v, struct runname *name, bool *stops,
    struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	const char *key = source_param(source, "HTTP_IDEMPOTENCY_KEY");
	size_t n;
	const char *below = route_below(v->route, source, &n);

	*stops = n == RUNNAME_DIGITS + 5 &&
	    memcmp(below + RUNNAME_DIGITS, "/stop", 5) == 0;
	if (n == strlen(MINE) && memcmp(below, MINE, n) == 0 && *key != '\0')
		return runname_read(name, key, err);
	if (!runname_is_id(below, *stops ? RUNNAME_DIGITS : n))
		return err_set(err, 404, "no_run", "there is no such run");
	memcpy(name->id, below, RUNNAME_DIGITS);
	return 0;
}

/*
 * The owner of a run may be ahead of his POST, or its answer may be held back:
 * then it is no error that there is no such run, and the answer is 204.
 */
static int
or_not_yet(struct visitor *v, const struct runname *name, int rc,
    struct err *err)
{
	if (rc == 0 || err->status != 404 || !runname_is_given(name))
		return rc;
	*err = (struct err)ERR_INIT;
	reply_nothing(&v->reply, &v->request);
	return 0;
}

int
revisit(struct visitor *v, struct err *err)
{
	const struct source *source = fcgi_source(v->fcgi);
	const char *method = source_param(source, "REQUEST_METHOD");
	struct plan plan = PLAN_INIT;
	struct runname name = RUNNAME_INIT;
	bool stops;
	int rc;

	if (read_name(v, &name, &stops, err) == -1)
		return -1;
	if (stops != (strcmp(method, "POST") == 0))
		return err_set(err, 405, "method_not_allowed", "GET and DELETE "
		    "are of /runs/ID, POST is of /runs/ID/stop");
	if (stops || strcmp(method, "DELETE") == 0) {
		rc = stops ? request_key(source, &v->house->config,
		    &v->request, err) : 0;
		if (rc == 0)
			rc = stop_run(v->house, name.id, stops ?
			    v->request.name.key : source_param(source,
			    "HTTP_IDEMPOTENCY_KEY"), err);
		if (rc == 0)
			reply_nothing(&v->reply, &v->request);
		return or_not_yet(v, &name, rc, err);
	}
	if (durable_is_asked(v))
		return or_not_yet(v, &name, durable_read(v, name.id, err),
		    err);
	/* The page without JavaScript is made of the visitor's inputs. */
	reply_choose(&v->reply, source_param(source, "HTTP_ACCEPT"), NULL);
	v->reply.is_reread = true;
	plan.graph = &v->house->graph;
	plan.config = &v->house->config;
	memcpy(plan.id, name.id, sizeof(plan.id));
	rc = read_run(v->house, &v->reply, &v->request, &plan, name.id,
	    request_last_event(source), err);
	plan_free(&plan);
	return rc;
}
