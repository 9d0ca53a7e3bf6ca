/*
 * test_partial: what a request wants and brings along, against world's graph.
 */
#include "plan/partial.h"
#include "fixture_world.h"

/* Reads both members from JSON text, '' for one that is not there. */
static int
read_both(const struct world *w, const char *want, const char *given,
    struct partial *p, struct err *err)
{
	struct json *a = json_parse(want, strlen(want), 8, true, NULL, NULL);
	struct json *b = json_parse(given, strlen(given), 8, true, NULL, NULL);
	int rc;

	*p = (struct partial)PARTIAL_INIT;
	*err = (struct err)ERR_INIT;
	rc = partial_read(p, &w->graph, a, b, 40, err);
	json_free(a);
	json_free(b);
	return rc;
}

#define PIE "\"it\": {\"name\": \"Pie\", \"intro\": \"Hot.\"}"

/* The parts that run, a letter each in the graph's order; given ones as '+'. */
static void
what_runs(void **state)
{
	static const struct { const char *want, *given, *runs; } cases[] = {
		{ "", "", "irbsoc" },
		{ "", "{}", "irbsoc" },
		{ "[\"cook\"]", "", "i-b--c" },
		{ "[\"solo\"]", "", "----o-" },
		{ "[\"solo\", \"solo\"]", "{}", "----o-" },
		{ "[\"rest\"]", "", "ir----" },
		{ "[\"cook\", \"solo\"]", "", "i-b-oc" },
		{ "[\"cook\"]", "{" PIE "}", "+-b--c" },
		{ "[\"cook\"]", "{" PIE ", \"buy\": \"1 egg\"}", "+-+--c" },
		{ "[\"cook\"]", "{\"buy\": \"1 egg\"}", "i-+--c" },
		{ "[\"solo\"]", "{\"cook\": \"Stir.\"}", "----o+" },
		{ "", "{" PIE "}", "+-bsoc" },
		{ "", "{\"it\": {\"name\": \"Pie\"}}", "+-bsoc" },
		{ "", "{\"solo\": \"x\", \"rest\": \"y\"}", "i+bs+c" },
		{ "", "{" PIE ", \"buy\": \"1 egg\", \"side\": \"Rice\"}",
		    "+-++oc" },
	};
	static const char letters[] = "irbsoc";
	struct partial p;
	struct world w;
	struct err err;
	char got[PARTS + 1] = "";
	size_t i, k;

	world_open(&w, *state, world_services, 0);
	for (i = 0; i < COUNT(cases); i++) {
		if (read_both(&w, cases[i].want, cases[i].given, &p, &err) ==
		    -1)
			fail_msg("case %zu: %s", i, err.text);
		for (k = 0; k < PARTS; k++)
			got[k] = !p.absent[k] ? letters[k] :
			    p.given[k] ? '+' : '-';
		if (strcmp(got, cases[i].runs) != 0)
			fail_msg("case %zu: %s", i, got);
		partial_free(&p);
	}
	world_close(&w);
}

static void
texts_under_their_names(void **state)
{
	struct partial p;
	struct world w;
	struct err err;

	world_open(&w, *state, world_services, 0);
	assert_int_equal(read_both(&w, "[\"cook\"]", "{\"it\": {\"name\": "
	    "\"Pie {{word}}\"}, \"buy\": \"1 egg\\n2 \xea\xb9\x80\"}", &p,
	    &err), 0);
	assert_string_equal(vars_get(&p.vars, "it.name")->text,
	    "Pie {{word}}");
	assert_string_equal(vars_get(&p.vars, "it.intro")->text, "");
	assert_string_equal(vars_get(&p.vars, "buy")->text,
	    "1 egg\n2 \xea\xb9\x80");
	partial_free(&p);
	partial_free(&p);
	world_close(&w);
}

static void
what_is_refused(void **state)
{
	static const struct { const char *want, *given, *words; } cases[] = {
		{ "[]", "", "\"want\" must be an array" },
		{ "\"cook\"", "", "\"want\" must be an array" },
		{ "{\"cook\": true}", "", "\"want\" must be an array" },
		{ "[\"soup\"]", "", "ideas, rest, buy, side, solo, cook" },
		{ "[\"it\"]", "", "takes no \"it\"" },
		{ "[3]", "", "takes no \"\"" },
		{ "[\"solo\", null]", "", "takes no \"\"" },
		{ "[\"buy\"]", "{\"buy\": \"x\"}", "both wanted and given" },
		{ "[\"ideas\"]", "{" PIE "}", "both wanted and given" },
		{ "[\"rest\"]", "{" PIE "}", "only the pick is given" },
		{ "", "[]", "\"given\" must be an object" },
		{ "", "\"x\"", "\"given\" must be an object" },
		{ "", "{\"soup\": \"x\"}", "it, rest, buy, side, solo, cook" },
		{ "", "{\"ideas\": \"x\"}", "takes no \"ideas\"" },
		{ "", "{\"buy\": 3}", "given \"buy\" must be a string" },
		{ "", "{\"buy\": null}", "given \"buy\" must be a string" },
		{ "", "{\"buy\": \"\"}", "leave it out" },
		{ "", "{\"buy\": \" \\n\"}", "leave it out" },
		{ "", "{\"buy\": \"a\\u0007\"}", "U+0007" },
		{ "", "{\"buy\": \"a\\u0000b\"}", "U+0000" },
		{ "", "{\"buy\": \"0123456789012345678901234567890123456789a"
		    "\"}", "has 41 bytes; it takes 40" },
		{ "", "{\"it\": \"Pie\"}", "must be an object" },
		{ "", "{\"it\": {}}", "\"it.name\" is missing" },
		{ "", "{\"it\": {\"name\": \" \"}}", "\"it.name\" is missing" },
		{ "", "{\"it\": {\"intro\": \"x\"}}", "\"it.name\" is missing" },
		{ "", "{\"it\": {\"name\": 3}}", "\"it.name\" must be a" },
		{ "", "{\"it\": {\"name\": \"Pie\", \"index\": 1}}",
		    "no field \"index\"" },
		{ "", "{" PIE ", \"rest\": \"a\", \"buy\": \"b\", \"side\": "
		    "\"c\", \"solo\": \"d\", \"cook\": \"e\"}",
		    "nothing is left" },
	};
	struct partial p;
	struct world w;
	struct err err;
	size_t i;

	world_open(&w, *state, world_services, 0);
	for (i = 0; i < COUNT(cases); i++) {
		if (read_both(&w, cases[i].want, cases[i].given, &p, &err) !=
		    -1)
			fail_msg("case %zu was taken", i);
		assert_int_equal(err.status, 400);
		assert_string_equal(err.code, "bad_input");
		unit_assert_has(err.text, cases[i].words);
		partial_free(&p);
	}
	world_close(&w);
}

/* A stage that needs the text of a list, not its pick, cannot do with that. */
static void
whole_list_is_more_than_its_pick(void **state)
{
	struct partial p;
	struct world w;
	struct err err;

	world_open(&w, *state, world_services, 0);
	w.graph.stages[SIDE].needs[0].pick = false;
	assert_int_equal(read_both(&w, "", "{" PIE "}", &p, &err), 0);
	assert_true(p.absent[SIDE]);
	assert_false(p.absent[BUY]);
	partial_free(&p);
	assert_int_equal(read_both(&w, "[\"side\"]", "{" PIE "}", &p, &err),
	    -1);
	unit_assert_has(err.text, "\"side\" needs a whole list");
	partial_free(&p);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_runs),
		TEST(texts_under_their_names),
		TEST(what_is_refused),
		TEST(whole_list_is_more_than_its_pick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
