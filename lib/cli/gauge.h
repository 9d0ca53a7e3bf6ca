/*
 * gauge: asks one model once, and times its answer.
 *
 * The request goes the way of a visitor's, through a stage process, so what is
 * measured is what a visitor would get; but nothing gathers before it is read
 * (job.h, `exact`).  Each service has a stage of its own, which keeps its
 * connection from one request to the next as far as the server does.
 *
 *	struct gauge gauge = GAUGE_INIT;
 *
 *	if (gauge_open(&gauge, tokens, 3, &err) == 0)
 *		rc = gauge_ask(&gauge, service, model, prompt, &outcome);
 *	gauge_close(&gauge);
 */
#ifndef GAUGE_H
#define GAUGE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/graph.h"
#include "web/house.h"

struct err;
struct job;
struct outcome;
struct service;

/*
 * Asked before each request and told after it: whether it may be paid for.
 * may_ask returns 0, or -1 with the outcome; either may be NULL.
 */
struct gauge_till {
	int	(*may_ask)(void *arg, const struct job *job, size_t bytes,
		    struct outcome *outcome);
	void	(*asked)(void *arg, const struct outcome *outcome);
	void	*arg;
};

struct gauge {
	struct gauge_till	 till;
	struct house		 house;		/* its graph is `spec` alone */
	struct stage_spec	 spec;
	sigset_t		 unblocked;	/* the signals while it waits */
};

#define GAUGE_INIT { .house = HOUSE_INIT }

/*
 * Takes the house, whose configuration is loaded, and prepares to ask for
 * answers of that many tokens, from n services.  Returns 0, or -1 without
 * memory.  Close in both cases; the memory must not move.
 */
int	gauge_open(struct gauge *gauge, int64_t tokens, size_t n);
void	gauge_close(struct gauge *gauge);

/*
 * Asks once, and again without a parameter that the model refuses by its name.
 * If the server answers a limited number of requests at once, it waits until
 * one is free that no visitor waits for.  Returns 0 and fills *outcome, or -1
 * if SIGINT or SIGTERM came
 * first, which from gauge_open on end nothing by themselves.
 */
int	gauge_ask(struct gauge *gauge, const struct service *service,
	    const char *model, const char *prompt, struct outcome *outcome);

#endif
