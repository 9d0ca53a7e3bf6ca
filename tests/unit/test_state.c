/*
 * test_state: what a worker learns of services, and what others then know.
 */
#include "fixture_log.h"
#include "fixture_state.h"
#include "setup/graph.h"
#include "site/fact.h"
#include "text/json.h"

#define PARSE(text) json_parse(BYTES(text), 4, true, NULL, NULL)

static void
nothing_known(void **state)
{
	struct state s, none = STATE_INIT;
	struct stat st;

	open_in(&s, *state);
	assert_int_equal(state_aside_ms(&s, &a), 0);
	assert_int_equal(state_refused(&s, &a, "m", NULL), 0);
	assert_false(state_thinks(&s, &a, "m"));
	state_worked(&s, &a);
	/* Reading, and what is nothing new, make no file. */
	assert_int_equal(stat(file_of(&s), &st), -1);
	state_free(&s);
	state_free(&s);
	/* Without a file, knowledge is lost and nothing else. */
	state_read(&none);
	state_failed(&none, &a);
	state_set_aside(&none, &a, 1000, "test");
	state_learn_thinks(&none, &a, "m", true);
	assert_int_equal(state_aside_ms(&none, &a), 0);
	assert_false(state_thinks(&none, &a, "m"));
	state_free(&none);
}

static void
set_aside_for_a_while(void **state)
{
	struct state s;

	open_in(&s, *state);
	state_set_aside(&s, &a, 60000, "test");
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	assert_int_equal(state_aside_ms(&s, &b), 0);
	state_set_aside(&s, &b, 5000, NULL);
	assert_in_range(state_aside_ms(&s, &b), 3000, 5000);
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	/* Who has worse news knows better. */
	state_set_aside(&s, &a, 1000, "test");
	assert_in_range(state_aside_ms(&s, &a), 58000, 60000);
	state_free(&s);
}

static void
failures_in_a_row(void **state)
{
	struct state s;
	int i;

	open_in(&s, *state);
	for (i = 1; i < FACT_FAILS; i++) {
		state_failed(&s, &a);
		assert_int_equal(state_aside_ms(&s, &a), 0);
	}
	state_worked(&s, &a);
	for (i = 1; i < FACT_FAILS; i++)
		state_failed(&s, &a);
	state_failed(&s, &b);
	assert_int_equal(state_aside_ms(&s, &a), 0);
	state_failed(&s, &a);
	assert_in_range(state_aside_ms(&s, &a), FACT_FAIL_MS - 2000,
	    FACT_FAIL_MS);
	assert_int_equal(state_aside_ms(&s, &b), 0);
	state_free(&s);
}

/* A good end forgets the failures that another worker has counted since. */
static void
good_end_of_another_worker(void **state)
{
	struct state one, two;
	int i;

	open_in(&one, *state);
	open_in(&two, *state);
	for (i = 1; i < FACT_FAILS; i++)
		state_failed(&one, &a);
	two.read_ms = 0;	/* it was read a while ago */
	state_worked(&two, &a);
	state_failed(&one, &a);
	assert_int_equal(state_aside_ms(&one, &a), 0);
	state_free(&one);
	state_free(&two);
}

