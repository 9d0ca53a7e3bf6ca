/*
 * fact.c: worker.  Adds facts to a document and answers questions from it;
 * knows no file and no run.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "site/fact.h"
#include "setup/service.h"
#include "text/json.h"
#include "text/think.h"

/* How long an entry is kept after its last change. */
#define KEEP_MS		(7 * INT64_C(86400000))

/* The "why" of a service that is set aside because it has failed so often. */
#define FAILURES	"failures"

/* The members of "refused_named" that are kept of a model at most. */
#define NAMED_MAX	64
/* Bytes of a value, which is as long as stages.json has it. */
#define NAMED_VALUE_MAX	(1024 * 1024)

/*
 * Writes the name of a model in the document.  The service's name stands in
 * it, because the same model may behave otherwise at another host.
 */
static const char *
name_model(const char *service, const char *model, char name[256])
{
	snprintf(name, 256, "%s %s", service, model);
	return name;
}

/* Returns the object that is the member `key`; adds an empty one if needed. */
static struct json *
child(struct json *json, const char *key)
{
	struct json *member = json_get(json, key);

	if (json_kind(member) == JSON_OBJECT)
		return member;
	json_set(json, key, json_new_object());
	return json_get(json, key);
}

/*
 * Sets a service aside.  If it is set aside for longer already, that stays,
 * unless it is longer than this program ever writes: then the clock was set
 * back, or somebody has edited the file.
 */
static void
put_aside(struct json *one, int64_t at_ms, int64_t ms, const char *why)
{
	int64_t until = at_ms + ms;
	int64_t had = json_int(json_get(one, "until"), 0);

	if (had >= until && had <= at_ms + FACT_MOST_MS)
		return;
	json_set_int(one, "until", until);
	json_set_string(one, "why", why);
}

/* Reads a count.  What is out of bounds counts as `most`. */
static int64_t
count_in(const struct json *one, const char *key, int64_t most)
{
	int64_t n = json_int(json_get(one, key), 0);

	return n < 0 || n > most ? most : n;
}

/*
 * Counts a failure, and sets the service aside from the third in a row on.
 * Failures that come while it is set aside do not count, because they are of
 * requests that had begun before, and would each double the time.
 */
static void
count_failure(struct json *one, const struct fact *fact)
{
	int64_t fails = count_in(one, "fails", FACT_FAILS + 8) + 1;
	int64_t ms = FACT_FAIL_MS, i;

	if (json_int(json_get(one, "until"), 0) > fact->at_ms)
		return;
	json_set_int(one, "fails", fails);
	if (fails < FACT_FAILS)
		return;
	for (i = FACT_FAILS; i < fails && ms < FACT_FAIL_MOST_MS; i++)
		ms *= 2;
	put_aside(one, fact->at_ms, ms > FACT_FAIL_MOST_MS ?
	    FACT_FAIL_MOST_MS : ms, FAILURES);
}

/*
 * A service has worked.  If it was set aside for its failures, it is so no
 * longer; any other reason, such as a refused key, is not disproved by that.
 */
static void
forget_failures(struct json *one, int64_t at_ms)
{
	const char *why = json_string(json_get(one, "why"), NULL);

	json_set_int(one, "fails", 0);
	if (why != NULL && strcmp(why, FAILURES) == 0 &&
	    json_int(json_get(one, "until"), 0) > at_ms)
		json_set_int(one, "until", 0);
}

/*
 * One answer with a thought makes a model one that thinks.  It takes FACT_CLEAN
 * answers in a row without one to make it one that does not: see
 * state_learn_thinks.
 */
static void
learn_thinks(struct json *one, const struct fact *fact)
{
	bool learned = json_boolean(json_get(one, "thinks"), false);
	int64_t clean = learned && !fact->thinks ?
	    count_in(one, "clean", FACT_CLEAN) + 1 : 0;

	json_set_bool(one, "thinks", fact->thinks ||
	    (learned && clean < FACT_CLEAN));
	json_set_int(one, "clean", clean);
	json_set_int(one, "thinks_at", fact->at_ms);
}

/*
 * Returns whether what was learned at the time in `key` is still believed.  A
 * time in the future is not, but for a minute in which clocks may differ.
 */
static bool
is_fresh(const struct json *one, const char *key, int64_t now_ms)
{
	int64_t at = json_int(json_get(one, key), 0);

	return at > now_ms - FACT_LEARNED_MS && at <= now_ms + 60000;
}

static void
learn_refused(struct json *one, const struct fact *fact)
{
	int64_t had = is_fresh(one, "refused_at", fact->at_ms) ?
	    json_int(json_get(one, "refused"), 0) : 0;

	json_set_int(one, "refused", had | (int64_t)fact->param);
	json_set_int(one, "refused_at", fact->at_ms);
}

static void
learn_refused_named(struct json *one, const struct fact *fact)
{
	struct json *all = child(one, "refused_named");

	if (json_count(all) < NAMED_MAX ||
	    json_get(all, fact->named) != NULL)
		json_set_int(all, fact->named, fact->at_ms);
}

const char *
fact_named(const char *name, const struct json *value,
    char named[FACT_NAMED])
{
	struct buf text = BUF_INIT(NAMED_VALUE_MAX);
	char digest[9] = "";

	if (value != NULL) {
		json_write(value, &text);
		digest_hex(text.data, text.len, digest, 8);
	}
	snprintf(named, FACT_NAMED, "%.60s%s%s", name,
	    value == NULL ? "" : "=", digest);
	buf_free(&text);
	return named;
}

