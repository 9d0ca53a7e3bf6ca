/*
 * decide.c: worker.  The failure policy; starts nothing itself (run does).
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/io.h"
#include "plan/plan.h"
#include "plan/state.h"
#include "run/decide.h"
#include "run/part.h"
#include "setup/config.h"
#include "setup/graph.h"
#include "stage/stage.h"

/* Of the wait before the second attempt; it doubles with each. */
#define FIRST_WAIT_MS	100

/* How long a service is set aside whose key or credit is no good. */
#define ASIDE_MS	600000
/* And one that refuses without a reason: it may be this visitor's words. */
#define FORBIDDEN_MS	30000
#define ASIDE_MOST_MS	3600000

enum next { NEXT_NONE, NEXT_SAME, NEXT_MODEL, NEXT_SERVICE };

/* What other runs are told. */
enum memory { TELL_NOBODY, TELL_ASIDE, TELL_FORBIDDEN, TELL_COUNT };

/* What follows from a failure: before the first text, and what is told. */
struct rule {
	enum next	next;
	enum memory	memory;
	bool		retryable;	/* worth the visitor's asking again */
};

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

/* By the code if it has said nothing. */
static const struct {
	const char	*code;
	struct rule	 rule;
} by_code[] = {
	{ "unreachable",	 { NEXT_SERVICE, TELL_COUNT, true } },
	{ "tls",		 { NEXT_SERVICE, TELL_COUNT, false } },
	{ "connect_timeout",	 { NEXT_SERVICE, TELL_COUNT, true } },
	{ "first_token_timeout", { NEXT_SERVICE, TELL_COUNT, true } },
	{ "idle_timeout",	 { NEXT_SERVICE, TELL_NOBODY, true } },
	{ "cut_off",		 { NEXT_SAME, TELL_NOBODY, true } },
	{ "provider_error",	 { NEXT_SAME, TELL_NOBODY, true } },
	{ "no_stream",		 { NEXT_SERVICE, TELL_NOBODY, false } },
	{ "lost",		 { NEXT_SAME, TELL_NOBODY, true } },
	{ "too_big",		 { NEXT_NONE, TELL_NOBODY, false } },
};

/* "empty", "bad_list", and whatever else: another may do better. */
static const struct rule any_other = { NEXT_SERVICE, TELL_NOBODY, true };

static const struct rule *
rule_for(const struct outcome *o)
{
	size_t i;

	if (o->means != MEANS_UNSAID)
		return &by_meaning[o->means];
	for (i = 0; i < sizeof(by_code) / sizeof(by_code[0]); i++)
		if (strcmp(o->code, by_code[i].code) == 0)
			return &by_code[i].rule;
	return &any_other;
}

/* Whether it may have to be paid for although it is of no use. */
static bool
was_answered(const struct attempt *attempt, const struct outcome *o)
{
	return attempt->heard_ms > 0 || o->answered;
}

/* What another attempt would be, as far as the outcome tells. */
static enum next
classify(const struct part *part, const struct attempt *attempt,
    const struct outcome *o)
{
	enum next next = rule_for(o)->next;

	/* What was sent can be left out; what was not, cannot. */
	if ((o->refused_params & attempt->params) != 0)
		return NEXT_SAME;
	if (o->means == MEANS_PARAM)
		return NEXT_SERVICE;
	/* No half sentence is glued to another's, so it begins again there. */
	return part->text_len > 0 && next == NEXT_SAME ? NEXT_SERVICE : next;
}

/* From 0 to most, so that parts do not come back in step. */
static int64_t
jitter(int64_t most)
{
	uint32_t x = 0;

	return getrandom(&x, sizeof(x), 0) == sizeof(x) ?
	    (int64_t)(x % (uint32_t)(most + 1)) : 0;
}

/* A wait that grows, a half of it drawn. */
static int64_t
backoff(int repeats, int64_t most)
{
	int64_t wait = (int64_t)FIRST_WAIT_MS << (repeats < 6 ? repeats : 6);

	if (wait > most)
		wait = most;
	return wait / 2 + jitter(wait / 2);
}

