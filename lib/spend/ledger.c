/*
 * ledger.c: worker, and commands that ask services.  Decides when what is
 * written; what fits, judge decides.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/io.h"
#include "setup/guard.h"
#include "spend/alarm.h"
#include "spend/ledger.h"

/* After so many refusals of a day only one in so many is written. */
#define REFUSED_MANY	1000
#define REFUSED_EACH	64

void
ledger_open(struct ledger *ledger, const char *dir, const struct guard *guard,
    struct places *places)
{
	*ledger = (struct ledger)LEDGER_INIT;
	ledger->guard = guard;
	life_open(&ledger->life, places);
	shelf_open(&ledger->shelf, dir, guard, places);
}

void
ledger_may_vanish(struct ledger *ledger)
{
	ledger->shelf.may_vanish = true;
}

void
ledger_close(struct ledger *ledger)
{
	ledger_flush(ledger);
	life_close(&ledger->life);
	shelf_close(&ledger->shelf);
	*ledger = (struct ledger)LEDGER_INIT;
}

static int64_t
now_of(const struct ledger *ledger)
{
	return ledger->shelf.wall_ms();
}

/* --- entries -------------------------------------------------------------- */

static struct entry
make_entry(const struct ledger *ledger, enum entry_kind kind,
    const struct claim *claim, uint16_t seq, const struct amount *amount)
{
	return (struct entry){ .kind = (uint8_t)kind, .run = claim->run,
	    .seq = seq, .at_ms = now_of(ledger), .tokens = amount->tokens,
	    .money = amount->money, .who = guard_key(amount->service) };
}

/* Adds the name of a service to the list, if the book does not have it. */
static void
add_name(const struct book *book, const char *id, struct entry *list,
    size_t *n)
{
	uint64_t key = guard_key(id);
	const struct account_service *service = account_service(
	    &book->replay.account, key);
	size_t i, len = strlen(id);

	if (service != NULL && service->name[0] != '\0')
		return;
	for (i = 0; i < *n; i++)
		if (list[i].run == key)
			return;
	list[*n] = (struct entry){ .kind = ENTRY_SERVICE, .run = key };
	memcpy(list[*n].name, id, len < sizeof(list[*n].name) ? len :
	    sizeof(list[*n].name));
	(*n)++;
}

/* --- refusals ------------------------------------------------------------- */

/*
 * Of a flood only one in REFUSED_EACH is written, so that the book does not
 * grow by it.
 */
void
ledger_refuse(struct ledger *ledger, const struct refusal *refusal)
{
	struct entry entry = { .kind = ENTRY_REFUSED, .n = 1 };
	struct book *book = shelf_today(&ledger->shelf);
	uint8_t any = 0;

	if (book == NULL || book->damaged || refusal->is_written)
		return;
	if (book->replay.account.all.refused >= REFUSED_MANY) {
		if (getrandom(&any, 1, 0) != 1 || any % REFUSED_EACH != 0)
			return;
		entry.n = REFUSED_EACH;
	}
	entry.at_ms = now_of(ledger);
	(void)book_append(book, &entry, 1);
}

/* --- a run begins --------------------------------------------------------- */

/* Fills the group of a run.  Returns 0, or -1 if its visitor has no name. */
static int
fill_group(struct ledger *ledger, const struct claim *claim,
    const char *visitor, const struct amount *wants, size_t n,
    struct entry *group)
{
	size_t i;

	group[0] = (struct entry){ .kind = ENTRY_RUN, .run = claim->run,
	    .at_ms = now_of(ledger), .rules = ledger->guard->rules,
	    .n = (uint16_t)n };
	life_mark(&ledger->life, &group[0]);
	for (i = 0; i < n; i++)
		group[1 + i] = make_entry(ledger, ENTRY_PART, claim,
		    (uint16_t)i, &wants[i]);
	if (visitor == NULL)
		return 0;
	return shelf_name(&ledger->shelf, visitor, &group[0]);
}

/*
 * What is known already decides whether it is worth a try, so a visitor who is
 * refused again and again writes nothing.  The book may have gone on, and what
 * dead processes had reserved may be free.
 */
static enum verdict
look_first(struct ledger *ledger, struct book *book, const struct entry *group,
    size_t n)
{
	const struct account *account = &book->replay.account;
	enum verdict verdict = judge_run(account, ledger->guard, group, n);

	if (verdict == VERDICT_FITS)
		return verdict;
	book_read(book, ledger->guard);
	verdict = judge_run(account, ledger->guard, group, n);
	if (verdict != VERDICT_FITS && life_end_dead(&ledger->life, book,
	    ledger->guard, now_of(ledger)))
		verdict = judge_run(account, ledger->guard, group, n);
	return verdict;
}

