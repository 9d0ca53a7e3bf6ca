/*
 * refusal.c: worker, and commands that ask services.  Reckons with times.
 */
#include "setup/guard.h"
#include "spend/book.h"
#include "spend/day.h"
#include "spend/refusal.h"

/* A visitor who has too much at once, or a site that has much reserved. */
#define SOON_MS		10000
/* A book that cannot be written needs its operator. */
#define CLOSED_MS	60000

static int64_t
until_midnight(int64_t now_ms)
{
	return day_begins(day_after(day_of(now_ms))) - now_ms;
}

/* When the oldest of the visitor's runs that count is an hour old. */
static int64_t
until_room(int64_t began_ms, int64_t now_ms)
{
	int64_t left = began_ms + ACCOUNT_HOUR_MS - now_ms;

	return began_ms == 0 || left > ACCOUNT_HOUR_MS ? ACCOUNT_HOUR_MS :
	    left < 1000 ? 1000 : left;
}

/* Whether it would fit if all that is only reserved were free. */
static bool
is_only_reserved(const struct book *book, const struct guard *guard,
    const struct entry *group, size_t n)
{
	return group != NULL && judge_spent(&book->replay.account, guard,
	    group, n) == VERDICT_FITS;
}

void
refusal_of(struct refusal *refusal, enum verdict verdict,
    const struct book *book, const struct guard *guard,
    const struct entry *group, size_t n, int64_t began_ms, int64_t now_ms)
{
	uint64_t lacks;

	*refusal = (struct refusal){ .verdict = verdict };
	refusal->never = verdict != VERDICT_CLOSED && group != NULL &&
	    judge_never(guard, group + 1, n, &lacks);
	if (group != NULL && (verdict == VERDICT_SERVICE_TOKENS ||
	    verdict == VERDICT_SERVICE_COST))
		refusal->service = judge_lacks(&book->replay.account, guard,
		    group + 1, n);
	switch (verdict) {
	case VERDICT_CLOSED:
		refusal->wait_ms = CLOSED_MS;
		break;
	case VERDICT_VISITOR_ONCE:
		refusal->wait_ms = SOON_MS;
		break;
	case VERDICT_VISITOR_HOUR:
		refusal->wait_ms = until_room(began_ms, now_ms);
		break;
	default:
		refusal->wait_ms = is_only_reserved(book, guard, group, n) ?
		    SOON_MS : until_midnight(now_ms);
	}
}
