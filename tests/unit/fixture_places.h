/*
 * fixture_places: processes that take places when a test tells them to.
 *
 * Each is a child that has opened the places of a directory itself and has
 * PLAYER_PLACES of its own.  A call tells it one thing to do and waits for the
 * result, so that a test decides the order in which processes do things.
 */
#ifndef FIXTURE_PLACES_H
#define FIXTURE_PLACES_H

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/io.h"
#include "site/places.h"
#include "unit.h"

/* For what a dead process held, on a machine that is busy. */
#define SOON_MS		10000

#define PLAYER_PLACES	8

struct player {
	pid_t	pid;
	int	fd;
};

struct order {
	char	what;	/* the letter of player_obey */
	size_t	which;
	size_t	limit;
};

/*
 * What a player does.  'T' and 'G' mean the first `which` of its places, 'q'
 * that it goes into the queue at the time `limit`, 'W' that it counts as many.
 */
static inline int
player_obey(struct places *places, struct place own[], struct order order)
{
	struct place *const list[] = { &own[0], &own[1], &own[2], &own[3],
	    &own[4], &own[5], &own[6], &own[7] };
	struct place *one = &own[order.which];

	_Static_assert(COUNT(list) == PLAYER_PLACES, "all of its places");
	switch (order.what) {
	case 't': return places_take(places, one, order.limit);
	case 'T': return (int)places_take_many(places, list, order.which,
	    order.limit);
	case 'q':
		while (io_now_ms() < (int64_t)order.limit)
			;
		return places_take(places, one, 0);
	case 'g': return places_give(places, one), 0;
	case 'G': return places_give_many(places, list, order.which), 0;
	case 'm': return places_mark(places, one), 0;
	case 'o': return places_others(places, one->ground);
	case 'n': return (int)places_taken(places, one->ground);
	case 'w': return (int)places_marked(places, one->ground);
	case 'a': return one->ahead;
	case 'y': return places_try(places, one, order.limit);
	case 'A': return places_ahead(places, one);
	case 'W': return (int)places_waiting(places, one->ground,
	    order.limit);
	case 'l': return places_look_ms(one);
	}
	return -2;
}

static inline void
player_run(int fd, const char *dir, const char *ground)
{
	struct place own[PLAYER_PLACES];
	struct places places;
	struct order order;
	size_t i;
	int result;

	places_open(&places, dir);
	for (i = 0; i < PLAYER_PLACES; i++)
		own[i] = (struct place)PLACE_OF(places_ground(ground));
	while (read(fd, &order, sizeof(order)) == sizeof(order)) {
		result = player_obey(&places, own, order);
		if (write(fd, &result, sizeof(result)) != sizeof(result))
			break;
	}
	_exit(0);
}

static inline struct player
player_start(const char *dir, const char *ground)
{
	struct player player;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    ends), 0);
	player.pid = fork();
	assert_int_not_equal(player.pid, -1);
	if (player.pid == 0) {
		close(ends[0]);
		player_run(ends[1], dir, ground);
	}
	close(ends[1]);
	player.fd = ends[0];
	return player;
}

/* It does this while the test goes on, until player_result. */
static inline void
player_begin(const struct player *player, char what, size_t which,
    size_t limit)
{
	const struct order order = { .what = what, .which = which,
	    .limit = limit };

	assert_int_equal(write(player->fd, &order, sizeof(order)),
	    sizeof(order));
}

static inline int
player_result(const struct player *player)
{
	int result;

	assert_int_equal(read(player->fd, &result, sizeof(result)),
	    sizeof(result));
	return result;
}

static inline int
player_do(const struct player *player, char what, size_t which, size_t limit)
{
	player_begin(player, what, which, limit);
	return player_result(player);
}

static inline int
player_take(const struct player *player, size_t limit)
{
	return player_do(player, 't', 0, limit);
}

static inline void
player_give(const struct player *player)
{
	player_do(player, 'g', 0, 0);
}

/* By SIGKILL; it is gone when this returns. */
static inline void
player_kill(struct player *player)
{
	assert_int_equal(kill(player->pid, SIGKILL), 0);
	assert_int_equal(waitpid(player->pid, NULL, 0), player->pid);
	close(player->fd);
}

static inline void
players_start(struct player *players, size_t n, const char *dir)
{
	size_t i;

	for (i = 0; i < n; i++)
		players[i] = player_start(dir, "runs");
}

static inline void
players_end(struct player *players, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		player_kill(&players[i]);
}

/* Its first place, asked for until it is there or the time is over. */
static inline int
player_take_soon(const struct player *player, size_t limit)
{
	const int64_t until_ms = io_now_ms() + SOON_MS;
	int taken;

	while (!(taken = player_take(player, limit)) && io_now_ms() < until_ms)
		usleep(1000);
	return taken;
}

#endif
