/*
 * test_run: what starts when; no process is forked, the frames come from here.
 */
#include <signal.h>

#include "run/clock.h"
#include "run/launch.h"
#include "fixture_run.h"

static void
whole_run(void **state)
{
	struct buf prompt = BUF_INIT(DOC_MAX);
	struct world w;

	open_all(&w, *state);
	conduct_advance(&w.run);
	assert_string_equal(w.noted.data, "_part ideas \"start\" 1\n"
	    "_part solo \"start\" 1\n");
	world_prompt(&w, IDEAS, &prompt);
	assert_string_equal(prompt.data, "Three for beef");
	world_prompt(&w, SOLO, &prompt);
	assert_string_equal(prompt.data, "About beef");

	/* The picked element has closed; the list goes on. */
	world_frame(&w, IDEAS, FRAME_DELTA, "[{\"name\":\"A\"},");
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, BUY), PART_WAITING);
	world_frame(&w, IDEAS, FRAME_DELTA, "{\"name\":\"B\",\"intro\":\"b\"}");
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, BUY), PART_RUNNING);
	assert_int_equal(state_of(&w, SIDE), PART_RUNNING);
	assert_int_equal(state_of(&w, COOK), PART_WAITING);
	world_prompt(&w, SIDE, &prompt);
	assert_string_equal(prompt.data, "Beside B, b");

	/* Its list is whole, but it goes on. */
	world_frame(&w, IDEAS, FRAME_DELTA, "] ");
	assert_int_equal(state_of(&w, REST), PART_DONE);
	assert_int_equal(state_of(&w, IDEAS), PART_RUNNING);

	world_frame(&w, BUY, FRAME_THINKING, "");
	world_frame(&w, BUY, FRAME_DELTA, "1 pound ");
	world_frame(&w, BUY, FRAME_DELTA, "{{word}}");
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, COOK), PART_WAITING);
	world_frame(&w, BUY, FRAME_DONE, CUT);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, BUY), PART_CUT);
	world_prompt(&w, COOK, &prompt);
	assert_string_equal(prompt.data, "Cook B from 1 pound {{word}}");

	world_frame(&w, COOK, FRAME_DELTA, "x");
	world_frame(&w, SIDE, FRAME_DELTA, "y");
	world_frame(&w, SOLO, FRAME_DELTA, "z");
	world_frame(&w, COOK, FRAME_DONE, DONE);
	world_frame(&w, SIDE, FRAME_DONE, DONE);
	world_frame(&w, SOLO, FRAME_DONE, DONE);
	assert_false(world_is_over(&w));
	world_frame(&w, IDEAS, FRAME_DONE, DONE);
	assert_true(world_is_over(&w));
	assert_int_equal(unit_count(w.noted.data, "_error"), 0);
	assert_int_equal(unit_count(w.noted.data, "\"done\""), 5);
	conduct_tick(&w.run, io_now_ms());
	assert_int_equal(unit_count(w.noted.data, "_done -"), 1);
	buf_free(&prompt);
	world_close(&w);
}

static void
first_and_last_events(void **state)
{
	struct world w;
	size_t i;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, false);
	for (i = 0; i < PARTS; i++)
		w.run.parts[i].state = PART_DONE;
	world_give(&w, SOLO)->attempts[0].ended = true;
	w.run.parts[SOLO].attempts[0].tokens = (struct tokens){ 10, 5, false };
	w.run.parts[BUY].spent = (struct tokens){ 0, 2, true };
	conduct_tick(&w.run, io_now_ms());
	world_flush(&w);
	unit_assert_has(w.sent.data, ": ok\n\ndata: _run|{\"id\":\"");
	unit_assert_has(w.sent.data, w.plan.id);
	unit_assert_has(w.sent.data, "\",\"heartbeat_ms\":");
	unit_assert_has(w.sent.data, "\"parts\":[\"ideas\",\"rest\",\"buy\","
	    "\"side\",\"solo\",\"cook\"],\"given\":[],\"demo\":false}\n"
	    "retry: 86400000\nid: 1\n\n");
	unit_assert_lacks(w.sent.data, "hint");
	unit_assert_has(w.sent.data, "data: _done|{\"ms\":");
	unit_assert_has(w.sent.data, "\"tokens\":{\"in\":10,\"out\":7,"
	    "\"estimated\":true}}\nid: 2\n\n");
	unit_assert_lacks(w.sent.data, "first_ms");
	world_close(&w);
}

