/*
 * test_guard: limits and prices in recipe.json.
 */
#include "fixture_config.h"
#include "setup/guard.h"
#include "spend/entry.h"

#define PRICED	"{\"services\": {\"a\": {\"base_url\": \"http://h/v1\", " \
	"\"model\": [\"m\", \"n\"], \"price\": %s}}, \"guard\": %s}"

static void
load_guard(struct loaded *l, const char *dir, const char *price,
    const char *guard)
{
	char text[1000];

	snprintf(text, sizeof(text), PRICED, price, guard);
	load(l, dir, text);
}

/* What the message is, after the path. */
static void
assert_refused(struct loaded *l, int line, const char *part)
{
	char where[16];

	assert_int_equal(l->rc, -1);
	snprintf(where, sizeof(where), "json:%d: ", line);
	unit_assert_has(l->err.text, where);
	unit_assert_has(l->err.text, part);
	config_free(&l->config);
}

static void
built_in(void **state)
{
	struct loaded l;

	/* No key: the demo, or a server at home. */
	load_well(&l, *state, "{}");
	assert_false(l.config.guard.on);
	config_free(&l.config);
	setenv("GROQ_API_KEY", "gsk_0123456789abcdef", 1);
	load_well(&l, *state, "{}");
	assert_true(l.config.guard.on);
	assert_true(l.config.guard.is_builtin);
	assert_int_equal(l.config.guard.runs_day, 1000);
	assert_int_equal(l.config.guard.runs_hour, 60);
	assert_int_equal(l.config.guard.at_once, 4);
	assert_int_equal(l.config.guard.tokens_day, GUARD_NONE);
	config_free(&l.config);
	unsetenv("GROQ_API_KEY");
	/* A key may be in a header of the operator's own, or in the URL. */
	load_well(&l, *state, "{\"services\": {\"a\": {\"base_url\": "
	    "\"http://h/v1\", \"model\": \"m\", \"profile\": {\"headers\": "
	    "[\"X-Key: k\"]}}}}");
	assert_true(l.config.guard.is_builtin);
	config_free(&l.config);
	load_well(&l, *state, "{\"services\": {\"a\": {\"base_url\": "
	    "\"http://u:k@h/v1\", \"model\": \"m\"}}}");
	assert_true(l.config.guard.is_builtin);
	config_free(&l.config);
	load_well(&l, *state, "{\"services\": {\"a\": {\"base_url\": "
	    "\"http://h/v1?api_key=k\", \"model\": \"m\"}}}");
	assert_true(l.config.guard.is_builtin);
	config_free(&l.config);
	load_well(&l, *state, "{\"services\": {\"a\": {\"base_url\": "
	    "\"http://h/v1?v=3\", \"model\": \"m\"}}}");
	assert_false(l.config.guard.on);
	config_free(&l.config);
	setenv("GROQ_API_KEY", "gsk_0123456789abcdef", 1);
	load_well(&l, *state, "{\"guard\": false}");
	assert_false(l.config.guard.on);
	config_free(&l.config);
	/* What is not named has no limit. */
	setenv("GROQ_API_KEY", "gsk_0123456789abcdef", 1);
	load_well(&l, *state, "{\"guard\": {\"site\": {\"runs_day\": 3}}}");
	assert_true(l.config.guard.on);
	assert_false(l.config.guard.is_builtin);
	assert_int_equal(l.config.guard.runs_day, 3);
	assert_int_equal(l.config.guard.at_once, GUARD_NONE);
	config_free(&l.config);
}

static void
all_members(void **state)
{
	const struct guard *guard;
	struct loaded l;
	uint32_t rules;

	load_guard(&l, *state, "{\"in\": 0.9, \"out\": 0.0123, \"models\": "
	    "{\"n\": {\"in\": 0, \"out\": 1}}}", "{\"visitor\": "
	    "{\"runs_hour\": 30, \"at_once\": 2}, \"site\": {\"runs_day\": 5, "
	    "\"tokens_day\": 2000000, \"cost_day\": 5.1}, \"service\": "
	    "{\"a\": {\"tokens_day\": 7, \"cost_day\": 0.5}}, \"over\": "
	    "\"demo\"}");
	assert_int_equal(l.rc, 0);
	guard = &l.config.guard;
	assert_int_equal(guard->runs_hour, 30);
	assert_int_equal(guard->tokens_day, 2000000);
	assert_int_equal(guard->cost_day, 51 * ENTRY_COIN / 10);
	assert_true(guard->to_demo);
	assert_int_equal(guard_of(guard, guard_key("a"))->tokens_day, 7);
	assert_int_equal(guard_of(guard, guard_key("a"))->cost_day,
	    ENTRY_COIN / 2);
	assert_null(guard_of(guard, guard_key("b")));
	rules = guard->rules;
	/* 0.0123 for a million is 12.3 billionths for one. */
	assert_int_equal(prices_of(&services_find(&l.config.services,
	    "a")->prices, "m")->in, 900);
	assert_int_equal(prices_of(&services_find(&l.config.services,
	    "a")->prices, "m")->out, 13);
	assert_int_equal(prices_of(&services_find(&l.config.services,
	    "a")->prices, "n")->out, 1000);
	config_free(&l.config);
	load_guard(&l, *state, "0", "{\"site\": {\"cost_day\": 1}}");
	assert_int_equal(l.rc, 0);
	assert_int_not_equal(l.config.guard.rules, rules);
	config_free(&l.config);
}

