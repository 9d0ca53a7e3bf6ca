/*
 * retry: whose turn it is among the services of a part, and what its attempts
 * have used up.
 *
 * A part has an order of services (plan.h).  One of them has its turn, with
 * one of its models; a service that has failed is given up, and its turn does
 * not come again.  All fields are written here; decide says when.
 *
 *	retry_turn_to(&retry, 2);		the third of the order
 *	retry_move_on(&retry, plan_part);	the next that is not given up
 *	retry_wait(&retry, ms);			not before so many ms from now
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_part;
struct service;

/*
 * Attempts cost money; decide.h says what counts.  A part has at most so many
 * attempts whose prompt may have reached a service, and so many that were
 * answered to no use.
 */
#define RETRY_ATTEMPTS_MAX	8
#define RETRY_ANSWERS_MAX	3

struct retry {
	size_t		 turn;		/* place in plan_part's order */
	size_t		 model;		/* in that service's models */
	int		 repeats;	/* failures there, one after another */
	unsigned	 given_up;	/* bits: places in the order */
	unsigned	 refused_params;
	int64_t		 not_before_ms;	/* the next attempt; 0: at once */
	int		 unsent;	/* attempts without a prompt sent */
	int		 answers;	/* answers of no use */
};

/* Another service has its turn: what was learned of the last does not count. */
void	retry_turn_to(struct retry *retry, size_t turn);

/* This place in the order is not tried again; whether it has been given up. */
void	retry_give_up(struct retry *retry, size_t turn);
bool	retry_has_given_up(const struct retry *retry, size_t turn);

/*
 * Gives up the service whose turn it is.  The next in the order that is not
 * given up has its turn, and after the last the first: a service that was
 * passed over comes at the end.  Whether there is one.
 */
bool	retry_move_on(struct retry *retry, const struct plan_part *plan);

/* The next model of the service whose turn it is.  Whether it has one. */
bool	retry_next_model(struct retry *retry, const struct service *service);

/* Parameters that are left out from now on; the next attempt is at once. */
void	retry_without(struct retry *retry, unsigned params);

/* The next attempt is so many milliseconds from now. */
void	retry_wait(struct retry *retry, int64_t ms);

/*
 * One more failure at the service whose turn it is.  Whether it has had its
 * share of the part's attempts, which is all of them if no service follows.
 */
bool	retry_repeat(struct retry *retry, const struct plan_part *plan);

/* The place of a service in the order; the last one if it is not in it. */
size_t	retry_place_of(const struct plan_part *plan,
	    const struct service *service);

/* What an attempt has used up. */
void	retry_charge_answer(struct retry *retry);
void	retry_charge_unsent(struct retry *retry);

/* Whether a part that has begun so many attempts may begin no more. */
bool	retry_is_spent(const struct retry *retry, int begun);

#endif
