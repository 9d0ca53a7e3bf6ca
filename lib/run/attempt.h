/*
 * attempt: one job at one service, begun.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#define ATTEMPT_LOOK_MS		100
#define ATTEMPT_STARVE_MS	4000

struct attempt;
struct part;
struct run;

/*
 * Gives the part a stage and its job at the service whose turn it is, or two
 * that race; from then on they may connect.  0, or -1 and errno if there is no
 * process for even one.
 */
int	attempt_open(struct run *run, struct part *part);

/*
 * There is no process (and errno) for a part that is ready for one.  As one of
 * this run, or of others, may end, it is looked for again every
 * ATTEMPT_LOOK_MS; once the whole run could not be given one for
 * ATTEMPT_STARVE_MS, the part fails, no_process.
 */
void	attempt_starve(struct run *run, struct part *part);

/* Hands it the prompt and says `start`. */
void	attempt_ask(struct run *run, struct part *part,
	    struct attempt *attempt);

#endif
