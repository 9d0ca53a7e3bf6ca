/*
 * decide.c: worker.  Has the policy of failures; what it decides, conduct does.
 */
#include <sys/random.h>

#include "base/io.h"
#include "plan/plan.h"
#include "site/rates.h"
#include "site/state.h"
#include "run/decide.h"
#include "run/part.h"
#include "run/run.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "stage/stage.h"

/* The longest wait before the second attempt; it doubles with each other. */
#define FIRST_WAIT_MS	100

/* How long a service is set aside whose key or credit is no good. */
#define ASIDE_MS	600000
/* And one that refuses without a reason: the reason may be this prompt. */
#define FORBIDDEN_MS	30000
/* However long a wait a service has named. */
#define ASIDE_MOST_MS	3600000

/* By what the service means; docs/failures.md has the same rows. */
static const struct rule by_meaning[] = {
	[MEANS_LIMIT]	  = { NEXT_SAME, TELL_NOBODY, true },
	[MEANS_CREDIT]	  = { NEXT_SERVICE, TELL_ASIDE, false },
	[MEANS_KEY]	  = { NEXT_SERVICE, TELL_ASIDE, false },
	[MEANS_FORBIDDEN] = { NEXT_SERVICE, TELL_FORBIDDEN, false },
	[MEANS_MODEL]	  = { NEXT_MODEL, TELL_NOBODY, false },
	[MEANS_PARAM]	  = { NEXT_SAME, TELL_NOBODY, false },
	[MEANS_CONTENT]	  = { NEXT_SERVICE, TELL_NOBODY, false },
	[MEANS_SIZE]	  = { NEXT_SERVICE, TELL_NOBODY, false },
	[MEANS_REQUEST]	  = { NEXT_SERVICE, TELL_NOBODY, false },
	[MEANS_SERVER]	  = { NEXT_SAME, TELL_COUNT, true },
};

/* The rule of what the service has said; if it has not, that of the code. */
static const struct rule *
rule_for(const struct outcome *o)
{
	return o->means != MEANS_UNSAID ? &by_meaning[o->means] :
	    code_rule(o->code);
}

/* Whether an attempt of no use may have to be paid for all the same. */
static bool
was_answered(const struct attempt *attempt, const struct outcome *o)
{
	return attempt->heard_ms > 0 || o->answered;
}

/*
 * Whether a program may have been started.  What it has done by then, as to
 * send a mail, must not be done twice, so it is not started again.
 */
static bool
may_have_begun(const struct attempt *attempt, const struct outcome *o)
{
	return service_is_program(attempt->service) &&
	    attempt->asked_ms > 0 && !o->unsent;
}

/*
 * What another attempt would be.  The order of the conditions is the policy: a
 * parameter that was sent can be left out, which is worth the same service at
 * once; a complaint about one that was not sent cannot be met; and what has
 * shown text begins again elsewhere, so that no half sentence is glued to
 * another's.
 */
static enum next
classify(const struct attempt *attempt, const struct outcome *o)
{
	enum next next = rule_for(o)->next;

	if (may_have_begun(attempt, o))
		return NEXT_NONE;
	if ((o->refused_params & attempt->params) != 0)
		return NEXT_SAME;
	if (o->means == MEANS_PARAM)
		return NEXT_SERVICE;
	if (attempt->part->text_len > 0 && next == NEXT_SAME)
		return NEXT_SERVICE;
	return next;
}

/* A random wait from 0 to most, so that parts do not return all at once. */
static int64_t
jitter(int64_t most)
{
	uint32_t x = 0;

	return getrandom(&x, sizeof(x), 0) == sizeof(x) ?
	    (int64_t)(x % (uint32_t)(most + 1)) : 0;
}

/* A wait that doubles with each repetition; one half of it is random. */
static int64_t
backoff(int repeats, int64_t most)
{
	int64_t wait = (int64_t)FIRST_WAIT_MS << (repeats < 6 ? repeats : 6);

	if (wait > most)
		wait = most;
	return wait / 2 + jitter(wait / 2);
}

/*
 * Prepares one more attempt at the same service.  Returns false if the service
 * has had its share of attempts, or if the wait is too long to be worth it.
 */
static bool
repeat(struct part *part, const struct outcome *o)
{
	int64_t most = run_limits(part->run)->retry_wait_ms, wait;

	if (o->refused_params != 0) {
		retry_without(&part->retry, o->refused_params,
		    o->refused_value);
		return true;
	}
	/* Some servers say 0 to everybody, which would be no wait at all. */
	wait = o->wait_ms > 0 ? o->wait_ms :
	    backoff(part->retry.repeats, most);
	if (retry_repeat(&part->retry, part->plan) || wait > most)
		return false;
	retry_wait(&part->retry, wait + jitter(wait / 8));
	return true;
}

/* Whether a limit was refused to a run that waits as long as it lasts. */
static bool
is_waited_for(const struct part *part, const struct outcome *o)
{
	return part->run->patient && o->means == MEANS_LIMIT;
}

