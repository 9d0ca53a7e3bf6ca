/*
 * test_ask_prompt: the two templates of a stage, filled.
 */
#include "base/vars.h"
#include "model/ask.h"
#include "setup/graph.h"
#include "text/prompt.h"
#include "unit.h"

/* Both templates are filled; a system message without words is none. */
static void
prompts(void **state)
{
	static const struct { const char *system, *got; size_t n; } cases[] = {
		{ "Be {{tone}}.\n", "Be dry.Of leeks", 7 },
		{ "", "Of leeks", 0 }, { "{{#no}}x{{/no}}", "Of leeks", 0 },
		{ " {{no}}\n\t\r\n{{no}}", "Of leeks", 0 },
		{ " {{tone}} ", " dry Of leeks", 5 },
	};
	struct vars vars = VARS_INIT;
	struct buf out = BUF_INIT(100);
	struct stage_spec spec = { .max_tokens = 1 };
	char why[PROMPT_WHY_BYTES] = "";
	int line;
	size_t i, n;

	(void)state;
	vars_set(&vars, "tone", BYTES("dry"));
	vars_set(&vars, "what", BYTES("leeks"));
	vars_set(&vars, "no", BYTES(""));
	prompt_parse(&spec.prompt, BYTES("Of {{what}}"), why, &line);
	for (i = 0; i < COUNT(cases); i++) {
		prompt_parse(&spec.system, cases[i].system,
		    strlen(cases[i].system), why, &line);
		buf_reset(&out);
		assert_int_equal(ask_prompt(&spec, &vars, &out, &n), 0);
		assert_string_equal(out.data, cases[i].got);
		assert_int_equal(n, cases[i].n);
		prompt_free(&spec.system);
	}
	/* Both together count against the limit. */
	prompt_parse(&spec.system, BYTES("Be brief."), why, &line);
	buf_free(&out);
	buf_init(&out, 16);
	assert_int_equal(ask_prompt(&spec, &vars, &out, &n), -1);
	buf_free(&out);
	buf_init(&out, 17);
	assert_int_equal(ask_prompt(&spec, &vars, &out, &n), 0);
	buf_free(&out);
	prompt_free(&spec.system);
	prompt_free(&spec.prompt);
	vars_free(&vars);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
