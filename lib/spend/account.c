/*
 * account.c: any process of a site but its stages, and commands.  Adds up what
 * runs reserve and spend; knows no file, no clock and no limit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "spend/account.h"

/* The greatest limits are 10^15 billionths (setup/guard.c). */
#define HOLD_MOST	(INT64_C(1) << 50)

void
account_free(struct account *account)
{
	free(account->services);
	free(account->open);
	free(account->visits);
	free(account->often);
	free(account->holds);
	*account = (struct account)ACCOUNT_INIT;
}

/* Makes room for one more element.  Returns whether there is. */
static bool
make_one_more(struct account *account, void *list, size_t n, size_t *room,
    size_t size)
{
	void *at, *more;
	size_t wanted = *room == 0 ? 16 : 2 * *room;

	if (n < *room)
		return true;
	memcpy(&at, list, sizeof(at));
	if ((more = realloc(at, wanted * size)) == NULL) {
		account->failed = true;
		return false;
	}
	memcpy(list, &more, sizeof(more));
	*room = wanted;
	return true;
}

/* --- services ------------------------------------------------------------ */

static struct account_service *
look_up(const struct account *account, uint64_t key)
{
	size_t i;

	for (i = 0; i < account->nservices; i++)
		if (account->services[i].key == key)
			return &account->services[i];
	return NULL;
}

const struct account_service *
account_service(const struct account *account, uint64_t key)
{
	return look_up(account, key);
}

/* The same, made if it is not there; NULL without memory. */
struct account_service *
account_need(struct account *account, uint64_t key)
{
	struct account_service *service = look_up(account, key);

	if (service != NULL || !make_one_more(account, &account->services,
	    account->nservices, &account->services_room,
	    sizeof(*account->services)))
		return service;
	service = &account->services[account->nservices++];
	*service = (struct account_service){ .key = key };
	return service;
}

/* --- what is reserved ---------------------------------------------------- */

/* Adds to what is reserved, of the site and of the service. */
static void
hold_more(struct account *account, size_t service, int64_t tokens,
    int64_t money)
{
	struct sum *one = &account->services[service].sum;

	saturate_to(&account->all.held_tokens, tokens);
	saturate_to(&account->all.held_money, money);
	saturate_to(&one->held_tokens, tokens);
	saturate_to(&one->held_money, money);
}

static void
spend(struct account *account, size_t service, int64_t tokens, int64_t money)
{
	struct sum *one = &account->services[service].sum;

	saturate_to(&account->all.tokens, tokens);
	saturate_to(&account->all.money, money);
	saturate_to(&one->tokens, tokens);
	saturate_to(&one->money, money);
}

struct open_run *
account_run(const struct account *account, uint64_t id)
{
	size_t i;

	/* Nearly always it is one of the newest. */
	for (i = account->nopen; i-- > 0;)
		if (account->open[i].id == id)
			return &account->open[i];
	return NULL;
}

/* Where the number of a run's hold is kept; *it is 0 if there is none. */
static size_t *
find_hold(const struct account *account, struct open_run *run, uint16_t seq)
{
	size_t *at = &run->holds;

	while (*at != 0 && account->holds[*at - 1].seq != seq)
		at = &account->holds[*at - 1].next;
	return at;
}

/*
 * More than any limit can be is not kept of what one attempt reserves.  So the
 * sum of what is reserved is exact, and comes down to 0 again.
 */
static int64_t
at_most(int64_t amount)
{
	return amount < HOLD_MOST ? amount : HOLD_MOST;
}

static struct hold *
add_hold(struct account *account, struct open_run *run,
    const struct entry *entry)
{
	struct account_service *service = account_need(account, entry->who);
	size_t at = account->free_hold;
	struct hold *hold;

	if (service == NULL)
		return NULL;
	if (at != 0) {
		account->free_hold = account->holds[at - 1].next;
	} else {
		if (!make_one_more(account, &account->holds, account->nholds,
		    &account->holds_room, sizeof(*account->holds)))
			return NULL;
		at = ++account->nholds;
	}
	hold = &account->holds[at - 1];
	*hold = (struct hold){ .next = run->holds, .seq = entry->seq,
	    .service = (size_t)(service - account->services),
	    .tokens = at_most(entry->tokens),
	    .money = at_most(entry->money) };
	run->holds = at;
	hold_more(account, hold->service, hold->tokens, hold->money);
	return hold;
}

