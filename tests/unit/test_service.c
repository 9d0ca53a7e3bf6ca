/*
 * test_service: hosts, from what is built in, a file and the environment.
 */
#include "fixture_services.h"

static void
built_in(void **state)
{
	static const char *const ids[] = { "70b", "8b", "groq-8b", "groq-70b",
	    "together-70b", "openai" };
	const struct service *s;
	struct loaded l;
	size_t i;

	load(&l, *state, NULL);
	for (i = 0; i < COUNT(ids); i++) {
		s = get(&l, ids[i]);
		assert_true(service_is_https(s));
		assert_false(service_is_demo(s));
		assert_true(s->preconnect);
		assert_true(s->nmodels > 0);
		assert_null(s->models[s->nmodels]);
		assert_null(s->key);
		assert_non_null(s->why_not);
		assert_true(s->top_p < 0);
	}
	assert_int_equal(l.services.n, COUNT(ids) + 1);
	s = &l.services.list[l.services.n - 1];
	assert_string_equal(s->id, SERVICE_DEMO);
	assert_true(service_is_demo(s));
	assert_null(s->why_not);
	assert_int_equal(s->nmodels, 1);
	assert_null(services_find(&l.services, "none"));
	unload(&l);
}

static void
openai_of_the_environment(void **state)
{
	const struct service *s;
	struct loaded l;

	setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1/", 1);
	setenv("OPENAI_MODEL", "llama3.2", 1);
	load(&l, *state, NULL);
	s = get(&l, "openai");
	assert_string_equal(s->base_url, "http://127.0.0.1:11434/v1");
	assert_int_equal(s->nmodels, 1);
	assert_string_equal(s->models[0], "llama3.2");
	assert_null(s->key);
	assert_null(s->why_not);
	assert_false(s->preconnect);
	unload(&l);

	setenv("OPENAI_API_KEY", "sk-secret", 1);
	load(&l, *state, NULL);
	assert_string_equal(get(&l, "openai")->key, "sk-secret");
	unload(&l);

	setenv("OPENAI_BASE_URL", "", 1);
	setenv("OPENAI_MODEL", "", 1);
	setenv("OPENAI_API_KEY", "", 1);
	load(&l, *state, NULL);
	assert_string_equal(get(&l, "openai")->base_url,
	    "https://api.openai.com/v1");
	assert_non_null(get(&l, "openai")->why_not);
	unload(&l);
}

static void
spellings_of_a_base_url(void **state)
{
	static const struct {
		const char *url, *want;
		bool https;
		const char *query;
	} cases[] = {
		{ "http://h", "http://h", false, "" },
		{ "http://h/", "http://h", false, "" },
		{ "https://h/v1", "https://h/v1", true, "" },
		{ "https://h/v1/", "https://h/v1", true, "" },
		{ "https://h/v1///", "https://h/v1", true, "" },
		{ "https://h/v1/chat/completions", "https://h/v1", true, "" },
		{ "https://h/v1/chat/completions/", "https://h/v1", true, "" },
		{ "https://h/v1//chat/completions", "https://h/v1", true, "" },
		{ "HTTPS://H/v1", "HTTPS://H/v1", true, "" },
		{ "http://[::1]:8080/v1", "http://[::1]:8080/v1", false, "" },
		{ "https://h/chat", "https://h/chat", true, "" },
		{ "https://h/x?chat/completions", "https://h/x", true,
		    "?chat/completions" },
		{ "https://h/d/chat/completions?api-version=1", "https://h/d",
		    true, "?api-version=1" },
		{ "https://h/d/?a=b/", "https://h/d", true, "?a=b/" },
		{ "https://h?a=/chat/completions", "https://h", true,
		    "?a=/chat/completions" },
	};
	char text[400];
	const struct service *s;
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "{\"services\": {\"x\": "
		    "{\"base_url\": \"%s\", \"model\": \"m\"}}}",
		    cases[i].url);
		load(&l, *state, text);
		s = get(&l, "x");
		assert_string_equal(s->base_url, cases[i].want);
		assert_string_equal(s->query, cases[i].query);
		assert_int_equal(service_is_https(s), cases[i].https);
		assert_int_equal(s->preconnect, cases[i].https);
		assert_null(s->why_not);
		unload(&l);
	}
}