/* Writes the run down, with names of services, and reads what it got. */
static enum verdict
write_run(struct ledger *ledger, struct book *book, const struct amount *wants,
    const struct entry *group, size_t n)
{
	struct entry list[2 * REPLAY_PARTS + 1];
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		add_name(book, wants[i].service, list, &k);
	memcpy(list + k, group, (n + 1) * sizeof(*group));
	replay_want(&book->replay, group[0].run, false, 0);
	if (book_append(book, list, k + n + 1) == -1) {
		shelf_complain(&ledger->shelf);
		return VERDICT_CLOSED;
	}
	book_read(book, ledger->guard);
	return book->replay.verdict;
}

/* Whether a book that was damaged is so still; nothing is added to it then. */
static bool
is_damaged(struct ledger *ledger, struct book *book)
{
	if (book->damaged)
		book_read(book, ledger->guard);
	if (book->damaged)
		shelf_complain(&ledger->shelf);
	return book->damaged;
}

/* The same as ledger_begin; `rest` is that of the run's row. */
static int
begin_run(struct ledger *ledger, struct claim *claim, const char *visitor,
    const struct amount *wants, size_t n, enum entry_rest rest,
    struct refusal *refusal)
{
	struct book *book = shelf_today(&ledger->shelf);
	struct entry group[1 + REPLAY_PARTS];
	bool is_written = false;
	enum verdict verdict;
	int64_t began = 0;

	refusal_of(refusal, VERDICT_CLOSED, NULL, ledger->guard, NULL, 0, 0,
	    now_of(ledger));
	if (book == NULL || n > REPLAY_PARTS || !life_is_known(&ledger->life) ||
	    is_damaged(ledger, book))
		return -1;
	*claim = (struct claim){ (uint64_t)ledger->life.process << 32 |
	    ++ledger->runs, book->day };
	if (fill_group(ledger, claim, visitor, wants, n, group) == -1) {
		*claim = (struct claim)CLAIM_INIT;
		return -1;
	}
	group[0].rest = (uint8_t)rest;
	verdict = look_first(ledger, book, group, n);
	if (verdict == VERDICT_FITS) {
		verdict = write_run(ledger, book, wants, group, n);
		alarm_used(book, ledger->guard, ledger->life.process,
		    now_of(ledger));
		if (verdict == VERDICT_FITS)
			return 0;
		/* For those who have other limits. */
		ledger_end(ledger, claim);
		is_written = true;
	} else if (verdict == VERDICT_RUNS || verdict == VERDICT_TOKENS ||
	    verdict == VERDICT_COST) {
		/* What is only reserved is not used. */
		if (judge_spent(&book->replay.account, ledger->guard, group,
		    n) != VERDICT_FITS)
			alarm_percent(book, ledger->guard, ledger->life.process,
			    now_of(ledger), 100);
	}
	*claim = (struct claim)CLAIM_INIT;
	if (verdict == VERDICT_VISITOR_HOUR)
		began = shelf_began(&ledger->shelf, visitor, &group[0],
		    (size_t)ledger->guard->runs_hour);
	refusal_of(refusal, verdict, book, ledger->guard, group, n, began,
	    now_of(ledger));
	refusal->is_written = is_written;
	return -1;
}

int
ledger_begin(struct ledger *ledger, struct claim *claim, const char *visitor,
    const struct amount *wants, size_t n, struct refusal *refusal)
{
	return begin_run(ledger, claim, visitor, wants, n, REST_NONE, refusal);
}

int
ledger_begin_demo(struct ledger *ledger, struct claim *claim,
    const char *visitor, struct refusal *refusal)
{
	return begin_run(ledger, claim, visitor, NULL, 0, REST_DEMO, refusal);
}

bool
ledger_never(const struct guard *guard, const struct amount *wants, size_t n,
    uint64_t *lacks)
{
	struct entry list[REPLAY_PARTS];
	size_t i;

	*lacks = 0;
	if (n > REPLAY_PARTS)
		return true;
	for (i = 0; i < n; i++)
		list[i] = (struct entry){ .tokens = wants[i].tokens,
		    .money = wants[i].money,
		    .who = guard_key(wants[i].service) };
	return judge_never(guard, list, n, lacks);
}

/* --- its attempts --------------------------------------------------------- */

