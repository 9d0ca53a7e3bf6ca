/*
 * test_config: recipe.json and its limits.
 */
#include <sys/resource.h>
#include "fixture_config.h"

static void
nothing_but_what_is_built_in(void **state)
{
	struct config config = CONFIG_INIT;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(config_load(&config, NULL, &err), 0);
	assert_null(config.path);
	assert_null(config.default_service);
	assert_int_equal(config.ncors, 0);
	assert_int_equal(config.limits.max_runs, 64);
	assert_int_equal(config.limits.connect_ms, 5000);
	assert_int_equal(config.limits.first_token_ms, 20000);
	assert_int_equal(config.limits.idle_ms, 20000);
	assert_int_equal(config.limits.run_ms, 120000);
	assert_int_equal(config.limits.body_ms, 10000);
	assert_int_equal(config.limits.stall_ms, 30000);
	assert_int_equal(config.limits.heartbeat_ms, 5000);
	assert_int_equal(config.limits.worker_idle_ms, 60000);
	assert_int_equal(config.limits.body_bytes, 16384);
	assert_int_equal(config.limits.prompt_bytes, 262144);
	assert_int_equal(config.limits.stage_bytes, 2097152);
	assert_int_equal(config.limits.stage_requests, 0);
	assert_int_equal(config.limits.retry_wait_ms, 2000);
	assert_null(config.state);
	assert_string_equal(first_for(&config, "70b"), "demo");
	assert_string_equal(first_for(&config, NULL), "demo");
	assert_int_equal(config.ncors, 0);
	config_free(&config);
	config_free(&config);
}

static void
whole_file(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"services\": {\"home\": {\"base_url\": "
	    "\"http://h/v1\", \"model\": \"m\"}}, \"default_service\": "
	    "\"home\", \"limits\": {\"first_token_ms\": 1500, \"max_runs\": 3,"
	    " \"stage_requests\": 1}, \"cors\": [\"https://cook.example\", "
	    "\"http://localhost:8080\"]}");
	assert_string_equal(l.config.path, l.path);
	assert_string_equal(l.config.default_service, "home");
	assert_int_equal(l.config.limits.first_token_ms, 1500);
	assert_int_equal(l.config.limits.max_runs, 3);
	assert_int_equal(l.config.limits.stage_requests, 1);
	assert_int_equal(l.config.limits.idle_ms, 20000);
	assert_int_equal(l.config.ncors, 2);
	assert_string_equal(l.config.cors[0], "https://cook.example");
	assert_string_equal(l.config.cors[1], "http://localhost:8080");
	assert_null(l.config.cors[2]);
	config_free(&l.config);
}

static void
one_origin_may_stand_alone(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"cors\": \"https://cook.example\"}");
	assert_int_equal(l.config.ncors, 1);
	assert_string_equal(l.config.cors[0], "https://cook.example");
	config_free(&l.config);
	load_well(&l, *state, "{}");
	assert_int_equal(l.config.ncors, 0);
	config_free(&l.config);
}

static void
limits_to_their_bounds(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"limits\": {\"max_runs\": 1, \"body_bytes\": "
	    "256, \"heartbeat_ms\": 10, \"run_ms\": 86400000, "
	    "\"stage_requests\": 0}}");
	assert_int_equal(l.config.limits.body_bytes, 256);
	assert_int_equal(l.config.limits.run_ms, 86400000);
	config_free(&l.config);
}

static void
files_that_are_refused(void **state)
{
	static const struct { const char *text, *place, *words; } cases[] = {
		{ "{\n\"serivces\": {}}", ":2: ", "\"serivces\" is not known "
		    "here; known are services, default_service, limits, cors"
		},
		{ "{\n\n\"limits\": []}", ":3: ", "must be an object" },
		{ "{\"limits\": {\n\"run_msec\": 5}}", ":2: ", "\"run_msec\" "
		    "is not known" },
		{ "{\"limits\": {\n\n\"run_ms\": \"5\"}}", ":3: ",
		    "\"limits.run_ms\" must be a whole number, not a string" },
		{ "{\"limits\": {\n\"run_ms\": 1.5}}", ":2: ", "whole" },
		{ "{\"limits\": {\n\"run_ms\": 0}}", ":2: ", "must be from 1 "
		    "to 86400000" },
		{ "{\"limits\": {\n\"run_ms\": -1}}", ":2: ", "is -1" },
		{ "{\"limits\": {\n\"run_ms\": 86400001}}", ":2: ", "from" },
		{ "{\"limits\": {\n\"run_ms\": 1e9}}", ":2: ", "whole" },
		{ "{\"limits\": {\n\"body_bytes\": 255}}", ":2: ", "from" },
		{ "{\"limits\": {\n\"max_runs\": true}}", ":2: ",
		    "true or false" },
		{ "{\"default_service\":\n7}", ":1: ", "must be a string" },
		{ "{\n\"default_service\": \"none\"}", ":2: ",
		    "\"none\" is no service" },
		{ "{\n\"cors\": {}}", ":2: ", "array of strings" },
		{ "{\n\"cors\": [1]}", ":2: ", "array of strings" },
		{ "{\n\"cors\": \"cook.example\"}", ":2: ", "is no origin" },
		{ "{\n\"cors\": \"https://\"}", ":2: ", "is no origin" },
		{ "{\n\"cors\": \"https://cook.example/\"}", ":2: ",
		    "is no origin" },
		{ "{\n\"cors\": \"https://cook.example/x\"}", ":2: ",
		    "is no origin" },
		{ "{\n\"cors\": \"*\"}", ":2: ", "is no origin" },
		{ "{\n\"services\": {\n\"x\": 5}}", ":3: ", "an object" },
		{ "{\n\"a\" 1}", ":2: ", "not JSON" },
		{ "[]", ":1: ", "one JSON object" },
		{ "", ":1: ", "not JSON" },
	};
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		load(&l, *state, cases[i].text);
		if (l.rc != -1)
			fail_msg("%s was taken", cases[i].text);
		assert_int_equal(l.err.status, 503);
		assert_string_equal(l.err.code, "config");
		assert_memory_equal(l.err.text, l.path, strlen(l.path));
		unit_assert_has(l.err.text, cases[i].place);
		unit_assert_has(l.err.text, cases[i].words);
		config_free(&l.config);
	}
}

