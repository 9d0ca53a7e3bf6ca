/*
 * test_stage: a real process, and what is left in its pipe by a job that it
 * could not do.  Nobody listens where its services are.
 */
#include <signal.h>

#include "http/http.h"
#include "http/trust.h"
#include "model/job.h"
#include "fixture_world.h"

struct kept {
	struct world	 w;
	struct trust	*trust;
	struct pool	 pool;
	struct stage	*stage;
};

static void
keep(struct kept *k, const char *dir)
{
	struct stage_heritage heritage = { .graph = &k->w.graph,
	    .config = &k->w.config };

	signal(SIGPIPE, SIG_IGN);
	world_open(&k->w, dir, world_services, 0);
	k->trust = trust_new();
	heritage.trust = k->trust;
	assert_int_equal(pool_init(&k->pool, 1, 1, &heritage), 0);
	pool_fill(&k->pool);
	k->stage = stage_take(&k->pool, NULL);
	assert_non_null(k->stage);
}

static void
end(struct kept *k)
{
	pool_free(&k->pool);
	trust_free(k->trust);
	world_close(&k->w);
}

static void
put(struct stage *stage, enum frame_type type, const char *data)
{
	assert_int_equal(stage_send(stage, type, data, strlen(data)), 0);
	stage_flush(stage);
}

static const char job[] = "{\"part\":\"solo\",\"service\":\"two\","
    "\"model\":\"m2\",\"params\":0,\"thinks\":false}";

/* The next outcome is this failure of an attempt that cost nothing. */
static void
assert_fails(struct stage *stage, const char *code)
{
	struct outcome outcome;
	struct frame frame;
	int rc;

	while ((rc = stage_next(stage, &frame)) == 0) {
		assert_int_equal(io_wait_readable(stage->up,
		    io_now_ms() + 60000), 0);
		assert_true(stage_fill(stage) > 0);
	}
	assert_int_equal(rc, 1);
	assert_int_equal(frame.type, FRAME_FAIL);
	assert_int_equal(outcome_read(&outcome, frame.data, frame.len), 0);
	assert_string_equal(code_word(outcome.code), code);
	assert_true(outcome.unsent);
	assert_false(outcome.answered);
}

/* What follows the first JOB is still in the pipe when the second comes. */
static void
passes_over_what_is_left(void **state)
{
	struct kept k;
	pid_t pid;
	int i;

	keep(&k, *state);
	pid = k.stage->pid;
	for (i = 0; i < 20; i++) {
		put(k.stage, FRAME_JOB, job);
		if (i % 5 > 2)
			put(k.stage, FRAME_SYSTEM, "You are a cook");
		if (i % 3 > 0)
			put(k.stage, FRAME_PROMPT, "About beef");
		if (i % 3 > 1)
			put(k.stage, FRAME_PROMPT, ", and more of it");
		if (i % 3 > 0)
			put(k.stage, FRAME_GO, "");
		assert_fails(k.stage, "unreachable");
		stage_release(k.stage);
		assert_ptr_equal(stage_take(&k.pool, NULL), k.stage);
		assert_int_equal(k.stage->pid, pid);
	}
	end(&k);
}

/* A job that it does not understand is no reason to go. */
static void
lives_on_after_a_bad_job(void **state)
{
	static const char *const bad[] = { "", "{}", "no json",
	    "{\"part\":\"none\",\"service\":\"two\",\"model\":\"m2\"}",
	    "{\"part\":\"solo\",\"service\":\"none\",\"model\":\"m2\"}",
	    "{\"part\":\"solo\",\"service\":\"two\",\"model\":\"none\"}" };
	struct kept k;
	size_t i;

	keep(&k, *state);
	for (i = 0; i < COUNT(bad); i++) {
		put(k.stage, FRAME_JOB, bad[i]);
		put(k.stage, FRAME_PROMPT, "About beef");
		put(k.stage, FRAME_GO, "");
		assert_fails(k.stage, "lost");
		put(k.stage, FRAME_JOB, job);
		assert_fails(k.stage, "unreachable");
	}
	end(&k);
}