/* What the document has of the service, model or server of a fact. */
static struct json *
subject_of(struct json *json, const struct fact *fact)
{
	char name[256];

	switch (fact->kind) {
	case FACT_REFUSES:
	case FACT_REFUSES_NAMED:
	case FACT_THINKS:
		return child(child(json, "models"),
		    name_model(fact->service, fact->model, name));
	case FACT_PROVEN:
		return child(child(json, "servers"), fact->service);
	case FACT_LEADS:
		return child(child(json, "lists"), fact->service);
	default:
		return child(child(json, "services"), fact->service);
	}
}

void
fact_apply(struct json *json, const struct fact *fact)
{
	struct json *one = subject_of(json, fact);

	json_set_int(one, "at", fact->at_ms);
	switch (fact->kind) {
	case FACT_ASIDE:
		put_aside(one, fact->at_ms, fact->ms, fact->why);
		break;
	case FACT_FAILED:
		count_failure(one, fact);
		break;
	case FACT_WORKED:
		forget_failures(one, fact->at_ms);
		break;
	case FACT_REFUSES:
		learn_refused(one, fact);
		break;
	case FACT_REFUSES_NAMED:
		learn_refused_named(one, fact);
		break;
	case FACT_THINKS:
		learn_thinks(one, fact);
		break;
	case FACT_PROVEN:
		json_set_int(one, "proven", fact->count);
		break;
	case FACT_LEADS:
		json_set_string(one, "leads", fact->model);
		break;
	}
}

/* Drops the old ones of one object's members, so that the file stays small. */
static void
prune(struct json *json, const char *key, int64_t now_ms)
{
	struct json *all = json_get(json, key), *kept, *one;
	const char *name;
	size_t i;

	if (json_kind(all) != JSON_OBJECT)
		return;
	kept = json_new_object();
	for (i = 0; i < json_count(all); i++) {
		one = json_member(all, i, &name);
		if (json_int(json_get(one, "at"), 0) > now_ms - KEEP_MS)
			json_set(kept, name, json_share(one));
	}
	json_set(json, key, kept);
}

void
fact_prune(struct json *json, int64_t now_ms)
{
	prune(json, "services", now_ms);
	prune(json, "models", now_ms);
	prune(json, "servers", now_ms);
	prune(json, "lists", now_ms);
}

/* --- what is known -------------------------------------------------------- */

static struct json *
find_service(const struct json *json, const char *service)
{
	return json_get(json_get(json, "services"), service);
}

static struct json *
find_model(const struct json *json, const char *service, const char *model)
{
	char name[256];

	return json_get(json_get(json, "models"),
	    name_model(service, model, name));
}

int64_t
fact_aside_ms(const struct json *json, const char *service, int64_t now_ms)
{
	int64_t until = json_int(json_get(find_service(json, service),
	    "until"), 0);
	int64_t left = until <= 0 ? 0 : until - now_ms;

	/* The clock was set back, or somebody has edited the file. */
	if (left > FACT_MOST_MS)
		left = FACT_MOST_MS;
	return left > 0 ? left : 0;
}

bool
fact_has_failed(const struct json *json, const char *service)
{
	return json_int(json_get(find_service(json, service), "fails"), 0) > 0;
}

unsigned
fact_refused(const struct json *json, const char *service, const char *model,
    int64_t now_ms)
{
	struct json *one = find_model(json, service, model);

	return is_fresh(one, "refused_at", now_ms) ?
	    (unsigned)json_int(json_get(one, "refused"), 0) : 0;
}

bool
fact_refused_named(const struct json *json, const char *service,
    const char *model, const char *named, int64_t now_ms)
{
	return is_fresh(json_get(find_model(json, service, model),
	    "refused_named"), named, now_ms);
}

int64_t
fact_proven(const struct json *json, const char *server, int64_t now_ms)
{
	const struct json *one = json_get(json_get(json, "servers"), server);
	int64_t n = is_fresh(one, "at", now_ms) ?
	    json_int(json_get(one, "proven"), 1) : 1;

	return n < 1 ? 1 : n > SERVICE_PARALLEL_MAX ? SERVICE_PARALLEL_MAX : n;
}

bool
fact_leads(const struct json *json, const char *list, const char *id,
    int64_t now_ms)
{
	const struct json *one = json_get(json_get(json, "lists"), list);
	const char *leads = json_string(json_get(one, "leads"), NULL);

	return leads != NULL && is_fresh(one, "at", now_ms) &&
	    strcmp(leads, id) == 0;
}

/* What a model's name says of it holds until an answer has shown. */
bool
fact_thinks(const struct json *json, const char *service, const char *model,
    int64_t now_ms)
{
	struct json *one = find_model(json, service, model);

	return json_boolean(is_fresh(one, "thinks_at", now_ms) ?
	    json_get(one, "thinks") : NULL, think_is_known(model));
}

/*
 * If clean answers have been counted, even an answer that says what is known
 * is news, because the count goes back to 0.
 */
bool
fact_is_news(const struct json *json, const char *service, const char *model,
    bool thinks, int64_t now_ms)
{
	return fact_thinks(json, service, model, now_ms) != thinks ||
	    json_int(json_get(find_model(json, service, model), "clean"),
	    0) > 0;
}
