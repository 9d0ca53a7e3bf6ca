/*
 * test_service: hosts and keys, from what is built in, a file and the
 * environment.
 */
#include "doc.h"
#include "err.h"
#include "service.h"
#include "unit.h"

static const char *const variables[] = { "FIREWORKS_API_KEY", "GROQ_API_KEY",
    "TOGETHER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL",
    "MY_KEY" };

static char warned[1000];

static void
warn(const char *line)
{
	snprintf(warned + strlen(warned), sizeof(warned) - strlen(warned),
	    "%s\n", line);
}

static int
setup(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	warned[0] = '\0';
	return unit_dir_setup(state);
}

/* What services_load made of a file's "services" (NULL: of no file). */
struct loaded {
	struct services	 services;
	struct doc	 doc;
	struct err	 err;
	char		 path[256];
	int		 rc;
};

static void
load(struct loaded *l, const char *dir, const char *text)
{
	*l = (struct loaded){ .doc = DOC_INIT, .err = ERR_INIT };
	if (text != NULL) {
		unit_write(dir, "recipe.json", text, 0600, l->path);
		if (doc_read(&l->doc, l->path, &l->err) == -1)
			fail_msg("%s", l->err.text);
	}
	l->rc = services_load(&l->services, text == NULL ? NULL : &l->doc,
	    warn, &l->err);
}

static void
unload(struct loaded *l)
{
	services_free(&l->services);
	services_free(&l->services);
	doc_free(&l->doc);
}

static const struct service *
get(const struct loaded *l, const char *id)
{
	const struct service *s = services_find(&l->services, id);

	if (l->rc != 0)
		fail_msg("%s", l->err.text);
	assert_non_null(s);
	return s;
}

/* A file that must be refused, with this in the message. */
static void
refuse(const char *dir, const char *text, const char *words)
{
	struct loaded l;

	load(&l, dir, text);
	if (l.rc != -1)
		fail_msg("%s was taken", text);
	assert_int_equal(l.err.status, 503);
	unit_assert_has(l.err.text, words);
	unload(&l);
}

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
keys_of_standard_variables(void **state)
{
	struct loaded l;

	setenv("FIREWORKS_API_KEY", "fw-secret", 1);
	setenv("GROQ_API_KEY", "  gsk-secret \n", 1);
	setenv("TOGETHER_API_KEY", "", 1);
	load(&l, *state, NULL);
	assert_string_equal(get(&l, "70b")->key, "fw-secret");
	assert_string_equal(get(&l, "8b")->key, "fw-secret");
	assert_string_equal(get(&l, "groq-8b")->key, "gsk-secret");
	assert_null(get(&l, "70b")->why_not);
	assert_null(get(&l, "groq-70b")->why_not);
	assert_null(get(&l, "together-70b")->key);
	assert_non_null(get(&l, "together-70b")->why_not);
	assert_non_null(get(&l, "openai")->why_not);
	unload(&l);
}

/* The very bytes that /proc/PID/environ shows; also of keys nobody uses. */
static void
environment_is_overwritten(void **state)
{
	const char *kept[4];
	struct loaded l;
	size_t i;

	setenv("FIREWORKS_API_KEY", "fw-secret", 1);
	setenv("OPENAI_API_KEY", "sk-secret", 1);
	setenv("MY_KEY", "my-secret", 1);
	setenv("OPENAI_MODEL", "no-secret", 1);
	kept[0] = getenv("FIREWORKS_API_KEY");
	kept[1] = getenv("OPENAI_API_KEY");
	kept[2] = getenv("MY_KEY");
	load(&l, *state, "{\"services\": {\"openai\": {\"base_url\": "
	    "\"http://h/v1\", \"model\": \"m\", \"key\": \"env:MY_KEY\"}}}");
	assert_string_equal(get(&l, "openai")->key, "my-secret");
	for (i = 0; i < 3; i++) {
		unit_assert_lacks(kept[i], "secret");
		assert_int_equal(strlen(kept[i]), 9);
	}
	assert_string_equal(getenv("OPENAI_MODEL"), "no-secret");
	unload(&l);
}

static void
environment_is_overwritten_after_a_fault(void **state)
{
	const char *kept[2];

	setenv("GROQ_API_KEY", "gsk-secret", 1);
	setenv("MY_KEY", "my-secret", 1);
	kept[0] = getenv("GROQ_API_KEY");
	kept[1] = getenv("MY_KEY");
	refuse(*state, "{\"services\": {\"mine\": {\"base_url\": "
	    "\"http://h/v1\", \"model\": \"m\", \"key\": \"env:MY_KEY\"},"
	    "\"70b\": {\"modle\": \"m\"}}}", "modle");
	unit_assert_lacks(kept[0], "secret");
	unit_assert_lacks(kept[1], "secret");
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

#define X(members) "{\n\"services\": {\n\"x\": {\n" members "\n}\n}\n}\n"

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
		    "\"top_p\": 1.5"), ":5: \"services.x.top_p\" is 1.5" },
		{ X("\"base_url\": \"http://h\", \"model\": \"m\",\n"
		    "\"ca_file\": true"), ":5: " },
		{ X("\"base_url\": \"http://h\", \"modle\": \"m\""),
		    "\"modle\" is not known here" },
		{ "{\"services\": {\"demo\": {\"base_url\": \"http://h\", "
		    "\"model\": \"m\"}}}", "\"demo\" is the cook" },
		{ "{\"services\": {\n\"70b\": {\"base_url\": \"http://h\"}}}",
		    ":2: \"70b\" needs a \"model\"" },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		refuse(*state, cases[i].text, cases[i].words);
}