/* What was learned of one service is nothing to the next. */
static void
choose(struct part *part, size_t turn)
{
	part->turn = turn;
	part->model = 0;
	part->repeats = 0;
	part->refused_params = 0;
	part->not_before_ms = 0;
}

/* The next that has not failed; one that was passed over comes last. */
static bool
move_on(struct part *part)
{
	size_t n = part->plan->norder, i, k;

	part->given_up |= 1u << part->turn;
	for (k = 1; k < n; k++) {
		i = (part->turn + k) % n;
		if ((part->given_up & 1u << i) == 0) {
			choose(part, i);
			return true;
		}
	}
	return false;
}

/* The place of an attempt's service in the order. */
static size_t
place_of(const struct part *part, const struct attempt *attempt)
{
	size_t i;

	for (i = 0; i + 1 < part->plan->norder; i++)
		if (part->plan->order[i] == attempt->service)
			break;
	return i;
}

/* Attempts at one service; where others have theirs to come, a fair share. */
static int
share(const struct part *part)
{
	int each = DECIDE_ATTEMPTS_MAX / (int)part->plan->norder;

	return part->turn + 1 < part->plan->norder ? (each < 1 ? 1 : each) :
	    DECIDE_ATTEMPTS_MAX;
}

/* The same service once more, if its wait is short enough to be worth it. */
static bool
repeat(struct run *run, struct part *part, const struct outcome *o)
{
	int64_t most = run_limits(run)->retry_wait_ms, wait;

	if (o->refused_params != 0) {
		part->refused_params |= o->refused_params;
		part->not_before_ms = 0;
		return true;
	}
	/* "Now" is no wait that was thought about. */
	wait = o->wait_ms > 0 ? o->wait_ms : backoff(part->repeats, most);
	if (++part->repeats >= share(part) || wait > most)
		return false;
	part->not_before_ms = io_now_ms() + wait + jitter(wait / 8);
	return true;
}

/* Sets the part up for another attempt.  Whether there is to be one. */
static bool
prepare_next(struct run *run, struct part *part,
    const struct attempt *attempt, const struct outcome *o)
{
	if (part->begun - part->unsent >= DECIDE_ATTEMPTS_MAX ||
	    part->answers >= DECIDE_ANSWERS_MAX || part->picked)
		return false;
	switch (classify(part, attempt, o)) {
	case NEXT_SAME:
		if (o->refused_params == 0 && was_answered(attempt, o) &&
		    move_on(part))
			return true;
		return repeat(run, part, o) || move_on(part);
	case NEXT_MODEL:
		if (part->model + 1 < attempt->service->nmodels) {
			part->model++;
			part->not_before_ms = 0;
			return true;
		}
		return move_on(part);
	case NEXT_SERVICE:
		return move_on(part);
	case NEXT_NONE:
		break;
	}
	return false;
}

/* What it cost of what a part may cost. */
static void
charge(struct part *part, const struct attempt *attempt,
    const struct outcome *o)
{
	if (was_answered(attempt, o))
		part->answers++;
	else if (attempt->asked_ms == 0 && attempt->number == part->begun)
		part->begun--;	/* nobody was told of it */
	else if (o->unsent || !attempt->connected)
		part->unsent++;
}

/*
 * What other runs should know.  A parameter that was refused is not among it:
 * only an answer without it proves that this was the fault (decide_worked).
 */
