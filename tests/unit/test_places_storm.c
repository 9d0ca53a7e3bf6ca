/*
 * test_places_storm: processes that take and give at random and are killed at
 * random, holding and waiting, while a process that holds more than the limit
 * gives that back bit by bit.  Never are more held than may be, and after it
 * all is free.
 *
 * PLACES_SEED repeats a storm as far as processes can be repeated.
 * PLACES_KILLS=500 is the one of `make soak`.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>

#include "fixture_places.h"

enum { PROCESSES = 6, OWN = 3, LIMIT = 4, ABOVE = 7 };

/*
 * What each process says it holds: a byte for each, and one for the test's own
 * process.  The highest byte has a bit for each that is being killed, which
 * does not count.  It is one word, so that all of it is seen at one moment.
 */
struct tally {
	_Atomic uint64_t	word;
	atomic_int		most;
	atomic_ulong		taken, waited;
};

static uint64_t
bit_of(int process)
{
	return (uint64_t)1 << (56 + process);
}

static int
sum(uint64_t word)
{
	int i, n = 0;

	for (i = 0; i <= PROCESSES; i++)
		if ((word & bit_of(i)) == 0)
			n += (int)(word >> (8 * i) & 0xff);
	return n;
}

/* After it took, or before it gives. */
static void
say(struct tally *tally, int process, int change)
{
	const uint64_t step = (uint64_t)(change < 0 ? -change : change)
	    << (8 * process);
	int n, most = atomic_load(&tally->most);

	if (change < 0) {
		atomic_fetch_sub(&tally->word, step);
		return;
	}
	n = sum(atomic_fetch_add(&tally->word, step) + step);
	while (change > 0 && n > most &&
	    !atomic_compare_exchange_weak(&tally->most, &most, n))
		;
}

static int
held_of(const struct place own[])
{
	int i, n = 0;

	for (i = 0; i < OWN; i++)
		n += own[i].held;
	return n;
}

static void
take_some(struct places *places, struct place own[], struct tally *tally,
    int process, int which)
{
	struct place *const list[] = { &own[0], &own[1], &own[2] };
	int before = held_of(own);

	_Static_assert(COUNT(list) == OWN, "all of its own");
	if (which < OWN)
		places_take(places, &own[which], LIMIT);
	else
		places_take_many(places, list, OWN, LIMIT);
	say(tally, process, held_of(own) - before);
	atomic_fetch_add(&tally->taken, (unsigned)(held_of(own) - before));
	atomic_fetch_add(&tally->waited, held_of(own) == before);
}

static void
live(struct places *places, struct tally *tally, int process, unsigned seed)
{
	struct place own[OWN];
	struct place *const list[] = { &own[0], &own[1], &own[2] };
	int i, which;

	places_forget(places);
	for (i = 0; i < OWN; i++)
		own[i] = (struct place)PLACE_OF(places_ground("runs"));
	for (;;) {
		usleep((unsigned)rand_r(&seed) % 300);
		which = rand_r(&seed) % (OWN + 1);
		if (rand_r(&seed) % 2 == 0) {
			take_some(places, own, tally, process, which);
		} else if (which < OWN) {
			places_mark(places, &own[which]);
			say(tally, process, -(int)own[which].held);
			places_give(places, &own[which]);
		} else {
			say(tally, process, -held_of(own));
			places_give_many(places, list, OWN);
		}
	}
}

static void
kill_one(pid_t pid, struct tally *tally, int process)
{
	atomic_fetch_or(&tally->word, bit_of(process));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	atomic_fetch_and(&tally->word,
	    ~(bit_of(process) | (uint64_t)0xff << (8 * process)));
}

static void
start_one(pid_t *pid, struct places *places, struct tally *tally,
    int process, unsigned seed)
{
	*pid = fork();
	assert_int_not_equal(*pid, -1);
	if (*pid == 0)
		live(places, tally, process, seed);
}

/* How many ms it takes until nothing is held or waited for. */
static int64_t
wait_until_free(struct places *places)
{
	const int64_t since_ms = io_now_ms();
	struct place place[LIMIT];
	struct place *const list[] = { &place[0], &place[1], &place[2],
	    &place[3] };
	size_t i, n = 0;

	_Static_assert(COUNT(list) == LIMIT, "all of them");
	for (i = 0; i < LIMIT; i++)
		place[i] = (struct place)PLACE_OF(places_ground("runs"));
	while ((n = places_take_many(places, list, LIMIT, LIMIT)) < LIMIT &&
	    io_now_ms() < since_ms + SOON_MS)
		usleep(1000);
	assert_int_equal(n, LIMIT);
	assert_int_equal(places_marked(places, place[0].ground), 0);
	places_give_many(places, list, LIMIT);
	assert_int_equal(places_taken(places, place[0].ground), 0);
	return io_now_ms() - since_ms;
}

/* The test's own process holds more than LIMIT, from a higher limit. */
static void
hold_above(struct places *places, struct place above[], struct tally *tally)
{
	int i;

	for (i = 0; i < ABOVE; i++) {
		above[i] = (struct place)PLACE_OF(places_ground("runs"));
		assert_int_equal(places_take(places, &above[i], ABOVE), 1);
	}
	atomic_store(&tally->word, (uint64_t)ABOVE << (8 * PROCESSES));
}

static void
storm(struct places *places, struct tally *tally, unsigned kills,
    unsigned *seed)
{
	struct place above[ABOVE];
	pid_t pids[PROCESSES];
	unsigned i, process;

	hold_above(places, above, tally);
	for (i = 0; i < PROCESSES; i++)
		start_one(&pids[i], places, tally, (int)i, *seed + i);
	for (i = 0; i < kills; i++) {
		usleep((unsigned)rand_r(seed) % 10000);
		if (i < ABOVE) {
			say(tally, PROCESSES, -1);
			places_give(places, &above[i]);
		}
		process = (unsigned)rand_r(seed) % PROCESSES;
		kill_one(pids[process], tally, (int)process);
		start_one(&pids[process], places, tally, (int)process,
		    *seed + i);
	}
	for (i = 0; i < PROCESSES; i++)
		kill_one(pids[i], tally, (int)i);
}

static void
never_more_than_the_limit(void **state)
{
	const unsigned kills = unit_number("PLACES_KILLS", 40);
	unsigned first = unit_number("PLACES_SEED",
	    (unsigned)time(NULL)), seed = first;
	struct tally *tally = mmap(NULL, sizeof(*tally),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct places places;
	int64_t free_ms;

	assert_ptr_not_equal(tally, MAP_FAILED);
	places_open(&places, *state);
	storm(&places, tally, kills, &seed);
	free_ms = wait_until_free(&places);
	print_message("# seen: PLACES_SEED=%u: %u kills, %lu places taken,"
	    " %lu times in vain, at most %d of %d held, all free after %lld"
	    " ms\n", first, kills, tally->taken, tally->waited, tally->most,
	    LIMIT, (long long)free_ms);
	/* Places were scarce, and there was no more than there was. */
	assert_int_equal(tally->most, LIMIT);
	assert_true(tally->taken > kills && tally->waited > kills);
	places_close(&places);
	munmap(tally, sizeof(*tally));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(never_more_than_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
