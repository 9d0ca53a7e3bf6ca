/*
 * test_ledger_storm: processes that begin runs, ask, settle and end at random,
 * are killed at any moment, and whose clock jumps forward, back and over
 * midnight.  A simulator of the services counts what they have sold of each
 * day.  Never is more sold or reserved than a limit allows; what is settled is
 * never less than what was sold, and equal to it if every attempt told its usage
 * and none was killed; and what nobody had asked comes back.
 *
 * LEDGER_SEED repeats a storm as far as processes can be repeated.
 * LEDGER_KILLS=500 is the one of `make soak`.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "base/io.h"
#include "fixture_ledger.h"

enum { PROCESSES = 5, DAYS = 5, TOKENS = 4000, RUNS = 300 };

/* Shared by all processes. */
struct world {
	_Atomic int64_t	now_ms;
	_Atomic int64_t	sold[DAYS];
	_Atomic int64_t	begun, refused, asked, more;
	_Atomic bool	untold;		/* some attempts tell no usage */
};

static struct world *world;

static int64_t
world_ms(void)
{
	return atomic_load(&world->now_ms);
}

/* Which of the days of the storm it is. */
static int
index_of(int day)
{
	int i, at = 20261129;

	for (i = 0; i < DAYS && at != day; i++)
		at = day_after(at);
	assert_true(i < DAYS);
	return i;
}

static struct guard
limits(void)
{
	static struct guard_service limit;
	struct guard guard = fixture_guard();

	limit = (struct guard_service){ guard_key("8b"), "8b", TOKENS / 2,
	    GUARD_NONE };
	guard.services = &limit;
	guard.nservices = 1;
	guard.tokens_day = TOKENS;
	guard.runs_day = RUNS;
	guard.at_once = 3;
	return guard;
}

static struct amount
any_amount(unsigned *seed)
{
	return (struct amount){ rand_r(seed) % 2 ? "70b" : "8b",
	    rand_r(seed) % 60, 0 };
}

/* The service writes an answer, of at most what was allowed, and says so. */
static void
sell(struct ledger *ledger, const struct claim *claim, uint16_t seq,
    struct amount amount, unsigned *seed)
{
	amount.tokens = amount.tokens == 0 ? 0 : rand_r(seed) %
	    (int)(amount.tokens + 1);
	atomic_fetch_add(&world->sold[index_of(claim->day)], amount.tokens);
	if (atomic_load(&world->untold) && rand_r(seed) % 4 == 0)
		return;
	ledger_settle(ledger, claim, seq, &amount);
}

static void
one_run(struct ledger *ledger, unsigned *seed)
{
	struct amount wants[3], want;
	size_t i, n = (size_t)rand_r(seed) % 4;
	struct refusal refusal;
	struct claim claim;
	char visitor[16];

	for (i = 0; i < n; i++)
		wants[i] = any_amount(seed);
	snprintf(visitor, sizeof(visitor), "4 192.0.2.%d", rand_r(seed) % 3);
	if (ledger_begin(ledger, &claim, rand_r(seed) % 2 ? visitor : NULL,
	    wants, n, &refusal) == -1) {
		atomic_fetch_add(&world->refused, 1);
		usleep(500);
		return;
	}
	atomic_fetch_add(&world->begun, 1);
	for (i = 0; i < 4; i++) {
		usleep((unsigned)rand_r(seed) % 200);
		want = any_amount(seed);
		if (i < n && rand_r(seed) % 2)
			want = wants[i];
		if (ledger_ask(ledger, &claim, (uint16_t)i, &want, i < n ?
		    &wants[i] : NULL, &refusal) == -1)
			continue;
		atomic_fetch_add(&world->asked, 1);
		sell(ledger, &claim, (uint16_t)i, want, seed);
		if (rand_r(seed) % 2)
			ledger_flush(ledger);
	}
	ledger_end(ledger, &claim);
}

static void
live(const char *dir, unsigned seed)
{
	struct guard guard = limits();
	struct places places;
	struct ledger ledger;

	places_open(&places, dir);
	ledger_open(&ledger, dir, &guard, &places);
	ledger.shelf.wall_ms = world_ms;
	for (;;)
		one_run(&ledger, &seed);
}

static pid_t
start_one(const char *dir, unsigned seed)
{
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0)
		live(dir, seed);
	return pid;
}