static void
remember(struct run *run, const struct attempt *attempt,
    const struct outcome *o)
{
	const struct service *s = attempt->service;
	enum memory memory = rule_for(o)->memory;

	if (service_is_demo(s))
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

static void
give_up(struct run *run, struct part *part, const struct outcome *o)
{
	if (o->means == MEANS_CONTENT)
		part_end_badly(run, part, PART_FILTERED, o->message, o->code,
		    o->message, false);
	else
		part_fail(run, part, o->code, rule_for(o)->retryable, "%s",
		    o->message);
}

void
decide_failed(struct run *run, struct part *part, struct attempt *attempt,
    const struct outcome *o)
{
	bool spoke = part->speaker == attempt;

	part->status = o->status;
	charge(part, attempt, o);
	remember(run, attempt, o);
	attempt_drop(attempt);
	/* The other in a race may still win. */
	if (part_is_tried(part)) {
		part->given_up |= 1u << place_of(part, attempt);
		return;
	}
	if (part->turn != place_of(part, attempt))
		choose(part, place_of(part, attempt));
	if (!part_is_live(part) || !prepare_next(run, part, attempt, o)) {
		part->told = *attempt;
		give_up(run, part, o);
		return;
	}
	if (spoke && part->text_len > 0)
		part_reset(run, part, o->message);
	part->speaker = NULL;
	part->state = PART_WAITING;
}

void
decide_worked(struct run *run, const struct part *part,
    const struct attempt *attempt, const struct outcome *o)
{
	/* It works without what it refused: now that is known. */
	if ((part->refused_params & ~attempt->params) != 0)
		state_learn_refused(run->state, attempt->service,
		    attempt->model, part->refused_params & ~attempt->params);
	if (o->thinks != THINKS_UNKNOWN)
		state_learn_thinks(run->state, attempt->service,
		    attempt->model, o->thinks == THINKS_INSIDE);
	state_worked(run->state, attempt->service);
}

/* How long a limit that is used up lasts. */
static int64_t
dry_ms(const struct remaining *remaining)
{
	int64_t ms = remaining->requests == 0 ?
	    remaining->requests_reset_ms : 0;

	if (remaining->tokens == 0 && remaining->tokens_reset_ms > ms)
		ms = remaining->tokens_reset_ms;
	return ms > ASIDE_MOST_MS ? ASIDE_MOST_MS : ms;
}

/* What was asked before and is not yet answered may not be in its count. */
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
				ratelimit_spend(&run->ratelimit, service,
				    part_tokens(&run->parts[i], service));
		}
}

void
decide_remaining(struct run *run, struct attempt *attempt,
    const struct remaining *remaining)
{
	const struct service *s = attempt->service;

	attempt->accepted = true;
	ratelimit_note(&run->ratelimit, s, remaining, io_now_ms());
	spend_unheard(run, s);
	/* Other runs' requests would be refused too. */
	if (dry_ms(remaining) > 0 && state_aside_ms(run->state, s) == 0)
		state_set_aside(run->state, s, dry_ms(remaining),
		    "limit used up");
}

/* Milliseconds until a service is worth asking; 0: now. */
static int64_t
wait_ms(const struct run *run, const struct part *part,
    const struct service *service)
{
	int64_t aside = state_aside_ms(run->state, service);
	int64_t dry = ratelimit_wait_ms(&run->ratelimit, service,
	    part_tokens(part, service), io_now_ms());

	return dry > aside ? dry : aside;
}

/* Another place in the order; a connection made ahead was for this one. */
static void
turn_to(struct part *part, size_t turn)
{
	if (part_is_tried(part)) {
		part_drop(part);
		part->begun--;
	}
	choose(part, turn);
}

void
decide_service(struct run *run, struct part *part)
{
	const struct plan_part *plan = part->plan;
	int64_t wait = wait_ms(run, part, plan->order[part->turn]);
	size_t i;

	/* Two that race are asked whatever one of them says. */
	if (wait == 0 || part->attempts[1].stage != NULL)
		return;
	for (i = part->turn + 1; i < plan->norder; i++)
		if ((part->given_up & 1u << i) == 0 &&
		    wait_ms(run, part, plan->order[i]) == 0) {
			turn_to(part, i);
			return;
		}
	/* Nobody else: if it is soon good again, that is waited for. */
	if (wait <= run_limits(run)->retry_wait_ms &&
	    part->not_before_ms == 0)
		part->not_before_ms = io_now_ms() + wait;
}
