/*
 * attempt: one job at one service, begun.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stddef.h>

struct attempt;
struct part;
struct run;
struct service;

/*
 * Gives it a stage and its job; from then on it may connect.  -1 and errno
 * where there is no process to be had.
 */
int	attempt_open(struct run *run, struct part *part,
	    struct attempt *attempt, const struct service *service,
	    size_t model);

/* Hands it the prompt and says `start`. */
void	attempt_ask(struct run *run, struct part *part,
	    struct attempt *attempt);

#endif
