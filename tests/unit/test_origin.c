/*
 * test_origin: which pages may send a form, by what their browser says.
 */
#include "base/io.h"
#include "plan/origin.h"
#include "unit.h"

struct said {
	const char	*site, *origin, *referer, *host, *https, *port;
};

static const char *
param(void *arg, const char *name)
{
	const struct said *said = arg;
	const struct { const char *name, *value; } params[] = {
		{ "HTTP_SEC_FETCH_SITE", said->site },
		{ "HTTP_ORIGIN", said->origin },
		{ "HTTP_REFERER", said->referer },
		{ "HTTP_HOST", said->host }, { "HTTPS", said->https },
		{ "SERVER_PORT", said->port },
	};
	size_t i;

	for (i = 0; i < COUNT(params); i++)
		if (strcmp(params[i].name, name) == 0)
			return params[i].value;
	return NULL;
}

static bool
is_foreign(struct said said)
{
	const struct source source = { param, NULL, &said };

	return origin_is_foreign(&source);
}

/* Whatever else is there: the browser has judged by what it knows. */
static void
the_browser_judges(void **state)
{
	static const struct { const char *site; bool foreign; } cases[] = {
		{ "same-origin", false }, { "none", false },
		{ "same-site", true }, { "cross-site", true },
		{ "Same-Origin", true }, { "same-origin, cross-site", true },
		{ "same-originx", true }, { " ", true },
	};
	static const char *const origins[] = { NULL, "null", "http://cook",
		"http://evil" };
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		for (k = 0; k < COUNT(origins); k++)
			if (is_foreign((struct said){ .site = cases[i].site,
			    .origin = origins[k], .host = "cook" }) !=
			    cases[i].foreign)
				fail_msg("%s with %s", cases[i].site,
				    origins[k]);
}

static void
an_origin_is_the_host_that_was_asked(void **state)
{
	static const struct { const char *origin, *host; bool foreign; }
	cases[] = {
		{ "http://cook", "cook", false },
		{ "https://cook", "cook", false },
		{ "http://Cook", "cOOK", false },
		{ "HTTP://cook", "cook", false },
		{ "http://cook:8080", "cook:8080", false },
		{ "http://cook", "cook:80", false },
		{ "http://cook:80", "cook", false },
		{ "https://cook", "cook:443", false },
		{ "http://[::1]:80", "[::1]", false },
		{ "http://[::1]", "[::1]:80", false },
		{ "http://[fe80::1]:8080", "[fe80::1]:8080", false },
		{ "http://cook:", "cook", false },
		{ "null", "cook", true },
		{ "null", "null", true },
		{ "cook", "cook", true },
		{ "//cook", "cook", true },
		{ "http://", "cook", true },
		{ "http://", "", true },
		{ "http://cook", "", true },
		{ "http://cook", NULL, true },
		{ "http:///cook", "cook", true },
		{ "ftp://cook", "cook", true },
		{ "chrome-extension://cook", "cook", true },
		{ "http://evil", "cook", true },
		{ "http://cook.evil", "cook", true },
		{ "http://coo", "cook", true },
		{ "http://evil.cook", "cook", true },
		{ "http://cook:8080", "cook", true },
		{ "http://cook", "cook:8080", true },
		{ "http://cook:8080", "cook:8081", true },
		{ "http://cook:443", "cook", true },
		{ "https://cook:80", "cook", true },
		{ "http://cook", "cook:443", true },
		{ "http://cook@evil", "cook", true },
		{ "http://evil#cook", "cook", true },
		{ "http://evil?http://cook", "cook", true },
		{ "http://cook, http://evil", "cook", true },
		{ "http://evil http://cook", "cook", true },
		{ "http://cook\\@evil", "cook", true },
		{ "http://[::1]", "[::2]", true },
		{ "http://[::1]:1", "[::1]", true },
		{ "http://8080", "cook:8080", true },
		{ "http://:8080", ":8080", true },
		{ " http://cook", "cook", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (is_foreign((struct said){ .origin = cases[i].origin,
		    .host = cases[i].host }) != cases[i].foreign)
			fail_msg("%s at %s", cases[i].origin, cases[i].host);
}

static void
a_host_without_its_port_may_be_the_servers(void **state)
{
	static const struct { const char *origin, *host; bool foreign; }
	cases[] = {
		{ "http://cook:8080", "cook", false },
		{ "https://cook:8080", "cook", false },
		{ "http://cook", "cook", false },
		{ "http://cook:8080", "cook:8080", false },
		{ "http://cook:8081", "cook", true },
		{ "http://cook:8080", "cook:9090", true },
		{ "http://evil:8080", "cook", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (is_foreign((struct said){ .origin = cases[i].origin,
		    .host = cases[i].host, .port = "8080" }) !=
		    cases[i].foreign)
			fail_msg("%s at %s", cases[i].origin, cases[i].host);
}

/* Who is on the way of http may write into its pages. */
static void
a_page_of_http_is_foreign_to_https(void **state)
{
	static const struct { const char *https, *origin; bool foreign; }
	cases[] = {
		{ "on", "http://cook", true }, { "1", "http://cook", true },
		{ "on", "https://cook", false }, { "", "http://cook", false },
		{ "off", "http://cook", false }, { "OFF", "http://cook", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (is_foreign((struct said){ .https = cases[i].https,
		    .origin = cases[i].origin, .host = "cook" }) !=
		    cases[i].foreign)
			fail_msg("%s, %s", cases[i].https, cases[i].origin);
}

static void
without_an_origin_the_referer_tells(void **state)
{
	static const struct { const char *origin, *referer; bool foreign; }
	cases[] = {
		{ NULL, NULL, false }, { "", "", false },
		{ NULL, "http://cook/", false },
		{ "", "http://cook/in/a?b=c#d", false },
		{ NULL, "https://cook:443/", false },
		{ NULL, "http://evil/", true },
		{ NULL, "http://evil/http://cook/", true },
		{ NULL, "http://cook.evil/cook", true },
		{ NULL, "about:blank", true },
		{ "null", "http://cook/", true },
		{ "http://evil", "http://cook/", true },
		{ "http://cook", "http://evil/", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (is_foreign((struct said){ .origin = cases[i].origin,
		    .referer = cases[i].referer, .host = "cook" }) !=
		    cases[i].foreign)
			fail_msg("%s, %s", cases[i].origin, cases[i].referer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_browser_judges),
		cmocka_unit_test(an_origin_is_the_host_that_was_asked),
		cmocka_unit_test(a_host_without_its_port_may_be_the_servers),
		cmocka_unit_test(a_page_of_http_is_foreign_to_https),
		cmocka_unit_test(without_an_origin_the_referer_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
