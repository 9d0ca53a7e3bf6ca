/*
 * crowd: whether the processors have more to do than they can do at once, and
 * how many runs the workers of one listener serve.
 *
 * If every fragment is passed on at once, it wakes its stage, the worker and
 * the web server; if all processors are busy, they do little else.  Then a
 * stage sleeps for up to CROWD_NAP ms, in which several fragments arrive, and
 * passes on all of them together.
 *
 * What decides is measured, once a second or so, by one process at a time:
 *
 * - How long a stage that was woken waits until it runs: 0.01 ms with one
 *   visitor on two idle cores, 0.1 ms with 50.  It is long if the account has a
 *   quota of processor time, or if there are others who take all of it.
 * - For which share of the time the processors of the machine had nothing to
 *   do.  With 500 visitors on two cores that is none, though a stage does not
 *   wait: Linux lets those run first who need little, and those who need much,
 *   such as the web server, wait instead.  It counts if the runs are many (see
 *   below), since naps of a few would not help.
 *
 * On a system that counts neither nobody sleeps.
 *
 * Runs are those of all workers that are busy, also if their visitors wait for
 * their turn.  Their number decides, too, whether a process gives its free
 * memory back to the kernel after each request.
 *
 *	listener, before any fork	crowd = crowd_new(IDLE_FILE);
 *	listener, a run began or ended	crowd_set(crowd, runs);
 *	worker and stage		crowd_is_dense(crowd)
 *					crowd_look(crowd, now);
 *	stage				if (crowd_asks(crowd, now))
 *						delay_begin(&delay, now);
 *					crowd_feel(crowd, now, us);
 *					crowd_nap_ms(crowd, now, gap, phase)
 *
 * All of it is in memory that is shared across forks.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crowd;

/* The time between two measurements; and if the last ones were not short. */
#define CROWD_ASK_MS		800
#define CROWD_ASK_SOON_MS	100

#define CROWD_AT	32	/* runs a core; with more it is dense */

/*
 * Stages begin to sleep if the delay, a mean over the last 2 s or so, is
 * CROWD_LATE_US, and stop when it is CROWD_SOON_US: sleep makes it shorter.
 * What is measured counts up to CROWD_DELAY_MAX_US, so that it takes a dozen
 * measurements to begin: when runs begin there is much to do for a moment.
 */
#define CROWD_LATE_US		1000
#define CROWD_SOON_US		200
#define CROWD_DELAY_MAX_US	2000

/*
 * They begin, too, if the idle share, in thousandths of the last two times of
 * CROWD_LOOK_MS, is CROWD_FULL, and stop when it is CROWD_FREE.  Processors
 * that are overrun are counted as idle for 2 to 10 %, in the moments between
 * many short runs; with 200 visitors on two of them, who need no naps, it is
 * 10 % or more.  Naps more than halve what a crowd takes, so without them
 * CROWD_FREE would be about that tenth.
 */
#define CROWD_FULL	80
#define CROWD_FREE	600
#define CROWD_LOOK_MS	1000

/*
 * ms of sleep.  Four fragments of 30 tokens a second come in that time, and in
 * the mean they wait half of it.  With 70 ms there are two of them, which does
 * not help when fragments come late because the processors are full: what comes
 * then are single ones again.
 */
#define CROWD_NAP	140

/*
 * `counts` is the file that tells what the processors did (base/idle.h); it has
 * to live as long as the crowd.  NULL if there is no memory.  All functions
 * take NULL, and then nobody sleeps.
 */
struct crowd *crowd_new(const char *counts);
void	crowd_free(struct crowd *crowd);

void	crowd_set(struct crowd *crowd, size_t runs);

/* Whether there are more than CROWD_AT runs a core. */
bool	crowd_is_dense(const struct crowd *crowd);

/*
 * For how many ms from now_ms a stage should sleep if its fragments come every
 * gap_ms; 0 if it should not, or if few of them would come.  Stages
 * with the same `phase` wake at the same moment, so that the worker, too, can
 * pass on what they bring in one piece.
 */
int	crowd_nap_ms(const struct crowd *crowd, int64_t now_ms, int64_t gap_ms,
	    int64_t phase);

/*
 * Whether the caller is to measure its delay from now on, because nobody has
 * begun to do so for long enough.
 */
bool	crowd_asks(struct crowd *crowd, int64_t now_ms);

/* Tells what was measured, in us of a wake (base/delay.h). */
void	crowd_feel(struct crowd *crowd, int64_t now_ms, int delay_us);

/* Reads how idle the processors were, if it is time to. */
void	crowd_look(struct crowd *crowd, int64_t now_ms);

#endif
