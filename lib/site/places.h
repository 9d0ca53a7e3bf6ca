/*
 * places: who may go on now, among all processes of a site.
 *
 * A ground has a limited number of places.  It is a server, which answers only
 * that many requests at once, or it is "runs".  A process takes a place of a
 * ground, uses it and gives it back.  If none is free, the process stands in
 * the ground's queue and asks again.  If a process dies, even by SIGKILL, its
 * places are free and it has left the queue.
 *
 *	places_open(&places, dir);			once in a process
 *	if (places.file.why[0] != '\0')
 *		log_warnx("%s", places.file.why);
 *
 *	struct place place = PLACE_OF(places_ground("http://host:8080"));
 *
 *	places_take(&places, &place, limit)	1: place.held, go on
 *						0: place.waits, and place.ahead
 *						are before it: ask again in
 *						places_look_ms(&place), or when
 *						this process has given one back
 *	places_mark(&places, &place);		its answer is being written
 *	places_give(&places, &place);		whether it has it or waits
 *
 *	places_close(&places);
 *
 * Order: a place goes to the process that has waited longest.  As long as one
 * waits and lives, none that asked later gets a place, even if several are
 * free.  (If two find all places taken at the same moment, either may be
 * first.)  So a process that waits MUST ask again after places_look_ms or leave
 * with places_give, because all that came later wait for it.  Of places that
 * become free together, one or two are taken in each PLACES_NEAR_MS, because a
 * waiter notices only at its next look that it is first.  Whoever is far from
 * the front looks seldom: with 2000 waiters all looks together would otherwise
 * take a whole processor.
 *
 * Limits: limit may differ from call to call.  If it has become smaller, places
 * above it stay with their holders and count: no new one is taken until fewer
 * than `limit` are held in all.  All processes should give the same limit.
 *
 * How it works: places, marks and waiters are locked bytes of site/lockfile,
 * which site/ground divides.  What this process itself holds is in the list of
 * site/ours, which has struct place and struct places: a struct place must not
 * be moved, copied or freed until it has been given back.
 *
 * Processes: a forked child inherits the list, but no lock.  It calls
 * places_forget before anything else of this module, and may then take places
 * of its own if it keeps all descriptors; what it inherited as held or waiting
 * counts as not held.  A child that closes the descriptor (a stage:
 * io_keep_only) takes none at all.  The parent's locks stay in either case.
 * Not for several threads.
 *
 * Costs, in system calls, about half a microsecond each:
 *
 *	places_open			3
 *	places_try, places_take, free	2	is there a queue? and the lock
 *					3	if half of the places are taken
 *	places_take_many, free		2	for all of them together
 *	places_give, places_give_many	1	if this process then has nothing
 *						left of the ground; else 1 for
 *						the places (for each, if one of
 *						ours lies between them), 1 for
 *						their marks, 1 for each waiter
 *	a look of one who waits		1	if others are before it
 *	its first look			4	and about 3 for each waiter, at
 *						most some 70; or what a look of
 *						the first costs
 *	a look of the first		6	and about 2 for each place that
 *						another process holds
 *	counting `ahead`		2	if the numbers up to it are more
 *						than QUEUE_EXACT (site/queue);
 *						else as
 *	places_ahead, places_waiting, places_taken,
 *	places_marked			1	and about 2 for each counted
 *	places_mark, places_others, places_is_marked,
 *	places_awaited			1
 *	places_ground, places_forget	0
 *
 * A process that ends need not give back: the kernel does.
 *
 * Why taking a free place is 2 calls and not 1: a place that was given back is
 * free until the first waiter looks again.  A process that did not look at the
 * queue before it takes that place would overtake the waiter.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/ours.h"

/*
 * When a process that waits asks again, if n others are before it:
 *
 *	n is at most PLACES_NEAR	after PLACES_NEAR_MS; but after
 *					PLACES_LOOK_MS if there are more than
 *					PLACES_CHEAP places, since a look of the
 *					first takes two calls for each of them
 *	n is higher			after n / 2 * PLACES_NEAR_MS, half of
 *					the time in which its turn could come;
 *					at least PLACES_LOOK_MS, and at most
 *					PLACES_FAR_MS
 */