/* Writes what is late, and more.  Returns 0, or -1 and errno. */
static int
write_late(struct ledger *ledger, struct book *book, struct entry *list,
    size_t n)
{
	struct entry all[2 * LEDGER_LATE];
	size_t late = ledger->late_day == book->day ? ledger->nlate : 0;

	memcpy(all, ledger->late, late * sizeof(*all));
	if (n > 0)
		memcpy(all + late, list, n * sizeof(*list));
	if (late + n == 0)
		return 0;
	if (book_append(book, all, late + n) == -1)
		return -1;
	if (late > 0)
		ledger->nlate = 0;
	return 0;
}

/* Whether what was reserved covers it. */
static bool
is_covered(const struct amount *want, const struct amount *had)
{
	return had != NULL && want->tokens <= had->tokens &&
	    want->money <= had->money &&
	    strcmp(want->service, had->service) == 0;
}

/* Asks for more than was reserved. */
static enum verdict
ask_more(struct ledger *ledger, struct book *book, struct entry *list,
    size_t n)
{
	const struct entry *more = &list[n - 1];
	enum verdict verdict;

	replay_want(&book->replay, more->run, true, more->seq);
	if (write_late(ledger, book, list, n) == -1)
		return VERDICT_CLOSED;
	book_read(book, ledger->guard);
	verdict = book->replay.verdict;
	alarm_used(book, ledger->guard, ledger->life.process, now_of(ledger));
	return verdict;
}

static void
add_late(struct ledger *ledger, int day, const struct entry *entry)
{
	if (ledger->nlate > 0 && (ledger->late_day != day ||
	    ledger->nlate == LEDGER_LATE))
		ledger_flush(ledger);
	if (ledger->nlate > 0 && (ledger->late_day != day ||
	    ledger->nlate == LEDGER_LATE)) {
		log_warn_paced(&ledger->lost, io_now_ms(), "what an attempt "
		    "has cost cannot be written down, so the most that it can "
		    "have cost counts");
		return;
	}
	ledger->late_day = day;
	ledger->late[ledger->nlate++] = *entry;
}

void
ledger_settle(struct ledger *ledger, const struct claim *claim, uint16_t seq,
    const struct amount *cost)
{
	const struct entry entry = make_entry(ledger, ENTRY_SETTLED, claim,
	    seq, cost);

	add_late(ledger, claim->day, &entry);
}

int
ledger_ask(struct ledger *ledger, const struct claim *claim, uint16_t seq,
    const struct amount *want, const struct amount *had,
    struct refusal *refusal)
{
	struct book *book = shelf_book(&ledger->shelf, claim->day);
	bool covered = is_covered(want, had);
	struct entry list[2];
	enum verdict verdict = VERDICT_CLOSED;
	size_t n = 0;

	if (book != NULL) {
		add_name(book, want->service, list, &n);
		list[n] = make_entry(ledger, covered ? ENTRY_ASKED :
		    ENTRY_MORE, claim, seq, want);
		list[n++].rules = ledger->guard->rules;
		if (!covered)
			verdict = ask_more(ledger, book, list, n);
		else if (write_late(ledger, book, list, n) == 0)
			verdict = VERDICT_FITS;
	}
	/* What dead processes had reserved may be enough. */
	if (verdict != VERDICT_FITS && verdict != VERDICT_CLOSED &&
	    life_end_dead(&ledger->life, book, ledger->guard, now_of(ledger)))
		verdict = ask_more(ledger, book, list, n);
	if (verdict == VERDICT_FITS)
		return 0;
	/*
	 * What it had reserved is free again, and who has other limits must not
	 * take it that it was asked.
	 */
	ledger_settle(ledger, claim, seq, &(struct amount){ want->service, 0,
	    0 });
	refusal_of(refusal, verdict, book, ledger->guard, NULL, 0, 0,
	    now_of(ledger));
	return -1;
}

void
ledger_flush(struct ledger *ledger)
{
	struct book *book;

	if (ledger->nlate > 0 &&
	    (book = shelf_book(&ledger->shelf, ledger->late_day)) != NULL)
		(void)write_late(ledger, book, NULL, 0);
}

void
ledger_end(struct ledger *ledger, struct claim *claim)
{
	const struct entry entry = { .kind = ENTRY_END, .run = claim->run,
	    .at_ms = now_of(ledger) };

	if (claim->run == 0)
		return;
	add_late(ledger, claim->day, &entry);
	ledger_flush(ledger);
	*claim = (struct claim)CLAIM_INIT;
}
