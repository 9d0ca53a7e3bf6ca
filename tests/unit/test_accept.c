/*
 * test_accept: which media type a request likes best.
 */
#include "reply/accept.h"
#include "unit.h"

enum type { STREAM, JSON, TEXT, HTML };

static const char *const types[] = {
	[STREAM] = "text/event-stream", [JSON] = "application/json",
	[TEXT] = "text/plain", [HTML] = "text/html",
};

static void
best_of_a_header(void **state)
{
	static const struct { const char *accept; enum type best; } cases[] = {
		{ "", STREAM },
		{ "*/*", STREAM },
		{ "text/event-stream", STREAM },
		{ "application/json", JSON },
		{ "text/plain", TEXT },
		{ "Application/JSON", JSON },
		{ "application/json; charset=utf-8", JSON },
		{ "text/html", HTML },
		{ "image/webp, image/*", STREAM },
		{ "text/html, application/json", HTML },
		{ "text/plain, application/json", TEXT },
		{ "application/json, text/plain", JSON },
		{ "text/plain,application/json", TEXT },
		{ "text/plain;q=0.5, application/json", JSON },
		{ "text/plain;q=0.5,application/json;q=0.4", TEXT },
		{ "text/plain; q=0.5, application/json; q=0.9", JSON },
		{ "text/plain;Q=0.5, application/json;q=0.9", JSON },
		{ "text/plain;q=0.123, application/json;q=0.124", JSON },
		{ "application/json;q=0", STREAM },
		{ "application/json;q=0.000, text/plain;q=0.001", TEXT },
		{ "application/json;charset=utf-8;q=0.2, text/plain;q=0.3",
		    TEXT },
		{ "text/event-stream;q=0.1, text/plain", TEXT },
		{ "text/event-stream, application/json", STREAM },
		{ "*/*;q=0.8, application/json", JSON },
		{ " text/plain ", TEXT },
		{ ",,text/plain,,", TEXT },
		{ "text/plain;q=2, application/json;q=0.1", JSON },
		{ "text/plain;q=x, application/json;q=0.1", JSON },
		{ "text/plain;", TEXT },
		{ ";q=1", STREAM },
		{ "text/plainer", STREAM },
		{ "text/plain/x", STREAM },
	};
	size_t i, best;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		best = accept_best(cases[i].accept, types, COUNT(types));
		if (best != cases[i].best)
			fail_msg("%s: %s", cases[i].accept, types[best]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(best_of_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
