/*
 * test_models: lists of models as servers send them, and one of ours in them.
 */
#include "model/models.h"
#include "fixture_json.h"

static void
shapes(void **state)
{
	static const struct { const char *text; size_t n; bool is; } cases[] = {
		{ "{\"object\": \"list\", \"data\": [{\"id\": \"a\"}]}", 1,
		  true },
		{ "{\"models\": [{\"name\": \"a\"}, {\"model\": \"b\"}]}", 2,
		  true },
		{ "{\"models\": [1], \"data\": [1, 2]}", 2, true },
		{ "[{\"id\": \"a\"}]", 1, true },
		{ "[\"a\", \"b\"]", 2, true },
		{ "[]", 0, true },
		{ "{\"data\": []}", 0, true },
		{ "{\"object\": \"list\", \"data\": null}", 0, true },
		{ "{\"models\": null}", 0, true },
		{ "{\"data\": \"a\"}", 0, false },
		{ "{\"data\": {\"a\": 1}}", 0, false },
		{ "{\"error\": {\"message\": \"no\"}}", 0, false },
		{ "{}", 0, false },
		{ "\"a\"", 0, false },
		{ "null", 0, false },
	};
	struct models models;
	struct json *json;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json = json_parse(cases[i].text, strlen(cases[i].text), DEPTH,
		    true, NULL, NULL);
		if (models_read(&models, json) != cases[i].is ||
		    (cases[i].is && models.n != cases[i].n))
			fail_msg("%s: %zu models", cases[i].text, models.n);
		json_free(json);
	}
}

static void
names(void **state)
{
	static const char text[] = "[\"a\", {\"id\": \"b\", \"name\": \"B\"},"
	    " {\"id\": \"\", \"name\": \"c\"}, {\"model\": \"d\"}, {}, 1, "
	    "null, [], {\"id\": {\"id\": \"e\"}}, \"\"]";
	static const char *const want[] = { "a", "b", "c", "d" };
	struct json *json = parse(text);
	struct models models;
	size_t i;

	(void)state;
	assert_true(models_read(&models, json));
	assert_int_equal(models.n, 10);
	for (i = 0; i < COUNT(want); i++)
		assert_string_equal(models_name(&models, i), want[i]);
	for (; i <= models.n; i++)
		assert_null(models_name(&models, i));
	json_free(json);
}

static void
found(void **state)
{
	static const struct {
		const char *list, *model;
		enum models_match match;
		const char *as;
	} cases[] = {
		{ "[\"x\", \"m\"]", "m", MODELS_SAME, "m" },
		{ "[\"m:latest\", \"m\"]", "m", MODELS_SAME, "m" },
		{ "[\"m:latest\"]", "m", MODELS_ALIAS, "m:latest" },
		{ "[\"m\"]", "m:latest", MODELS_ALIAS, "m" },
		{ "[\"m:3b\"]", "m", MODELS_NEAR, "m:3b" },
		{ "[\"m:3b\", \"m:latest\"]", "m", MODELS_ALIAS, "m:latest" },
		{ "[\"m:latest-2\"]", "m", MODELS_NEAR, "m:latest-2" },
		{ "[\"models/m\"]", "m", MODELS_ALIAS, "models/m" },
		{ "[\"v/m\"]", "m", MODELS_NEAR, "v/m" },
		{ "[\"v/m:free\"]", "v/m", MODELS_NEAR, "v/m:free" },
		{ "[\"M\"]", "m", MODELS_NEAR, "M" },
		{ "[\"m-vision\", \"m-8b\"]", "m", MODELS_NEAR, "m-8b" },
		{ "[\"m2\", \"am\", \"x\"]", "m", MODELS_NONE, NULL },
		{ "[\"m\"]", "m:3b", MODELS_NONE, NULL },
		{ "[{\"id\": \"m-1\", \"aliases\": [1, \"m\"]}]", "m",
		  MODELS_ALIAS, "m-1" },
		{ "[{\"id\": \"x\", \"aliases\": \"m\"}]", "m", MODELS_NONE,
		  NULL },
		{ "[\"\", {}, null]", "m", MODELS_NONE, NULL },
		{ "[]", "m", MODELS_NONE, NULL },
		{ "[\"a\"]", "", MODELS_NONE, NULL },
	};
	struct models models;
	struct json *json;
	const char *as;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json = parse(cases[i].list);
		assert_true(models_read(&models, json));
		if (models_find(&models, cases[i].model, &as) !=
		    cases[i].match)
			fail_msg("%s in %s is another match", cases[i].model,
			    cases[i].list);
		if (cases[i].as == NULL)
			assert_null(as);
		else
			assert_string_equal(as, cases[i].as);
		json_free(json);
	}
}

/* The window of a model, in the words of each server. */
static void
windows(void **state)
{
	static const struct { const char *one; int64_t window; } cases[] = {
		{ "{\"id\": \"m\", \"context_window\": 131072}", 131072 },
		{ "{\"id\": \"m\", \"context_length\": 8192}", 8192 },
		{ "{\"id\": \"m\", \"max_context_length\": 32768}", 32768 },
		{ "{\"id\": \"m\", \"max_model_len\": 4096}", 4096 },
		{ "{\"id\": \"m\", \"meta\": {\"n_ctx_train\": 131072, "
		  "\"n_ctx\": 2048}}", 2048 },
		{ "{\"id\": \"m\", \"meta\": {\"n_ctx_train\": 131072}}",
		  131072 },
		{ "{\"id\": \"m\", \"context_length\": null, "
		  "\"max_model_len\": 4096}", 4096 },
		{ "{\"id\": \"m\", \"context_length\": -1}", 0 },
		{ "{\"id\": \"m\", \"context_length\": \"8192\"}", 0 },
		{ "{\"id\": \"m\", \"meta\": [1]}", 0 },
		{ "{\"id\": \"m\"}", 0 },
		{ "\"m\"", 0 },
	};
	struct models models;
	struct json *json;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "[{\"id\": \"x\", "
		    "\"context_window\": 7}, null, %s]", cases[i].one);
		json = parse(text);
		assert_true(models_read(&models, json));
		if (models_window(&models, "m") != cases[i].window)
			fail_msg("%s: %lld", cases[i].one,
			    (long long)models_window(&models, "m"));
		assert_int_equal(models_window(&models, "none"), 0);
		json_free(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),
		cmocka_unit_test(names),
		cmocka_unit_test(found),
		cmocka_unit_test(windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
