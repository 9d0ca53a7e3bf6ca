/*
 * throttle: when a server says to come again, and how much it would still take.
 *
 * All the forms that hosts use: retry-after-ms; Retry-After in seconds,
 * decimals, or an HTTP date; the resets of limits (x-ratelimit-reset-requests,
 * anthropic-ratelimit-tokens-reset, ratelimitbysize-reset, ...) as Go
 * durations (6m0s, 2m59.56s, 120ms), seconds, epochs in s or ms, or RFC 3339;
 * "try again in 5.289s" in a body.  A limit's reset counts only where nothing
 * of it is left: some hosts send all of them always, whatever they answer.
 */
#ifndef THROTTLE_H
#define THROTTLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * One limit: what is left of it and when it begins anew.  Its name tells what
 * is counted and over what time ("requests-day", "tokens-minute"): a host that
 * has both says both, and the day's reset is not the minute's.
 */
struct limit {
	char	name[32];	/* of the header, without what all have */
	int64_t	remaining;	/* -1: not said */
	int64_t	reset_ms;	/* -1: not said */
};

/* More than any host sends. */
#define LIMITS_MAX	12

/* Milliseconds; -1: not said. */
struct throttle {
	int64_t		after_ms;	/* retry-after-ms */
	int64_t		retry_ms;	/* Retry-After */
	int64_t		body_ms;
	struct limit	limits[LIMITS_MAX];
	size_t		nlimits;
};

#define THROTTLE_INIT { .after_ms = -1, .retry_ms = -1, .body_ms = -1 }

/* A header of the answer; any may be passed.  now_ms is the wall clock. */
void	throttle_header(struct throttle *throttle, const char *name,
	    const char *value, int64_t now_ms);

/* The words of a refusal. */
void	throttle_body(struct throttle *throttle, const char *text);

/*
 * The wait that is meant by a refusal with this HTTP status, most trusted
 * first; -1 where none is.  A limit's reset is meant by 429 and 5xx alone.
 */
int64_t	throttle_wait_ms(const struct throttle *throttle, int status);

/*
 * What a host would still take now, and the time until it takes more; -1 if it
 * does not say.  Each is of the limit of which least is left; tokens are those
 * of limits that count what a model writes.
 */
struct remaining {
	int64_t	requests, requests_reset_ms;
	int64_t	tokens, tokens_reset_ms;
};

#define REMAINING_INIT { -1, -1, -1, -1 }

void	throttle_remaining(const struct throttle *throttle,
	    struct remaining *remaining);

#endif
