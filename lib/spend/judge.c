/*
 * judge.c: any process of a site but its stages, and commands.  Compares what
 * is wanted with what is left; changes nothing.
 */
#include "base/saturate.h"
#include "setup/guard.h"
#include "spend/account.h"
#include "spend/judge.h"

static bool
is_beyond(int64_t limit, int64_t used, int64_t wanted)
{
	return limit != GUARD_NONE && (wanted > limit || used > limit - wanted);
}

/* What counts against a limit: what is spent, and, if `held`, reserved. */
static struct sum
count(const struct sum *sum, bool held)
{
	struct sum used = *sum;

	if (held) {
		saturate_to(&used.tokens, sum->held_tokens);
		saturate_to(&used.money, sum->held_money);
	}
	return used;
}

/*
 * Whether what the rows want of each service, and of the site, is there.  Sets
 * *lacks to the service that has no room.
 */
static enum verdict
judge_amounts(const struct account *account, const struct guard *guard,
    const struct entry *list, size_t n, const struct hold *instead, bool held,
    uint64_t *lacks)
{
	const struct sum all = count(&account->all, held);
	const struct guard_service *limit;
	const struct account_service *has;
	int64_t tokens, money, all_tokens = 0, all_money = 0;
	const struct sum none = { 0 };
	struct sum sum;
	size_t i, k;

	for (i = 0; i < n; i++) {
		saturate_to(&all_tokens, list[i].tokens);
		saturate_to(&all_money, list[i].money);
		if ((limit = guard_of(guard, list[i].who)) == NULL)
			continue;
		has = account_service(account, list[i].who);
		sum = none;
		if (has != NULL)
			sum = count(&has->sum, held);
		for (tokens = money = 0, k = 0; k < n; k++) {
			if (list[k].who != list[i].who)
				continue;
			saturate_to(&tokens, list[k].tokens);
			saturate_to(&money, list[k].money);
		}
		if (instead != NULL && has != NULL &&
		    instead->service == (size_t)(has - account->services)) {
			tokens -= instead->tokens;
			money -= instead->money;
		}
		*lacks = list[i].who;
		if (tokens > 0 && is_beyond(limit->tokens_day, sum.tokens,
		    tokens))
			return VERDICT_SERVICE_TOKENS;
		if (money > 0 && is_beyond(limit->cost_day, sum.money, money))
			return VERDICT_SERVICE_COST;
	}
	*lacks = 0;
	if (instead != NULL) {
		all_tokens -= instead->tokens;
		all_money -= instead->money;
	}
	if (all_tokens > 0 && is_beyond(guard->tokens_day, all.tokens,
	    all_tokens))
		return VERDICT_TOKENS;
	if (all_money > 0 && is_beyond(guard->cost_day, all.money, all_money))
		return VERDICT_COST;
	return VERDICT_FITS;
}

static enum verdict
judge_visitor(const struct account *account, const struct guard *guard,
    const struct entry *run)
{
	int64_t now_ms = run->at_ms > account->clock_ms ? run->at_ms :
	    account->clock_ms;

	if (run->who == 0)
		return VERDICT_FITS;
	if (guard->at_once != GUARD_NONE && is_beyond(guard->at_once,
	    (int64_t)account_open(account, run->who) + run->open, 1))
		return VERDICT_VISITOR_ONCE;
	if (guard->runs_hour != GUARD_NONE && account_has_begun(account,
	    run->who, guard->runs_hour - run->hour, now_ms))
		return VERDICT_VISITOR_HOUR;
	return VERDICT_FITS;
}

enum verdict
judge_more(const struct account *account, const struct guard *guard,
    const struct entry *entry)
{
	struct open_run *run = account_run(account, entry->run);
	uint64_t lacks;

	if (account->failed || run == NULL)
		return VERDICT_CLOSED;
	return judge_amounts(account, guard, entry, 1,
	    account_hold(account, run, entry->seq), true, &lacks);
}

enum verdict
judge_run(const struct account *account, const struct guard *guard,
    const struct entry *group, size_t n)
{
	enum verdict verdict;
	uint64_t lacks;

	if (account->failed)
		return VERDICT_CLOSED;
	verdict = judge_visitor(account, guard, &group[0]);
	if (verdict != VERDICT_FITS || group[0].rest == REST_DEMO)
		return verdict;
	if (is_beyond(guard->runs_day, saturate_add(account->all.runs,
	    account->all.held_runs), 1))
		return VERDICT_RUNS;
	return judge_amounts(account, guard, group + 1, n, NULL, true, &lacks);
}

uint64_t
judge_lacks(const struct account *account, const struct guard *guard,
    const struct entry *list, size_t n)
{
	uint64_t lacks;

	judge_amounts(account, guard, list, n, NULL, true, &lacks);
	return lacks;
}

enum verdict
judge_spent(const struct account *account, const struct guard *guard,
    const struct entry *group, size_t n)
{
	uint64_t lacks;

	if (account->failed || is_beyond(guard->runs_day, account->all.runs, 1))
		return VERDICT_RUNS;
	return judge_amounts(account, guard, group + 1, n, NULL, false,
	    &lacks);
}

bool
judge_never(const struct guard *guard, const struct entry *list, size_t n,
    uint64_t *lacks)
{
	const struct account nothing = ACCOUNT_INIT;

	return judge_amounts(&nothing, guard, list, n, NULL, false, lacks) !=
	    VERDICT_FITS;
}

static int
percent_of(int64_t used, int64_t limit)
{
	return limit == GUARD_NONE ? 0 : used >= limit ? 100 :
	    (int)((double)used * 100 / (double)limit);
}

int
judge_percent(const struct account *account, const struct guard *guard)
{
	const int all[] = {
		percent_of(account->all.runs, guard->runs_day),
		percent_of(account->all.tokens, guard->tokens_day),
		percent_of(account->all.money, guard->cost_day),
	};
	int most = 0;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] > most)
			most = all[i];
	return most;
}
