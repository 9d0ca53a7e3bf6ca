/*
 * attempt: one job at one service, as its worker sees it.
 *
 * Its life, all but the last step by launch and conduct:
 *
 *	a stage is taken, the job sent		stage, service, model, number
 *	the stage says CONNECTED		connected
 *	its prompt is there and is sent		asked_ms, prompt_len
 *	the service answers			accepted
 *	tokens come				heard, heard_ms
 *	the stage says DONE or FAIL		ended, tokens; no stage
 *
 * At any time attempt_drop ends its process.  An attempt lives in its part and
 * borrows service and model from the configuration.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/job.h"

struct part;
struct service;
struct stage;

struct attempt {
	struct part		*part;		/* that it belongs to */
	struct stage		*stage;		/* NULL: there is none */
	const struct service	*service;
	const char		*model;
	int			 number;	/* of the part, from 1 */
	unsigned		 params;	/* bits of enum param, sent */
	bool			 thinks;	/* was expected to begin so */
	bool			 connected;
	bool			 accepted;	/* the service said START */
	int64_t			 job_ms;	/* begun */
	int64_t			 asked_ms;	/* prompt sent; 0: not yet */
	int64_t			 heard_ms;	/* last token; 0: none */
	size_t			 prompt_len;	/* bytes sent */
	size_t			 heard;		/* bytes of all that came */
	bool			 ended;		/* with an outcome */
	struct tokens		 tokens;	/* as that has them */
};

/* Ends its process, if it has one. */
void	attempt_drop(struct attempt *attempt);

/*
 * What it has cost: what its outcome says, or an estimate if the service had
 * begun to answer; otherwise nothing.
 */
struct tokens attempt_tokens(const struct attempt *attempt);

#endif
