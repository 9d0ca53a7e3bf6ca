/*
 * config.c: listener, before any fork.  Reads recipe.json over the built-in
 * defaults; knows nothing of requests, stages or connections.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/err.h"
#include "setup/config.h"
#include "setup/doc.h"
#include "setup/place.h"
#include "text/json.h"

/* By name: the default, and from which to which value it may be set. */
static const struct {
	const char *name;
	size_t offset;
	int64_t value, least, most;
} limits[] = {
#define LIMIT(name, value, least, most) \
	{ #name, offsetof(struct limits, name), value, least, most }
	LIMIT(max_runs, 64, 1, 100000),
	LIMIT(max_waiting, 64, 0, 100000),
	LIMIT(connect_ms, 5000, 1, 3600000),
	LIMIT(first_token_ms, 20000, 1, 3600000),
	LIMIT(idle_ms, 20000, 1, 3600000),
	LIMIT(run_ms, 120000, 1, 86400000),
	LIMIT(body_ms, 10000, 1, 3600000),
	LIMIT(stall_ms, 30000, 1, 3600000),
	LIMIT(heartbeat_ms, 5000, 10, 3600000),
	LIMIT(worker_idle_ms, 60000, 1, 86400000),
	LIMIT(body_bytes, 16384, 256, 1 << 26),
	LIMIT(prompt_bytes, 262144, 1024, 1 << 26),
	LIMIT(stage_bytes, 2097152, 1024, 1 << 30),
	LIMIT(stage_requests, 0, 0, INT_MAX),
	LIMIT(retry_wait_ms, 2000, 0, 3600000),
	LIMIT(pad, 0, 0, 1048576),
	LIMIT(keep_s, 900, 1, 604800),
	LIMIT(linger_ms, 10000, 0, 3600000),
	LIMIT(max_readers, 50, 0, 100000),
	LIMIT(journal_bytes, 1 << 26, 65536, INT64_C(1) << 40),
#undef LIMIT
};

#define NLIMITS (sizeof(limits) / sizeof(limits[0]))

/* Where the limit of that index is in the struct. */
static int64_t *
limit(struct limits *values, size_t i)
{
	return (int64_t *)(void *)((char *)values + limits[i].offset);
}

static int
load_limits(struct config *config, const struct doc *doc, struct err *err)
{
	const char *known[NLIMITS + 1] = { NULL };
	size_t i;

	for (i = 0; i < NLIMITS; i++)
		known[i] = limits[i].name;
	if (doc == NULL)
		return 0;
	if (doc_only(doc, err, AT("limits"), known) == -1)
		return -1;
	for (i = 0; i < NLIMITS; i++)
		if (doc_int(doc, err, AT("limits", limits[i].name),
		    limits[i].least, limits[i].most,
		    limit(&config->limits, i)) == -1)
			return -1;
	return 0;
}

static int
load_default(struct config *config, const struct doc *doc, struct err *err)
{
	const char *id = NULL;

	if (doc_string(doc, err, AT("default_service"), &id) == -1)
		return -1;
	if (id == NULL)
		return 0;
	if (services_find(&config->services, id) == NULL)
		return doc_complain(doc, err, AT("default_service"),
		    "\"%s\" is no service; it must be built in or stand under "
		    "\"services\"", id);
	if ((config->default_service = strdup(id)) == NULL)
		return err_set(err, 503, "config", "out of memory");
	return 0;
}

/*
 * A browser's Origin header is compared with these byte by byte, so they must
 * be written as browsers write them.
 */
static int
load_cors(struct config *config, const struct doc *doc, struct err *err)
{
	const char *origin, *host;
	size_t i;

	if (doc_strings(doc, err, AT("cors"), &config->cors,
	    &config->ncors) == -1)
		return -1;
	for (i = 0; i < config->ncors; i++) {
		origin = config->cors[i];
		host = strstr(origin, "://");
		if (host == NULL || host[3] == '\0' ||
		    strchr(host + 3, '/') != NULL)
			return doc_complain(doc, err, AT("cors"),
			    "\"%s\" is no origin; write it like "
			    "\"https://cook.example\", without a path",
			    origin);
	}
	return 0;
}

static int
load_name(struct config *config, const struct doc *doc, struct err *err)
{
	const char *name = NULL;

	if (doc_string(doc, err, AT("name"), &name) == -1)
		return -1;
	if (name != NULL && (config->name = strdup(name)) == NULL)
		return err_set(err, 503, "config", "out of memory");
	return 0;
}

static int
load_state(struct config *config, const struct doc *doc, struct err *err)
{
	const char *dir = NULL;

	if (doc_string(doc, err, AT("state"), &dir) == -1)
		return -1;
	if (dir != NULL && (config->state = strdup(dir)) == NULL)
		return err_set(err, 503, "config", "out of memory");
	return 0;
}

/*
 * If tokens or money of a service are limited, it is asked what each answer
 * took, unless its profile says no.  A model that refuses that is not asked for
 * it again (run/decide.h), and its answers count by what they can have taken.
 */
static void
ask_for_usage(struct config *config, const struct doc *doc)
{
	struct service *s;
	size_t i;

	for (i = 0; i < config->services.n; i++) {
		s = &config->services.list[i];
		if (guard_counts_tokens(&config->guard, guard_key(s->id)) &&
		    (doc == NULL || doc_get(doc, AT("services", s->id,
		    "profile", "stream_options")) == NULL))
			s->profile.params |= PARAM_STREAM_OPTIONS;
	}
}

int
config_load(struct config *config, void (*warn)(const char *),
    struct err *err)
{
	static const char *const known[] = { "services", "default_service",
	    "limits", "cors", "name", "state", "log_text", "speed",
	    "journal", "guard", "trusted_proxies", NULL };
	struct doc file = DOC_INIT, *doc = NULL;
	struct err ignored = ERR_INIT;
	const char *local = getenv("RECIPE_LOCAL");
	int rc = -1;
	size_t i;

	/*
	 * The defaults come first: even if the configuration is wrong, the
	 * program serves with them, to tell visitors so.
	 */
	for (i = 0; i < NLIMITS; i++)
		*limit(&config->limits, i) = limits[i].value;
	config->is_local = local != NULL && *local != '\0';
	config->speed = config->is_local;
	config->journal = true;
	config->path = place_find("RECIPE_CONFIG", "recipe.json");
	if (config->path != NULL) {
		doc = &file;
		if (doc_read(doc, config->path, err) == -1 ||
		    doc_only(doc, err, AT(NULL), known) == -1)
			goto out;
	}
	if (load_limits(config, doc, err) == -1 ||
	    services_load(&config->services, doc, warn, err) == -1 ||
	    guard_read(&config->guard, doc, &config->services, err) == -1)
		goto out;
	ask_for_usage(config, doc);
	if (doc != NULL && (load_default(config, doc, err) == -1 ||
	    load_cors(config, doc, err) == -1 ||
	    load_name(config, doc, err) == -1 ||
	    load_state(config, doc, err) == -1 ||
	    doc_bool(doc, err, AT("log_text"), &config->log_text) == -1 ||
	    doc_bool(doc, err, AT("journal"), &config->journal) == -1 ||
	    doc_bool(doc, err, AT("speed"), &config->speed) == -1))
		goto out;
	rc = 0;
out:
	/*
	 * services_load also overwrites the keys in the environment, which must
	 * happen whatever else is wrong.
	 */
	if (config->services.n == 0)
		services_load(&config->services, NULL, NULL, &ignored);
	doc_free(&file);
	return rc;
}

void
config_free(struct config *config)
{
	free(config->path);
	config->path = NULL;
	guard_free(&config->guard);
	services_free(&config->services);
	free(config->default_service);
	config->default_service = NULL;
	free(config->name);
	config->name = NULL;
	free(config->state);
	config->state = NULL;
	doc_free_strings(config->cors);
	config->cors = NULL;
	config->ncors = 0;
}

/* The number in a file; -1 if there is none, as in "max". */
static long
number_in(const char *path)
{
	struct buf text = BUF_INIT(4096);
	char *end;
	long n;

	if (doc_slurp(path, &text) == -1) {
		buf_free(&text);
		return -1;
	}
	n = strtol(text.data, &end, 10);
	if (end == text.data)
		n = -1;
	buf_free(&text);
	return n;
}

/*
 * How many processes the cgroup of this process may have; -1 if it has no
 * limit.  /proc/self/cgroup names the group: in the line "0::/PATH" for version
 * 2, in "N:pids:/PATH" for version 1.  In a container its files may be at the
 * root instead.  How many there are now does not count: under CGI most of them
 * are our own, and all processes of a site should come to the same limits.
 */
static long
cgroup_most(void)
{
	static const struct {
		const char *mark, *root;
	} kinds[] = {
		{ ":pids:/", "/sys/fs/cgroup/pids" },
		{ "0::/", "/sys/fs/cgroup" },
	};
	struct buf text = BUF_INIT(65536);
	char path[4300], *line, *save, *mark;
	long most = -1;
	size_t i;

	if (doc_slurp("/proc/self/cgroup", &text) == 0)
		for (line = strtok_r(text.data, "\n", &save); line != NULL;
		    line = strtok_r(NULL, "\n", &save))
			for (i = 0; i < 2 && most < 0; i++) {
				mark = strstr(line, kinds[i].mark);
				if (mark == NULL)
					continue;
				snprintf(path, sizeof(path),
				    "%s%.4096s/pids.max", kinds[i].root,
				    strchr(mark, '/'));
				most = number_in(path);
			}
	buf_free(&text);
	return most < 0 ? number_in("/sys/fs/cgroup/pids.max") : most;
}

/*
 * Lowers the limits to what `room` processes can serve, one of which is the
 * listener.  Returns whether it had to.
 */
static bool
fit_into(struct limits *l, int64_t room, int64_t per_run)
{
	int64_t waiting = l->max_waiting, runs = l->max_runs;

	if (waiting > room / 4)
		waiting = room / 4;
	if (runs > (room - 1 - waiting) / per_run)
		runs = (room - 1 - waiting) / per_run;
	if (runs < 1)
		runs = 1;
	if (runs == l->max_runs && waiting == l->max_waiting)
		return false;
	l->max_runs = runs;
	l->max_waiting = waiting;
	return true;
}

const char *
config_fit(struct config *config, size_t per_run)
{
	const char *why = NULL;
	struct rlimit nproc;
	long most = cgroup_most();

	if (most >= 0 && fit_into(&config->limits, most, (int64_t)per_run))
		why = "the cgroup's pids.max";
	/* The kernel does not hold root to it, who hardly ever has one. */
	if (getrlimit(RLIMIT_NPROC, &nproc) == 0 &&
	    nproc.rlim_cur != RLIM_INFINITY && nproc.rlim_cur < INT64_MAX &&
	    fit_into(&config->limits, (int64_t)nproc.rlim_cur,
	    (int64_t)per_run))
		why = "RLIMIT_NPROC (ulimit -u)";
	return why;
}

/*
 * The first service that can be used: of recipe.json in its order, else of
 * those built in; the demo is the last of these and can always be used.
 */
static const struct service *
first_usable(const struct services *services)
{
	const struct service *s, *best = NULL;
	size_t i;

	for (i = 0; i < services->n; i++) {
		s = &services->list[i];
		if (s->why_not != NULL)
			continue;
		if (best == NULL || (s->in_file > 0 &&
		    (best->in_file == 0 || s->in_file < best->in_file)))
			best = s;
	}
	return best;
}

/* The service for a stage none of whose own can be used. */
static const struct service *
fallback(const struct config *config)
{
	const struct service *s = NULL;

	if (config->default_service != NULL)
		s = services_find(&config->services, config->default_service);
	return s != NULL && s->why_not == NULL ? s :
	    first_usable(&config->services);
}

size_t
config_order(const struct config *config, char *const *ids,
    const struct service **order, size_t max)
{
	const struct service *s;
	size_t i, n = 0;

	for (i = 0; ids != NULL && ids[i] != NULL && n < max; i++) {
		s = services_find(&config->services, ids[i]);
		if (s != NULL && s->why_not == NULL)
			order[n++] = s;
	}
	if (n == 0)
		order[n++] = fallback(config);
	return n;
}

