/*
 * account: what the runs of one day have reserved and spent.
 *
 *	struct account account = ACCOUNT_INIT;
 *
 *	account_begin(&account, group, n);	it reserves
 *	run = account_run(&account, id);
 *	account_ask(&account, run, entry);	an attempt may cost this
 *	account_settle(&account, run, entry);	it has cost this
 *	account_end(&account, run);
 *	account_free(&account);
 *
 * The entries are those of spend/entry.h; spend/replay calls all this in their
 * order.  Without memory `failed` is set, and the sums are wrong from then on.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spend/entry.h"

/* The time in which a visitor's runs are counted. */
#define ACCOUNT_HOUR_MS	INT64_C(3600000)

struct sum {
	int64_t	runs;		/* that have asked; of a service: it */
	int64_t	held_runs;	/* that have begun, and asked nothing yet */
	int64_t	refused;
	int64_t	tokens, money;		/* spent */
	int64_t	held_tokens, held_money;	/* reserved */
};

struct account_service {
	uint64_t	key;		/* guard_key */
	char		name[41];	/* "": not said yet */
	struct sum	sum;
};

/* What an attempt has reserved, or was asked for and is not settled. */
struct hold {
	size_t		next;		/* of the same run, from 1; 0: none */
	size_t		service;	/* in `services` */
	int64_t		tokens, money;
	uint16_t	seq;
	bool		asked;
};

struct open_run {
	uint64_t	id, who;
	uint64_t	asked;		/* services, a bit each */
	size_t		holds;		/* the first, from 1; 0: none */
	uint64_t	locks;		/* the file in which its place is */
	uint16_t	place;
	bool		counts;		/* something was asked */
	bool		demo;		/* it is its visitor's alone */
};

/* A visitor, and how many runs he has in the list of visits. */
struct often {
	uint64_t	who;		/* 0: the place is free */
	uint32_t	n;
};

struct begun_run {
	uint64_t	who;
	int64_t		at_ms;
};

struct account {
	int64_t			 clock_ms;	/* never goes back */
	struct sum		 all;
	struct account_service	*services;
	size_t			 nservices, services_room;
	struct open_run		*open;		/* in their order */
	size_t			 nopen, open_room;
	/* Of the last hour, from `first` on. */
	struct begun_run	*visits;
	size_t			 nvisits, visits_room, first_visit;
	struct often		*often;		/* a hash table of them */
	size_t			 noften, often_room;
	struct hold		*holds;
	size_t			 nholds, holds_room;
	size_t			 free_hold;	/* from 1; 0: none */
	bool			 failed;
};

#define ACCOUNT_INIT { .clock_ms = 0 }

void	account_free(struct account *account);

/*
 * A run begins: group[0] is its ENTRY_RUN, and the n entries after it are what
 * it reserves.
 */
void	account_begin(struct account *account, const struct entry *group,
	    size_t n);

/* A run that has not ended; NULL if there is none.  Valid until one ends. */
struct open_run *account_run(const struct account *account, uint64_t id);

/* An attempt is asked; what it had reserved, if anything, gives way to that. */
void	account_ask(struct account *account, struct open_run *run,
	    const struct entry *entry);

/*
 * The same of a run that is not there, because its book was removed or its
 * process was taken for dead: what it may cost is spent.
 */
void	account_lose(struct account *account, const struct entry *entry);

/* An attempt that was asked has cost this. */
void	account_settle(struct account *account, struct open_run *run,
	    const struct entry *entry);

/*
 * The run ends.  What was asked and not settled is spent; what was not asked is
 * free again; and a run that has asked nothing does not count for the site.  It
 * counts for its visitor, who might begin and leave without end.
 */
void	account_end(struct account *account, struct open_run *run);

/*
 * Ends the runs of a process that had the same place as that of this ENTRY_RUN.
 * A place is locked by one process at a time, so the other one is dead.
 */
void	account_end_dead(struct account *account, const struct entry *entry);

/* What an attempt has reserved, or is asked for; NULL: nothing. */
const struct hold *account_hold(const struct account *account,
	    struct open_run *run, uint16_t seq);

/* ENTRY_SERVICE, and ENTRY_CARRIED. */
void	account_name(struct account *account, const struct entry *entry);
void	account_carry(struct account *account, const struct entry *entry);

/*
 * The sum of a service by its guard_key; NULL if it is not in the book.
 * account_need adds it, and returns NULL only without memory.
 */
const struct account_service *account_service(const struct account *account,
	    uint64_t key);
struct account_service *account_need(struct account *account, uint64_t key);

/*
 * Whether a visitor has begun as many runs in the hour before now_ms.  It is
 * fast as long as he has not.
 */
bool	account_has_begun(const struct account *account, uint64_t who,
	    int64_t n, int64_t now_ms);

/* The runs that a visitor has begun since then; and those not ended yet. */
size_t	account_visits(const struct account *account, uint64_t who,
	    int64_t since_ms);
size_t	account_open(const struct account *account, uint64_t who);

/*
 * When the n-th newest of a visitor's runs (from 1) began; 0: he has not so
 * many.
 */
int64_t	account_began(const struct account *account, uint64_t who, size_t n);

#endif
