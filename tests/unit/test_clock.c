/*
 * test_clock: each clock of a run, to the millisecond, on a clock of our own.
 *
 * world_services sets connect 100, first_token 200, idle 300, run 10000.
 */
#include "run/clock.h"
#include "run/part.h"
#include "fixture_world.h"

#define T0 1000000

/* A run that began at T0, with `solo` at its job since then. */
static struct attempt *
open_at_t0(struct world *w, const char *dir)
{
	struct attempt *t;

	world_open(w, dir, world_services, 0);
	world_begin(w, true);
	w->run.start_ms = T0;
	t = world_attempt(w, SOLO, 0);
	w->run.parts[SOLO].state = PART_RUNNING;
	t->connected = false;
	t->job_ms = T0;
	return t;
}

/* Not at due - 1, where it says one ms is left; at due it does. */
static void
fires(struct world *w, int64_t due, const char *code, const char *clock)
{
	struct part *part = &w->run.parts[SOLO];
	char want[100];

	assert_int_equal(clock_tick(&w->run, due - 1), 1);
	assert_true(part_is_live(part));
	assert_int_equal(clock_tick(&w->run, due), 0);
	assert_int_equal(part->state, PART_FAILED);
	assert_false(part_is_tried(part));
	snprintf(want, sizeof(want), "_error solo \"%s\" true\n", code);
	unit_assert_has(w->noted.data, want);
	unit_assert_has(w->noted.data, clock);
	assert_int_equal(unit_count(w->noted.data, "_error"), 1);
	assert_int_equal(unit_count(w->noted.data, "_part"), 1);
	/* Once: what has ended has no clock. */
	assert_int_equal(clock_tick(&w->run, due), T0 + 10000 - due);
}

static void
connecting(void **state)
{
	struct world w;

	open_at_t0(&w, *state);
	assert_int_equal(clock_tick(&w.run, T0), 100);
	fires(&w, T0 + 100, "connect_timeout", "connect_ms, 100 ms");
	world_close(&w);
}

/* An asked part that is not connected yet: still the first clock. */
static void
connecting_with_its_prompt(void **state)
{
	struct world w;

	open_at_t0(&w, *state)->asked_ms = T0 + 1;
	fires(&w, T0 + 100, "connect_timeout", "connect_ms");
	world_close(&w);
}

/* Connected ahead of its prompt, a stage waits for us. */
static void
waiting_for_its_prompt(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	t->connected = true;
	w.run.parts[SOLO].state = PART_WAITING;
	assert_int_equal(clock_tick(&w.run, T0 + 9000), 1000);
	assert_true(part_is_live(&w.run.parts[SOLO]));
	world_close(&w);
}

static void
first_token(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	t->connected = true;
	t->asked_ms = T0 + 50;
	fires(&w, T0 + 250, "first_token_timeout", "first_token_ms, 200 ms");
	world_close(&w);
}

static void
between_tokens(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	t->connected = true;
	t->asked_ms = T0 + 50;
	t->heard_ms = T0 + 100;
	fires(&w, T0 + 400, "idle_timeout", "idle_ms, 300 ms");
	world_close(&w);
}

static void
whole_run(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);
	size_t i;

	t->connected = true;
	t->asked_ms = t->heard_ms = T0 + 9900;
	part_end(world_give(&w, BUY), PART_DONE);
	buf_reset(&w.noted);
	assert_int_equal(clock_tick(&w.run, T0 + 9999), 1);
	assert_int_equal(clock_tick(&w.run, T0 + 10000), -1);
	assert_int_equal(w.run.parts[BUY].state, PART_DONE);
	for (i = 0; i < PARTS; i++)
		if (i != BUY)
			assert_int_equal(w.run.parts[i].state, PART_STOPPED);
	assert_int_equal(unit_count(w.noted.data, "\"stopped\""), PARTS - 1);
	assert_int_equal(unit_count(w.noted.data, "\"run_timeout\" true"),
	    PARTS - 1);
	unit_assert_has(w.noted.data, "run_ms, 10000 ms");
	assert_true(world_is_over(&w));
	world_close(&w);
}

