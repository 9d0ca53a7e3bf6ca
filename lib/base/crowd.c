/*
 * crowd.c: listener, workers and stages.  Some shared numbers; knows nothing of
 * what the processes do.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crowd.h"
#include "base/idle.h"

/* What was measured so long ago counts no more. */
#define OLD_MS		2000

/* The mean of the delays is that of about so many. */
#define DELAYS		16

struct crowd {
	const char	*counts;
	int		cores;
	atomic_int	runs;
	atomic_int	delays_us;	/* DELAYS times their mean, of 2 s */
	atomic_bool	is_late;
	atomic_llong	felt_ms;	/* when it was measured last */
	atomic_llong	turn_ms;	/* another may measure from then on */
	atomic_ullong	idle, all;	/* counts at the last look */
	atomic_llong	looked_ms;	/* when that was */
	atomic_llong	look_ms;	/* another may look from then on */
	atomic_int	share;		/* that it saw, in thousandths */
	atomic_bool	is_full;
};

struct crowd *
crowd_new(const char *counts)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct crowd *crowd = mmap(NULL, sizeof(*crowd),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (crowd == MAP_FAILED)
		return NULL;
	crowd->counts = counts;
	crowd->cores = cores < 1 ? 1 : (int)cores;
	return crowd;
}

void
crowd_free(struct crowd *crowd)
{
	if (crowd != NULL)
		munmap(crowd, sizeof(*crowd));
}

/*
 * Relaxed order is enough for all of them, since no other memory depends on the
 * numbers, and a value that is a moment old does no harm.
 */
#define GET(number)		atomic_load_explicit(number, \
				    memory_order_relaxed)
#define SET(number, value)	atomic_store_explicit(number, value, \
				    memory_order_relaxed)

void
crowd_set(struct crowd *crowd, size_t runs)
{
	if (crowd != NULL)
		SET(&crowd->runs, (int)runs);
}

bool
crowd_is_dense(const struct crowd *crowd)
{
	return crowd != NULL && GET(&crowd->runs) / crowd->cores > CROWD_AT;
}

/* Whether what was measured at that time, 0 for never, counts no more. */
static bool
is_old(int64_t then_ms, int64_t now_ms)
{
	return then_ms == 0 || now_ms - then_ms > OLD_MS;
}

void
crowd_feel(struct crowd *crowd, int64_t now_ms, int delay_us)
{
	int sum, mean;

	if (crowd == NULL)
		return;
	if (delay_us > CROWD_DELAY_MAX_US)
		delay_us = CROWD_DELAY_MAX_US;
	sum = is_old(GET(&crowd->felt_ms), now_ms) ? 0 :
	    GET(&crowd->delays_us);
	sum += delay_us - sum / DELAYS;
	mean = sum / DELAYS;
	SET(&crowd->delays_us, sum);
	SET(&crowd->felt_ms, now_ms);
	if (mean >= CROWD_LATE_US)
		SET(&crowd->is_late, true);
	else if (mean <= CROWD_SOON_US)
		SET(&crowd->is_late, false);
}

bool
crowd_asks(struct crowd *crowd, int64_t now_ms)
{
	long long turn;

	if (crowd == NULL || now_ms < (turn = GET(&crowd->turn_ms)))
		return false;
	/* Of several that come at once one gets the turn. */
	return atomic_compare_exchange_strong(&crowd->turn_ms, &turn,
	    now_ms + (GET(&crowd->delays_us) / DELAYS <= CROWD_SOON_US ?
	    CROWD_ASK_MS : CROWD_ASK_SOON_MS));
}

/* Takes in an idle share, in thousandths of a time that has just ended. */
static void
see_share(struct crowd *crowd, int64_t now_ms, int permille)
{
	int before, mean;

	if (is_old(GET(&crowd->looked_ms), now_ms)) {
		SET(&crowd->share, 1000);
		SET(&crowd->is_full, false);
	}
	before = GET(&crowd->share);
	mean = (before + permille) / 2;
	SET(&crowd->share, permille);
	SET(&crowd->looked_ms, now_ms);
	if (mean <= CROWD_FULL)
		SET(&crowd->is_full, true);
	else if (mean >= CROWD_FREE)
		SET(&crowd->is_full, false);
}

void
crowd_look(struct crowd *crowd, int64_t now_ms)
{
	struct idle before, now;
	long long turn;
	int permille;

	if (crowd == NULL || now_ms < (turn = GET(&crowd->look_ms)) ||
	    !atomic_compare_exchange_strong(&crowd->look_ms, &turn,
	    now_ms + CROWD_LOOK_MS) || idle_read(crowd->counts, &now) == -1)
		return;
	before.idle = GET(&crowd->idle);
	before.all = GET(&crowd->all);
	SET(&crowd->idle, now.idle);
	SET(&crowd->all, now.all);
	/*
	 * If the look before this one was long ago, the share is that of a time
	 * in which there were no runs.
	 */
	if (!is_old(turn, now_ms) &&
	    (permille = idle_share(&before, &now)) != -1)
		see_share(crowd, now_ms, permille);
}

/* Whether the processors are overrun. */
static bool
is_overrun(const struct crowd *crowd, int64_t now_ms)
{
	return (GET(&crowd->is_late) &&
	    !is_old(GET(&crowd->felt_ms), now_ms)) ||
	    (GET(&crowd->is_full) && crowd_is_dense(crowd) &&
	    !is_old(GET(&crowd->looked_ms), now_ms));
}

int
crowd_nap_ms(const struct crowd *crowd, int64_t now_ms, int64_t gap_ms,
    int64_t phase)
{
	if (crowd == NULL || !is_overrun(crowd, now_ms))
		return 0;
	if (2 * CROWD_NAP < 3 * gap_ms)
		return 0;
	/* To the next multiple of it, which is the same for a phase. */
	return CROWD_NAP - (int)((now_ms + phase) % CROWD_NAP);
}
