/*
 * budget.c: worker.  Sums; knows neither parts nor what is done about them.
 */
#include "plan/budget.h"

/* Its line; b->n where it has none. */
static size_t
find(const struct budget *b, const struct service *service)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->lines[i].service == service)
			break;
	return i;
}

void
budget_say(struct budget *b, const struct service *service,
    const struct remaining *remaining, int64_t now_ms)
{
	size_t i = find(b, service);

	if (i == BUDGET_SERVICES_MAX)
		return;
	b->lines[i] = (struct budget_line){ service, *remaining, now_ms };
	if (i == b->n)
		b->n++;
}

static void
take(int64_t *remaining, int64_t n)
{
	if (*remaining >= 0)
		*remaining = *remaining > n ? *remaining - n : 0;
}

void
budget_spend(struct budget *b, const struct service *service, int64_t tokens)
{
	size_t i = find(b, service);

	if (i == b->n)
		return;
	take(&b->lines[i].remaining.requests, 1);
	take(&b->lines[i].remaining.tokens, tokens);
}

static int64_t
wait(int64_t remaining, int64_t need, int64_t reset_ms, int64_t passed_ms)
{
	return remaining >= 0 && remaining < need && reset_ms > passed_ms ?
	    reset_ms - passed_ms : 0;
}

int64_t
budget_wait_ms(const struct budget *b, const struct service *service,
    int64_t tokens, int64_t now_ms)
{
	size_t i = find(b, service);
	const struct remaining *remaining;
	int64_t passed, requests_ms, tokens_ms;

	if (i == b->n)
		return 0;
	remaining = &b->lines[i].remaining;
	passed = now_ms - b->lines[i].said_ms;
	requests_ms = wait(remaining->requests, 1,
	    remaining->requests_reset_ms, passed);
	tokens_ms = wait(remaining->tokens, tokens, remaining->tokens_reset_ms,
	    passed);
	return requests_ms > tokens_ms ? requests_ms : tokens_ms;
}
