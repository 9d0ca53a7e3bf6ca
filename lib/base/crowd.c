/*
 * crowd.c: listener, workers and stages.  Some shared numbers; knows nothing of
 * what the processes do.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crowd.h"

/* What was measured so long ago counts no more. */
#define OLD_MS		2000

struct crowd {
	int		cores;
	atomic_int	runs;
	atomic_int	delay_us;	/* a mean of the last second */
	atomic_bool	naps;
	atomic_llong	felt_ms;	/* when it was measured last */
	atomic_llong	turn_ms;	/* another may measure from then on */
};

struct crowd *
crowd_new(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct crowd *crowd = mmap(NULL, sizeof(*crowd),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (crowd == MAP_FAILED)
		return NULL;
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

/* Whether nobody has measured it for long, or yet. */
static bool
is_old(const struct crowd *crowd, int64_t now_ms)
{
	int64_t felt_ms = GET(&crowd->felt_ms);

	return felt_ms == 0 || now_ms - felt_ms > OLD_MS;
}

void
crowd_feel(struct crowd *crowd, int64_t now_ms, int delay_us)
{
	int mean;

	if (crowd == NULL)
		return;
	if (delay_us > CROWD_DELAY_MAX_US)
		delay_us = CROWD_DELAY_MAX_US;
	mean = is_old(crowd, now_ms) ? 0 : GET(&crowd->delay_us);
	mean += (delay_us - mean) / 4;
	SET(&crowd->delay_us, mean);
	SET(&crowd->felt_ms, now_ms);
	if (mean >= CROWD_LATE_US)
		SET(&crowd->naps, true);
	else if (mean <= CROWD_SOON_US)
		SET(&crowd->naps, false);
}

bool
crowd_asks(struct crowd *crowd, int64_t now_ms)
{
	long long turn;

	if (crowd == NULL || now_ms < (turn = GET(&crowd->turn_ms)))
		return false;
	/* Of several that come at once one gets the turn. */
	return atomic_compare_exchange_strong(&crowd->turn_ms, &turn,
	    now_ms + (GET(&crowd->delay_us) <= CROWD_SOON_US ?
	    CROWD_ASK_MS : CROWD_ASK_SOON_MS));
}

int
crowd_nap_ms(const struct crowd *crowd, int64_t now_ms, int64_t gap_ms,
    int64_t phase)
{
	if (crowd == NULL || !GET(&crowd->naps) || is_old(crowd, now_ms))
		return 0;
	if (2 * CROWD_NAP < 3 * gap_ms)
		return 0;
	/* To the next multiple of it, which is the same for a phase. */
	return CROWD_NAP - (int)((now_ms + phase) % CROWD_NAP);
}
