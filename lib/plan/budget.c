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
    const struct left *left, int64_t now_ms)
{
	size_t i = find(b, service);

	if (i == BUDGET_SERVICES_MAX)
		return;
	b->lines[i] = (struct budget_line){ service, *left, now_ms };
	if (i == b->n)
		b->n++;
}

static void
take(int64_t *left, int64_t n)
{
	if (*left >= 0)
		*left = *left > n ? *left - n : 0;
}

void
budget_spend(struct budget *b, const struct service *service, int64_t tokens)
{
	size_t i = find(b, service);

	if (i == b->n)
		return;
	take(&b->lines[i].left.requests, 1);
	take(&b->lines[i].left.tokens, tokens);
}

static int64_t
wait(int64_t left, int64_t need, int64_t reset_ms, int64_t passed_ms)
{
	return left >= 0 && left < need && reset_ms > passed_ms ?
	    reset_ms - passed_ms : 0;
}

int64_t
budget_wait_ms(const struct budget *b, const struct service *service,
    int64_t tokens, int64_t now_ms)
{
	size_t i = find(b, service);
	const struct left *left;
	int64_t passed, requests_ms, tokens_ms;

	if (i == b->n)
		return 0;
	left = &b->lines[i].left;
	passed = now_ms - b->lines[i].said_ms;
	requests_ms = wait(left->requests, 1, left->requests_reset_ms,
	    passed);
	tokens_ms = wait(left->tokens, tokens, left->tokens_reset_ms, passed);
	return requests_ms > tokens_ms ? requests_ms : tokens_ms;
}