/* Takes a hold off its run; what it had reserved is free again. */
static struct hold
remove_hold(struct account *account, size_t *at)
{
	size_t number = *at;
	struct hold *hold = &account->holds[number - 1], was = *hold;

	hold_more(account, was.service, -was.tokens, -was.money);
	*at = was.next;
	hold->next = account->free_hold;
	account->free_hold = number;
	return was;
}

/* --- runs ---------------------------------------------------------------- */

/* The place of a visitor in the table, or the free one that he would get. */
static struct often *
find_often(const struct account *account, uint64_t who)
{
	size_t mask = account->often_room - 1, i = (size_t)who & mask;

	while (account->often[i].who != 0 && account->often[i].who != who)
		i = (i + 1) & mask;
	return &account->often[i];
}

/*
 * Makes room for one more visitor: at most half of the places are taken, and
 * those who have no visits left are dropped.  Returns whether there is room.
 */
static bool
grow_often(struct account *account)
{
	struct often *old = account->often, *one;
	size_t i, room = account->often_room, used = 0;

	if (2 * account->noften < room)
		return true;
	for (i = 0; i < room; i++)
		used += old[i].n > 0;
	account->often_room = 64;
	while (account->often_room < 4 * (used + 1))
		account->often_room *= 2;
	account->often = calloc(account->often_room, sizeof(*old));
	if (account->often == NULL) {
		account->often = old;
		account->often_room = room;
		account->failed = true;
		return false;
	}
	account->noften = used;
	for (i = 0; i < room; i++)
		if (old[i].n > 0) {
			one = find_often(account, old[i].who);
			*one = old[i];
		}
	free(old);
	return true;
}

/* Drops visits of which the hour is over. */
static void
drop_old_visits(struct account *account)
{
	size_t first = account->first_visit;

	while (first < account->nvisits && account->visits[first].at_ms <=
	    account->clock_ms - ACCOUNT_HOUR_MS)
		find_often(account, account->visits[first++].who)->n--;
	account->first_visit = first;
	/* Seldom, since it moves all that stay. */
	if (first == 0 || first < account->nvisits / 2)
		return;
	account->nvisits -= first;
	account->first_visit = 0;
	memmove(account->visits, account->visits + first,
	    account->nvisits * sizeof(*account->visits));
}

static void
add_visit(struct account *account, uint64_t who)
{
	struct often *often;

	if (!grow_often(account) || !make_one_more(account, &account->visits,
	    account->nvisits, &account->visits_room,
	    sizeof(*account->visits)))
		return;
	account->visits[account->nvisits++] = (struct begun_run){ who,
	    account->clock_ms };
	often = find_often(account, who);
	account->noften += often->who == 0;
	often->who = who;
	often->n++;
}

void
account_begin(struct account *account, const struct entry *group, size_t n)
{
	const struct entry *entry = &group[0];
	struct open_run *run;
	size_t i;

	drop_old_visits(account);
	if (!make_one_more(account, &account->open, account->nopen,
	    &account->open_room, sizeof(*account->open)))
		return;
	run = &account->open[account->nopen++];
	*run = (struct open_run){ .id = entry->run, .who = entry->who,
	    .demo = entry->rest == REST_DEMO,
	    .locks = (uint64_t)entry->tokens, .place = entry->place };
	account->all.held_runs += !run->demo;
	if (entry->who != 0)
		add_visit(account, entry->who);
	for (i = 1; i <= n; i++)
		add_hold(account, run, &group[i]);
}

void
account_end(struct account *account, struct open_run *run)
{
	struct hold was;

	while (run->holds != 0) {
		was = remove_hold(account, &run->holds);
		if (was.asked)
			spend(account, was.service, was.tokens, was.money);
	}
	if (!run->counts && !run->demo)
		account->all.held_runs--;
	account->nopen--;
	memmove(run, run + 1, (size_t)(account->open + account->nopen - run) *
	    sizeof(*run));
}