/* Only what is wanted runs; what is given counts as done with that text. */
static void
partial_run(void **state)
{
	struct buf prompt = BUF_INIT(DOC_MAX);
	struct partial *p;
	struct world w;
	size_t i;

	world_open(&w, *state, world_services, 0);
	p = &w.request.partial;
	for (i = 0; i < PARTS; i++)
		w.plan.parts[i].absent = p->absent[i] = i != COOK;
	p->given[IDEAS] = p->given[BUY] = true;
	vars_set(&p->vars, "it.name", "Pie", 3);
	vars_set(&p->vars, "buy", "1 egg", 5);
	world_begin(&w, true);
	world_give(&w, COOK);
	conduct_advance(&w.run);
	assert_string_equal(w.noted.data, "_part cook \"start\" 1\n");
	world_prompt(&w, COOK, &prompt);
	assert_string_equal(prompt.data, "Cook Pie from 1 egg");
	assert_false(world_is_over(&w));
	world_frame(&w, COOK, FRAME_DELTA, "Stir.");
	world_frame(&w, COOK, FRAME_DONE, DONE);
	assert_true(world_is_over(&w));
	buf_free(&prompt);
	world_close(&w);
}

/* As if the system had refused to fork for LAUNCH_STARVE_MS already. */
static void
starve(struct world *w)
{
	assert_true(w->run.starved_ms > 0);
	assert_in_range(clock_tick(&w->run, io_now_ms()), 1, LAUNCH_LOOK_MS);
	w->run.starved_ms -= LAUNCH_STARVE_MS;
	conduct_advance(&w->run);
}

/* Without a process for anybody nothing hangs. */
static void
no_process_at_all(void **state)
{
	struct world w;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, true);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, IDEAS), PART_WAITING);
	assert_int_equal(unit_count(w.noted.data, "_part"), 0);
	starve(&w);
	assert_true(world_is_over(&w));
	assert_int_equal(state_of(&w, IDEAS), PART_FAILED);
	assert_int_equal(state_of(&w, SOLO), PART_FAILED);
	assert_int_equal(state_of(&w, COOK), PART_SKIPPED);
	assert_int_equal(unit_count(w.noted.data, "\"no_process\" true"), 2);
	assert_int_equal(unit_count(w.noted.data, "_error"), PARTS);
	assert_int_equal(unit_count(w.noted.data, "_part"), PARTS);
	world_close(&w);
}

/* One of ours has a process that will be free: the others wait for it. */
static void
waits_for_a_process(void **state)
{
	struct world w;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, true);
	world_give(&w, IDEAS);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, SOLO), PART_WAITING);
	assert_int_equal(unit_count(w.noted.data, "_error"), 0);
	starve(&w);
	assert_int_equal(state_of(&w, IDEAS), PART_RUNNING);
	assert_int_equal(state_of(&w, SOLO), PART_WAITING);
	assert_int_equal(unit_count(w.noted.data, "_error"), 0);
	/* Without it nothing will be given back. */
	world_last(&w, IDEAS);
	world_lost(&w, IDEAS);
	starve(&w);
	unit_assert_has(w.noted.data, "_error solo \"no_process\" true\n");
	unit_assert_has(w.noted.data, "for 4 seconds: Device or resource busy");
	world_close(&w);
}

