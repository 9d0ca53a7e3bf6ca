/*
 * guard.c: listener, before any fork, and commands.  Reads limits; counts
 * nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/log.h"
#include "setup/doc.h"
#include "setup/guard.h"
#include "setup/service.h"
#include "text/address.h"
#include "text/json.h"

/* More than anybody needs, and sums of them fit into 64 bits. */
#define RUNS_MAX	INT64_C(1000000000)
#define TOKENS_MAX	INT64_C(1000000000000)
#define COST_MAX	1e6
/* Billionths, as spend/entry.h has them. */
#define COIN		1e9

uint64_t
guard_key(const char *id)
{
	char hex[17];

	digest_hex(id, strlen(id), hex, 16);
	return strtoull(hex, NULL, 16);
}

const struct guard_service *
guard_of(const struct guard *guard, uint64_t key)
{
	size_t i;

	for (i = 0; i < guard->nservices; i++)
		if (guard->services[i].key == key)
			return &guard->services[i];
	return NULL;
}

bool
guard_holds_owner(const struct guard *guard)
{
	return guard->on && !guard->is_builtin;
}

bool
guard_counts_tokens(const struct guard *guard, uint64_t key)
{
	return guard->tokens_day != GUARD_NONE ||
	    guard->cost_day != GUARD_NONE || guard_of(guard, key) != NULL;
}

/* --- what is built in ------------------------------------------------ */

/*
 * Whether a service is sent something by which its host knows whom to charge: a
 * key, further headers, or a name or a key in its base URL.
 */
static bool
is_known_by(const struct service *service)
{
	return service->key != NULL || service->profile.nheaders > 0 ||
	    (service->base_url != NULL &&
	    strchr(service->base_url, '@') != NULL) ||
	    (service->query != NULL &&
	    strcasestr(service->query, "key=") != NULL);
}

/* Whether any service that can be used may cost money. */
static bool
has_key(const struct services *services)
{
	size_t i;

	for (i = 0; i < services->n; i++)
		if (is_known_by(&services->list[i]) &&
		    services->list[i].why_not == NULL)
			return true;
	return false;
}

static void
lift_all(struct guard *guard)
{
	guard->runs_hour = GUARD_NONE;
	guard->at_once = GUARD_NONE;
	guard->runs_day = GUARD_NONE;
	guard->tokens_day = GUARD_NONE;
	guard->cost_day = GUARD_NONE;
}

static void
set_builtin(struct guard *guard)
{
	guard->on = true;
	guard->is_builtin = true;
	guard->runs_hour = GUARD_RUNS_HOUR;
	guard->at_once = GUARD_AT_ONCE;
	guard->runs_day = GUARD_RUNS_DAY;
}

/* --- recipe.json ----------------------------------------------------- */

static int
read_cost(const struct doc *doc, struct err *err, const char *const at[],
    int64_t *cost)
{
	double value;
	int rc = doc_double(doc, err, at, 0, COST_MAX, &value);

	if (rc == 1)
		*cost = (int64_t)(value * COIN + 0.5);
	return rc;
}

/* Money can only be counted if each model that may be asked has a price. */
static int
check_prices(const struct doc *doc, struct err *err, const char *const at[],
    const struct service *s)
{
	size_t m;

	for (m = 0; m < s->nmodels && !service_is_demo(s) &&
	    s->why_not == NULL; m++)
		if (!prices_of(&s->prices, s->models[m])->is_set)
			return doc_complain(doc, err, at, "\"cost_day\" needs "
			    "the price of every service: \"%s\" has none for "
			    "%.80s; say \"services\": {\"%s\": {\"price\": "
			    "{\"in\": 0.9, \"out\": 0.9}}}, each for a million "
			    "tokens, or 0", s->id, s->models[m], s->id);
	return 0;
}

static int
read_visitor(struct guard *guard, const struct doc *doc, struct err *err)
{
	static const char *const known[] = { "runs_hour", "at_once", NULL };

	return doc_only(doc, err, AT("guard", "visitor"), known) == -1 ||
	    doc_int(doc, err, AT("guard", "visitor", "runs_hour"), 0,
	    RUNS_MAX, &guard->runs_hour) == -1 ||
	    doc_int(doc, err, AT("guard", "visitor", "at_once"), 0, RUNS_MAX,
	    &guard->at_once) == -1 ? -1 : 0;
}

static int
read_site(struct guard *guard, const struct doc *doc,
    const struct services *services, struct err *err)
{
	static const char *const known[] = { "runs_day", "tokens_day",
	    "cost_day", NULL };
	size_t i;

	if (doc_only(doc, err, AT("guard", "site"), known) == -1 ||
	    doc_int(doc, err, AT("guard", "site", "runs_day"), 0, RUNS_MAX,
	    &guard->runs_day) == -1 ||
	    doc_int(doc, err, AT("guard", "site", "tokens_day"), 0,
	    TOKENS_MAX, &guard->tokens_day) == -1 ||
	    read_cost(doc, err, AT("guard", "site", "cost_day"),
	    &guard->cost_day) == -1)
		return -1;
	for (i = 0; i < services->n && guard->cost_day != GUARD_NONE; i++)
		if (check_prices(doc, err, AT("guard", "site", "cost_day"),
		    &services->list[i]) == -1)
			return -1;
	return 0;
}

