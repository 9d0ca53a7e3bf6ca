/*
 * replay.c: any process of a site but its stages, and commands.  Goes through
 * entries in their order; knows no file.
 */
#include "setup/guard.h"
#include "spend/replay.h"

void
replay_want(struct replay *replay, uint64_t run, bool more, uint16_t seq)
{
	replay->wanted = run;
	replay->wanted_more = more;
	replay->wanted_seq = seq;
	replay->verdict = VERDICT_CLOSED;
}

/* Whether it is this entry whose verdict is wanted. */
static bool
is_wanted(const struct replay *replay, const struct entry *entry)
{
	bool more = entry->kind == ENTRY_MORE;

	return entry->run == replay->wanted && more == replay->wanted_more &&
	    (!more || entry->seq == replay->wanted_seq);
}

static void
take_group(struct replay *replay, const struct guard *guard)
{
	const struct entry *entry = &replay->group[0];
	size_t n = replay->ngroup - 1;
	enum verdict verdict;

	replay->ngroup = 0;
	account_end_dead(&replay->account, entry);
	verdict = entry->rules != guard->rules ? VERDICT_FITS :
	    judge_run(&replay->account, guard, entry, n);
	if (is_wanted(replay, entry))
		replay->verdict = verdict;
	if (verdict == VERDICT_FITS)
		account_begin(&replay->account, replay->group, n);
	else
		replay->account.all.refused++;
}

static void
take_more(struct replay *replay, const struct guard *guard,
    struct open_run *run, const struct entry *entry)
{
	enum verdict verdict = entry->rules != guard->rules ? VERDICT_FITS :
	    judge_more(&replay->account, guard, entry);
	struct account_service *service;

	if (is_wanted(replay, entry))
		replay->verdict = verdict;
	if (verdict == VERDICT_FITS)
		account_ask(&replay->account, run, entry);
	else if ((service = account_need(&replay->account, entry->who)) !=
	    NULL)
		service->sum.refused++;
}

static void
take_of_run(struct replay *replay, const struct guard *guard,
    const struct entry *entry)
{
	struct account *account = &replay->account;
	struct open_run *run = account_run(account, entry->run);

	if (run == NULL) {
		if (entry->kind == ENTRY_ASKED)
			account_lose(account, entry);
		return;
	}
	if (entry->kind == ENTRY_MORE)
		take_more(replay, guard, run, entry);
	else if (entry->kind == ENTRY_ASKED)
		account_ask(account, run, entry);
	else if (entry->kind == ENTRY_SETTLED)
		account_settle(account, run, entry);
	else if (entry->kind == ENTRY_END)
		account_end(account, run);
}

static void
take_told(struct replay *replay, const struct entry *entry)
{
	if (entry->rules == replay->told_rules && entry->n <= replay->told)
		return;
	replay->told_rules = entry->rules;
	replay->told = entry->n;
	replay->told_by = entry->run;
}

/* Returns whether the entry belongs to a run whose rows have not all come. */
static bool
takes_to_group(struct replay *replay, const struct guard *guard,
    const struct entry *entry)
{
	const struct entry *first = &replay->group[0];

	if (entry->kind == ENTRY_RUN) {
		replay->group[0] = *entry;
		replay->ngroup = entry->n > REPLAY_PARTS ? 0 : 1;
	} else if (replay->ngroup > 0 && entry->kind == ENTRY_PART &&
	    entry->run == first->run) {
		replay->group[replay->ngroup++] = *entry;
	} else {
		replay->ngroup = 0;
		return false;
	}
	if (replay->ngroup == (size_t)first->n + 1)
		take_group(replay, guard);
	return true;
}

void
replay_take(struct replay *replay, const struct guard *guard,
    const struct entry *entry)
{
	struct account *account = &replay->account;

	if (entry->kind == ENTRY_SERVICE) {
		account_name(account, entry);
		return;
	}
	if (entry->at_ms > account->clock_ms)
		account->clock_ms = entry->at_ms;
	if (takes_to_group(replay, guard, entry))
		return;
	if (entry->kind == ENTRY_REFUSED)
		account->all.refused += entry->n;
	else if (entry->kind == ENTRY_TOLD)
		take_told(replay, entry);
	else if (entry->kind == ENTRY_CARRIED)
		account_carry(account, entry);
	else
		take_of_run(replay, guard, entry);
}
