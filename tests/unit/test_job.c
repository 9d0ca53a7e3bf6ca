/*
 * test_job: jobs and outcomes, through their JSON and back.
 */
#include "model/job.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "text/json.h"
#include "unit.h"

/* Two stages and two services; nothing of it is owned. */
struct house {
	struct stage_spec	 stages[2];
	struct service		 services[2];
	struct graph		 graph;
	struct config		 config;
};

static char part_a[] = "add", part_b[] = "side-dish";
static char id_a[] = "70b", id_b[] = "my \"own\" \xea\xb9\x80";
static char model_a[] = "accounts/fireworks/models/llama", model_b[] = "m|2";
static char *models[] = { model_a, model_b, NULL };

static void
build(struct house *h)
{
	memset(h, 0, sizeof(*h));
	h->stages[0].part = part_a;
	h->stages[1].part = part_b;
	h->services[0].id = id_a;
	h->services[1].id = id_b;
	h->services[0].models = h->services[1].models = models;
	h->services[0].nmodels = h->services[1].nmodels = 2;
	h->graph.stages = h->stages;
	h->graph.n = 2;
	h->config.services.list = h->services;
	h->config.services.n = 2;
}

/* That of a program is a service in no configuration. */
static void
job_of_a_program(void **state)
{
	struct buf out = BUF_INIT(FRAME_MAX);
	struct house h;
	struct job job, got;

	(void)state;
	build(&h);
	h.stages[1].run = models;
	job = (struct job){ &h.stages[1], &service_program,
	    service_program.models[0], 0, false, true };
	assert_int_equal(job_write(&job, &out), 0);
	assert_int_equal(job_read(&got, out.data, out.len, &h.graph,
	    &h.config), 0);
	assert_ptr_equal(got.spec, job.spec);
	assert_ptr_equal(got.service, &service_program);
	/* The same words of a part that asks a model name no service. */
	h.stages[1].run = NULL;
	assert_int_equal(job_read(&got, out.data, out.len, &h.graph,
	    &h.config), -1);
	buf_free(&out);
}

static void
job_there_and_back(void **state)
{
	struct buf out = BUF_INIT(FRAME_MAX);
	struct house h;
	struct job job, got;
	size_t i, s, m;

	(void)state;
	build(&h);
	for (i = 0; i < 2; i++)
		for (s = 0; s < 2; s++)
			for (m = 0; m < 2; m++) {
				job = (struct job){ &h.stages[i],
				    &h.services[s], models[m], 0,
				    false, false };
				buf_reset(&out);
				assert_int_equal(job_write(&job, &out), 0);
				assert_int_equal(job_read(&got, out.data,
				    out.len, &h.graph, &h.config), 0);
				assert_ptr_equal(got.spec, job.spec);
				assert_ptr_equal(got.service, job.service);
				assert_ptr_equal(got.model, job.model);
			}
	buf_free(&out);
}

static void
what_may_be_sent(void **state)
{
	struct buf out = BUF_INIT(FRAME_MAX);
	struct job job, got;
	struct house h;
	unsigned bits;

	(void)state;
	build(&h);
	for (bits = 0; bits < 1u << PARAMS_N; bits += 7) {
		job = (struct job){ &h.stages[0], &h.services[0], models[0],
		    bits, bits % 2 == 0, bits % 3 == 0 };
		buf_reset(&out);
		assert_int_equal(job_write(&job, &out), 0);
		assert_int_equal(job_read(&got, out.data, out.len, &h.graph,
		    &h.config), 0);
		assert_int_equal(got.params, bits);
		assert_int_equal(got.thinks, bits % 2 == 0);
		assert_int_equal(got.exact, bits % 3 == 0);
	}
	buf_free(&out);
}

static void
key_does_not_travel(void **state)
{
	struct buf out = BUF_INIT(FRAME_MAX);
	static char key[] = "sk-secret";
	struct house h;
	struct job job;

	(void)state;
	build(&h);
	h.services[0].key = key;
	job = (struct job){ &h.stages[0], &h.services[0], models[0], 0,
	    false, false };
	job_write(&job, &out);
	unit_assert_lacks(out.data, "secret");
	buf_free(&out);
}

static void
pace_there_and_back(void **state)
{
	static const char odd[] = "{\"finish\":\"stop\",\"pace\":\"5 x\"}";
	const struct pace sent = { 1, 2, 3, 40000, 50000, 60000, 7, 8, 9 };
	struct buf out = BUF_INIT(FRAME_MAX);
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	outcome.finish = FINISH_STOP;
	outcome.pace = sent;
	assert_int_equal(outcome_write(&outcome, &out), 0);
	assert_int_equal(outcome_read(&got, out.data, out.len), 0);
	assert_memory_equal(&got.pace, &sent, sizeof(sent));
	assert_int_equal(outcome_read(&got, odd, strlen(odd)), 0);
	assert_int_equal(got.pace.dns_us, 5);
	assert_int_equal(got.pace.first_us, -1);
	buf_free(&out);
}