static void
message_never_holds_the_key(void **state)
{
	struct loaded l;

	load(&l, *state, X("\"base_url\": \"http://h\", \"model\": \"m\", "
	    "\"key\": \"sk-12345\""));
	assert_int_equal(l.rc, -1);
	unit_assert_lacks(l.err.text, "12345");
	unload(&l);
	setenv("GROQ_API_KEY", "gsk 12345", 1);
	load(&l, *state, NULL);
	assert_int_equal(l.rc, -1);
	unit_assert_has(l.err.text, "groq");
	unit_assert_has(l.err.text, "env:GROQ_API_KEY");
	unit_assert_lacks(l.err.text, "12345");
	unload(&l);
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

static void
missing_key_makes_it_unusable(void **state)
{
	struct loaded l;

	load(&l, *state, "{\"services\": {\"x\": {\"base_url\": \"http://h\","
	    " \"model\": \"m\", \"key\": \"env:MY_KEY\"}}}");
	assert_non_null(get(&l, "x")->why_not);
	unload(&l);
	setenv("MY_KEY", " \n", 1);
	load(&l, *state, "{\"services\": {\"x\": {\"base_url\": \"http://h\","
	    " \"model\": \"m\", \"key\": \"env:MY_KEY\"}}}");
	assert_non_null(get(&l, "x")->why_not);
	unload(&l);
}

/* A service whose key is in DIR/key, with this text and mode. */
static void
load_key_file(struct loaded *l, const char *dir, const char *key, mode_t mode)
{
	char path[256], text[600];

	unit_write(dir, "key", key, mode, path);
	snprintf(text, sizeof(text), "{\"services\": {\"x\": {\"base_url\": "
	    "\"http://h\", \"model\": \"m\", \"key\": \"file:%s\"}}}", path);
	warned[0] = '\0';
	load(l, dir, text);
}

static void
key_file(void **state)
{
	struct loaded l;

	load_key_file(&l, *state, "sk-secret\n", 0600);
	assert_string_equal(get(&l, "x")->key, "sk-secret");
	assert_null(get(&l, "x")->why_not);
	assert_string_equal(warned, "");
	unload(&l);
	load_key_file(&l, *state, "\r\n  sk-secret", 0400);
	assert_string_equal(get(&l, "x")->key, "sk-secret");
	unload(&l);
	load_key_file(&l, *state, "\n", 0600);
	assert_non_null(get(&l, "x")->why_not);
	unload(&l);
}

static void
key_file_of_the_group(void **state)
{
	struct loaded l;

	load_key_file(&l, *state, "sk-secret\n", 0640);
	assert_string_equal(get(&l, "x")->key, "sk-secret");
	unit_assert_has(warned, "the group can read");
	unit_assert_has(warned, "chmod 600 ");
	unit_assert_has(warned, "/key");
	unit_assert_lacks(warned, "secret");
	unload(&l);
}

static void
key_file_of_everybody(void **state)
{
	static const mode_t modes[] = { 0644, 0604, 0666 };
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(modes); i++) {
		load_key_file(&l, *state, "sk-secret\n", modes[i]);
		assert_int_equal(l.rc, -1);
		unit_assert_has(l.err.text, "everybody on this machine");
		unit_assert_has(l.err.text, "chmod 600 ");
		unit_assert_has(l.err.text, "/key");
		unit_assert_lacks(l.err.text, "secret");
		unload(&l);
	}
}

static void
key_files_with_nonsense(void **state)
{
	static const char *const bad[] = { "two words\n", "one\ntwo\n",
	    "k\xc3\xa9y\n", "tab\tbed", "esc\x1b" };
	struct loaded l;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		load_key_file(&l, *state, bad[i], 0600);
		assert_int_equal(l.rc, -1);
		unit_assert_has(l.err.text, "\"x\"");
		unload(&l);
	}
}

static void
key_file_that_is_not_there(void **state)
{
	refuse(*state, "{\"services\": {\"x\": {\"base_url\": \"http://h\", "
	    "\"model\": \"m\", \"key\": \"file:/nowhere/key\"}}}",
	    "/nowhere/key: No such file");
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, setup, unit_dir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(built_in),
		OWN(keys_of_standard_variables),
		OWN(environment_is_overwritten),
		OWN(environment_is_overwritten_after_a_fault),
		OWN(openai_of_the_environment),
		OWN(spellings_of_a_base_url),
		OWN(files_that_are_refused),
		OWN(message_never_holds_the_key),
		OWN(all_members),
		OWN(changed_model_keeps_the_rest),
		OWN(changed_url_keeps_nothing),
		OWN(missing_key_makes_it_unusable),
		OWN(key_file),
		OWN(key_file_of_the_group),
		OWN(key_file_of_everybody),
		OWN(key_files_with_nonsense),
		OWN(key_file_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