void
account_end_dead(struct account *account, const struct entry *entry)
{
	size_t i;

	for (i = account->nopen; i-- > 0;)
		if (account->open[i].place == entry->place &&
		    account->open[i].locks == (uint64_t)entry->tokens &&
		    entry->place != 0 &&
		    account->open[i].id >> 32 != entry->run >> 32)
			account_end(account, &account->open[i]);
}

static void
mark_asked(struct account *account, struct open_run *run, struct hold *hold)
{
	uint64_t bit = hold->service < 64 ? UINT64_C(1) << hold->service : 0;

	if (!run->counts && !run->demo) {
		account->all.held_runs--;
		account->all.runs++;
	}
	run->counts = true;
	hold->asked = true;
	if ((run->asked & bit) == 0)
		account->services[hold->service].sum.runs++;
	run->asked |= bit;
}

void
account_ask(struct account *account, struct open_run *run,
    const struct entry *entry)
{
	size_t *at = find_hold(account, run, entry->seq);
	struct hold *hold;

	if (*at != 0)
		remove_hold(account, at);
	if ((hold = add_hold(account, run, entry)) != NULL)
		mark_asked(account, run, hold);
}

void
account_lose(struct account *account, const struct entry *entry)
{
	struct account_service *service = account_need(account, entry->who);

	if (service != NULL)
		spend(account, (size_t)(service - account->services),
		    entry->tokens, entry->money);
}

void
account_settle(struct account *account, struct open_run *run,
    const struct entry *entry)
{
	size_t *at = find_hold(account, run, entry->seq);
	struct hold was;

	if (*at == 0)
		return;
	was = remove_hold(account, at);
	spend(account, was.service, entry->tokens, entry->money);
}

void
account_name(struct account *account, const struct entry *entry)
{
	struct account_service *service = account_need(account, entry->run);

	if (service == NULL)
		return;
	memcpy(service->name, entry->name, sizeof(entry->name));
	service->name[sizeof(entry->name)] = '\0';
}

void
account_carry(struct account *account, const struct entry *entry)
{
	struct account_service *service;
	struct sum *sum = &account->all;

	if (entry->who != 0) {
		if ((service = account_need(account, entry->who)) == NULL)
			return;
		sum = &service->sum;
	}
	saturate_to(&sum->runs, (int64_t)entry->run);
	saturate_to(&sum->refused, entry->n);
	saturate_to(&sum->tokens, entry->tokens);
	saturate_to(&sum->money, entry->money);
}

const struct hold *
account_hold(const struct account *account, struct open_run *run, uint16_t seq)
{
	size_t at = *find_hold(account, run, seq);

	return at == 0 ? NULL : &account->holds[at - 1];
}

/* --- what it says -------------------------------------------------------- */

bool
account_has_begun(const struct account *account, uint64_t who, int64_t n,
    int64_t now_ms)
{
	int64_t most = account->often_room == 0 ? 0 :
	    find_often(account, who)->n;

	return most >= n && (int64_t)account_visits(account, who, now_ms -
	    ACCOUNT_HOUR_MS) >= n;
}

size_t
account_visits(const struct account *account, uint64_t who, int64_t since_ms)
{
	size_t i, n = 0;

	for (i = account->nvisits; i-- > account->first_visit &&
	    account->visits[i].at_ms > since_ms;)
		n += account->visits[i].who == who;
	return n;
}

int64_t
account_began(const struct account *account, uint64_t who, size_t n)
{
	size_t i;

	for (i = account->nvisits; i-- > account->first_visit;)
		if (account->visits[i].who == who && --n == 0)
			return account->visits[i].at_ms;
	return 0;
}

size_t
account_open(const struct account *account, uint64_t who)
{
	size_t i, n = 0;

	for (i = 0; i < account->nopen; i++)
		n += account->open[i].who == who;
	return n;
}
