/*
 * throttle.c: stage.  Reads times and counts in every form that hosts have for
 * them; waits for nothing itself.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "http/throttle.h"

/* A longer duration is cut to this: nobody waits so long. */
#define DAY_MS	86400000

/*
 * A sum of numbers with Go's units, "1h2m59.56s" or "120ms"; a number without a
 * unit is in seconds.  "ms" stands before "m" in the table since the first unit
 * that fits is taken.  Returns false if s does not begin with a digit.
 */
static bool
read_duration(const char *s, int64_t *ms)
{
	static const struct { const char *unit; double ms; } units[] = {
		{ "ms", 1 }, { "us", 0.001 }, { "h", 3600000 },
		{ "m", 60000 }, { "s", 1000 },
	};
	double sum = 0, x, unit;
	char *end;
	size_t i, n;

	if (!isdigit((unsigned char)*s))
		return false;
	while (isdigit((unsigned char)*s)) {
		x = strtod(s, &end);
		unit = 1000;
		end += strspn(end, " ");
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
			n = strlen(units[i].unit);
			if (strncmp(end, units[i].unit, n) == 0) {
				unit = units[i].ms;
				end += n;
				break;
			}
		}
		sum += x * unit;
		s = end;
	}
	*ms = sum > DAY_MS ? DAY_MS : (int64_t)sum;
	return true;
}

/*
 * An HTTP date or RFC 3339, as the ms from now until then; 0 if it has passed.
 * A zone and a fraction of a second are ignored: hosts give these dates in UTC.
 */
static bool
read_date(const char *s, int64_t now_ms, int64_t *ms)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT",
	    "%Y-%m-%dT%H:%M:%S" };
	struct tm tm;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		if (strptime(s, forms[i], &tm) == NULL)
			continue;
		*ms = (int64_t)timegm(&tm) * 1000 - now_ms;
		if (*ms < 0)
			*ms = 0;
		return true;
	}
	return false;
}

/*
 * A number that is too large for a duration, so that it must be a time since
 * 1970: in seconds from 1e9 (the year 2001) on, in ms from 1e11 (1973) on.
 */
static bool
read_epoch(const char *s, int64_t now_ms, int64_t *ms)
{
	char *end;
	double x = strtod(s, &end);

	/* 1e15 ms is the year 33658; far larger ones would overflow int64_t. */
	if (end == s || *end != '\0' || !(x >= 1e9 && x < 1e15))
		return false;
	*ms = (int64_t)(x < 1e11 ? x * 1000 : x) - now_ms;
	if (*ms < 0)
		*ms = 0;
	return true;
}

/*
 * A time in any form.  A date is tried before a duration: it has digits, too.
 */
static bool
read_any(const char *s, int64_t now_ms, int64_t *ms)
{
	return read_epoch(s, now_ms, ms) || read_date(s, now_ms, ms) ||
	    read_duration(s, ms);
}

