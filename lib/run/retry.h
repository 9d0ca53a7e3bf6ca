/*
 * retry: keeps which service of a part is asked next, and what the attempts of
 * the part have used up.
 *
 * A part has an order of services (plan.h).  One of them has its turn, with
 * one of its models.  A service that has failed is given up, and does not get
 * another turn.  decide says what happens when; only this module writes the
 * fields.
 *
 *	retry_turn_to(&retry, 2);		the third of the order
 *	retry_move_on(&retry, plan_part);	the next that is not given up
 *	retry_wait(&retry, ms);			no attempt for the next `ms` ms
 */
#ifndef RETRY_H
#define RETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_part;
struct service;

/*
 * Attempts cost money; decide.h says what counts.  These are the most attempts
 * of a part whose prompt may have reached a service, and the most that were
 * answered to no use.
 */
#define RETRY_ATTEMPTS_MAX	8
#define RETRY_ANSWERS_MAX	3

struct retry {
	size_t		 turn;		/* place in plan_part's order */
	size_t		 model;		/* in that service's models */
	int		 repeats;	/* failures there, one after another */
	unsigned	 given_up;	/* bits: places in the order */
	unsigned	 refused_params;	/* bits as in outcome */
	unsigned	 refused_values;	/* those with their value */
	int64_t		 not_before_ms;	/* the next attempt; 0: at once */
	int		 unsent;	/* attempts without a prompt sent */
	int		 answers;	/* answers of no use */
};

/* Gives the turn to another service; what was learned of the last is void. */
void	retry_turn_to(struct retry *retry, size_t turn);

/* Gives up a place in the order; and whether it has been given up. */
void	retry_give_up(struct retry *retry, size_t turn);
bool	retry_has_given_up(const struct retry *retry, size_t turn);

/*
 * Gives up the service whose turn it is, and gives the turn to the next in the
 * order that is not given up.  After the last comes the first, so a service
 * that was passed over (decide_service) gets its turn at the end.  Returns
 * whether there is one.
 */
bool	retry_move_on(struct retry *retry, const struct plan_part *plan);

/* Turns to the next model of the same service.  Returns whether it has one. */
bool	retry_next_model(struct retry *retry, const struct service *service);

/*
 * Leaves out these parameters from now on; the next attempt may be at once.
 * `by_value` says that another value might have been taken.
 */
void	retry_without(struct retry *retry, unsigned params, bool by_value);

/* The next attempt may begin `ms` milliseconds from now. */
void	retry_wait(struct retry *retry, int64_t ms);

/*
 * A service has refused the attempt because its limit is used up.  A patient
 * run (run.h) asks it again when the limit has room, so this does not count as
 * a failure, and nothing but the limit is waited for.
 */
void	retry_defer(struct retry *retry);

/*
 * Counts one more failure at the service whose turn it is.  Returns whether it
 * has had its share of the part's attempts.  The share is the same for each
 * service of the order; if no other follows, it is all of them.
 */
bool	retry_repeat(struct retry *retry, const struct plan_part *plan);

/* The place of a service in the order; the last one if it is not in it. */
size_t	retry_place_of(const struct plan_part *plan,
	    const struct service *service);

/* Count an answer of no use, and an attempt of which nothing was sent. */
void	retry_charge_answer(struct retry *retry);
void	retry_charge_unsent(struct retry *retry);

/* Whether a part that has begun `begun` attempts may begin no more. */
bool	retry_is_spent(const struct retry *retry, int begun);

#endif