static void
jobs_that_are_none(void **state)
{
	static const char *const bad[] = { "", "x", "null", "[]", "{}",
	    "{\"part\":\"add\",\"service\":\"70b\"}",
	    "{\"part\":\"add\",\"model\":\"m|2\"}",
	    "{\"service\":\"70b\",\"model\":\"m|2\"}",
	    "{\"part\":\"none\",\"service\":\"70b\",\"model\":\"m|2\"}",
	    "{\"part\":\"add\",\"service\":\"none\",\"model\":\"m|2\"}",
	    "{\"part\":\"add\",\"service\":\"70b\",\"model\":\"none\"}",
	    "{\"part\":1,\"service\":\"70b\",\"model\":\"m|2\"}" };
	struct house h;
	struct job job;
	size_t i;

	(void)state;
	build(&h);
	for (i = 0; i < COUNT(bad); i++)
		if (job_read(&job, bad[i], strlen(bad[i]), &h.graph,
		    &h.config) != -1)
			fail_msg("%s was taken", bad[i]);
}

static void
job_that_does_not_fit(void **state)
{
	struct buf out = BUF_INIT(10);
	struct house h;
	struct job job;

	(void)state;
	build(&h);
	job = (struct job){ &h.stages[0], &h.services[0], models[0], 0,
	    false, false };
	assert_int_equal(job_write(&job, &out), -1);
	buf_free(&out);
}

static void
there_and_back(const struct outcome *outcome, struct outcome *got)
{
	struct buf out = BUF_INIT(FRAME_MAX);

	assert_int_equal(outcome_write(outcome, &out), 0);
	assert_int_equal(outcome_read(got, out.data, out.len), 0);
	assert_int_equal(got->finish, outcome->finish);
	assert_true(got->tokens.in == outcome->tokens.in);
	assert_true(got->tokens.out == outcome->tokens.out);
	assert_int_equal(got->tokens.estimated, outcome->tokens.estimated);
	buf_free(&out);
}

static void
good_outcomes(void **state)
{
	static const enum finish finishes[] = { FINISH_STOP, FINISH_LENGTH,
	    FINISH_FILTER };
	struct outcome outcome = OUTCOME_INIT, got;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(finishes); i++) {
		outcome.finish = finishes[i];
		outcome.tokens = (struct tokens){ 812, (int64_t)i, i == 1 };
		there_and_back(&outcome, &got);
	}
	outcome.tokens = (struct tokens){ -1, -1, false };
	there_and_back(&outcome, &got);
}

static void
failed_outcome(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	assert_int_equal(outcome_fail(&outcome, CODE_HTTP_STATUS, "%s answered "
	    "%d: \"%s\"\n", "70b", 429, "\xec\xb2\x9c\xec\xb2\x9c\xed\x9e\x88"),
	    -1);
	outcome.status = 429;
	outcome.wait_ms = 7000;
	there_and_back(&outcome, &got);
	assert_int_equal(got.finish, FINISH_NONE);
	assert_int_equal(got.code, CODE_HTTP_STATUS);
	assert_string_equal(got.message, outcome.message);
	assert_int_equal(got.status, 429);
	assert_int_equal(got.wait_ms, 7000);
}

/* What the worker decides by. */
static void
reasons_of_a_failed_outcome(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	outcome_fail(&outcome, CODE_HTTP_STATUS, "no");
	outcome.unsent = outcome.answered = true;
	outcome.refused_params = PARAM_STREAM_OPTIONS;
	outcome.refused_value = true;
	outcome.means = MEANS_MODEL;
	outcome.thinks = THINKS_INSIDE;
	there_and_back(&outcome, &got);
	assert_int_equal(got.refused_params, PARAM_STREAM_OPTIONS);
	assert_true(got.refused_value);
	assert_true(got.unsent && got.answered);
	assert_true(got.means == MEANS_MODEL);
	assert_int_equal(got.thinks, THINKS_INSIDE);
	outcome.means = MEANS_CREDIT;
	outcome.thinks = THINKS_NOT;
	there_and_back(&outcome, &got);
	assert_true(got.means == MEANS_CREDIT);
	assert_int_equal(got.thinks, THINKS_NOT);
}

/* A good end says, too, whether a thought never began, or nothing of it. */
static void
knowledge_of_a_good_outcome(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	outcome.finish = FINISH_STOP;
	for (outcome.thinks = THINKS_UNKNOWN; outcome.thinks <= THINKS_NOT;
	    outcome.thinks++) {
		there_and_back(&outcome, &got);
		assert_int_equal(got.thinks, outcome.thinks);
	}
}

