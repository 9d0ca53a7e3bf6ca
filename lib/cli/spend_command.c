/*
 * spend_command.c: the command line.  Prints sums; adds nothing up.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "cli/spend_command.h"
#include "setup/config.h"
#include "setup/place.h"
#include "site/folder.h"
#include "spend/book.h"
#include "spend/day.h"
#include "spend/past.h"
#include "text/json.h"

/* The most bytes of the document. */
#define JSON_MAX	(4 * 1024 * 1024)

struct spend {
	struct config	 config;
	char		 dir[PATH_MAX];	/* the site's folder; "": none */
	struct past	 past;
	bool		 json;
	int		 error;		/* of a book that cannot be read */
	int		 damaged;	/* the day of a damaged book; 0 */
};

/* --- days ------------------------------------------------------------ */

/* Fills *account with a day.  Returns whether anything is known of it. */
static bool
read_day(struct spend *s, int day, struct account *account)
{
	struct book book = BOOK_INIT;

	*account = (struct account)ACCOUNT_INIT;
	if (s->dir[0] == '\0')
		return false;
	if (book_open(&book, s->dir, day, false) == -1) {
		if (errno != ENOENT && s->error == 0)
			s->error = errno;
		return past_get(&s->past, day, account);
	}
	book_read(&book, &s->config.guard);
	if (book.damaged)
		s->damaged = day;
	/* The account is taken out of the book, which closes without it. */
	*account = book.replay.account;
	book.replay.account = (struct account)ACCOUNT_INIT;
	book_close(&book);
	return true;
}

static double
coins(int64_t money)
{
	return (double)money / (double)ENTRY_COIN;
}

/* What a service is called: by its number if it never said its name. */
static const char *
name_of(const struct account_service *service, char name[41])
{
	if (service->name[0] != '\0')
		return service->name;
	snprintf(name, 41, "%016" PRIx64, service->key);
	return name;
}

/* Whether a service has a line: programs and the demo take no tokens. */
static bool
has_line(const struct account_service *service)
{
	return service->sum.tokens > 0 || service->sum.held_tokens > 0 ||
	    service->sum.refused > 0;
}

/* --- for people ------------------------------------------------------ */

static void
print_service(const struct account_service *service)
{
	char name[41];

	printf("    %-20s %8" PRId64 " runs %12" PRId64 " tokens %12.4f\n",
	    name_of(service, name), service->sum.runs, service->sum.tokens,
	    coins(service->sum.money));
}

static void
print_day(int day, const struct account *account)
{
	size_t i;

	printf("%04d-%02d-%02d %12" PRId64 " runs %12" PRId64 " tokens "
	    "%12.4f%s", day / 10000, day / 100 % 100, day % 100,
	    account->all.runs, account->all.tokens, coins(account->all.money),
	    account->all.refused == 0 ? "\n" : "");
	if (account->all.refused > 0)
		printf("   %" PRId64 " refused\n", account->all.refused);
	for (i = 0; i < account->nservices; i++)
		if (has_line(&account->services[i]))
			print_service(&account->services[i]);
}

/* One of today's limits, if it is set. */
static void
print_limit(const char *what, int64_t used, int64_t held, int64_t limit)
{
	if (limit == GUARD_NONE)
		return;
	printf("  %s: %" PRId64 " of %" PRId64, what, used, limit);
	if (held > 0)
		printf(", and %" PRId64 " reserved", held);
	printf("\n");
}

static void
print_limits(const struct guard *guard, const struct account *today)
{
	const struct sum *all = &today->all;

	if (!guard->on) {
		printf("No limits are in force, and nothing is counted: no "
		    "service has a key, or recipe.json says \"guard\": "
		    "false.\n\n");
		return;
	}
	printf("Today's limits%s:\n", guard->is_builtin ? ", built in" : "");
	print_limit("runs", all->runs, all->held_runs, guard->runs_day);
	print_limit("tokens", all->tokens, all->held_tokens,
	    guard->tokens_day);
	if (guard->cost_day != GUARD_NONE)
		printf("  cost: %.4f of %.4f\n", coins(all->money),
		    coins(guard->cost_day));
	printf("\n");
}