/* Its prompt is longer than the pipe: half a frame may be in there. */
static void
ends_with_half_a_prompt(void **state)
{
	struct kept k;
	struct buf text = BUF_INIT(1 << 20);

	keep(&k, *state);
	assert_int_equal(kill(k.stage->pid, SIGSTOP), 0);
	buf_fill(&text, 'x', 1 << 18);
	put(k.stage, FRAME_JOB, job);
	put(k.stage, FRAME_PROMPT, text.data);
	put(k.stage, FRAME_GO, "");
	assert_true(k.stage->out.len > 0);
	stage_release(k.stage);
	assert_int_equal(k.stage->pid, 0);
	k.stage = stage_take(&k.pool, NULL);
	put(k.stage, FRAME_JOB, job);
	assert_fails(k.stage, "unreachable");
	buf_free(&text);
	end(&k);
}

/* One that has gone takes no prompt; its last words are still there. */
static void
leaves_its_last_words(void **state)
{
	struct kept k;

	keep(&k, *state);
	k.w.config.limits.stage_requests = 1;
	stage_kill(k.stage);
	k.stage = stage_take(&k.pool, NULL);
	assert_int_equal(k.stage->jobs_allowed, 0);
	put(k.stage, FRAME_JOB, job);
	assert_int_equal(io_wait_readable(k.stage->up, io_now_ms() + 60000),
	    0);
	while (kill(k.stage->pid, 0) == 0 && !io_hung_up(k.stage->up))
		usleep(1000);
	put(k.stage, FRAME_PROMPT, "About beef");
	put(k.stage, FRAME_GO, "");
	assert_int_equal(k.stage->out.len, 0);
	assert_fails(k.stage, "unreachable");
	end(&k);
}

/* Whatever it has done, it is ended after the request, and then one is kept. */
static void
a_lent_one_serves_one_request(void **state)
{
	struct kept k;
	pid_t pid;
	int i;

	keep(&k, *state);
	stage_kill(k.stage);
	pool_lend(&k.pool, 0);
	assert_int_equal(k.stage->pid, 0);
	pool_lend(&k.pool, 7);
	pid = k.stage->pid;
	assert_int_not_equal(pid, 0);
	for (i = 0; i < 3; i++) {
		assert_ptr_equal(stage_take(&k.pool, NULL), k.stage);
		assert_int_equal(k.stage->pid, pid);
		put(k.stage, FRAME_JOB, job);
		put(k.stage, FRAME_GO, "");
		assert_fails(k.stage, "unreachable");
		stage_release(k.stage);
	}
	pool_lend(&k.pool, 1);
	assert_int_equal(k.stage->pid, pid);
	pool_reap(&k.pool);
	assert_int_equal(k.stage->pid, 0);
	assert_int_equal(kill(pid, 0), -1);
	pool_fill(&k.pool);
	pid = k.stage->pid;
	pool_reap(&k.pool);
	assert_int_equal(k.stage->pid, pid);
	end(&k);
}

/* It has copied a visitor's text, even if his run never takes it. */
static void
one_that_was_only_tried_is_ended_too(void **state)
{
	struct kept k;

	keep(&k, *state);
	stage_kill(k.stage);
	assert_false(pool_try(&k.pool, false));
	assert_true(pool_try(&k.pool, true));
	assert_true(pool_try(&k.pool, false));
	pool_reap(&k.pool);
	assert_false(pool_try(&k.pool, false));
	end(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(passes_over_what_is_left,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(lives_on_after_a_bad_job,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(one_that_was_only_tried_is_ended_too,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(a_lent_one_serves_one_request,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(ends_with_half_a_prompt,
		    unit_dir_setup, unit_dir_teardown),
		cmocka_unit_test_setup_teardown(leaves_its_last_words,
		    unit_dir_setup, unit_dir_teardown),
	};

	http_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
