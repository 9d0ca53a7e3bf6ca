/*
 * throttle: how a server throttles those who ask it: when they may come again,
 * and how much of its rate limits remains.
 *
 * Hosts say it in many forms, and all of these are read: retry-after-ms;
 * Retry-After in seconds, with decimals, or as an HTTP date; the resets of
 * limits (x-ratelimit-reset-requests, anthropic-ratelimit-tokens-reset,
 * ratelimitbysize-reset, ...) as durations of Go (6m0s, 2m59.56s, 120ms),
 * seconds, a time since 1970 in s or ms, or RFC 3339; and "try again in 5.289s"
 * in the body of a refusal.
 *
 *	struct throttle throttle = THROTTLE_INIT;
 *
 *	throttle_header(&throttle, name, value, now_ms);	// each header
 *	throttle_remaining(&throttle, &remaining);		// if accepted
 *
 *	throttle_body(&throttle, message);			// if refused
 *	wait_ms = throttle_wait_ms(&throttle, status);
 *
 * A struct throttle owns no memory.
 */
#ifndef THROTTLE_H
#define THROTTLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * One rate limit.  Its name tells what is counted and over what time, such as
 * "requests-day" or "tokens-minute".  A host that has both limits reports both,
 * and the reset of the day must not be taken for that of the minute.
 */
struct limit {
	char	name[32];	/* of its headers, without the common part */
	int64_t	remaining;	/* requests or tokens; -1: not said */
	int64_t	reset_ms;	/* from the head until it is full again; -1 */
};

/* More limits than any host reports. */
#define LIMITS_MAX	12

/* All that one answer has said.  Times are in milliseconds; -1: not said. */
struct throttle {
	int64_t		after_ms;	/* retry-after-ms */
	int64_t		retry_ms;	/* Retry-After */
	int64_t		body_ms;	/* "try again in" */
	struct limit	limits[LIMITS_MAX];
	size_t		nlimits;
};

#define THROTTLE_INIT { .after_ms = -1, .retry_ms = -1, .body_ms = -1 }

/*
 * Takes one header of the answer.  Any header may be passed; those about other
 * things are ignored.  now_ms is the time since 1970, for headers with a date.
 */
void	throttle_header(struct throttle *throttle, const char *name,
	    const char *value, int64_t now_ms);

/* Takes the message of a refusal. */
void	throttle_body(struct throttle *throttle, const char *text);

/*
 * Returns how many ms to wait after a refusal with this HTTP status; -1 if the
 * server has not said.  The most exact word counts: retry-after-ms, then
 * Retry-After, then the reset of a limit, then the body.
 *
 * A reset counts only after 429 and 5xx, and only for a limit of which nothing
 * remains: some hosts send all resets with every answer, whatever it is.
 */
int64_t	throttle_wait_ms(const struct throttle *throttle, int status);

/*
 * How many requests and tokens a host would still accept, and the time until it
 * accepts more; -1 if it has not said.  If several limits count the same, these
 * are the figures of the one of which least remains.  Limits of input tokens
 * are left out: what is counted here is what a model writes.
 */
struct remaining {
	int64_t	requests, requests_reset_ms;
	int64_t	tokens, tokens_reset_ms;
};

#define REMAINING_INIT { -1, -1, -1, -1 }

/* Fills *remaining from the limits that the headers have reported. */
void	throttle_remaining(const struct throttle *throttle,
	    struct remaining *remaining);

#endif