/* --- for machines ---------------------------------------------------- */

static struct json *
sum_json(const struct sum *sum)
{
	struct json *json = json_new_object();

	json_set_int(json, "runs", sum->runs);
	json_set_int(json, "refused", sum->refused);
	json_set_int(json, "tokens", sum->tokens);
	json_set_double(json, "cost", coins(sum->money));
	json_set_int(json, "reserved_tokens", sum->held_tokens);
	json_set_double(json, "reserved_cost", coins(sum->held_money));
	return json;
}

static struct json *
day_json(int day, const struct account *account)
{
	struct json *json = sum_json(&account->all);
	struct json *services = json_new_object();
	char name[41];
	size_t i;

	snprintf(name, sizeof(name), "%04d-%02d-%02d", day / 10000,
	    day / 100 % 100, day % 100);
	json_set_string(json, "day", name);
	for (i = 0; i < account->nservices; i++)
		if (has_line(&account->services[i]))
			json_set(services, name_of(&account->services[i],
			    name), sum_json(&account->services[i].sum));
	json_set(json, "services", services);
	return json;
}

static void
print_json(struct json *days)
{
	struct json *json = json_new_object();
	struct buf text = BUF_INIT(JSON_MAX);

	json_set(json, "days", days);
	json_write(json, &text);
	json_free(json);
	printf("%s\n", text.data);
	buf_free(&text);
}

/* --- both ------------------------------------------------------------ */

static void
print_days(struct spend *s)
{
	struct json *days = json_new_array();
	struct account account;
	int i, day = day_of(io_wall_ms()), n = 0;

	for (i = 0; i < SPEND_DAYS; i++, day = day_before(day)) {
		bool known = read_day(s, day, &account);

		if (i == 0 && !s->json)
			print_limits(&s->config.guard, &account);
		if (known && s->json)
			json_push(days, day_json(day, &account));
		else if (known)
			print_day(day, &account);
		n += known;
		account_free(&account);
	}
	if (s->json) {
		print_json(days);
		return;
	}
	json_free(days);
	if (n == 0)
		printf("Nothing was spent in the last %d days.\n", SPEND_DAYS);
}

static int
read_options(struct spend *s, int n, char **word)
{
	int i;

	for (i = 0; i < n; i++) {
		if (strcmp(word[i], "--json") != 0) {
			log_warnx("\"%.60s\" is no option of spend; --json is "
			    "the only one", word[i]);
			return -1;
		}
		s->json = true;
	}
	return 0;
}

/* Another user's folder is an error; one that is not there yet is none. */
static void
look_for_books(struct spend *s)
{
	char *site = place_site(s->config.path);
	int rc = folder_look(s->dir, sizeof(s->dir), s->config.state, site);

	if (rc == -1)
		s->error = errno;
	if (rc != 0)
		s->dir[0] = '\0';
	free(site);
}

int
spend_command(int n, char **word)
{
	struct spend s = { .config = CONFIG_INIT };
	struct err err = ERR_INIT;
	int rc = 0;

	if (read_options(&s, n, word) == -1)
		return 2;
	if (config_load(&s.config, NULL, &err) == -1) {
		log_warnx("%s", err.text);
		rc = 1;
	} else {
		look_for_books(&s);
		if (s.dir[0] != '\0')
			past_read(&s.past, s.dir);
		print_days(&s);
		past_free(&s.past);
		if (s.error != 0) {
			log_warnx("the books of the site cannot be read: %s; "
			    "run this as the user who runs the site",
			    strerror(s.error));
			rc = 1;
		}
	}
	if (s.damaged != 0) {
		log_warnx("%s/" BOOK_NAME "%d has bytes in it that this "
		    "program did not write, or that have changed; what comes "
		    "after them is not in the sums", s.dir, s.damaged);
		rc = 1;
	}
	config_free(&s.config);
	return rc;
}