/* What has its prompt comes before what only waits with a connection. */
static void
takes_a_waiting_process(void **state)
{
	struct world w;

	world_open(&w, *state, world_services, 0);
	world_begin(&w, true);
	world_give(&w, IDEAS);
	world_give(&w, BUY);
	world_give(&w, COOK);
	conduct_advance(&w.run);
	assert_false(part_is_tried(&w.run.parts[BUY]));
	assert_false(part_is_tried(&w.run.parts[COOK]));
	assert_true(part_is_tried(&w.run.parts[IDEAS]));
	assert_int_equal(w.run.parts[BUY].begun, 0);
	assert_int_equal(unit_count(w.noted.data, "_error"), 0);
	world_close(&w);
}

/* Its process may have left words of its own, and only their end is its. */
static void
nobody_reads_the_prompt(void **state)
{
	struct world w;
	struct part *part;
	int fds[2];

	world_open(&w, *state, world_services, 0);
	world_begin(&w, true);
	part = world_give(&w, SOLO);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_true(dup2(fds[1], part->attempts[0].stage->down) != -1);
	close(fds[1]);
	world_last(&w, SOLO);
	signal(SIGPIPE, SIG_IGN);
	conduct_advance(&w.run);
	assert_int_equal(state_of(&w, SOLO), PART_RUNNING);
	assert_int_equal(part->attempts[0].stage->out.len, 0);
	world_lost(&w, SOLO);
	unit_assert_has(w.noted.data, "_part solo \"start\" 1\n"
	    "_part solo \"failed\" 1");
	unit_assert_has(w.noted.data, "_error solo \"lost\" true\n");
	assert_int_equal(unit_count(w.noted.data, "_error solo"), 1);
	world_close(&w);
}

static void
connected_starts_the_next_clock(void **state)
{
	struct world w;
	struct attempt *t;

	open_all(&w, *state);
	t = &w.run.parts[SOLO].attempts[0];
	t->connected = false;
	conduct_advance(&w.run);
	t->asked_ms -= 1000;
	world_frame(&w, SOLO, FRAME_CONNECTED, "");
	assert_true(t->connected);
	assert_true(t->asked_ms >= io_now_ms() - 500);
	assert_int_equal(t->heard_ms, 0);
	world_frame(&w, SOLO, FRAME_START, "");
	assert_int_equal(t->heard_ms, 0);
	world_frame(&w, SOLO, FRAME_THINKING, "");
	assert_true(t->heard_ms > 0);
	assert_false(w.run.parts[SOLO].visible);
	world_close(&w);
}

/* The demo is given its variables as JSON. */
static void
prompt_of_the_demo(void **state)
{
	struct buf prompt = BUF_INIT(DOC_MAX);
	struct world w;

	world_open(&w, *state, "{}", 0);
	vars_set(&w.request.inputs, "word", "a \"b\"\n", 6);
	world_begin(&w, true);
	world_give(&w, SOLO);
	conduct_advance(&w.run);
	world_prompt(&w, SOLO, &prompt);
	assert_string_equal(prompt.data, "{\"word\":\"a \\\"b\\\"\\n\"}");
	buf_free(&prompt);
	world_close(&w);
}

static void
demo_is_said(void **state)
{
	struct world w;

	world_open(&w, *state, "{}", 0);
	world_begin(&w, false);
	world_flush(&w);
	unit_assert_has(w.sent.data, "\"demo\":true,\"hint\":\"");
	unit_assert_has(w.sent.data, "OPENAI_BASE_URL");
	world_close(&w);
}

static void
freed_twice_or_never_begun(void **state)
{
	struct run run = { .n = 0 };
	struct world w;

	conduct_free(&run);
	open_all(&w, *state);
	conduct_advance(&w.run);
	conduct_free(&w.run);
	conduct_free(&w.run);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEYLESS(whole_run),
		KEYLESS(first_and_last_events),
		KEYLESS(partial_run),
		KEYLESS(no_process_at_all),
		KEYLESS(waits_for_a_process),
		KEYLESS(takes_a_waiting_process),
		KEYLESS(nobody_reads_the_prompt),
		KEYLESS(connected_starts_the_next_clock),
		KEYLESS(prompt_of_the_demo),
		KEYLESS(demo_is_said),
		KEYLESS(freed_twice_or_never_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