static void
files_that_are_refused(void **state)
{
	static const struct { const char *text, *words; } cases[] = {
		{ "{\"services\": []}", ":1: \"services\" must be" },
		{ "{\n\"services\": \"x\"}", ":2: \"services\" must be" },
		{ "{\"services\": {\n\"x\": \"http://h\"}}", ":2: \"services.x"
		    "\" must be an object" },
		{ X("\"model\": \"m\""), ":3: \"x\" is not built in, so it "
		    "needs a \"base_url\"" },
		{ X("\"base_url\": \"http://h\""), "needs a \"model\"" },
		{ X("\"base_url\":\n\"http://h\",\n\"model\": 7"), ":6: " },
		{ X("\"base_url\": 7"), ":4: \"services.x.base_url\" must be "
		    "a string" },
		{ X("\"base_url\": \"h/v1\""), ":4: \"base_url\" must begin" },
		{ X("\"base_url\": \"ftp://h\""), ":4: " },
		{ X("\"base_url\": \"http://\""), ":4: " },
		{ X("\"base_url\": \"http:///v1\""), ":4: " },
		{ X("\"base_url\": \"http://h /v1\""), ":4: " },
		{ X("\"base_url\": \"http://h\\r\\nX: y\""), ":4: " },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n\"key\": "
		    "\"sk-12345\""), ":5: \"key\" must be \"env:NAME\" or" },
		{ X("\"base_url\": \"http://h\", \"model\": []"), ":4: " },
		{ X("\"base_url\": \"http://h\", \"model\": [\"\"]"), ":4: " },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"preconnect\": 1"), ":5: " },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"parallel\": 0"), ":5: \"services.x.parallel\" is 0" },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"parallel\": 1001"), ":5: " },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"parallel\": \"4\""), ":5: " },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"top_p\": 1.5"), ":5: \"services.x.top_p\" is 1.5" },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"ca_file\": true"), ":5: " },
		{ X("\"base_url\": \"http://h\", \"modle\": \"m\""),
		    "\"modle\" is not known here" },
		{ "{\"services\": {\"demo\": {\"base_url\": \"http://h\", "
		    "\"model\": \"m\"}}}", "\"demo\" is a part of" },
		{ "{\"services\": {\n\"70b\": {\"base_url\": \"http://h\"}}}",
		    ":2: \"70b\" needs a \"model\"" },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		refuse(*state, cases[i].text, cases[i].words);
}

static void
all_members(void **state)
{
	const struct service *s;
	struct loaded l;

	load(&l, *state, "{\"services\": {\"x\": {\"base_url\": "
	    "\"https://h/v1\", \"model\": [\"a\", \"b\"], \"ca_file\": "
	    "\"/tmp/ca.pem\", \"preconnect\": false, \"top_p\": 0.9}}}");
	s = get(&l, "x");
	assert_int_equal(s->nmodels, 2);
	assert_string_equal(s->models[0], "a");
	assert_string_equal(s->models[1], "b");
	assert_null(s->models[2]);
	assert_string_equal(s->ca_file, "/tmp/ca.pem");
	assert_false(s->preconnect);
	assert_int_equal(s->parallel, 0);
	assert_true(s->top_p == 0.9);
	assert_null(s->key);
	assert_null(s->key_from);
	assert_null(s->why_not);
	assert_int_equal(s->in_file, 1);
	unload(&l);
}

/* What the file does not name keeps its built-in value. */
static void
changed_model_keeps_the_rest(void **state)
{
	const struct service *s;
	struct loaded l;

	setenv("FIREWORKS_API_KEY", "fw-secret", 1);
	load(&l, *state, "{\"services\": {\"70b\": {\"model\": \"m\"}}}");
	s = get(&l, "70b");
	assert_string_equal(s->base_url,
	    "https://api.fireworks.ai/inference/v1");
	assert_string_equal(s->models[0], "m");
	assert_int_equal(s->nmodels, 1);
	assert_string_equal(s->key, "fw-secret");
	unload(&l);
}

/* Another host gets nothing that was meant for the first. */
static void
changed_url_keeps_nothing(void **state)
{
	const struct service *s;
	struct loaded l;

	setenv("FIREWORKS_API_KEY", "fw-secret", 1);
	load(&l, *state, "{\"services\": {\"70b\": {\"base_url\": "
	    "\"http://elsewhere/v1\", \"model\": \"m\"}}}");
	s = get(&l, "70b");
	assert_null(s->key);
	assert_null(s->key_from);
	assert_null(s->ca_file);
	assert_null(s->why_not);
	assert_false(s->preconnect);
	assert_string_equal(s->models[0], "m");
	assert_int_equal(s->nmodels, 1);
	assert_string_equal(get(&l, "8b")->key, "fw-secret");
	unload(&l);
}

/* Two services of one server share its places, however they name it. */
static void
servers_by_their_names(void **state)
{
	static const struct { const char *url, *server; } cases[] = {
		{ "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434" },
		{ "HTTP://LocalHost/v1", "http://localhost:80" },
		{ "http://localhost:80", "http://localhost:80" },
		{ "https://h", "https://h:443" },
		{ "https://u:p@x@H:8443/v1?a=b", "https://h:8443" },
		{ "http://[::1]/v1", "http://[::1]:80" },
		{ "http://[FE80::1]:8080", "http://[fe80::1]:8080" },
	};
	char text[300], *server;
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text), "{\"services\": {\"x\": {"
		    "\"base_url\": \"%s\", \"model\": \"m\"}}}",
		    cases[i].url);
		load(&l, *state, text);
		server = service_server(get(&l, "x"));
		assert_string_equal(server, cases[i].server);
		free(server);
		assert_null(service_server(get(&l, SERVICE_DEMO)));
		unload(&l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(built_in),
		OWN(openai_of_the_environment),
		OWN(spellings_of_a_base_url),
		OWN(files_that_are_refused),
		OWN(all_members),
		OWN(changed_model_keeps_the_rest),
		OWN(changed_url_keeps_nothing),
		OWN(servers_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
