/*
 * past.c: any process of a site but its stages, and commands.  Reads and writes
 * the sums of days; adds nothing up.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/saturate.h"
#include "setup/doc.h"
#include "setup/guard.h"
#include "spend/account.h"
#include "spend/past.h"
#include "text/json.h"

#define NAME		"spend.json"
#define FILE_MAX	(4 * 1024 * 1024)
#define DEPTH		8

void
past_read(struct past *past, const char *dir)
{
	struct buf text = BUF_INIT(FILE_MAX);
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" NAME, dir);
	past->json = NULL;
	if (doc_slurp(path, &text) == 0)
		past->json = json_parse(text.data, text.len, DEPTH, true, NULL,
		    NULL);
	buf_free(&text);
	if (json_kind(past->json) == JSON_OBJECT)
		return;
	json_free(past->json);
	past->json = json_new_object();
}

void
past_free(struct past *past)
{
	json_free(past->json);
	past->json = NULL;
}

static const char *
name_day(int day, char name[16])
{
	snprintf(name, 16, "%d", day);
	return name;
}

/* A number that somebody may have edited. */
static int64_t
number(const struct json *json, const char *key)
{
	int64_t n = json_int(json_get(json, key), 0);

	return n < 0 ? 0 : n > INT64_MAX / 1024 ? INT64_MAX / 1024 : n;
}

/*
 * A service whose name is longer than a row has room for, or that never said
 * its name, is kept under its key.
 */
static uint64_t
key_of(const struct json *json, const char *id)
{
	const char *key = json_string(json_get(json, "key"), NULL);

	return key == NULL ? guard_key(id) : strtoull(key, NULL, 16);
}

static void
get_service(struct account *account, const struct json *json, const char *id)
{
	struct account_service *service = account_need(account,
	    key_of(json, id));
	int64_t tokens = number(json, "tokens"), money = number(json, "money");

	if (service == NULL)
		return;
	if (json_get(json, "key") != NULL)
		id = json_string(json_get(json, "name"), NULL);
	snprintf(service->name, sizeof(service->name), "%s", id == NULL ? "" :
	    id);
	saturate_to(&service->sum.runs, number(json, "runs"));
	saturate_to(&service->sum.refused, number(json, "refused"));
	saturate_to(&service->sum.tokens, tokens);
	saturate_to(&service->sum.money, money);
	saturate_to(&account->all.tokens, tokens);
	saturate_to(&account->all.money, money);
}

bool
past_get(const struct past *past, int day, struct account *account)
{
	char name[16];
	const struct json *one = json_get(past->json, name_day(day, name));
	const struct json *services = json_get(one, "services");
	const struct json *json;
	const char *id;
	size_t i;

	if (json_kind(one) != JSON_OBJECT)
		return false;
	account->all.runs += number(one, "runs");
	account->all.refused += number(one, "refused");
	for (i = 0; i < json_count(services); i++) {
		json = json_member(services, i, &id);
		get_service(account, json, id);
	}
	return true;
}

void
past_put(struct past *past, int day, const struct account *account)
{
	struct json *one = json_new_object(), *services = json_new_object();
	const struct account_service *s;
	char name[41];
	struct json *json;
	size_t i;

	for (i = 0; i < account->nservices; i++) {
		s = &account->services[i];
		json = json_new_object();
		json_set_int(json, "runs", s->sum.runs);
		json_set_int(json, "refused", s->sum.refused);
		json_set_int(json, "tokens", s->sum.tokens);
		json_set_int(json, "money", s->sum.money);
		snprintf(name, sizeof(name), "%s", s->name);
		if (guard_key(s->name) != s->key) {
			snprintf(name, sizeof(name), "%016" PRIx64, s->key);
			json_set_string(json, "key", name);
			json_set_string(json, "name", s->name);
		}
		json_set(services, name, json);
	}
	json_set_int(one, "runs", account->all.runs);
	json_set_int(one, "refused", account->all.refused);
	json_set(one, "services", services);
	json_set(past->json, name_day(day, name), one);
}

/* Whether PAST_DAYS or more of the days are newer. */
static bool
is_too_old(const struct past *past, const char *day)
{
	const char *other;
	size_t i, n = 0;

	for (i = 0; i < json_count(past->json); i++) {
		json_member(past->json, i, &other);
		n += strcmp(other, day) > 0;
	}
	return n >= PAST_DAYS;
}

static int
write_file(const char *path, const struct buf *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	int rc;

	if (fd == -1)
		return -1;
	rc = io_write_all(fd, text->data, text->len);
	return close(fd) == -1 ? -1 : rc;
}

int
past_write(const struct past *past, const char *dir)
{
	struct json *kept = json_new_object(), *one;
	struct buf text = BUF_INIT(FILE_MAX);
	char path[PATH_MAX], to[PATH_MAX];
	const char *day;
	size_t i;
	int rc = -1;

	for (i = 0; i < json_count(past->json); i++) {
		one = json_member(past->json, i, &day);
		if (!is_too_old(past, day))
			json_set(kept, day, json_share(one));
	}
	if (kept == NULL || past->json == NULL)
		return -1;
	json_write(kept, &text);
	json_free(kept);
	snprintf(to, sizeof(to), "%s/" NAME, dir);
	snprintf(path, sizeof(path), "%s/" NAME ".new", dir);
	if (!text.failed && write_file(path, &text) == 0)
		rc = rename(path, to);
	buf_free(&text);
	return rc;
}
