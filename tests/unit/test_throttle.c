/*
 * test_throttle: when to come again, in every form that hosts have for it.
 */
#include "http/throttle.h"
#include "unit.h"

/* 2026-11-23 20:00:00 UTC, and a third of a second. */
#define NOW	1795464000333

#define NONE	(-1)

/* Names and values, ended by NULL. */
static void
read_headers(struct throttle *throttle, const char *const headers[])
{
	size_t i;

	*throttle = (struct throttle)THROTTLE_INIT;
	for (i = 0; headers[i] != NULL; i += 2)
		throttle_header(throttle, headers[i], headers[i + 1], NOW);
}

static void
waits(const char *const headers[], int64_t want)
{
	struct throttle throttle;

	read_headers(&throttle, headers);
	if (throttle_wait_ms(&throttle, 429) != want)
		fail_msg("%s: %s is %lld ms, not %lld", headers[0],
		    headers[1], (long long)throttle_wait_ms(&throttle, 429),
		    (long long)want);
}

static void
single_headers(void **state)
{
	static const struct { const char *name, *value; int64_t want; }
	    cases[] = {
		{ "retry-after-ms", "250", 250 },
		{ "Retry-After-Ms", "0", 0 },
		{ "retry-after-ms", "12.9", 12 },
		{ "retry-after-ms", "-1", NONE },
		{ "retry-after-ms", "soon", NONE },
		{ "retry-after-ms", "", NONE },
		{ "Retry-After", "0", 0 }, { "retry-after", "7", 7000 },
		{ "RETRY-AFTER", "1.5", 1500 },
		{ "Retry-After", "0.05", 50 },
		{ "Retry-After", "-3", NONE }, { "Retry-After", "", NONE },
		{ "Retry-After", "later", NONE },
		/* 20:00:30 */
		{ "Retry-After", "Mon, 23 Nov 2026 20:00:30 GMT", 29667 },
		{ "Retry-After", "Mon, 23 Nov 2026 19:00:00 GMT", 0 },
		{ "Retry-After", "6m0s", 360000 },
		{ "Retry-After", "1795464010", 9667 },
		{ "Retry-After", "99999999", 86400000 },
		{ "x-ratelimit-reset-requests", "6m0s", 360000 },
		{ "x-ratelimit-reset-tokens", "2m59.56s", 179560 },
		{ "x-ratelimit-reset-tokens", "120ms", 120 },
		{ "x-ratelimit-reset-tokens", "7.66s", 7660 },
		{ "x-ratelimit-reset-requests", "1h2m3s", 3723000 },
		{ "x-ratelimit-reset-requests", "1s500ms", 1500 },
		{ "x-ratelimit-reset-requests", "17", 17000 },
		{ "x-ratelimit-reset-requests", "500us", 0 },
		{ "x-ratelimit-reset-requests-day", "33011.25", 33011250 },
		{ "x-ratelimit-reset", "1795464010", 9667 },
		{ "x-ratelimit-reset", "1795464010000", 9667 },
		{ "X-RateLimit-Reset", "1795463000", 0 },
		{ "anthropic-ratelimit-requests-reset",
		    "2026-11-23T20:00:30Z", 29667 },
		{ "anthropic-ratelimit-tokens-reset",
		    "2026-11-23T19:59:30Z", 0 },
		{ "ratelimitbysize-reset", "42", 42000 },
		{ "ratelimit-reset", "42", 42000 },
		{ "x-ratelimit-reset-tokens", "never", NONE },
		{ "x-ratelimit-limit-requests", "14400", NONE },
		{ "date", "Mon, 23 Nov 2026 20:00:30 GMT", NONE },
		{ "content-length", "17", NONE }, { "", "", NONE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		waits((const char *const[]){ cases[i].name, cases[i].value,
		    NULL }, cases[i].want);
}

/* Numbers beyond all reason neither trap nor become a time in the past. */
static void
absurd_numbers(void **state)
{
	static const char *const names[] = { "retry-after", "retry-after-ms",
	    "x-ratelimit-reset", "x-ratelimit-reset-requests" };
	static const char *const values[] = { "1e300", "inf", "nan",
	    "99999999999999999999999999", "9223372036854775807",
	    "1e18", "0x7fffffffffffffff" };
	struct throttle throttle;
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		for (k = 0; k < COUNT(values); k++) {
			read_headers(&throttle, (const char *const[]){ names[i],
			    values[k], NULL });
			assert_true(throttle_wait_ms(&throttle, 429) >= -1);
		}
}

static void
words_of_a_body(void **state)
{
	static const struct { const char *text; int64_t want; } cases[] = {
		{ "Rate limit reached. Please try again in 5.289s. Visit "
		  "https://x", 5289 },
		{ "Please try again in 6m0s.", 360000 },
		{ "Try again in 120ms", 120 },
		{ "please TRY AGAIN IN 1m26.4s", 86400 },
		{ "Please retry after 30 seconds.", 30000 },
		{ "Please retry in 36.5s.", 36500 },
		{ "try again in 20 ms", 20 },
		{ "try again in 2 minutes", 120000 },
		{ "Please try again in 1 hour", 3600000 },
		{ "try again in a moment", NONE }, { "try again in ", NONE },
		{ "retry", NONE }, { "", NONE },
	};
	struct throttle throttle;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		throttle = (struct throttle)THROTTLE_INIT;
		throttle_body(&throttle, cases[i].text);
		if (throttle_wait_ms(&throttle, 429) != cases[i].want)
			fail_msg("\"%s\" is %lld ms", cases[i].text,
			    (long long)throttle_wait_ms(&throttle, 429));
	}
}

/* ms, then Retry-After, then what is used up, then the words. */
static void
most_trusted_first(void **state)
{
	struct throttle throttle;

	(void)state;
	read_headers(&throttle, (const char *const[]){
	    "x-ratelimit-reset-tokens", "3s", "retry-after", "2",
	    "retry-after-ms", "1500", NULL });
	throttle_body(&throttle, "try again in 4s");
	assert_int_equal(throttle_wait_ms(&throttle, 429), 1500);
	throttle.after_ms = -1;
	assert_int_equal(throttle_wait_ms(&throttle, 429), 2000);
	throttle.retry_ms = -1;
	assert_int_equal(throttle_wait_ms(&throttle, 429), 3000);
	throttle.nlimits = 0;
	assert_int_equal(throttle_wait_ms(&throttle, 429), 4000);
	throttle.body_ms = -1;
	assert_int_equal(throttle_wait_ms(&throttle, 429), NONE);
	/* A zero is a wait that was said. */
	throttle.body_ms = 4000;
	throttle.retry_ms = 0;
	assert_int_equal(throttle_wait_ms(&throttle, 429), 0);
}

/* Groq's answers name all limits always; only what is used up counts. */
static void
only_what_is_used_up(void **state)
{
	static const struct { const char *headers[12]; int64_t want; }
	    cases[] = {
		{ { "x-ratelimit-remaining-requests", "14399",
		    "x-ratelimit-reset-requests", "6m0s",
		    "x-ratelimit-remaining-tokens", "0",
		    "x-ratelimit-reset-tokens", "7.66s", NULL }, 7660 },
		{ { "x-ratelimit-reset-requests", "6m0s",
		    "x-ratelimit-remaining-requests", "0",
		    "x-ratelimit-remaining-tokens", "6000",
		    "x-ratelimit-reset-tokens", "7.66s", NULL }, 360000 },
		{ { "x-ratelimit-remaining-requests", "0",
		    "x-ratelimit-reset-requests", "2s",
		    "x-ratelimit-remaining-tokens", "0",
		    "x-ratelimit-reset-tokens", "3s", NULL }, 3000 },
		{ { "x-ratelimit-remaining-requests", "5",
		    "x-ratelimit-reset-requests", "2s", NULL }, NONE },
		{ { "X-RateLimit-Remaining", "0", "X-RateLimit-Reset",
		    "1795464010000", NULL }, 9667 },
		{ { "anthropic-ratelimit-input-tokens-remaining", "0",
		    "anthropic-ratelimit-input-tokens-reset",
		    "2026-11-23T20:00:30Z",
		    "anthropic-ratelimit-output-tokens-remaining", "8000",
		    "anthropic-ratelimit-output-tokens-reset",
		    "2026-11-23T20:00:01Z", NULL }, 29667 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		waits(cases[i].headers, cases[i].want);
}

/* A host that names its limits always says nothing by them of a bad request. */
static void
limits_of_a_limit_alone(void **state)
{
	static const struct { int status; int64_t want; } cases[] = {
		{ 429, 7000 }, { 503, 7000 }, { 500, 7000 }, { 400, NONE },
		{ 401, NONE }, { 404, NONE }, { 200, NONE }, { 0, NONE },
	};
	struct throttle throttle;
	size_t i;

	(void)state;
	read_headers(&throttle, (const char *const[]){
	    "x-ratelimit-reset-tokens", "7s", NULL });
	for (i = 0; i < COUNT(cases); i++)
		assert_int_equal(throttle_wait_ms(&throttle, cases[i].status),
		    cases[i].want);
	throttle.retry_ms = 1000;
	assert_int_equal(throttle_wait_ms(&throttle, 404), 1000);
}

static void
what_is_left(void **state)
{
	static const struct {
		const char *headers[12];
		struct remaining want;
	} cases[] = {
		{ { NULL }, REMAINING_INIT },
		{ { "x-ratelimit-remaining-requests", "3",
		    "x-ratelimit-reset-requests", "2s", NULL },
		  { 3, 2000, NONE, NONE } },
		{ { "x-ratelimit-remaining-requests", "0",
		    "x-ratelimit-reset-requests", "2s",
		    "x-ratelimit-remaining", "9", NULL },
		  { 0, 2000, NONE, NONE } },
		{ { "x-ratelimit-remaining", "0", "x-ratelimit-reset", "30",
		    NULL }, { 0, 30000, NONE, NONE } },
		{ { "anthropic-ratelimit-requests-remaining", "49", NULL },
		  { 49, NONE, NONE, NONE } },
		{ { "x-ratelimit-remaining-tokens", "0",
		    "x-ratelimit-reset-tokens", "7.66s", NULL },
		  { NONE, NONE, 0, 7660 } },
		{ { "anthropic-ratelimit-tokens-remaining", "9000",
		    "anthropic-ratelimit-input-tokens-remaining", "1",
		    "anthropic-ratelimit-output-tokens-remaining", "500",
		    "anthropic-ratelimit-output-tokens-reset", "9s", NULL },
		  { NONE, NONE, 500, 9000 } },
		{ { "x-ratelimit-remaining-requests-day", "0",
		    "x-ratelimit-reset-requests-day", "33011",
		    "x-ratelimit-remaining-requests-minute", "12",
		    "x-ratelimit-remaining-tokens-minute", "80",
		    "x-ratelimit-reset-tokens-minute", "11", NULL },
		  { 0, 33011000, 80, 11000 } },
		{ { "x-ratelimit-remaining-requests", "many", NULL },
		  REMAINING_INIT },
	};
	struct throttle throttle;
	struct remaining remaining;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		read_headers(&throttle, cases[i].headers);
		throttle_remaining(&throttle, &remaining);
		assert_memory_equal(&remaining, &cases[i].want,
		    sizeof(remaining));
	}
}

/* A host that has both says both: the minute's limit is not the day's. */
static void
minute_and_day(void **state)
{
	static const struct { const char *headers[12]; int64_t want; }
	    cases[] = {
		{ { "x-ratelimit-remaining-tokens-minute", "0",
		    "x-ratelimit-reset-tokens-minute", "1.5",
		    "x-ratelimit-remaining-tokens-day", "90000",
		    "x-ratelimit-reset-tokens-day", "33011", NULL }, 1500 },
		{ { "x-ratelimit-remaining-requests-day", "14",
		    "x-ratelimit-reset-requests-day", "33011",
		    "x-ratelimit-remaining-requests-minute", "0",
		    "x-ratelimit-reset-requests-minute", "2", NULL }, 2000 },
		{ { "x-ratelimit-remaining-requests-day", "0",
		    "x-ratelimit-reset-requests-day", "330",
		    "x-ratelimit-remaining-requests-minute", "0",
		    "x-ratelimit-reset-requests-minute", "2", NULL }, 330000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		waits(cases[i].headers, cases[i].want);
}

/* However many limits somebody sends. */
static void
more_limits_than_any_host_has(void **state)
{
	struct throttle throttle = THROTTLE_INIT;
	char name[64];
	int i;

	(void)state;
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "x-ratelimit-remaining-%d-"
		    "a-name-that-goes-on-and-on-and-on", i);
		throttle_header(&throttle, name, "0", 0);
		snprintf(name, sizeof(name), "x-ratelimit-reset-%d", i);
		throttle_header(&throttle, name, "5", 0);
	}
	assert_int_equal(throttle.nlimits, LIMITS_MAX);
	assert_int_equal(throttle_wait_ms(&throttle, 429), 5000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_headers),
		cmocka_unit_test(absurd_numbers),
		cmocka_unit_test(words_of_a_body),
		cmocka_unit_test(most_trusted_first),
		cmocka_unit_test(only_what_is_used_up),
		cmocka_unit_test(limits_of_a_limit_alone),
		cmocka_unit_test(what_is_left),
		cmocka_unit_test(minute_and_day),
		cmocka_unit_test(more_limits_than_any_host_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
