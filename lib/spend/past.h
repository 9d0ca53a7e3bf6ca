/*
 * past: what was spent on days whose books were cleared away.
 *
 *	struct past past;
 *
 *	past_read(&past, dir);
 *	if (past_get(&past, 20261129, &account))
 *		...
 *	past_put(&past, 20261130, &account);
 *	past_write(&past, dir);
 *	past_free(&past);
 *
 * The file is spend.json in the site's folder:
 *
 *	{ "20261129": { "runs", "refused", "services": {
 *	    "70b": { "runs", "refused", "tokens", "money" } } } }
 *
 * It is written under another name and renamed, so it is always whole; who
 * writes it makes sure that nobody else does (spend/clear.h).
 */
#ifndef PAST_H
#define PAST_H

#include <stdbool.h>

struct account;
struct json;

/* The newest days that are kept. */
#define PAST_DAYS	31

struct past {
	struct json	*json;
};

/* A file that is not there, or is not JSON, counts as empty. */
void	past_read(struct past *past, const char *dir);
void	past_free(struct past *past);

/* Adds the sums of a day to *account.  Returns whether the day is there. */
bool	past_get(const struct past *past, int day, struct account *account);

/*
 * Sets the sums of a day.  A service whose name the book does not have, or not
 * whole, is called by its number, which is repeated as "key", with a "name".
 */
void	past_put(struct past *past, int day, const struct account *account);

/* Drops the oldest days, and writes.  Returns 0, or -1 and errno. */
int	past_write(const struct past *past, const char *dir);

#endif
