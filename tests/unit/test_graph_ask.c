/*
 * test_graph_ask: how a model is asked, by stages.json, and what is wrong with
 * it.
 */
#include "fixture_graph.h"
#include "text/json.h"

/* How a model is asked, as it stands in the file. */
static void
what_a_model_is_asked(void **state)
{
	const struct stage_spec *s;
	struct buf out = BUF_INIT(1000);
	struct graph graph;

	put(*state, "a.txt", "{{word}}");
	put(*state, "b.txt", "{{word}}");
	load_well(&graph, *state, STAGES("{\"part\": \"a\", \"max_tokens\": 9,"
	    "\"temperature\": 0.55, \"top_p\": 0, \"stop\": \"END\","
	    "\"seed\": -7, \"presence_penalty\": -2, "
	    "\"frequency_penalty\": 2, \"extra\": {\"top_k\": 40, \"kwargs\": "
	    "{\"n\": 1, \"model\": null}}}, {\"part\": \"b\", \"stop\": "
	    "[\"1\", \"2\", \"3\", \"\\n\"], \"seed\": 9007199254740991}"));
	s = &graph.stages[0];
	assert_int_equal(s->max_tokens, 9);
	json_write(s->params, &out);
	assert_string_equal(out.data, "{\"temperature\":0.55,\"top_p\":0,"
	    "\"presence_penalty\":-2,\"frequency_penalty\":2,\"seed\":-7,"
	    "\"stop\":\"END\"}");
	buf_reset(&out);
	json_write(s->extra, &out);
	assert_string_equal(out.data, "{\"top_k\":40,\"kwargs\":{\"n\":1,"
	    "\"model\":null}}");
	s = &graph.stages[1];
	assert_int_equal(s->max_tokens, 512);
	assert_null(s->extra);
	buf_reset(&out);
	json_write(s->params, &out);
	assert_string_equal(out.data, "{\"seed\":9007199254740991,"
	    "\"stop\":[\"1\",\"2\",\"3\",\"\\n\"]}");
	graph_free(&graph);
	buf_free(&out);
}

/* What is not the author's to write, in any spelling that a server may take. */
static void
members_that_extra_may_not_have(void **state)
{
	static const struct { const char *name, *words; } cases[] = {
		{ "messages", "is written by the program" },
		{ "model", "is written by the program" },
		{ "Model", "is written by the program" },
		{ "MESSAGES", "is written by the program" },
		{ "stream", "is written by the program" },
		{ "stream_options", "is written by the program" },
		{ "n", "is written by the program" },
		{ "N", "is written by the program" },
		{ "max_tokens", "is the limit of tokens" },
		{ "max_completion_tokens", "is the limit of tokens" },
		{ "n_predict", "is the limit of tokens" },
		{ "response_format", "set it in recipe.json" },
		{ "reasoning_effort", "set it in recipe.json" },
		{ "temperature", "is a member of the stage itself" },
		{ "top_p", "is a member of the stage itself" },
		{ "stop", "is a member of the stage itself" },
		{ "seed", "is a member of the stage itself" },
		{ "presence_penalty", "is a member of the stage itself" },
		{ "frequency_penalty", "is a member of the stage itself" },
		{ "a-name-of-sixty-one-bytes-is-a-little-too-long-to-be-"
		    "remembered", "is no name of 1 to 60 bytes" },
	};
	struct buf text = BUF_INIT(10000);
	size_t i;

	put(*state, "p.txt", "words");
	for (i = 0; i < COUNT(cases); i++) {
		buf_reset(&text);
		buf_printf(&text, STAGES("{\"part\": \"p\",\n \"extra\": "
		    "{\"user\": \"me\",\n \"%s\": 1}}"), cases[i].name);
		refuse(*state, text.data, "/stages.json:5: ", cases[i].words);
	}
	buf_reset(&text);
	buf_puts(&text, "{" INPUT ",\n\"stages\": [{\"part\": \"p\",\n"
	    "\"extra\": {");
	for (i = 0; i < 17; i++)
		buf_printf(&text, "%s\"x%zu\": 1", i == 0 ? "" : ", ", i);
	buf_puts(&text, "}}]}");
	refuse(*state, text.data, "/stages.json:3: ", "at most 16 members");
	buf_free(&text);
}

/* Each with its line. */
static void
bad_values(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "{\"part\": \"p\", \"top_p\": 1.1}", "is 1.1, but must be "
		    "from 0 to 1" },
		{ "{\"part\": \"p\", \"top_p\": -0.1}", "is -0.1" },
		{ "{\"part\": \"p\", \"top_p\": true}", "a number" },
		{ "{\"part\": \"p\", \"seed\": 1.5}", "whole number" },
		{ "{\"part\": \"p\", \"seed\": 9007199254740992}",
		    "must be from -9007199254740991 to 9007199254740991" },
		{ "{\"part\": \"p\", \"presence_penalty\": -2.1}", "is -2.1" },
		{ "{\"part\": \"p\", \"frequency_penalty\": 2.1}", "is 2.1" },
		{ "{\"part\": \"p\", \"frequency_penalty\": []}", "a number" },
		{ "{\"part\": \"p\", \"stop\": \"\"}", "none of them empty" },
		{ "{\"part\": \"p\", \"stop\": []}", "array of strings" },
		{ "{\"part\": \"p\", \"stop\": 7}", "array of strings" },
		{ "{\"part\": \"p\", \"stop\": [\"a\", 7]}", "of strings" },
		{ "{\"part\": \"p\", \"stop\": [\"1\",\"2\",\"3\",\"4\","
		    "\"5\"]}", "has 5 strings, but must have at most 4" },
		{ "{\"part\": \"p\", \"extra\": []}", "must be an object" },
		{ "{\"part\": \"p\", \"extra\": \"x\"}", "an object" },
		{ "{\"part\": \"p\", \"extra\": {\"\": 1}}", "is no name" },
		{ "{\"part\": \"p\", \"extra\": {\"a\": null}}", "is null" },
		{ "{\"part\": \"p\", \"extra\": {\"best_of\": 0}}",
		    "is 0, but must be from 1 to 128" },
		{ "{\"part\": \"p\", \"extra\": {\"Best_Of\": 129}}",
		    "is 129" },
		{ "{\"part\": \"p\", \"extra\": {\"best_of\": 2.0}}",
		    "whole number" },
	};
	char text[600];
	size_t i;

	put(*state, "p.txt", "words");
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), STAGES("%s"), cases[i].text);
		refuse(*state, text, "/stages.json:3: ", cases[i].words);
	}
}

/* A stage with "each" asks no model, so it has nothing of all this. */
static void
asks_no_model(void **state)
{
	static const char *const members[] = { "\"race\": 2",
	    "\"max_tokens\": 9", "\"temperature\": 1", "\"top_p\": 1",
	    "\"stop\": \"x\"", "\"seed\": 1", "\"presence_penalty\": 1",
	    "\"frequency_penalty\": 1", "\"extra\": {}" };
	char text[600];
	size_t i;

	put(*state, "a.txt", "a");
	put(*state, "b.txt", "b");
	for (i = 0; i < COUNT(members); i++) {
		snprintf(text, sizeof(text), STAGES("{\"part\": \"a\", " LIST
		    "},\n{\"part\": \"b\", \"each\": \"a\",\n%s}"),
		    members[i]);
		refuse(*state, text, ":5: ", "a stage with \"each\" asks no "
		    "model, so it takes no ");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_model_is_asked),
		TEST(members_that_extra_may_not_have),
		TEST(bad_values),
		TEST(asks_no_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
