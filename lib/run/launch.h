/*
 * launch: begins attempts.
 *
 *	if (launch_is_seated(part))		// the server has a place for it
 *		launch_part(part);		// a stage process gets the job
 *	launch_prompt(&part->attempts[0]);	// and then the prompt
 *
 * launch_part may also come before the prompt is known: then the stage connects
 * to the service and waits.  The module hear reads what the stage sends back.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <stdbool.h>

struct attempt;
struct part;

/*
 * An attempt runs in a stage process.  While the system refuses to fork one,
 * the part tries again every LAUNCH_LOOK_MS: that often, because a process that
 * has become free is soon taken by another program of the account.  How long it
 * tries is said at launch_starve.
 */
#define LAUNCH_LOOK_MS		10
#define LAUNCH_STARVE_MS	4000

/*
 * Begins an attempt of the part at the service whose turn it is.  If the part
 * is raced, it begins two attempts, at the first two services.  Each attempt
 * gets a stage process and sends it the job.  Returns 0 if at least one attempt
 * has begun.  Returns -1 and sets errno if the first one got no process.
 */
int	launch_part(struct part *part);

/*
 * Takes a place at the server that the part is going to ask (seat.h).  Returns
 * whether it has one.  If it has none, the part tells TOLD_WAITING and stands
 * in the server's queue; the caller must then ask again each time it looks at
 * the part.
 */
bool	launch_is_seated(struct part *part);

/*
 * The caller calls this after launch_part has returned -1 for a part whose
 * prompt is complete; errno must still be that of launch_part.  The part keeps
 * waiting while another part of this run has a process, or while another run of
 * the site is alive, because these processes will end.  So an account that has
 * room for only one more process still finishes a run, part after part.  If
 * neither was so for LAUNCH_STARVE_MS, the part fails with CODE_NO_PROCESS; at
 * once, if the run is `hopeless` and has no process.
 */
void	launch_starve(struct part *part);

/*
 * Begins the second attempt of a part whose first one is late, and hands it the
 * prompt.  Returns false, and changes nothing, if there is no place at its
 * server or no process.
 */
bool	launch_second(struct part *part);

/*
 * Tells TOLD_START and sends the attempt its prompt.  If that is too long, or
 * if there is no memory, the attempt fails.
 */
void	launch_prompt(struct attempt *attempt);

#endif