static void
nearest_of_several(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	t->connected = true;
	t->asked_ms = T0;			/* due at 200 */
	t = world_attempt(&w, BUY, 0);
	t->job_ms = T0 + 60;
	t->connected = false;		/* due at 160 */
	assert_int_equal(clock_tick(&w.run, T0 + 60), 100);
	assert_int_equal(clock_tick(&w.run, T0 + 160), 0);
	assert_int_equal(w.run.parts[BUY].state, PART_FAILED);
	assert_int_equal(w.run.parts[SOLO].state, PART_RUNNING);
	assert_int_equal(clock_tick(&w.run, T0 + 160), 40);
	/* Two that are due: one a tick. */
	t = world_attempt(&w, SIDE, 0);
	t->job_ms = T0;
	t->connected = false;
	assert_int_equal(clock_tick(&w.run, T0 + 300), 0);
	assert_int_equal(clock_tick(&w.run, T0 + 300), 0);
	assert_int_equal(clock_tick(&w.run, T0 + 300), 9700);
	world_close(&w);
}

/* Each attempt of a race has clocks of its own; one may go on alone. */
static void
two_attempts_of_a_part(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state), *other;
	struct plan_part *plan = &w.plan.parts[SOLO];

	plan->order[plan->norder++] = plan->order[0];
	t->connected = true;
	t->asked_ms = T0;			/* due at 200 */
	other = world_attempt(&w, SOLO, 1);
	other->job_ms = T0 + 60;
	other->connected = false;		/* due at 160 */
	assert_int_equal(clock_tick(&w.run, T0 + 60), 100);
	assert_int_equal(clock_tick(&w.run, T0 + 160), 0);
	assert_null(other->stage);
	assert_non_null(t->stage);
	assert_true(part_is_live(&w.run.parts[SOLO]));
	assert_int_equal(unit_count(w.noted.data, "_error"), 0);
	assert_int_equal(clock_tick(&w.run, T0 + 160), 40);
	world_close(&w);
}

/* The time of the next attempt is a clock too, though nothing ends by it. */
static void
waiting_to_be_tried_again(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	attempt_drop(t);
	w.run.parts[SOLO].state = PART_WAITING;
	w.run.parts[SOLO].retry.not_before_ms = T0 + 70;
	assert_int_equal(clock_tick(&w.run, T0 + 20), 50);
	assert_int_equal(clock_tick(&w.run, T0 + 70), 9930);
	assert_int_equal(w.noted.len, 0);
	world_close(&w);
}

/* While nobody reads the stages, theirs stand still; the run's does not. */
static void
pauses(void **state)
{
	struct laps laps = LAPS_INIT;
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	w.run.laps = &laps;
	t->connected = true;
	t->asked_ms = T0 + 10;
	t->first_ms = t->text_ms = T0 + 60;
	t->heard_ms = T0 + 100;
	clock_pause(&w.run, true, T0 + 150);
	clock_pause(&w.run, true, T0 + 700);
	assert_int_equal(clock_tick(&w.run, T0 + 5000), 5000);
	assert_true(part_is_live(&w.run.parts[SOLO]));
	clock_pause(&w.run, false, T0 + 5150);
	clock_pause(&w.run, false, T0 + 5160);
	assert_int_equal(t->heard_ms, T0 + 5100);
	fires(&w, T0 + 5400, "idle_timeout", "idle_ms");
	/* Nor does the attempt seem faster or slower for that. */
	assert_int_equal(w.run.nrows, 1);
	assert_int_equal(w.run.rows[0].end, LAP_SLOW);
	assert_int_equal(w.run.rows[0].first_us, 50000);
	assert_int_equal(w.run.rows[0].text_us, 50000);
	assert_int_equal(w.run.rows[0].total_us, 90000);
	world_close(&w);
}

static void
pauses_before_the_prompt(void **state)
{
	struct world w;
	struct attempt *t = open_at_t0(&w, *state);

	clock_pause(&w.run, true, T0 + 50);
	clock_pause(&w.run, false, T0 + 1050);
	assert_int_equal(t->asked_ms, 0);
	assert_int_equal(t->heard_ms, 0);
	fires(&w, T0 + 1100, "connect_timeout", "connect_ms");
	world_close(&w);
}

static void
run_ends_while_paused(void **state)
{
	struct world w;

	open_at_t0(&w, *state);
	clock_pause(&w.run, true, T0 + 50);
	assert_int_equal(clock_tick(&w.run, T0 + 10000), -1);
	assert_int_equal(w.run.parts[SOLO].state, PART_STOPPED);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(connecting),
		TEST(connecting_with_its_prompt),
		TEST(waiting_for_its_prompt),
		TEST(first_token),
		TEST(between_tokens),
		TEST(whole_run),
		TEST(nearest_of_several),
		TEST(two_attempts_of_a_part),
		TEST(waiting_to_be_tried_again),
		TEST(pauses),
		TEST(pauses_before_the_prompt),
		TEST(run_ends_while_paused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
