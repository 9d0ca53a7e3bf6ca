/*
 * attempt: one job at one service, as its worker sees it.
 *
 * Its life, and what is set at each step:
 *
 *	a stage is taken, the job sent		stage, service, model, number
 *	the stage says CONNECTED		connected
 *	its prompt is there and is sent		asked_ms, prompt_len
 *	the service answers			accepted
 *	tokens come				heard, heard_ms
 *	the stage says DONE or FAIL		ended, tokens; no stage
 *
 * launch takes the first and third step, hear the others.  attempt_drop may end
 * it at any time.  An attempt is a member of its part, and borrows service and
 * model from the configuration.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/job.h"
#include "run/purse.h"

struct part;
struct seat;
struct service;
struct stage;

struct attempt {
	struct part		*part;		/* it belongs to this one */
	struct seat		*seat;		/* its place at its server */
	struct stage		*stage;		/* its process, or NULL */
	const struct service	*service;
	const char		*model;
	int			 number;	/* of the part, from 1 */
	unsigned		 params;	/* bits of enum param: sent */
	bool			 thinks;	/* expected to begin in one */
	bool			 connected;
	bool			 accepted;	/* the service said START */
	int64_t			 job_ms;	/* begun */
	int64_t			 asked_ms;	/* prompt sent; 0: not yet */
	int64_t			 first_ms;	/* first token; 0: none */
	int64_t			 text_ms;	/* first text; 0: none */
	int64_t			 heard_ms;	/* last token; 0: none */
	size_t			 prompt_len;	/* bytes sent */
	size_t			 heard;		/* bytes of all that came */
	bool			 ended;		/* DONE or FAIL has come */
	bool			 tallied;	/* its row is made */
	struct tokens		 tokens;	/* as DONE or FAIL has them */
	struct ticket		 ticket;	/* for what it may cost */
};

/*
 * Ends its process, if it has one, and with it the connection; its place at the
 * server is given back.
 */
void	attempt_drop(struct attempt *attempt);

/* Gives its place back, and what it has not used of the service's rate. */
void	attempt_leave_seat(struct attempt *attempt);

/*
 * What the attempt has cost.  That is what its outcome says; what this leaves
 * open is estimated if the service had begun to answer, and else unknown (-1).
 */
struct tokens attempt_tokens(const struct attempt *attempt);

#endif
