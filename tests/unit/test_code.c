/*
 * test_code: the table of error codes, there and back.
 */
#include "model/code.h"
#include "unit.h"

static void
every_code_has_its_word(void **state)
{
	enum code code;

	(void)state;
	for (code = CODE_NONE + 1; code <= CODE_NO_MEMORY; code++) {
		/* A row that was forgotten has no word. */
		assert_non_null(code_word(code));
		assert_true(*code_word(code) != '\0');
		assert_int_equal(code_find(code_word(code)), code);
	}
}

static void
no_code(void **state)
{
	static const char *const words[] = { NULL, "", "none", "Lost",
	    "lost ", "los" };
	size_t i;

	(void)state;
	assert_string_equal(code_word(CODE_NONE), "");
	for (i = 0; i < COUNT(words); i++)
		assert_int_equal(code_find(words[i]), CODE_NONE);
}

/* What follows from a code, as docs/failures.md says it. */
static void
what_follows(void **state)
{
	static const struct {
		const char	*word;
		enum next	 next;
		enum memory	 memory;
		bool		 retryable;
	} cases[] = {
		{ "unreachable", NEXT_SERVICE, TELL_COUNT, true },
		{ "tls", NEXT_SERVICE, TELL_COUNT, false },
		{ "no_stream", NEXT_SERVICE, TELL_NOBODY, false },
		{ "cut_off", NEXT_SAME, TELL_NOBODY, true },
		{ "provider_error", NEXT_SAME, TELL_NOBODY, true },
		{ "first_token_timeout", NEXT_SERVICE, TELL_COUNT, true },
		{ "idle_timeout", NEXT_SERVICE, TELL_NOBODY, true },
		{ "run_timeout", NEXT_NONE, TELL_NOBODY, true },
		{ "too_big", NEXT_NONE, TELL_NOBODY, false },
		{ "filtered", NEXT_SERVICE, TELL_NOBODY, false },
		{ "lost", NEXT_SAME, TELL_NOBODY, true },
		{ "no_process", NEXT_NONE, TELL_NOBODY, true },
	};
	const struct rule *rule;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		rule = code_rule(code_find(cases[i].word));
		if (rule->next != cases[i].next ||
		    rule->memory != cases[i].memory ||
		    rule->retryable != cases[i].retryable)
			fail_msg("%s", cases[i].word);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_word),
		cmocka_unit_test(no_code),
		cmocka_unit_test(what_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