/*
 * The limit of a service holds for all runs that share what is known of it, so
 * none of them asks it again before the wait is over.
 */
static void
wait_for_limit(struct part *part, const struct service *service,
    const struct outcome *o)
{
	struct ratelimit *ratelimit = part->run->ratelimit;
	int64_t now = io_now_ms();
	int times = ratelimit_refused(ratelimit, service, now);
	int64_t wait = o->wait_ms > 0 ? o->wait_ms : backoff(times - 1,
	    run_limits(part->run)->retry_wait_ms);

	ratelimit_cool(ratelimit, service, now + wait);
	retry_defer(&part->retry);
}

/*
 * Prepares another attempt, and returns whether there is to be one.  After a
 * pick there is none: other parts write about it already, and a second list
 * would have another one.
 */
static bool
prepare_next(const struct attempt *attempt, const struct outcome *o)
{
	struct part *part = attempt->part;
	struct retry *retry = &part->retry;

	if (part->picking.picked)
		return false;
	if (is_waited_for(part, o)) {
		wait_for_limit(part, attempt->service, o);
		return true;
	}
	if (retry_is_spent(retry, part->begun))
		return false;
	switch (classify(attempt, o)) {
	case NEXT_SAME:
		/* If it has answered, once more may cost as much again. */
		if (o->refused_params == 0 && was_answered(attempt, o) &&
		    retry_move_on(retry, part->plan))
			return true;
		return repeat(part, o) || retry_move_on(retry, part->plan);
	case NEXT_MODEL:
		return (part->plan->model == NULL &&
		    retry_next_model(retry, attempt->service)) ||
		    retry_move_on(retry, part->plan);
	case NEXT_SERVICE:
		return retry_move_on(retry, part->plan);
	case NEXT_NONE:
		break;
	}
	return false;
}

/*
 * Counts what the attempt has used up of what its part may cost.  One without a
 * prompt is not counted at all, if no later one has begun: nobody was told of
 * its number, which is used again.
 */
static void
charge(const struct attempt *attempt, const struct outcome *o)
{
	struct part *part = attempt->part;

	if (is_waited_for(part, o))
		retry_charge_unsent(&part->retry);
	else if (was_answered(attempt, o))
		retry_charge_answer(&part->retry);
	else if (attempt->asked_ms == 0 && attempt->number == part->begun)
		part_uncount_attempt(part);
	else if (o->unsent || !attempt->connected)
		retry_charge_unsent(&part->retry);
}

/*
 * Tells the state what other runs should know.  A refused parameter is not told
 * here: only an answer without it proves that it was to blame (decide_worked).
 * A status of 4xx is no failure that counts, since this request may be its
 * cause.
 */
static void
remember(const struct attempt *attempt, const struct outcome *o)
{
	const struct run *run = attempt->part->run;
	const struct service *s = attempt->service;
	enum memory memory = rule_for(o)->memory;

	if (service_is_demo(s) || service_is_program(s))
		return;
	if (memory == TELL_ASIDE)
		state_set_aside(run->state, s, ASIDE_MS, o->means ==
		    MEANS_CREDIT ? "credit" : "auth");
	else if (memory == TELL_FORBIDDEN)
		state_set_aside(run->state, s, FORBIDDEN_MS, "auth");
	else if (o->wait_ms > run_limits(run)->retry_wait_ms)
		state_set_aside(run->state, s, o->wait_ms > ASIDE_MOST_MS ?
		    ASIDE_MOST_MS : o->wait_ms, "rate limit");
	else if (memory == TELL_COUNT && (o->status < 400 ||
	    o->status >= 500))
		state_failed(run->state, s);
	if (o->thinks == THINKS_INSIDE)
		state_learn_thinks(run->state, s, attempt->model, true);
}

/* The milliseconds until a service has enough left of its limits; 0: now. */
static int64_t
dry_wait(const struct part *part, size_t turn)
{
	const struct service *service = part->plan->order[turn];
	const struct run *run = part->run;
	int64_t tokens = part_tokens(part, service);
	int64_t said = ratelimit_wait_ms(run->ratelimit, service, tokens,
	    io_now_ms());
	int64_t set = rates_wait_ms(run->rates, service, tokens,
	    run->patient);

	return said > set ? said : set;
}

/* The milliseconds until a service is worth asking; 0: now. */
static int64_t
wait_for(const struct part *part, size_t turn)
{
	const struct service *service = part->plan->order[turn];
	int64_t aside = state_aside_ms(part->run->state, service);
	int64_t dry = dry_wait(part, turn);

	return dry > aside ? dry : aside;
}

/* The same for the part: until the first of its services is. */
static int64_t
wait_for_any(const struct part *part)
{
	int64_t least = wait_for(part, 0), wait;
	size_t i;

	for (i = 1; i < part->plan->norder; i++)
		if ((wait = wait_for(part, i)) < least)
			least = wait;
	return least;
}

