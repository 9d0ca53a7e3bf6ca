/*
 * test_route: which route a path and a method have.
 */
#include "base/io.h"
#include "unit.h"
#include "web/route.h"

static const struct route routes[] = {
	{ "/generate", "POST, OPTIONS", NULL },
	{ "/services", "GET, OPTIONS", NULL },
	{ "/runs", "GET", NULL },
	{ "/runs/", "GET, DELETE", NULL },
};

enum { GENERATE, SERVICES, RUNS, RUN };

/* What the web server says of a path. */
struct said {
	const char *info, *uri, *script;
};

static const char *
param(void *arg, const char *name)
{
	const struct said *said = arg;

	return strcmp(name, "PATH_INFO") == 0 ? said->info :
	    strcmp(name, "REQUEST_URI") == 0 ? said->uri :
	    strcmp(name, "SCRIPT_NAME") == 0 ? said->script : NULL;
}

static const struct route *
find(struct said said)
{
	const struct source source = { param, NULL, &said };

	return route_find(routes, COUNT(routes), &source);
}

static void
paths_and_methods(void **state)
{
	enum what { SERVED, REFUSED, NOWHERE };
	static const struct {
		const char *method, *path;
		enum what what;
	} cases[] = {
		{ "POST", "/generate", SERVED },
		{ "POST", "/any/where/generate", SERVED },
		{ "POST", "/generate?x=/services", SERVED },
		{ "GET", "/services", SERVED },
		{ "OPTIONS", "/generate", SERVED },
		{ "OPTIONS", "/services", SERVED },
		{ "GET", "/generate", REFUSED },
		{ "HEAD", "/generate", REFUSED },
		{ "PUT", "/generate", REFUSED },
		{ "DELETE", "/generate", REFUSED },
		{ "post", "/generate", REFUSED },
		{ "", "/generate", REFUSED },
		{ "POST", "/services", REFUSED },
		{ "HEAD", "/services", REFUSED },
		{ "POST", "/", NOWHERE },
		{ "POST", "/Generate", NOWHERE },
		{ "POST", "/generates", NOWHERE },
		{ "POST", "/degenerate", NOWHERE },
		{ "POST", "/generate/", NOWHERE },
		{ "POST", "/generate/x", NOWHERE },
		{ "POST", "/x?/generate", NOWHERE },
		{ "POST", "", NOWHERE },
		{ "OPTIONS", "*", NOWHERE },
		{ "POST", NULL, NOWHERE },
		{ "GET", "/runs", SERVED }, { "POST", "/runs", REFUSED },
		{ "DELETE", "/any/where/runs/7", SERVED },
		{ "DELETE", "/runs", REFUSED },
		{ "GET", "/runs/7/stop", SERVED },
		{ "GET, DELETE", "/runs/7", REFUSED },
		{ "GET", "/runs/", SERVED }, { "GET", "/runs/?a", SERVED },
		{ "GET", "/run/7", NOWHERE }, { "GET", "/xruns/7", NOWHERE },
		{ "GET", "/x?/runs/7", NOWHERE },
	};
	const struct route *route;
	enum what what;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		route = find((struct said){ .uri = cases[i].path });
		what = route == NULL ? NOWHERE : route_allows(route,
		    cases[i].method) ? SERVED : REFUSED;
		if (what != cases[i].what)
			fail_msg("case %zu: %s", i, cases[i].path);
	}
}

/* The first of the three that is there, and a name without a slash. */
static void
where_the_path_stands(void **state)
{
	static const struct { struct said said; int want; } cases[] = {
		{ { "/services", "/generate", "/generate" }, SERVICES },
		{ { "", "/services", "/generate" }, SERVICES },
		{ { NULL, "", "/services" }, SERVICES },
		{ { NULL, NULL, "services" }, SERVICES },
		{ { NULL, NULL, "xservices" }, -1 },
		{ { "/runs/7", "/generate", NULL }, RUN },
		/* A mount point may be named like a prefix. */
		{ { NULL, "/runs/generate", NULL }, GENERATE },
		{ { NULL, "/runs/x/runs", NULL }, RUNS },
		{ { NULL, NULL, NULL }, -1 },
	};
	const struct route *route;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		route = find(cases[i].said);
		assert_int_equal(route == NULL ? -1 : (int)(route - routes),
		    cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_and_methods),
		cmocka_unit_test(where_the_path_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
