/*
 * launch: begins attempts.
 *
 *	launch_part(part);		a stage gets the job, and connects
 *	...				until the prompt's variables are there
 *	launch_prompt(attempt);		the stage gets the prompt, and asks
 *
 * What the stage answers is read by hear.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>

struct attempt;
struct part;

/*
 * If there is no process for a part, one is looked for again every
 * LAUNCH_LOOK_MS, for LAUNCH_STARVE_MS before the part fails.
 */
#define LAUNCH_LOOK_MS		100
#define LAUNCH_STARVE_MS	4000

/*
 * Gives the part a stage with a job at the service whose turn it is, or two
 * stages that race.  Returns 0, or -1 and errno if there is no process for even
 * one of them.
 */
int	launch_part(struct part *part);

/*
 * Whether the server of the part's attempt, which has begun or is to begin, has
 * a place for it (seat.h).  If not, the part waits and says so; ask again at
 * the next turn of the run.
 */
bool	launch_is_seated(struct part *part);

/*
 * To be called, with errno of launch_part, if there is no process for a part
 * whose prompt is there.  As long as another part of this run has one, or
 * another run lives, one will be given back, and the part waits: so a run whose
 * account has room for one process more does its parts one after the other.
 * After LAUNCH_STARVE_MS without such hope the part fails: no_process.
 */
void	launch_starve(struct part *part);

/*
 * Tells TOLD_START and sends the attempt its prompt.  If that is too long, or
 * if there is no memory, the attempt fails.
 */
void	launch_prompt(struct attempt *attempt);

#endif