static int
read_service(struct guard *guard, const struct doc *doc, const char *id,
    const struct services *services, struct err *err)
{
	static const char *const known[] = { "tokens_day", "cost_day", NULL };
	const struct service *service = services_find(services, id);
	struct guard_service *limit = &guard->services[guard->nservices];

	if (service == NULL || service_is_demo(service))
		return doc_complain(doc, err, AT("guard", "service", id),
		    "\"%s\" is no service; it must be built in or stand under "
		    "\"services\"", id);
	*limit = (struct guard_service){ guard_key(id), service->id,
	    GUARD_NONE, GUARD_NONE };
	guard->nservices++;
	if (doc_only(doc, err, AT("guard", "service", id), known) == -1 ||
	    doc_int(doc, err, AT("guard", "service", id, "tokens_day"), 0,
	    TOKENS_MAX, &limit->tokens_day) == -1 ||
	    read_cost(doc, err, AT("guard", "service", id, "cost_day"),
	    &limit->cost_day) == -1)
		return -1;
	return limit->cost_day == GUARD_NONE ? 0 : check_prices(doc, err,
	    AT("guard", "service", id, "cost_day"), service);
}

static int
read_services(struct guard *guard, const struct doc *doc,
    const struct services *services, struct err *err)
{
	const struct json *all = doc_get(doc, AT("guard", "service"));
	const char *id;
	size_t i;

	if (all != NULL && json_kind(all) != JSON_OBJECT)
		return doc_complain(doc, err, AT("guard", "service"),
		    "\"service\" must be an object of limits by service");
	guard->services = calloc(json_count(all) + 1,
	    sizeof(*guard->services));
	if (guard->services == NULL)
		fatal("cannot copy the configuration");
	for (i = 0; i < json_count(all); i++) {
		json_member(all, i, &id);
		if (read_service(guard, doc, id, services, err) == -1)
			return -1;
	}
	return 0;
}

static int
read_over(struct guard *guard, const struct doc *doc, struct err *err)
{
	const char *over = "refuse";

	if (doc_string(doc, err, AT("guard", "over"), &over) == -1)
		return -1;
	guard->to_demo = strcmp(over, "demo") == 0;
	return guard->to_demo || strcmp(over, "refuse") == 0 ? 0 :
	    doc_complain(doc, err, AT("guard", "over"), "\"over\" must be "
	    "\"refuse\" or \"demo\"");
}

static int
read_limits(struct guard *guard, const struct doc *doc,
    const struct services *services, struct err *err)
{
	static const char *const known[] = { "visitor", "site", "service",
	    "over", NULL };
	const struct json *json = doc_get(doc, AT("guard"));

	if (json_kind(json) == JSON_BOOL && !json_boolean(json, true))
		return 0;
	if (json_kind(json) != JSON_OBJECT)
		return doc_complain(doc, err, AT("guard"), "\"guard\" must be "
		    "an object of limits, or false, which lifts them all");
	guard->on = true;
	return doc_only(doc, err, AT("guard"), known) == -1 ||
	    read_visitor(guard, doc, err) == -1 ||
	    read_site(guard, doc, services, err) == -1 ||
	    read_services(guard, doc, services, err) == -1 ? -1 :
	    read_over(guard, doc, err);
}

static int
read_proxies(struct guard *guard, const struct doc *doc, struct err *err)
{
	char **list = NULL;
	size_t i, n = 0;
	int rc = 0;

	if (doc_strings(doc, err, AT("trusted_proxies"), &list, &n) == -1)
		return -1;
	if ((guard->proxies = calloc(n + 1, sizeof(*guard->proxies))) == NULL)
		fatal("cannot copy the configuration");
	for (i = 0; i < n && rc == 0; i++)
		if (strcmp(list[i], "unix") == 0)
			guard->trusts_unix = true;
		else if (network_parse(&guard->proxies[guard->nproxies++],
		    list[i]) == -1)
			rc = doc_complain(doc, err, AT("trusted_proxies"),
			    "\"%.80s\" is no address; write it like "
			    "\"192.0.2.7\", \"10.0.0.0/8\" or \"fd00::/8\", or"
			    " \"unix\" for a web server that listens on a unix"
			    " socket", list[i]);
	doc_free_strings(list);
	return rc;
}

/* Two sets of limits that are equal have the same. */
static uint32_t
hash_rules(const struct guard *guard)
{
	int64_t numbers[5] = { guard->runs_hour, guard->at_once,
	    guard->runs_day, guard->tokens_day, guard->cost_day };
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < 5; i++)
		sum = (sum ^ (uint64_t)numbers[i]) * UINT64_C(0x100000001b3);
	for (i = 0; i < guard->nservices; i++) {
		sum = (sum ^ guard->services[i].key) *
		    UINT64_C(0x100000001b3);
		sum = (sum ^ (uint64_t)guard->services[i].tokens_day) *
		    UINT64_C(0x100000001b3);
		sum = (sum ^ (uint64_t)guard->services[i].cost_day) *
		    UINT64_C(0x100000001b3);
	}
	return (uint32_t)(sum ^ sum >> 32);
}

int
guard_read(struct guard *guard, const struct doc *doc,
    const struct services *services, struct err *err)
{
	int rc = 0;

	lift_all(guard);
	if (doc == NULL || doc_get(doc, AT("guard")) == NULL) {
		if (has_key(services))
			set_builtin(guard);
	} else {
		rc = read_limits(guard, doc, services, err);
	}
	if (rc == 0 && doc != NULL)
		rc = read_proxies(guard, doc, err);
	guard->rules = hash_rules(guard);
	return rc;
}

void
guard_free(struct guard *guard)
{
	free(guard->services);
	free(guard->proxies);
	*guard = (struct guard)GUARD_INIT;
}