/*
 * Ends the part.  Withheld words are told apart from a failure.  If it is worth
 * asking again, but not at once, the visitor is told how long to wait.
 */
static void
give_up(struct part *part, const struct outcome *o)
{
	bool again = rule_for(o)->retryable;

	part_give_up(part, o->means == MEANS_CONTENT ? PART_FILTERED :
	    PART_FAILED, o->code, o->message, again,
	    again ? wait_for_any(part) : 0);
}

/*
 * The counts and the state are told before anything is decided.  In a race only
 * the place of the one that failed is given up, and the turn is that of the
 * last one that failed.
 */
void
decide_failed(struct attempt *attempt, const struct outcome *o)
{
	struct part *part = attempt->part;
	size_t place = retry_place_of(part->plan, attempt->service);
	bool spoke = part->speaker == attempt;

	part->status = o->status;
	charge(attempt, o);
	remember(attempt, o);
	attempt_drop(attempt);
	/* The other one of a race may still win. */
	if (part_is_tried(part)) {
		retry_give_up(&part->retry, place);
		return;
	}
	if (part->retry.turn != place)
		retry_turn_to(&part->retry, place);
	if (!part_is_live(part) || !prepare_next(attempt, o)) {
		part->told = *attempt;
		give_up(part, o);
		return;
	}
	if (spoke && part->text_len > 0)
		part_reset(part, o->message);
	part->speaker = NULL;
	part->state = PART_WAITING;
}

void
decide_worked(const struct attempt *attempt, const struct outcome *o)
{
	const struct part *part = attempt->part;
	struct state *state = part->run->state;
	unsigned without = part->retry.refused_params & ~attempt->params;

	/* It works without what it has refused, so that was to blame. */
	if (without != 0)
		state_learn_refused(state, attempt->service, attempt->model,
		    without, part->retry.refused_values, part_spec(part));
	if (o->thinks != THINKS_UNKNOWN)
		state_learn_thinks(state, attempt->service, attempt->model,
		    o->thinks == THINKS_INSIDE);
	state_worked(state, attempt->service);
}

/* For how long some limit of a service is used up; 0: none is. */
static int64_t
dry_ms(const struct remaining *remaining)
{
	int64_t ms = 0;

	if (remaining->requests == 0)
		ms = remaining->requests_reset_ms;
	if (remaining->tokens == 0 && remaining->tokens_reset_ms > ms)
		ms = remaining->tokens_reset_ms;
	return ms > ASIDE_MOST_MS ? ASIDE_MOST_MS : ms;
}

/*
 * Subtracts the tokens of requests that were sent before and are not accepted
 * yet.  The service may not have counted them when it said what remains.
 */
static void
spend_unheard(struct run *run, const struct service *service)
{
	const struct attempt *t;
	size_t i, k;

	for (i = 0; i < run->n; i++)
		for (k = 0; k < PART_ATTEMPTS; k++) {
			t = &run->parts[i].attempts[k];
			if (t->stage != NULL && t->service == service &&
			    t->asked_ms > 0 && !t->accepted)
				ratelimit_spend(run->ratelimit, service,
				    part_tokens(&run->parts[i], service));
		}
}

void
decide_remaining(struct attempt *attempt, const struct remaining *remaining)
{
	const struct service *s = attempt->service;
	struct run *run = attempt->part->run;

	attempt->accepted = true;
	ratelimit_note(run->ratelimit, s, remaining, io_now_ms());
	spend_unheard(run, s);
	/*
	 * Other runs' requests would be refused too.  Patient runs use a limit
	 * up to its end all the time, which is no reason to set it aside.
	 */
	if (!run->patient && dry_ms(remaining) > 0 &&
	    state_aside_ms(run->state, s) == 0)
		state_set_aside(run->state, s, dry_ms(remaining),
		    "limit used up");
}

/* Turns to another service.  A connection made ahead was to the one before. */
static void
pass_over_to(struct part *part, size_t turn)
{
	part_withdraw(part);
	retry_turn_to(&part->retry, turn);
}

void
decide_service(struct part *part)
{
	struct retry *retry = &part->retry;
	int64_t wait = wait_for(part, retry->turn);
	size_t i;

	/* Two that race are asked whatever one of them says. */
	if (wait == 0 || part->attempts[1].stage != NULL)
		return;
	for (i = retry->turn + 1; i < part->plan->norder; i++)
		if (!retry_has_given_up(retry, i) && wait_for(part, i) == 0) {
			pass_over_to(part, i);
			return;
		}
	/* No other service is better: if it is soon good again, wait. */
	if (wait <= run_limits(part->run)->retry_wait_ms &&
	    retry->not_before_ms == 0)
		retry_wait(retry, wait);
	else if (part->run->patient && retry->not_before_ms <= io_now_ms())
		retry_wait(retry, dry_wait(part, retry->turn));
}