static void
kill_one(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* At any moment, whoever reads the book finds every limit kept. */
static void
check_day(const char *dir, int day)
{
	struct guard guard = limits();
	struct book book = BOOK_INIT;
	const struct account *account = &book.replay.account;
	const struct account_service *service;
	size_t i;

	if (book_open(&book, dir, day, false) == -1)
		return;
	book_read(&book, &guard);
	assert_false(account->failed);
	assert_in_range(account->all.tokens + account->all.held_tokens, 0,
	    TOKENS);
	assert_in_range(account->all.held_runs, 0, RUNS);
	assert_in_range(account->all.runs, 0, RUNS - account->all.held_runs);
	assert_true(account->all.held_tokens >= 0);
	for (i = 0; i < account->nservices; i++)
		assert_true(account->services[i].sum.held_tokens >= 0);
	service = account_service(account, guard_key("8b"));
	if (service != NULL)
		assert_in_range(service->sum.tokens +
		    service->sum.held_tokens, 0, TOKENS / 2);
	book_close(&book);
}

/* The clock goes on, and sometimes far, back, or both. */
static void
move_clock(unsigned *seed)
{
	int64_t now = world_ms() + rand_r(seed) % 600000;
	int day;

	if (rand_r(seed) % 8 == 0)
		now = NOON + (rand_r(seed) % DAYS) * DAY + rand_r(seed) %
		    (int)(11 * HOUR);
	day = day_of(now);
	if (day < 20261129 || day > 20261203)
		now = NOON;
	atomic_store(&world->now_ms, now);
}

static void
check_all(const char *dir)
{
	int i, day = 20261129;

	for (i = 0; i < DAYS; i++, day = day_after(day))
		check_day(dir, day);
}

static void
storm(const char *dir, unsigned kills, unsigned *seed, bool spare)
{
	pid_t pids[PROCESSES];
	unsigned i, which;

	for (i = 0; i < PROCESSES; i++)
		pids[i] = start_one(dir, *seed + i);
	for (i = 0; i < kills; i++) {
		usleep((unsigned)rand_r(seed) % 8000);
		move_clock(seed);
		check_all(dir);
		if (spare)
			continue;
		which = (unsigned)rand_r(seed) % PROCESSES;
		kill_one(pids[which]);
		pids[which] = start_one(dir, *seed + 1000 + i);
	}
	for (i = 0; i < PROCESSES; i++)
		kill_one(pids[i]);
}

/* Whoever has other limits counts no less than was sold. */
static void
check_others(const char *dir, int day, int64_t sold)
{
	struct guard guard = limits();
	struct sum sum;

	guard.rules = 2;
	sum = fixture_sum(dir, day, &guard);
	assert_true(sum.tokens + sum.held_tokens >= sold);
}

/*
 * After it all nobody lives, so nothing is reserved: one who begins on that day
 * finds all that was not spent.  Returns whether there was a run left for it.
 */
static bool
check_end(const char *dir, int day, int64_t sold)
{
	struct teller a;
	struct sum sum;
	bool left;

	fixture_now = day_begins(day) + 23 * HOUR + HOUR / 2;
	teller_open(&a, dir, limits());
	assert_int_not_equal(teller_run(&a, NULL, TOKENS + 1), VERDICT_FITS);
	sum = a.ledger.shelf.today.replay.account.all;
	assert_int_equal(sum.held_tokens, 0);
	assert_int_equal(a.ledger.shelf.today.replay.account.nopen, 0);
	assert_in_range(sum.tokens, sold, TOKENS);
	left = sum.runs < RUNS;
	if (left && sum.tokens < TOKENS)
		assert_int_equal(teller_run(&a, NULL, TOKENS - sum.tokens),
		    VERDICT_FITS);
	if (left)
		assert_int_not_equal(teller_run(&a, NULL, 1), VERDICT_FITS);
	teller_close(&a);
	return left;
}

static void
make_world(void)
{
	world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(world != MAP_FAILED);
	atomic_store(&world->now_ms, NOON);
}

static void
kills(void **state)
{
	unsigned seed = unit_number("LEDGER_SEED",
	    (unsigned)time(NULL)), n = unit_number("LEDGER_KILLS", 40);
	int i, day = 20261129, left = 0;

	print_message("LEDGER_SEED=%u\n", seed);
	make_world();
	atomic_store(&world->untold, true);
	storm(*state, n, &seed, false);
	for (i = 0; i < DAYS; i++, day = day_after(day)) {
		left += check_end(*state, day, atomic_load(&world->sold[i]));
		check_others(*state, day, atomic_load(&world->sold[i]));
	}
	print_message("%u kills: %ld runs, %ld refused, %ld attempts; "
	    "%d of %d days with runs left\n", n, (long)world->begun,
	    (long)world->refused, (long)world->asked, left, DAYS);
	assert_true(world->begun > 0 && world->asked > 0);
	munmap(world, sizeof(*world));
}

/* Runs one after the other, none killed, each attempt tells its usage. */
static void
all_told(void **state)
{
	unsigned seed = unit_number("LEDGER_SEED",
	    (unsigned)time(NULL));
	struct guard guard = limits();
	struct places places;
	struct ledger ledger;
	int i, day = 20261129;

	make_world();
	places_open(&places, *state);
	ledger_open(&ledger, *state, &guard, &places);
	ledger.shelf.wall_ms = world_ms;
	for (i = 0; i < 2000; i++) {
		one_run(&ledger, &seed);
		move_clock(&seed);
	}
	ledger_close(&ledger);
	places_close(&places);
	for (i = 0; i < DAYS; i++, day = day_after(day))
		assert_int_equal(fixture_sum(*state, day, &guard).tokens,
		    atomic_load(&world->sold[i]));
	munmap(world, sizeof(*world));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kills, unit_dir_setup,
		    unit_dir_teardown),
		cmocka_unit_test_setup_teardown(all_told, unit_dir_setup,
		    unit_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
