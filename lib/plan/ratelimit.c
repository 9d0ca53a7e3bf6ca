/*
 * ratelimit.c: worker.  Adds and subtracts what services have said of their
 * rate limits; run/decide decides what follows from that.
 */
#include "plan/ratelimit.h"

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
	r->lines[i] = (struct ratelimit_line){ service, REMAINING_INIT, 0, 0 };
	return &r->lines[i];
}

void
ratelimit_note(struct ratelimit *r, const struct service *service,
    const struct remaining *remaining, int64_t now_ms)
{
	struct ratelimit_line *line = need_line(r, service);

	line->remaining = *remaining;
	line->said_ms = now_ms;
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
	requests_ms = until_reset_ms(had->requests, 1,
	    had->requests_reset_ms, passed_ms);
	tokens_ms = until_reset_ms(had->tokens, tokens,
	    had->tokens_reset_ms, passed_ms);
	most_ms = r->lines[i].cool_ms - now_ms;
	if (requests_ms > most_ms)
		most_ms = requests_ms;
	if (tokens_ms > most_ms)
		most_ms = tokens_ms;
	return most_ms > 0 ? most_ms : 0;
}