/* What is not known is taken from the bytes, and marked so; the rest stays. */
static void
tokens_that_are_not_told(void **state)
{
	static const struct { struct tokens had; size_t in, out;
	    struct tokens want; } cases[] = {
		{ { -1, -1, false }, 0, 0, { 0, 0, true } },
		{ { -1, -1, false }, 1, 4, { 1, 1, true } },
		{ { -1, -1, false }, 5, 8, { 2, 2, true } },
		{ { 7, -1, false }, 100, 9, { 7, 3, true } },
		{ { -1, 7, false }, 100, 9, { 25, 7, true } },
		{ { 7, 0, false }, 100, 9, { 7, 0, false } },
		{ { 7, 8, true }, 100, 9, { 7, 8, true } },
	};
	struct tokens all = { 0, 0, false }, tokens;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		tokens = cases[i].had;
		tokens_estimate(&tokens, cases[i].in, cases[i].out);
		assert_int_equal(tokens.in, cases[i].want.in);
		assert_int_equal(tokens.out, cases[i].want.out);
		assert_int_equal(tokens.estimated, cases[i].want.estimated);
	}
	tokens_add(&all, &(struct tokens){ -1, -1, false });
	tokens_add(&all, &(struct tokens){ 3, 4, false });
	assert_true(all.in == 3 && all.out == 4 && !all.estimated);
	tokens_add(&all, &(struct tokens){ 1, -1, true });
	assert_true(all.in == 4 && all.out == 4 && all.estimated);
}

static void
what_is_left(void **state)
{
	const struct remaining remaining = { 3, 12, 0, 60000 };
	struct buf text = BUF_INIT(FRAME_MAX);
	struct remaining got;

	(void)state;
	assert_int_equal(remaining_write(&remaining, &text), 0);
	assert_int_equal(remaining_read(&got, text.data, text.len), 0);
	assert_memory_equal(&got, &remaining, sizeof(remaining));
	assert_int_equal(remaining_read(&got, "{}", 2), 0);
	assert_memory_equal(&got, &(struct remaining)REMAINING_INIT,
	    sizeof(remaining));
	assert_int_equal(remaining_read(&got, "", 0), -1);
	assert_int_equal(remaining_read(&got, "[]", 2), -1);
	buf_free(&text);
}

static void
defaults_of_a_failed_outcome(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	outcome_fail(&outcome, CODE_LOST, "gone");
	there_and_back(&outcome, &got);
	assert_int_equal(got.status, 0);
	assert_int_equal(got.wait_ms, -1);
	assert_int_equal(got.tokens.in, -1);
}

/* A provider's words fill the message to its last byte, cut anywhere. */
static void
long_words_are_cut_but_valid(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;
	char words[1000];
	size_t shift, i;

	(void)state;
	for (shift = 0; shift < 4; shift++) {
		memset(words, 'x', sizeof(words));
		for (i = shift; i + 4 < sizeof(words); i += 4)
			memcpy(words + i, "\xf0\x9f\x8d\xb3", 4);
		words[sizeof(words) - 1] = '\0';
		outcome_fail(&outcome, CODE_TOO_BIG, "%s", words);
		there_and_back(&outcome, &got);
		assert_true(strlen(got.message) > 300);
	}
}

/* The worst that a message can be still fits a frame. */
static void
control_characters_fit_a_frame(void **state)
{
	struct outcome outcome = OUTCOME_INIT, got;

	(void)state;
	outcome_fail(&outcome, CODE_PROVIDER_ERROR, "%s", "");
	memset(outcome.message, 1, sizeof(outcome.message) - 1);
	there_and_back(&outcome, &got);
	assert_string_equal(got.message, outcome.message);
}

static void
outcomes_that_are_none(void **state)
{
	static const char *const bad[] = { "", "{", "null", "[]", "{}",
	    "{\"finish\":1}", "\"stop\"",
	    "{\"finish\":\"stop\",\"code\":\"\xff\"}" };
	struct outcome got;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		if (outcome_read(&got, bad[i], strlen(bad[i])) != -1)
			fail_msg("%s was taken", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(job_there_and_back),
		cmocka_unit_test(job_of_a_program),
		cmocka_unit_test(what_may_be_sent),
		cmocka_unit_test(key_does_not_travel),
		cmocka_unit_test(pace_there_and_back),
		cmocka_unit_test(jobs_that_are_none),
		cmocka_unit_test(job_that_does_not_fit),
		cmocka_unit_test(good_outcomes),
		cmocka_unit_test(failed_outcome),
		cmocka_unit_test(reasons_of_a_failed_outcome),
		cmocka_unit_test(knowledge_of_a_good_outcome),
		cmocka_unit_test(tokens_that_are_not_told),
		cmocka_unit_test(what_is_left),
		cmocka_unit_test(defaults_of_a_failed_outcome),
		cmocka_unit_test(long_words_are_cut_but_valid),
		cmocka_unit_test(control_characters_fit_a_frame),
		cmocka_unit_test(outcomes_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