/* A name that was mistyped must not end in the built-in configuration. */
static void
named_file_that_is_not_there(void **state)
{
	struct config config = CONFIG_INIT;
	struct err err = ERR_INIT;

	(void)state;
	setenv("RECIPE_CONFIG", "/nowhere/recipe.json", 1);
	assert_int_equal(config_load(&config, NULL, &err), -1);
	unit_assert_has(err.text, "/nowhere/recipe.json: No such file");
	config_free(&config);
}

/* Keys are in the environment of a program that goes on to answer 503. */
static void
keys_are_forgotten_whatever_is_wrong(void **state)
{
	static const char *const bad[] = { "{", "{\"serivces\": {}}",
	    "{\"limits\": {\"run_ms\": 0}}", "{\"default_service\": \"none\"}",
	    "{\"services\": {\"70b\": 1}}" };
	const char *kept;
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		setenv("GROQ_API_KEY", "gsk-secret", 1);
		kept = getenv("GROQ_API_KEY");
		load(&l, *state, bad[i]);
		assert_int_equal(l.rc, -1);
		config_free(&l.config);
		if (strstr(kept, "secret") != NULL)
			fail_msg("%s leaves the key in environ", bad[i]);
	}
}

static void
state_and_waits(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"state\": \"/var/lib/recipe\", "
	    "\"limits\": {\"retry_wait_ms\": 0}}");
	assert_string_equal(l.config.state, "/var/lib/recipe");
	assert_int_equal(l.config.limits.retry_wait_ms, 0);
	config_free(&l.config);
	load(&l, *state, "{\n\"state\": 1}");
	assert_int_equal(l.rc, -1);
	unit_assert_has(l.err.text, "recipe.json:2: ");
	config_free(&l.config);
}

/* Never under one, whatever the machine says. */
static void
fits_the_process_limits(void **state)
{
	struct loaded l;
	const char *why;

	load_well(&l, *state, "{\"limits\": {\"max_runs\": 1}}");
	assert_null(config_fit(&l.config, 1));
	assert_int_equal(l.config.limits.max_runs, 1);
	config_free(&l.config);
	load_well(&l, *state, "{\"limits\": {\"max_runs\": 100000}}");
	why = config_fit(&l.config, 1 << 30);
	assert_true(why != NULL || l.config.limits.max_runs == 100000);
	assert_true(l.config.limits.max_runs >= 1);
	config_free(&l.config);
}

/* Under 100 processes: the listener, 25 who wait, and runs of seven. */
static void
leaves_room_for_those_who_wait(void **state)
{
	struct rlimit old, few;
	struct loaded l;

	assert_int_equal(getrlimit(RLIMIT_NPROC, &old), 0);
	few = (struct rlimit){ 100, old.rlim_max };
	load_well(&l, *state, "{}");
	assert_int_equal(setrlimit(RLIMIT_NPROC, &few), 0);
	assert_non_null(config_fit(&l.config, 7));
	setrlimit(RLIMIT_NPROC, &old);
	assert_int_equal(l.config.limits.max_waiting, 25);
	assert_int_equal(l.config.limits.max_runs, (100 - 1 - 25) / 7);
	config_free(&l.config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(nothing_but_what_is_built_in),
		OWN(whole_file),
		OWN(one_origin_may_stand_alone),
		OWN(limits_to_their_bounds),
		OWN(files_that_are_refused),
		OWN(named_file_that_is_not_there),
		OWN(keys_are_forgotten_whatever_is_wrong),
		OWN(state_and_waits),
		OWN(fits_the_process_limits),
		OWN(leaves_room_for_those_who_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
