/*
 * turn.c: worker.  Waits until a run may begin; knows neither the run nor how
 * it is answered.
 */
#include <time.h>

#include "base/io.h"
#include "run/launch.h"
#include "run/merge.h"
#include "run/turn.h"
#include "setup/config.h"
#include "wire/outbox.h"

/*
 * Takes a place for the visitor or, if none is free, joins the queue.  If he
 * `may_stay_out` and max_waiting visitors wait, he does not join it: he would
 * be sent away, and leave a gap in the numbers of the queue.  Returns whether
 * he has a place.
 */
static bool
ask_for_place(struct turn *turn, bool may_stay_out)
{
	const size_t runs = (size_t)turn->limits->max_runs;
	const size_t most = (size_t)turn->limits->max_waiting;

	if (may_stay_out && !turn->place.waits) {
		if (places_try(turn->places, &turn->place, runs))
			return true;
		if (places_waiting(turn->places, turn->place.ground, most) >=
		    most)
			return false;
	}
	return places_take(turn->places, &turn->place, runs) == 1;
}

bool
turn_peek(struct turn *turn, struct places *places,
    const struct limits *limits)
{
	if (turn->places == NULL) {
		turn->places = places;
		turn->limits = limits;
		turn->place.ground = places_ground(PLACES_RUNS);
	}
	return places_try(places, &turn->place, (size_t)limits->max_runs);
}

bool
turn_may_fork(const struct turn *turn)
{
	return lack_is_first(&turn->lack) || !lack_elsewhere(turn->places);
}

/* Returns whether the visitor, who has a place, has a stage as well. */
static bool
find_stage(struct turn *turn, const struct waiter *waiter)
{
	if (waiter->ready(waiter->arg, false) ||
	    (turn_may_fork(turn) && waiter->ready(waiter->arg, true))) {
		lack_end(&turn->lack);
		return true;
	}
	lack_begin(&turn->lack, turn->places);
	return false;
}

bool
turn_may_begin(struct turn *turn, const struct waiter *waiter)
{
	return ask_for_place(turn, true) && find_stage(turn, waiter);
}

/*
 * Whether the visitor waits for something that will not come soon.  If he has a
 * place, he waits for a stage, and only the first of those gets one.
 */
static bool
waits_in_vain(const struct turn *turn)
{
	if (turn->place.waits)
		return lack_elsewhere(turn->places);
	return !lack_is_first(&turn->lack) ||
	    !places_others(turn->places, turn->place.ground);
}

/*
 * The same, for LAUNCH_STARVE_MS without a break: processes that have just
 * ended may still count, until their parent has waited for them.
 */
static bool
has_waited_in_vain(struct turn *turn)
{
	int64_t now = io_now_ms();

	if (!waits_in_vain(turn))
		turn->useless_ms = 0;
	else if (turn->useless_ms == 0)
		turn->useless_ms = now;
	return turn->useless_ms > 0 &&
	    now - turn->useless_ms >= LAUNCH_STARVE_MS;
}

/*
 * Whether max_waiting visitors wait before this one.  Then he has not joined
 * the queue; or he has, because others joined it at the same moment.
 */
static bool
is_beyond_queue(const struct turn *turn)
{
	if (!turn->place.waits)
		return !turn->place.held;
	return turn->place.ahead >= turn->limits->max_waiting &&
	    places_ahead(turn->places, &turn->place) >=
	    turn->limits->max_waiting;
}

bool
turn_is_hopeless(struct turn *turn, const struct waiter *waiter)
{
	const struct timespec nap = { 0, LAUNCH_LOOK_MS * 1000000L };
	const struct timespec look = { 0, PLACES_LOOK_MS * 1000000L };

	turn->useless_ms = 0;
	/* A place may be held for a moment by a request that begins no run. */
	if (is_beyond_queue(turn) && nanosleep(&look, NULL) == 0 &&
	    turn_may_begin(turn, waiter))
		return false;
	if (is_beyond_queue(turn))
		return true;
	if (turn->place.waits)
		return waits_in_vain(turn);
	while (lack_is_first(&turn->lack) && waits_in_vain(turn)) {
		if (has_waited_in_vain(turn))
			return true;
		nanosleep(&nap, NULL);
		if (turn_may_begin(turn, waiter))
			return false;
	}
	return !lack_is_first(&turn->lack);
}

/* What a visitor was told last. */
struct news {
	int	ahead;
	int64_t	at_ms;		/* 0: nothing yet */
};

static void
tell_ahead(const struct turn *turn, struct outbox *outbox,
    const struct waiter *waiter, struct news *news)
{
	int ahead = turn->place.held ? 0 : turn->place.ahead;
	int64_t now = io_now_ms();

	if (news->at_ms > 0 && news->ahead == ahead &&
	    now - news->at_ms < turn->limits->heartbeat_ms)
		return;
	waiter->say(waiter->arg, ahead);
	outbox_grew(outbox);
	*news = (struct news){ ahead, now };
}

int
turn_wait(struct turn *turn, struct outbox *outbox,
    const struct waiter *waiter, int64_t *waited_ms)
{
	int64_t began = io_now_ms();
	struct news news = { 0, 0 };
	int rc = 0;

	turn->useless_ms = 0;
	while (!ask_for_place(turn, false) || !find_stage(turn, waiter)) {
		if (has_waited_in_vain(turn)) {
			rc = 1;
			break;
		}
		tell_ahead(turn, outbox, waiter, &news);
		if (merge_wait(outbox, lack_is_first(&turn->lack) ?
		    LAUNCH_LOOK_MS : places_look_ms(&turn->place)) == -1)
			return -1;
	}
	*waited_ms += io_now_ms() - began;
	return rc;
}

void
turn_give(struct turn *turn)
{
	lack_end(&turn->lack);
	if (turn->places != NULL)
		places_give(turn->places, &turn->place);
}

bool
turn_is_tight(const struct places *places)
{
	return lack_elsewhere(places) ||
	    places_awaited(places, places_ground(PLACES_RUNS));
}
