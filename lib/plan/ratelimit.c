/*
 * ratelimit.c: worker.  Adds and subtracts what services have said of their
 * rate limits; run/decide decides what follows from that.
 */
#include "plan/ratelimit.h"

/* What is needed to learn a pace: that long, and so many requests. */
#define LEARN_MS	1000
#define LEARN_LEAST	4

/*
 * The pace is a thousandth faster with every FASTER_MS, up to twice as fast, so
 * that a limit which was raised, or learned too low, is found again.
 */
#define FASTER_MS	100
#define FASTER_MOST_MS	(1000 * FASTER_MS)

/* What was not sent in time may still be sent, if it is no more than this. */
#define BEHIND_US	100000

/* The index of a service's line; r->n if the service has said nothing yet. */
static size_t
find_line(const struct ratelimit *r, const struct service *service)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->lines[i].service == service)
			break;
	return i;
}

/* Until when a line says something. */
static int64_t
holds_until(const struct ratelimit_line *line)
{
	return line->cool_ms > line->said_ms ? line->cool_ms : line->said_ms;
}

/*
 * The same, which is there afterwards.  If there is no room, that of the
 * service which was heard of longest ago gives way.
 */
static struct ratelimit_line *
need_line(struct ratelimit *r, const struct service *service)
{
	size_t i = find_line(r, service), k;

	if (i < r->n)
		return &r->lines[i];
	if (r->n < RATELIMIT_SERVICES_MAX)
		r->n++;
	else
		for (i = 0, k = 1; k < r->n; k++)
			if (holds_until(&r->lines[k]) <
			    holds_until(&r->lines[i]))
				i = k;
	r->lines[i] = (struct ratelimit_line){ .service = service,
	    .remaining = REMAINING_INIT };
	return &r->lines[i];
}

/*
 * A limit is used up, so what was accepted since the last time is what it
 * allows.  Few requests, or a short time, would tell too little.
 */
static void
learn_pace(const struct ratelimit *r, struct ratelimit_line *line,
    int64_t now_ms)
{
	int64_t passed_ms = now_ms - line->since_ms;

	if (!r->paces || line->since_ms == 0 || passed_ms < LEARN_MS ||
	    line->accepted < LEARN_LEAST)
		return;
	line->gap_us = passed_ms * 1000 / line->accepted;
	line->learned_ms = now_ms;
	line->accepted = 0;
	line->since_ms = now_ms;
}

/* The pace is what was learned, and a bit faster with each second. */
static int64_t
gap_now(const struct ratelimit_line *line, int64_t now_ms)
{
	int64_t passed_ms = now_ms - line->learned_ms;

	if (passed_ms > FASTER_MOST_MS)
		passed_ms = FASTER_MOST_MS;
	return line->gap_us * 1000 / (1000 + passed_ms / FASTER_MS);
}

void
ratelimit_note(struct ratelimit *r, const struct service *service,
    const struct remaining *remaining, int64_t now_ms)
{
	struct ratelimit_line *line = need_line(r, service);

	line->remaining = *remaining;
	line->said_ms = now_ms;
	line->refused = 0;
	line->accepted++;
	if (remaining->requests == 0 || remaining->tokens == 0)
		learn_pace(r, line, now_ms);
}

int
ratelimit_refused(struct ratelimit *r, const struct service *service,
    int64_t now_ms)
{
	struct ratelimit_line *line = need_line(r, service);

	if (now_ms >= line->cool_ms || line->refused == 0)
		line->refused++;
	learn_pace(r, line, now_ms);
	return line->refused;
}

void
ratelimit_cool(struct ratelimit *r, const struct service *service,
    int64_t until_ms)
{
	struct ratelimit_line *line = need_line(r, service);

	if (until_ms > line->cool_ms)
		line->cool_ms = until_ms;
}

/* Takes n off a count, to 0 at the least; -1, "not said", stays. */
static void
take_off(int64_t *count, int64_t n)
{
	if (*count >= 0)
		*count = *count > n ? *count - n : 0;
}

void
ratelimit_spend(struct ratelimit *r, const struct service *service,
    int64_t tokens)
{
	size_t i = find_line(r, service);

	if (i == r->n)
		return;
	take_off(&r->lines[i].remaining.requests, 1);
	take_off(&r->lines[i].remaining.tokens, tokens);
}

void
ratelimit_send(struct ratelimit *r, const struct service *service,
    int64_t tokens, int64_t now_ms)
{
	struct ratelimit_line *line;

	ratelimit_spend(r, service, tokens);
	if (!r->paces)
		return;
	line = need_line(r, service);
	if (line->since_ms == 0)
		line->since_ms = now_ms;
	if (line->next_us < now_ms * 1000 - BEHIND_US)
		line->next_us = now_ms * 1000 - BEHIND_US;
	line->next_us += gap_now(line, now_ms);
}

/*
 * How many ms of the time to a limit's reset are still to pass, if the limit
 * has less than is needed.  0 if it has enough, or did not say how much it has
 * or when it is reset.
 */
static int64_t
until_reset_ms(int64_t count, int64_t need, int64_t reset_ms,
    int64_t passed_ms)
{
	return count >= 0 && count < need && reset_ms > passed_ms ?
	    reset_ms - passed_ms : 0;
}

/* The longer of two times; 0 if there is none. */
static int64_t
longest(int64_t a, int64_t b)
{
	if (b > a)
		a = b;
	return a > 0 ? a : 0;
}

int64_t
ratelimit_wait_ms(const struct ratelimit *r, const struct service *service,
    int64_t tokens, int64_t now_ms)
{
	size_t i = find_line(r, service);
	const struct remaining *had;
	int64_t passed_ms, requests_ms, tokens_ms, most_ms;

	if (i == r->n)
		return 0;
	had = &r->lines[i].remaining;
	passed_ms = now_ms - r->lines[i].said_ms;
	most_ms = r->lines[i].cool_ms - now_ms;
	if (r->lines[i].gap_us > 0)
		return longest(most_ms, r->lines[i].next_us / 1000 - now_ms);
	requests_ms = until_reset_ms(had->requests, 1,
	    had->requests_reset_ms, passed_ms);
	tokens_ms = until_reset_ms(had->tokens, tokens,
	    had->tokens_reset_ms, passed_ms);
	return longest(most_ms, longest(requests_ms, tokens_ms));
}
