/*
 * test_fact: what has happened to a service, and what follows from it later.
 */
#include "site/fact.h"
#include "setup/profile.h"
#include "text/json.h"
#include "unit.h"

/* The longer it fails the longer it is aside; it is back once it works. */
static void
failures_grow(void **state)
{
	struct fact fact = { .kind = FACT_FAILED, .service = "x" };
	struct json *json = json_new_object();
	int64_t now = 1000000000000, left, wanted = FACT_FAIL_MS;
	int i;

	(void)state;
	for (i = 0; i < 12; i++) {
		fact.at_ms = now;
		if (i == 0)
			for (; fact_aside_ms(json, "x", now) == 0;)
				fact_apply(json, &fact);
		else
			fact_apply(json, &fact);
		left = fact_aside_ms(json, "x", now);
		assert_int_equal(left, wanted);
		/* Failures meanwhile are of requests that began before. */
		fact_apply(json, &fact);
		assert_int_equal(fact_aside_ms(json, "x", now), wanted);
		now += left + 1;
		assert_int_equal(fact_aside_ms(json, "x", now), 0);
		wanted = 2 * wanted > FACT_FAIL_MOST_MS ? FACT_FAIL_MOST_MS :
		    2 * wanted;
	}
	fact_apply(json, &fact);
	fact.kind = FACT_WORKED;
	fact_apply(json, &fact);
	assert_int_equal(fact_aside_ms(json, "x", now), 0);
	assert_false(fact_has_failed(json, "x"));
	json_free(json);
}

static void
what_was_learned_ages(void **state)
{
	struct fact fact = { .kind = FACT_REFUSES, .service = "x",
	    .model = "m", .param = PARAM_TOP_P, .at_ms = 1000000000000 };
	struct json *json = json_new_object();
	int64_t later = fact.at_ms + FACT_LEARNED_MS + 1;

	(void)state;
	fact_apply(json, &fact);
	fact.kind = FACT_THINKS;
	fact.thinks = true;
	fact_apply(json, &fact);
	assert_int_equal(fact_refused(json, "x", "m", fact.at_ms),
	    PARAM_TOP_P);
	assert_true(fact_thinks(json, "x", "m", fact.at_ms));
	assert_int_equal(fact_refused(json, "x", "m", later), 0);
	assert_false(fact_thinks(json, "x", "m", later));
	/* What is refused then does not bring the old back. */
	fact.kind = FACT_REFUSES;
	fact.param = PARAM_MAX_TOKENS;
	fact.at_ms = later;
	fact_apply(json, &fact);
	assert_int_equal(fact_refused(json, "x", "m", later),
	    PARAM_MAX_TOKENS);
	/* And thoughts are unlearned by answers without them. */
	fact.kind = FACT_THINKS;
	fact_apply(json, &fact);
	fact.thinks = false;
	fact_apply(json, &fact);
	assert_true(fact_thinks(json, "x", "m", later));
	fact_apply(json, &fact);
	assert_false(fact_thinks(json, "x", "m", later));
	/* A week later there is no word of it. */
	fact_prune(json, later + 8 * FACT_LEARNED_MS);
	assert_int_equal(json_count(json_get(json, "models")), 0);
	json_free(json);
}

/* No number makes a service unusable for good, or traps. */
static void
absurd_times(void **state)
{
	static const char *const times[] = { "9223372036854775807",
	    "-9223372036854775808", "1e300", "99999999999999999999" };
	char text[300];
	struct fact fact = { .kind = FACT_FAILED, .service = "a" };
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(times); i++) {
		snprintf(text, sizeof(text), "{\"services\": {\"a\": "
		    "{\"until\": %s, \"fails\": %s}}}", times[i], times[i]);
		json = json_parse(text, strlen(text), 8, true, NULL, NULL);
		/* An hour is the most that anybody is set aside. */
		assert_in_range(fact_aside_ms(json, "a", 1000000000000), 0,
		    3600000);
		fact.at_ms = 1000000000000;
		if (json != NULL)
			fact_apply(json, &fact);
		json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_grow),
		cmocka_unit_test(what_was_learned_ages),
		cmocka_unit_test(absurd_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