#define PLACES_LOOK_MS	50
#define PLACES_NEAR	3
#define PLACES_NEAR_MS	10
#define PLACES_CHEAP	128
#define PLACES_FAR_MS	500

/* Most places of a ground; a higher limit means this one. */
#define PLACES_MOST	65535

/*
 * Opens places.lock in `dir`, the folder of the site, or one elsewhere if locks
 * do not hold there; file.why then says so, for the log and `check`.  If they
 * hold nowhere, or fail later, every place is free at once: nobody is refused
 * because of a broken disk.  dir may be NULL.  If the folder is removed
 * meanwhile, processes that opened it before and after do not see each other.
 */
void	places_open(struct places *places, const char *dir);

/* Gives everything back. */
void	places_close(struct places *places);

/* In a forked child: empties the list that it has inherited. */
void	places_forget(struct places *places);

/* The grounds of the site's runs, and of those who read kept runs. */
#define PLACES_RUNS	"runs"
#define PLACES_READERS	"readers"

/* The ground of that name: 40 bits of a hash. */
uint64_t places_ground(const char *name);

/*
 * Takes one of `limit` places if one is free and nobody waits.  Returns whether
 * `place` has one, also if it had one before.  It does not join the queue: for
 * those who would not stay in it.
 */
bool	places_try(struct places *places, struct place *place, size_t limit);

/*
 * Takes one of `limit` places.  Returns 1 if `place` has one (also if it had
 * one before), or 0 if it waits now.
 */
int	places_take(struct places *places, struct place *place, size_t limit);

/*
 * The same for n different places of one ground.  Returns how many of them have
 * one: they are the first in the list, if none of them had one before.  The
 * others wait.
 */
size_t	places_take_many(struct places *places, struct place *const list[],
	    size_t n, size_t limit);

/* In how many ms a place that waits is to be asked for again. */
int	places_look_ms(const struct place *place);

/*
 * How many are before a place that waits, counted one by one; -1 if that is not
 * known.
 */
int	places_ahead(const struct places *places, const struct place *place);

/* How many wait for a place of the ground in all processes; at most `most`. */
size_t	places_waiting(const struct places *places, uint64_t ground,
	    size_t most);

/* Gives it back, or leaves the queue.  May be called at any time. */
void	places_give(struct places *places, struct place *place);

/* The same for n places of one ground. */
void	places_give_many(struct places *places, struct place *const list[],
	    size_t n);

/*
 * Marks a place that is held, until it is given back.  This module does not
 * care what the mark means; run/seat uses it to say that the server is writing
 * the answer to the request that has the place.
 */
void	places_mark(struct places *places, struct place *place);

/* Whether any place of the ground is marked. */
bool	places_is_marked(const struct places *places, uint64_t ground);

/* How many marked places the ground has, and places held, in all processes. */
size_t	places_marked(const struct places *places, uint64_t ground);
size_t	places_taken(const struct places *places, uint64_t ground);

/*
 * The number of a place that is held, from 1 to PLACES_MOST; 0 if it is not
 * held, or if locks hold nowhere.  Others can ask by it whether the process
 * that has taken it is alive: places_is_held says whether any process holds the
 * place of that number.
 */
uint16_t places_number(const struct places *places, const struct place *place);
bool	places_is_held(const struct places *places, uint64_t ground,
	    uint16_t number);

/*
 * A number of the file in which the locks are.  Processes with another one
 * opened it before it was removed, or after: they do not see each other's.
 */
uint64_t places_identity(const struct places *places);

/* Whether another process holds a place of the ground, or waits for one. */
bool	places_others(const struct places *places, uint64_t ground);
bool	places_awaited(const struct places *places, uint64_t ground);

#endif
