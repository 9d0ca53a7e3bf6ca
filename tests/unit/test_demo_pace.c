/*
 * test_demo_pace: the cook writes as a model does, token by token.
 */
#include "base/err.h"
#include "base/io.h"
#include "base/utf8.h"
#include "model/demo.h"
#include "model/job.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

static const char vars[] = "{\"word\":\"beef\"}";

struct pipe {
	const char	*vars;
	struct buf	 frames, text;
	int64_t		 begun_ms, first_ms;
	size_t		 deltas, fail_at;
};

static int
give_prompt(void *arg, struct messages *messages)
{
	struct pipe *p = arg;

	p->begun_ms = io_now_ms();
	*messages = (struct messages){ "", 0, p->vars, strlen(p->vars) };
	return p->vars[0] == '\0' ? -1 : 0;
}

static int
take(void *arg, enum frame_type type, const char *data, size_t n)
{
	struct pipe *p = arg;

	if (type != FRAME_DELTA) {
		buf_printf(&p->frames, "%s ", type == FRAME_START ?
		    "START" : type == FRAME_CONNECTED ? "CONNECTED" : "?");
		return 0;
	}
	if (p->deltas++ == 0)
		p->first_ms = io_now_ms();
	assert_true(utf8_valid(data, n));
	buf_add(&p->text, data, n);
	return p->deltas == p->fail_at ? -1 : 0;
}

static int
flush_nothing(void *arg)
{
	(void)arg;
	return 0;
}

static int
run_job(struct pipe *p, struct stage_spec *spec, struct outcome *outcome)
{
	const struct job job = { .spec = spec };
	const struct job_io job_io = { give_prompt, take, flush_nothing, NULL,
	    p };

	buf_init(&p->frames, 1000);
	buf_init(&p->text, 1000);
	*outcome = (struct outcome)OUTCOME_INIT;
	return demo_run(&job, &job_io, outcome);
}

static void
free_pipe(struct pipe *p)
{
	buf_free(&p->frames);
	buf_free(&p->text);
}

static char korean[] = "{{word}} \xea\xb9\x80\xec\xb9\x98\xeb\xb3\xb6\xec\x9d"
    "\x8c\xeb\xb0\xa5\n\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3\xf0\x9f\x8d\xb3 end";

static void
token_by_token(void **state)
{
	struct stage_spec spec = { .max_tokens = 500, .demo = korean };
	struct pipe p = { .vars = vars };
	struct outcome outcome;
	int64_t ms;

	(void)state;
	assert_int_equal(run_job(&p, &spec, &outcome), 0);
	ms = io_now_ms() - p.begun_ms;
	assert_string_equal(p.frames.data, "CONNECTED START ");
	unit_assert_has(p.text.data, "beef \xea\xb9\x80\xec\xb9\x98");
	unit_assert_has(p.text.data, "\xf0\x9f\x8d\xb3 end");
	assert_int_equal(outcome.finish, FINISH_STOP);
	assert_int_equal(outcome.tokens.out, p.deltas);
	assert_true(outcome.tokens.estimated);
	assert_true(p.deltas > 4);
	assert_in_range(p.first_ms - p.begun_ms, DEMO_FIRST_MS - 1,
	    DEMO_FIRST_MS + 1000);
	assert_true(ms >= DEMO_FIRST_MS - 1 + DEMO_TOKEN_MS *
	    (int64_t)p.deltas);
	free_pipe(&p);
}

static void
runs_into_max_tokens(void **state)
{
	struct stage_spec spec = { .max_tokens = 2, .demo = korean };
	struct pipe p = { .vars = vars };
	struct outcome outcome;

	(void)state;
	assert_int_equal(run_job(&p, &spec, &outcome), 0);
	assert_int_equal(outcome.finish, FINISH_LENGTH);
	assert_int_equal(outcome.tokens.out, 2);
	assert_int_equal(p.deltas, 2);
	free_pipe(&p);
}

static void
worker_has_gone(void **state)
{
	struct stage_spec spec = { .max_tokens = 500, .demo = korean };
	struct pipe p = { .vars = "" };
	struct outcome outcome;

	(void)state;
	assert_int_equal(run_job(&p, &spec, &outcome), -1);
	assert_int_equal(p.deltas, 0);
	free_pipe(&p);
	p = (struct pipe){ .vars = vars, .fail_at = 2 };
	assert_int_equal(run_job(&p, &spec, &outcome), -1);
	assert_int_equal(p.deltas, 2);
	free_pipe(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token_by_token),
		cmocka_unit_test(runs_into_max_tokens),
		cmocka_unit_test(worker_has_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