static bool
begins(const char *s, const char *prefix)
{
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

/*
 * The limit that a header is about, made if it is new; NULL if there are too
 * many.  The limit's name is the header's without the parts that are common to
 * the headers of all limits, so that "x-ratelimit-remaining-requests" and
 * "x-ratelimit-reset-requests" find the same one.
 */
static struct limit *
find_limit(struct throttle *throttle, const char *header)
{
	static const char *const common[] = { "anthropic-", "x-", "ratelimit",
	    "remaining", "reset", "limit", NULL };
	char name[sizeof(throttle->limits[0].name)];
	size_t n = 0, i;

	while (*header != '\0' && n < sizeof(name) - 1) {
		for (i = 0; common[i] != NULL; i++)
			if (begins(header, common[i]))
				break;
		if (common[i] != NULL)
			header += strlen(common[i]);
		else if (*header == '-' || *header == '_')
			header++;
		else
			name[n++] = (char)tolower((unsigned char)*header++);
	}
	name[n] = '\0';
	for (i = 0; i < throttle->nlimits; i++)
		if (strcmp(throttle->limits[i].name, name) == 0)
			return &throttle->limits[i];
	if (throttle->nlimits == LIMITS_MAX)
		return NULL;
	throttle->limits[throttle->nlimits] = (struct limit){ .remaining = -1,
	    .reset_ms = -1 };
	memcpy(throttle->limits[throttle->nlimits].name, name, n + 1);
	return &throttle->limits[throttle->nlimits++];
}

/* Takes a header about a limit: how much remains of it, or when it is reset. */
static void
limit_header(struct throttle *throttle, const char *name, const char *value,
    int64_t now_ms)
{
	struct limit *limit = find_limit(throttle, name);
	int64_t n;
	char *end;

	if (limit == NULL)
		return;
	if (strcasestr(name, "remaining") != NULL) {
		n = strtoll(value, &end, 10);
		if (end != value)
			limit->remaining = n;
	} else if (strcasestr(name, "reset") != NULL &&
	    read_any(value, now_ms, &n)) {
		limit->reset_ms = n;
	}
}

void
throttle_header(struct throttle *throttle, const char *name, const char *value,
    int64_t now_ms)
{
	double ms;
	char *end;

	if (strcasecmp(name, "retry-after-ms") == 0) {
		ms = strtod(value, &end);
		if (end != value && ms >= 0 && ms < 1e12)
			throttle->after_ms = (int64_t)ms;
	} else if (strcasecmp(name, "retry-after") == 0) {
		read_any(value, now_ms, &throttle->retry_ms);
	} else if (begins(name, "x-ratelimit-") || begins(name,
	    "ratelimit") || begins(name, "anthropic-ratelimit-")) {
		limit_header(throttle, name, value, now_ms);
	}
}

void
throttle_body(struct throttle *throttle, const char *text)
{
	static const char *const marks[] = { "try again in ", "retry after ",
	    "retry in " };
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if ((at = strcasestr(text, marks[i])) != NULL)
			read_duration(at + strlen(marks[i]),
			    &throttle->body_ms);
}

int64_t
throttle_wait_ms(const struct throttle *throttle, int status)
{
	int64_t wait = -1;
	size_t i;

	if (throttle->after_ms >= 0)
		return throttle->after_ms;
	if (throttle->retry_ms >= 0)
		return throttle->retry_ms;
	for (i = 0; i < throttle->nlimits && (status == 429 || status >= 500);
	    i++)
		if (throttle->limits[i].remaining <= 0 &&
		    throttle->limits[i].reset_ms > wait)
			wait = throttle->limits[i].reset_ms;
	return wait >= 0 ? wait : throttle->body_ms;
}

/*
 * Of the limits that count tokens, or of those that do not, the one of which
 * least remains; NULL if no limit of that kind has said how much does.
 */
static const struct limit *
narrowest(const struct throttle *throttle, bool tokens)
{
	const struct limit *best = NULL, *l;
	size_t i;

	for (i = 0; i < throttle->nlimits; i++) {
		l = &throttle->limits[i];
		if (l->remaining < 0 || strstr(l->name, "input") != NULL ||
		    (strstr(l->name, "token") != NULL) != tokens)
			continue;
		if (best == NULL || l->remaining < best->remaining)
			best = l;
	}
	return best;
}

void
throttle_remaining(const struct throttle *throttle,
    struct remaining *remaining)
{
	const struct limit *requests = narrowest(throttle, false);
	const struct limit *tokens = narrowest(throttle, true);

	*remaining = (struct remaining)REMAINING_INIT;
	if (requests != NULL) {
		remaining->requests = requests->remaining;
		remaining->requests_reset_ms = requests->reset_ms;
	}
	if (tokens != NULL) {
		remaining->tokens = tokens->remaining;
		remaining->tokens_reset_ms = tokens->reset_ms;
	}
}
