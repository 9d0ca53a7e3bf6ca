/*
 * test_service_key: keys, from the environment and from files; nobody sees one.
 */
#include "fixture_services.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OWN(keys_of_standard_variables),
		OWN(environment_is_overwritten),
		OWN(environment_is_overwritten_after_a_fault),
		OWN(message_never_holds_the_key),
		OWN(missing_key_makes_it_unusable),
		OWN(key_file),
		OWN(key_file_of_the_group),
		OWN(key_file_of_everybody),
		OWN(key_files_with_nonsense),
		OWN(key_file_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
