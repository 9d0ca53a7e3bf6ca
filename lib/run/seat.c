/*
 * seat.c: worker.  Which server has a place for a request; knows neither parts
 * nor stages.
 */
#include <stdlib.h>

#include "base/io.h"
#include "site/state.h"
#include "run/run.h"
#include "run/seat.h"
#include "setup/service.h"

/* How many requests the server may be sent at once. */
static size_t
limit_of(const struct seat *seat, const struct run *run,
    const struct service *service)
{
	size_t proven;

	if (!seat->tried_out)
		return (size_t)service->parallel;
	proven = state_proven(run->state, seat->place.ground);
	return proven + (proven > 1 ? proven / 2 : 1);
}

/* Begins a seat at the server of this service. */
static void
choose_server(struct seat *seat, struct run *run,
    const struct service *service)
{
	char *server;

	*seat = (struct seat){ .run = run,
	    .tried_out = service->parallel == 0 };
	/* The demo has no server, and needs no place. */
	if (service_is_demo(service) ||
	    (service->parallel == 0 && service_is_https(service)) ||
	    (server = service_server(service)) == NULL)
		return;
	seat->bound = true;
	seat->place.ground = places_ground(server);
	free(server);
}

/* Returns whether it has a place, or needs none. */
static bool
sit_down(struct seat *seat, struct run *run, const struct service *service)
{
	int64_t now = io_now_ms();
	size_t limit;

	if (!seat->waits)
		choose_server(seat, run, service);
	if (!seat->bound || run->places == NULL)
		return true;
	if (seat->waits && seat->looked_ms > run->given_ms &&
	    now - seat->looked_ms < places_look_ms(&seat->place))
		return false;
	seat->looked_ms = now;
	seat->waits = true;
	limit = limit_of(seat, run, service);
	/* A patient run joins no queue: whoever asks later goes before it. */
	if (run->patient)
		places_try(run->places, &seat->place, limit);
	else
		places_take(run->places, &seat->place, limit);
	if (!seat->place.held)
		return false;
	seat->waits = false;
	seat->taken_ms = now;
	return true;
}

bool
seat_find(struct seat *seat, struct run *run, const struct service *service,
    int64_t tokens)
{
	int64_t wait;

	if (seat->taken)
		return true;
	if (!sit_down(seat, run, service))
		return false;
	/* Others may have the place as long as this service has no room. */
	if ((wait = rates_take(run->rates, &seat->toll, service, tokens,
	    run->patient)) > 0) {
		seat_leave(seat, 0);
		seat->wait_ms = wait;
		return false;
	}
	seat->taken = true;
	return true;
}

void
seat_asks(struct seat *seat, int64_t tokens)
{
	if (seat->run != NULL)
		rates_ask(seat->run->rates, &seat->toll, tokens);
}

void
seat_leave(struct seat *seat, int64_t tokens)
{
	struct run *run = seat->run;

	if (run == NULL)
		return;
	rates_settle(run->rates, &seat->toll, tokens);
	if (seat->place.held || seat->place.waits) {
		places_give(run->places, &seat->place);
		run->given_ms = io_now_ms();
	}
	*seat = (struct seat){ .run = NULL };
}

void
seat_speaks(struct seat *seat)
{
	struct run *run = seat->run;
	size_t writing;

	if (!seat->place.held || seat->first_ms > 0)
		return;
	seat->first_ms = io_now_ms();
	places_mark(run->places, &seat->place);
	if (!seat->tried_out)
		return;
	writing = places_marked(run->places, seat->place.ground);
	if (writing > state_proven(run->state, seat->place.ground))
		state_learn_proven(run->state, seat->place.ground, writing);
}

/*
 * Whether the request of this other place was sent before the answer of `seat`
 * began, and has had no token since.  A place whose ground is a server is
 * always the first member of a seat, so its address is the address of that
 * seat.
 */
static bool
has_waited_for(const struct place *other, const struct seat *seat)
{
	const struct seat *o = (const struct seat *)other;

	return other->ground == seat->place.ground && other->held &&
	    o->first_ms == 0 && o->taken_ms <= seat->first_ms;
}

void
seat_is_done(struct seat *seat)
{
	struct run *run = seat->run;
	int64_t now = io_now_ms();
	const struct place *other;
	size_t writing;

	/*
	 * The other request may be slow by itself.  So an answer counts only if
	 * it took longer than its own first token had taken.
	 */
	if (!seat->place.held || !seat->tried_out || seat->first_ms == 0 ||
	    now - seat->first_ms <= seat->first_ms - seat->taken_ms)
		return;
	for (other = run->places->first; other != NULL; other = other->next)
		if (has_waited_for(other, seat))
			break;
	if (other == NULL)
		return;
	writing = places_marked(run->places, seat->place.ground);
	if (writing < state_proven(run->state, seat->place.ground))
		state_learn_proven(run->state, seat->place.ground, writing);
}

bool
seat_is_behind(struct seat *seat, int64_t now, int64_t every)
{
	if (!seat->place.held || seat->first_ms > 0 ||
	    now - seat->checked_ms < every)
		return false;
	seat->checked_ms = now;
	return places_is_marked(seat->run->places, seat->place.ground);
}
