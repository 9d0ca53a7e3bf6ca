/*
 * launch: an attempt begins.
 *
 *	launch_part(part);		a stage each, with the job; it connects
 *	...				the prompt's variables are there
 *	launch_prompt(attempt);		the service is asked
 *
 * What comes back is conduct's.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

struct attempt;
struct part;

/*
 * If there is no process for a part, one is looked for again so often; and for
 * so long before the part fails.
 */
#define LAUNCH_LOOK_MS		100
#define LAUNCH_STARVE_MS	4000

/*
 * Gives the part a stage and its job at the service whose turn it is, or two
 * of them that race.  0, or -1 and errno if there is no process for even one.
 */
int	launch_part(struct part *part);

/*
 * There is no process (and errno) for a part that is ready for one.  One of
 * this run's or of another's may end soon, so the part waits.  If the whole
 * run could not be given one for LAUNCH_STARVE_MS, the part fails: no_process.
 */
void	launch_starve(struct part *part);

/* Hands the attempt its prompt and says TOLD_START. */
void	launch_prompt(struct attempt *attempt);

#endif
