/*
 * clear.c: a process that begins a new day's book.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "site/places.h"
#include "spend/book.h"
#include "spend/clear.h"
#include "spend/day.h"
#include "spend/past.h"
#include "spend/salt.h"

/* Only the process that has this place clears away. */
#define GROUND		"spend.clear"
/* Files of one kind that are cleared away at once, at most. */
#define MOST		64

/* The day of a file of that kind; 0: it is none. */
static int
day_in(const char *name, const char *kind)
{
	size_t n = strlen(kind);
	char *end;
	long day;

	if (strncmp(name, kind, n) != 0 || strlen(name + n) != 8)
		return 0;
	day = strtol(name + n, &end, 10);
	return *end == '\0' && day > 0 ? (int)day : 0;
}

static int
compare_days(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* Takes those that stay out of a list, the newest first. */
static size_t
keep_some(int days[MOST], size_t n, int today)
{
	int before = day_before(today);
	size_t i, k = 0;

	for (i = CLEAR_KEPT; i < n; i++)
		if (days[i] != today && days[i] != before)
			days[k++] = days[i];
	return k;
}

/* Fills days[] with those of a kind that may go.  Returns how many. */
static size_t
find_old(const char *dir, const char *kind, int today, int days[MOST])
{
	const struct dirent *entry;
	DIR *list = opendir(dir);
	size_t n = 0;
	int day;

	if (list == NULL)
		return 0;
	while (n < MOST && (entry = readdir(list)) != NULL)
		if ((day = day_in(entry->d_name, kind)) != 0)
			days[n++] = day;
	closedir(list);
	qsort(days, n, sizeof(days[0]), compare_days);
	return keep_some(days, n, today);
}

/* Whether a process that has begun one of its runs is alive. */
static bool
has_living(const struct account *account, const struct places *places)
{
	uint64_t ground = places_ground(BOOK_GROUND);
	size_t i;

	for (i = 0; i < account->nopen; i++)
		if (account->open[i].place != 0 && places_is_held(places,
		    ground, account->open[i].place))
			return true;
	return false;
}

/* Nobody settles for a run of such a day any more. */
static void
end_open(struct account *account)
{
	while (account->nopen > 0)
		account_end(account, &account->open[0]);
}

static void
remove_day(const char *dir, const char *kind, int day)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s%d", dir, kind, day);
	unlink(path);
}

/*
 * The sums are written before any book is removed: if this process dies in
 * between, the next one finds the same books and the same sums.
 */
static void
clear_books(const char *dir, int today, const struct guard *guard,
    const struct places *places)
{
	int days[MOST], done[MOST];
	size_t i, ndone = 0, n = find_old(dir, BOOK_NAME, today, days);
	struct book book = BOOK_INIT;
	struct past past;

	if (n == 0)
		return;
	past_read(&past, dir);
	for (i = 0; i < n; i++) {
		if (book_open(&book, dir, days[i], false) == -1)
			continue;
		book_read(&book, guard);
		if (!book.damaged &&
		    !has_living(&book.replay.account, places)) {
			end_open(&book.replay.account);
			past_put(&past, days[i], &book.replay.account);
			done[ndone++] = days[i];
		}
		book_close(&book);
	}
	if (past_write(&past, dir) == 0)
		for (i = 0; i < ndone; i++)
			remove_day(dir, BOOK_NAME, done[i]);
	else
		log_warn("%s/spend.json", dir);
	past_free(&past);
}

void
clear_old(const char *dir, int day, const struct guard *guard,
    struct places *places)
{
	struct place place = PLACE_OF(places_ground(GROUND));
	int days[MOST];
	size_t i, n;

	if (places_take(places, &place, 1) == 1) {
		clear_books(dir, day, guard, places);
		n = find_old(dir, SALT_NAME, day, days);
		for (i = 0; i < n; i++)
			remove_day(dir, SALT_NAME, days[i]);
	}
	places_give(places, &place);
}