static void
refused(void **state)
{
	static const struct { const char *price, *guard, *part; } cases[] = {
		{ "0", "true", "\"guard\" must be an object" },
		{ "0", "[]", "\"guard\" must be an object" },
		{ "0", "{\"vistor\": {}}", "\"vistor\"" },
		{ "0", "{\"visitor\": {\"run_hour\": 1}}", "\"run_hour\"" },
		{ "0", "{\"visitor\": {\"at_once\": -1}}", "at_once" },
		{ "0", "{\"visitor\": {\"at_once\": \"4\"}}", "at_once" },
		{ "0", "{\"site\": {\"cost_day\": -0.5}}", "cost_day" },
		{ "0", "{\"site\": 5}", "site" },
		{ "0", "{\"service\": {\"b\": {}}}", "\"b\" is no service" },
		{ "0", "{\"service\": {\"demo\": {}}}", "is no service" },
		{ "0", "{\"over\": \"stop\"}", "\"over\" must be" },
		{ "1", "{}", "\"price\" must be" },
		{ "-0.5", "{}", "\"price\" must be" },
		{ "{\"in\": 1}", "{}", "a price needs \"in\" and \"out\"" },
		{ "{\"in\": -1, \"out\": 1}", "{}", "in" },
		{ "{\"in\": 1, \"out\": 1, \"of\": 1}", "{}", "\"of\"" },
		{ "{\"models\": {\"n\": {\"in\": 1}}}", "{}", "a price needs" },
		{ "null", "{\"site\": {\"cost_day\": 1}}",
		    "\"a\" has none for m" },
		{ "{\"models\": {\"m\": {\"in\": 1, \"out\": 1}}}",
		    "{\"service\": {\"a\": {\"cost_day\": 1}}}",
		    "\"a\" has none for n" },
	};
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		load_guard(&l, *state, cases[i].price, cases[i].guard);
		assert_refused(&l, 1, cases[i].part);
	}
}

/* A key in the environment makes a service usable that has no price. */
static void
a_service_without_a_price(void **state)
{
	struct loaded l;

	load_guard(&l, *state, "0", "{\n\"site\": {\n\"cost_day\": 1}}");
	assert_int_equal(l.rc, 0);
	config_free(&l.config);
	setenv("GROQ_API_KEY", "gsk_0123456789abcdef", 1);
	load_guard(&l, *state, "0", "{\n\"site\": {\n\"cost_day\": 1}}");
	assert_refused(&l, 3, "\"groq-70b\" has none");
}

static void
proxies(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"trusted_proxies\": [\"10.0.0.0/8\", "
	    "\"::1\"]}");
	assert_int_equal(l.config.guard.nproxies, 2);
	config_free(&l.config);
	load_well(&l, *state, "{\"trusted_proxies\": \"192.0.2.7\"}");
	assert_int_equal(l.config.guard.nproxies, 1);
	config_free(&l.config);
	load(&l, *state, "{\"trusted_proxies\": [\"10.0.0.0/8\",\n"
	    "\"localhost\"]}");
	assert_refused(&l, 1, "\"localhost\" is no address");
}

static bool
asks_for_usage(const char *dir, const char *profile, const char *guard)
{
	struct loaded l;
	char text[400];
	bool asks;

	snprintf(text, sizeof(text), "{\"services\": {\"a\": {\"base_url\": "
	    "\"http://h/v1\", \"model\": \"m\", \"profile\": %s}}, "
	    "\"guard\": %s}", profile, guard);
	load_well(&l, dir, text);
	asks = (services_find(&l.config.services, "a")->profile.params &
	    PARAM_STREAM_OPTIONS) != 0;
	config_free(&l.config);
	return asks;
}

/* What is limited has to be told, unless the profile says no. */
static void
usage_is_asked_for(void **state)
{
	static const char tokens[] = "{\"site\": {\"tokens_day\": 9}}";
	static const char runs[] = "{\"site\": {\"runs_day\": 9}}";

	unsetenv("GROQ_API_KEY");
	assert_false(asks_for_usage(*state, "{}", "false"));
	assert_false(asks_for_usage(*state, "{}", runs));
	assert_true(asks_for_usage(*state, "{}", tokens));
	assert_false(asks_for_usage(*state, "{\"stream_options\": false}",
	    tokens));
	assert_true(asks_for_usage(*state, "{\"stream_options\": true}",
	    runs));
	assert_true(asks_for_usage(*state, "{\"temperature\": false}",
	    "{\"service\": {\"a\": {\"tokens_day\": 9}}}"));
	assert_false(asks_for_usage(*state, "{}",
	    "{\"service\": {\"groq-8b\": {\"tokens_day\": 9}}}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(built_in, setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(all_members, setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(refused, setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(a_service_without_a_price,
		    setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(proxies, setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(usage_is_asked_for, setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
