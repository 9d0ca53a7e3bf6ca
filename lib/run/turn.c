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

static bool
ask_for_place(struct turn *turn)
{
	return places_take(turn->places, &turn->place,
	    (size_t)turn->limits->max_runs) == 1;
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
	if (ask_for_place(turn))
		return true;
	turn_give(turn);
	return false;
}

bool
turn_may_begin(struct turn *turn, const struct waiter *waiter)
{
	bool has_turn = ask_for_place(turn);

	turn->starved = has_turn && !waiter->ready(waiter->arg);
	return has_turn && !turn->starved;
}

/*
 * Whether the visitor has a place but no stage, and no other run is alive that
 * will end and thereby make room for one.
 */
static bool
is_stuck(const struct turn *turn)
{
	return turn->starved &&
	    !places_others(turn->places, turn->place.ground);
}

bool
turn_is_hopeless(struct turn *turn, const struct waiter *waiter)
{
	const struct timespec nap = { 0, PLACES_LOOK_MS * 1000000L };
	int64_t until = io_now_ms() + LAUNCH_STARVE_MS;

	if (turn->place.waits)
		return turn->place.ahead >= turn->limits->max_waiting;
	/*
	 * Processes that have just ended may still count, until their parent
	 * has waited for them.
	 */
	while (is_stuck(turn) && io_now_ms() < until) {
		nanosleep(&nap, NULL);
		turn_may_begin(turn, waiter);
	}
	return is_stuck(turn);
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

	while (!turn_may_begin(turn, waiter)) {
		if (is_stuck(turn))
			break;
		tell_ahead(turn, outbox, waiter, &news);
		if (merge_wait(outbox, PLACES_LOOK_MS) == -1)
			return -1;
	}
	*waited_ms += io_now_ms() - began;
	return 0;
}

void
turn_give(struct turn *turn)
{
	if (turn->places != NULL)
		places_give(turn->places, &turn->place);
}
