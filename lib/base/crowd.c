/*
 * crowd.c: listener, workers and stages.  One shared number; knows nothing of
 * what the processes do.
 */
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crowd.h"

struct crowd {
	atomic_int	runs;
	int		cores;
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

void
crowd_set(struct crowd *crowd, size_t runs)
{
	if (crowd != NULL)
		atomic_store_explicit(&crowd->runs, (int)runs,
		    memory_order_relaxed);
}

/*
 * By how many runs a core the limit CROWD_AT is passed; 0 or less if it is
 * not.  A relaxed load is enough, since no other memory depends on the number
 * and a value that is a moment old does no harm.
 */
static int
excess(const struct crowd *crowd)
{
	return crowd == NULL ? 0 : atomic_load_explicit(&crowd->runs,
	    memory_order_relaxed) / crowd->cores - CROWD_AT;
}

bool
crowd_is_dense(const struct crowd *crowd)
{
	return excess(crowd) > 0;
}

int
crowd_nap_ms(const struct crowd *crowd, int64_t now_ms, int64_t gap_ms,
    int64_t phase)
{
	int nap = excess(crowd) / CROWD_STEP;

	if (nap > CROWD_NAP_MAX)
		nap = CROWD_NAP_MAX;
	if (nap < 1 || nap < 2 * gap_ms)
		return 0;
	/* Sleep to the next multiple of nap, which is the same for a phase. */
	return nap - (int)((now_ms + phase) % nap);
}
