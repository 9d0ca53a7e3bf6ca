/*
 * test_config_order: which services a stage gets, and in which order.
 */
#include "fixture_config.h"

/* The id of the service that a stage asking for `id` gets. */
static const char *
chosen(const struct loaded *l, const char *id)
{
	return first_for(&l->config, id);
}

#define SERVICE(name, key) "\"" name "\": {\"base_url\": \"http://" name \
	"\", \"model\": \"m\"" key "}"
#define NO_KEY ", \"key\": \"env:RECIPE_UNIT_NONE\""

/* The ids of the order for these, "a b". */
static void
order_for(const struct loaded *l, char *const *ids, size_t max,
    char out[100])
{
	const struct service *order[8];
	size_t i, n = config_order(&l->config, ids, order, max);

	assert_in_range(n, 1, max);
	out[0] = '\0';
	for (i = 0; i < n; i++)
		snprintf(out + strlen(out), 100 - strlen(out), "%s%s",
		    i == 0 ? "" : " ", order[i]->id);
}

/* Those that can be used, in the order asked for; else one that can. */
static void
orders(void **state)
{
	static char a[] = "a", b[] = "b", c[] = "c", none[] = "none";
	static const struct { char *ids[6]; size_t max; const char *want; }
	    cases[] = {
		{ { a, b, NULL }, 8, "a b" }, { { b, a, NULL }, 8, "b a" },
		{ { c, b, none, a, NULL }, 8, "b a" },
		{ { b, a, NULL }, 1, "b" }, { { c, NULL }, 8, "b" },
		{ { none, NULL }, 8, "b" }, { { NULL }, 8, "b" },
	};
	struct loaded l;
	char got[100];
	size_t i;

	load_well(&l, *state, "{\"services\": {" SERVICE("a", "") ", "
	    SERVICE("b", "") ", " SERVICE("c", NO_KEY) "}, "
	    "\"default_service\": \"b\"}");
	for (i = 0; i < COUNT(cases); i++) {
		order_for(&l, cases[i].ids, cases[i].max, got);
		assert_string_equal(got, cases[i].want);
	}
	order_for(&l, NULL, 8, got);
	assert_string_equal(got, "b");
	config_free(&l.config);
}

static void
the_one_asked_for(void **state)
{
	struct loaded l;

	setenv("GROQ_API_KEY", "gsk", 1);
	load_well(&l, *state, "{\"services\": {" SERVICE("a", "") ", "
	    SERVICE("b", "") "}, \"default_service\": \"b\"}");
	assert_string_equal(chosen(&l, "a"), "a");
	assert_string_equal(chosen(&l, "b"), "b");
	assert_string_equal(chosen(&l, "groq-8b"), "groq-8b");
	assert_string_equal(chosen(&l, "demo"), "demo");
	config_free(&l.config);
}

static void
else_the_default(void **state)
{
	struct loaded l;

	setenv("GROQ_API_KEY", "gsk", 1);
	load_well(&l, *state, "{\"services\": {" SERVICE("a", "") ", "
	    SERVICE("b", "") ", " SERVICE("c", NO_KEY) "}, "
	    "\"default_service\": \"b\"}");
	assert_string_equal(chosen(&l, NULL), "b");
	assert_string_equal(chosen(&l, "none"), "b");
	assert_string_equal(chosen(&l, "70b"), "b");
	assert_string_equal(chosen(&l, "c"), "b");
	config_free(&l.config);
}

static void
else_the_first_of_the_file(void **state)
{
	struct loaded l;

	setenv("FIREWORKS_API_KEY", "fw", 1);
	load_well(&l, *state, "{\"services\": {" SERVICE("z", NO_KEY) ", "
	    SERVICE("y", "") ", " SERVICE("a", "") "}}");
	assert_string_equal(chosen(&l, NULL), "y");
	assert_string_equal(chosen(&l, "z"), "y");
	assert_string_equal(chosen(&l, "openai"), "y");
	assert_string_equal(chosen(&l, "70b"), "70b");
	config_free(&l.config);
	/* Built in ones that the file names have their place in it. */
	load_well(&l, *state, "{\"services\": {\"8b\": {\"model\": \"m\", "
	    "\"base_url\": \"http://h\"}, " SERVICE("a", "") "}}");
	assert_string_equal(chosen(&l, NULL), "8b");
	config_free(&l.config);
	load_well(&l, *state, "{\"services\": {" SERVICE("a", "") ", \"8b\": "
	    "{\"model\": \"m\", \"base_url\": \"http://h\"}}}");
	assert_string_equal(chosen(&l, NULL), "a");
	config_free(&l.config);
}

static void
a_default_that_cannot_be_used(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"services\": {" SERVICE("a", NO_KEY) ", "
	    SERVICE("b", "") "}, \"default_service\": \"a\"}");
	assert_string_equal(chosen(&l, NULL), "b");
	config_free(&l.config);
}

static void
else_the_first_built_in(void **state)
{
	struct loaded l;

	setenv("OPENAI_API_KEY", "sk", 1);
	load_well(&l, *state, "{}");
	assert_string_equal(chosen(&l, "70b"), "openai");
	config_free(&l.config);
	setenv("OPENAI_API_KEY", "sk", 1);
	setenv("GROQ_API_KEY", "gsk", 1);
	load_well(&l, *state, "{\"services\": {" SERVICE("a", NO_KEY) "}}");
	assert_string_equal(chosen(&l, "70b"), "groq-70b");
	assert_string_equal(chosen(&l, "groq-8b"), "groq-8b");
	assert_string_equal(chosen(&l, "a"), "groq-70b");
	config_free(&l.config);
	setenv("GROQ_API_KEY", "gsk", 1);
	setenv("FIREWORKS_API_KEY", "fw", 1);
	load_well(&l, *state, "{}");
	assert_string_equal(chosen(&l, NULL), "70b");
	config_free(&l.config);
}

static void
else_the_demo(void **state)
{
	struct loaded l;

	load_well(&l, *state, "{\"services\": {" SERVICE("a", NO_KEY) "}, "
	    "\"default_service\": \"a\"}");
	assert_string_equal(chosen(&l, NULL), "demo");
	assert_string_equal(chosen(&l, "a"), "demo");
	assert_string_equal(chosen(&l, "70b"), "demo");
	config_free(&l.config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(orders),
		OWN(the_one_asked_for),
		OWN(else_the_default),
		OWN(else_the_first_of_the_file),
		OWN(a_default_that_cannot_be_used),
		OWN(else_the_first_built_in),
		OWN(else_the_demo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