static void
learned_of_a_model(void **state)
{
	struct state s;

	open_in(&s, *state);
	state_learn_refused(&s, &a, "m", PARAM_TOP_P, 0, NULL);
	state_learn_refused(&s, &a, "m", PARAM_MAX_TOKENS, 0, NULL);
	state_learn_refused(&s, &b, "accounts/x/m 2", PARAM_TEMPERATURE, 0, NULL);
	state_learn_thinks(&s, &a, "m", true);
	assert_int_equal(state_refused(&s, &a, "m", NULL),
	    PARAM_TOP_P | PARAM_MAX_TOKENS);
	assert_true(state_thinks(&s, &a, "m"));
	assert_int_equal(state_refused(&s, &a, "n", NULL), 0);
	assert_false(state_thinks(&s, &a, "n"));
	assert_int_equal(state_refused(&s, &b, "m", NULL), 0);
	assert_int_equal(state_refused(&s, &b, "accounts/x/m 2", NULL),
	    PARAM_TEMPERATURE);
	assert_false(state_thinks(&s, &b, "accounts/x/m 2"));
	/* By its name, until it shows. */
	assert_true(state_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking"));
	state_learn_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking", false);
	assert_false(state_thinks(&s, &b, "Qwen/Qwen3-235B-A22B-Thinking"));
	state_free(&s);
}

/*
 * A member of "extra" is known by its name, in whatever place, and what was
 * refused with a value by that value.
 */
static void
learned_of_a_stage(void **state)
{
	struct stage_spec one = { .params = PARSE("{\"top_p\":0,\"seed\":7}"),
	    .extra = PARSE("{\"top_k\":1,\"min_p\":2}") };
	struct stage_spec two = { .params = PARSE("{\"top_p\":0.9,\"seed\":7}"),
	    .extra = PARSE("{\"min_p\":0,\"user\":\"x\",\"top_k\":1}") };
	struct state s;

	open_in(&s, *state);
	state_learn_refused(&s, &a, "m", PARAM_TOP_P | PARAM_SEED |
	    PARAM_STOP | PARAM_EXTRA(0) | PARAM_EXTRA(1), PARAM_TOP_P |
	    PARAM_STOP | PARAM_EXTRA(1), &one);
	assert_int_equal(state_refused(&s, &a, "m", &one), PARAM_TOP_P |
	    PARAM_SEED | PARAM_STOP | PARAM_EXTRA(0) | PARAM_EXTRA(1));
	/* Another top_p and another min_p may do; stop is of no stage. */
	assert_int_equal(state_refused(&s, &a, "m", &two), PARAM_SEED |
	    PARAM_STOP | PARAM_EXTRA(2));
	assert_int_equal(state_refused(&s, &a, "m", NULL), PARAM_SEED |
	    PARAM_STOP);
	assert_int_equal(state_refused(&s, &a, "n", &one), 0);
	state_free(&s);
	json_free(one.params);
	json_free(one.extra);
	json_free(two.params);
	json_free(two.extra);
}

/* What a model showed once is unlearned by clean answers, in a row. */
static void
unlearned_of_a_model(void **state)
{
	struct state s;
	struct stat st;
	int i, k;

	open_in(&s, *state);
	/* Nothing new is not written. */
	state_learn_thinks(&s, &a, "m", false);
	assert_int_equal(stat(file_of(&s), &st), -1);
	for (k = 0; k < 2; k++) {
		state_learn_thinks(&s, &a, "m", true);
		for (i = 1; i < FACT_CLEAN; i++)
			state_learn_thinks(&s, &a, "m", false);
		assert_true(state_thinks(&s, &a, "m"));
		state_learn_thinks(&s, &a, "m", true);
		for (i = 1; i <= FACT_CLEAN; i++) {
			assert_true(state_thinks(&s, &a, "m"));
			state_learn_thinks(&s, &a, "m", false);
		}
		assert_false(state_thinks(&s, &a, "m"));
	}
	state_free(&s);
}

/* What one writes the other sees, and neither loses the other's. */
static void
two_workers(void **state)
{
	struct state one, two;

	open_in(&one, *state);
	open_in(&two, *state);
	state_set_aside(&one, &a, 60000, "test");
	state_learn_thinks(&two, &b, "m", true);
	/* A write reads first; a snapshot is as old as its last read. */
	assert_true(state_aside_ms(&two, &a) > 0);
	assert_false(state_thinks(&one, &b, "m"));
	state_read(&one);
	assert_true(state_thinks(&one, &b, "m"));
	state_learn_refused(&one, &a, "m", PARAM_TOP_P, 0, NULL);
	state_read(&two);
	assert_int_equal(state_refused(&two, &a, "m", NULL), PARAM_TOP_P);
	assert_true(state_aside_ms(&two, &a) > 0);
	state_free(&one);
	state_free(&two);
}

/* Another site, another host, another key: nothing is known of these. */
static void
nobody_inherits_a_verdict(void **state)
{
	static char host[] = "http://h/v1", other[] = "http://other/v1";
	static char key[] = "sk-0123456789abcdef", mended[] = "sk-fedcba98765";
	struct service s1 = { .id = id_a, .base_url = host, .key = key };
	struct service s2 = s1, s3 = s1, s4 = s1;
	struct state s;

	s2.base_url = other;
	s3.key = mended;
	s4.key = NULL;
	open_in(&s, *state);
	state_set_aside(&s, &s1, 60000, "auth");
	assert_true(state_aside_ms(&s, &s1) > 0);
	assert_int_equal(state_aside_ms(&s, &s2), 0);
	assert_int_equal(state_aside_ms(&s, &s3), 0);
	assert_int_equal(state_aside_ms(&s, &s4), 0);
	state_free(&s);
	state_open(&s, *state, "/another/recipe.json");
	state_read(&s);
	assert_int_equal(state_aside_ms(&s, &s1), 0);
	state_free(&s);
	open_in(&s, *state);
	assert_true(state_aside_ms(&s, &s1) > 0);
	state_free(&s);
}

/* A service that is aside fails for each visitor; the log is told once. */
static void
logged_once(void **state)
{
	struct buf text = BUF_INIT(65536);
	struct state s;
	int saved, i;

	open_in(&s, *state);
	saved = log_take(*state);
	for (i = 0; i < 50; i++)
		state_set_aside(&s, &a, 60000 + i * 1000, "auth");
	state_set_aside(&s, &b, 60000, "dry");
	log_read(*state, saved, &text);
	assert_int_equal(unit_count(text.data, "service=a set aside"), 1);
	unit_assert_has(text.data, "for 60 s, why=auth");
	assert_int_equal(unit_count(text.data, "why=dry"), 1);
	assert_true(state_aside_ms(&s, &a) > 100000);
	buf_free(&text);
	state_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(nothing_known),
		OWN(set_aside_for_a_while),
		OWN(failures_in_a_row),
		OWN(good_end_of_another_worker),
		OWN(learned_of_a_model),
		OWN(learned_of_a_stage),
		OWN(unlearned_of_a_model),
		OWN(two_workers),
		OWN(nobody_inherits_a_verdict),
		OWN(logged_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
