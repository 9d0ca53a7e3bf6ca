/*
 * rates.c: any process of a site but its stages.  Takes from the buckets of
 * services; decides nothing about who waits.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/log.h"
#include "setup/service.h"
#include "site/rates.h"

#define NAME	"rates"
#define ROWS	256

#define SECOND_NS	INT64_C(1000000000)
#define WINDOW_NS	(RATES_WINDOW_MS * INT64_C(1000000))
#define PATIENT_NS	(RATES_PATIENT_MS * INT64_C(1000000))

/* No request takes longer to pay for than that, however low its limit is. */
#define WINDOWS_MOST	60

/* Tokens of one request may be many, so that few of them come in a minute. */
#define TOKENS_AHEAD		4
#define TOKENS_LEAST_NS		PATIENT_NS
#define TOKENS_MOST_NS		(WINDOW_NS / 4)

/* When the buckets of a service will be full; ns since 1970. */
struct rate_row {
	_Atomic uint64_t	key;		/* 0: not in use */
	_Atomic int64_t		requests;
	_Atomic int64_t		tokens;
	int64_t			rest;
};

#define MAP_BYTES	(ROWS * sizeof(struct rate_row))

/* The clock is that of all processes, also of those after the next start. */
static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

static bool
is_limited(const struct service *service)
{
	return service->rpm > 0 || service->tpm > 0;
}

/* --- the file ------------------------------------------------------------- */

/* Maps the file.  Returns NULL if it cannot be made, or has no room. */
static void *
map_file(const char *dir)
{
	char path[PATH_MAX];
	void *map = MAP_FAILED;
	int fd;

	if (dir == NULL || (size_t)snprintf(path, sizeof(path), "%s/" NAME,
	    dir) >= sizeof(path) || (fd = open(path, O_RDWR | O_CREAT |
	    O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		return NULL;
	/* A hole that a full disk cannot fill would end the program later. */
	if (posix_fallocate(fd, 0, (off_t)MAP_BYTES) == 0)
		map = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
		    fd, 0);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

void
rates_open(struct rates *rates, const char *dir,
    const struct services *services)
{
	void *map;
	size_t i;

	*rates = (struct rates)RATES_INIT;
	for (i = 0; i < services->n; i++)
		if (is_limited(&services->list[i]))
			break;
	if (i == services->n)
		return;
	if ((map = map_file(dir)) == NULL)
		map = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		fatal("rates");
	rates->rows = map;
}

void
rates_close(struct rates *rates)
{
	if (rates->rows != NULL)
		munmap(rates->rows, MAP_BYTES);
	*rates = (struct rates)RATES_INIT;
}

/* --- the row of a service ------------------------------------------------- */

static uint64_t
limit_key(const struct service *service)
{
	struct buf text = BUF_INIT(8192);
	char hex[17];
	uint64_t key;

	buf_printf(&text, "%s\n%s", service->base_url == NULL ? "" :
	    service->base_url, service->id);
	digest_hex(text.data, text.len, hex, sizeof(hex) - 1);
	buf_free(&text);
	key = strtoull(hex, NULL, 16);
	return key != 0 ? key : 1;
}

/* A row in which nothing was taken for so long that both buckets are full. */
static bool
is_idle(struct rate_row *row, int64_t now)
{
	return atomic_load(&row->requests) < now &&
	    atomic_load(&row->tokens) < now;
}

/*
 * Finds the row of a key, or gives it one that is free or idle.  Returns NULL
 * if there is none, which takes as many busy services as there are rows.
 */
static struct rate_row *
find_row(struct rate_row *rows, uint64_t key, int64_t now)
{
	struct rate_row *row;
	uint64_t had;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		row = &rows[(key + i) % ROWS];
		had = 0;
		if (atomic_load(&row->key) == key ||
		    atomic_compare_exchange_strong(&row->key, &had, key) ||
		    had == key)
			return row;
	}
	for (i = 0; i < ROWS; i++) {
		row = &rows[(key + i) % ROWS];
		had = atomic_load(&row->key);
		if (is_idle(row, now) &&
		    atomic_compare_exchange_strong(&row->key, &had, key))
			return row;
	}
	return NULL;
}

/* What this process knows of a service; NULL if it has no limit. */
static struct rate *
find_rate(struct rates *rates, const struct service *service)
{
	struct rate *rate;
	size_t i;

	if (rates == NULL || rates->rows == NULL || !is_limited(service))
		return NULL;
	for (i = 0; i < rates->n; i++)
		if (rates->list[i].service == service)
			return &rates->list[i];
	if (rates->n == RATES_SERVICES)
		return NULL;
	rate = &rates->list[rates->n];
	*rate = (struct rate){ .service = service,
	    .row = find_row(rates->rows, limit_key(service), now_ns()) };
	if (rate->row == NULL)
		return NULL;
	rates->n++;
	return rate;
}

/* --- buckets -------------------------------------------------------------- */

/* The time in which so much comes in, if `limit` does in a minute. */
static int64_t
cost_ns(int64_t n, int64_t limit)
{
	if (limit == 0 || n <= 0)
		return 0;
	return n / limit >= WINDOWS_MOST ? WINDOWS_MOST * WINDOW_NS :
	    (int64_t)((double)WINDOW_NS * (double)n / (double)limit);
}

/*
 * The time at which a bucket is full, if it is nothing that a clock which was
 * set back, or somebody else, has left.
 */
static int64_t
full_ns(int64_t full, int64_t now)
{
	if (full < now)
		return now;
	return full < now + WINDOW_NS ? full : now + WINDOW_NS;
}

/*
 * How long it takes until what costs that much may be taken, so that the bucket
 * then lacks `slack` at most.  What costs more than that needs a full one.
 */
static int64_t
wait_ns(int64_t full, int64_t cost, int64_t slack, int64_t now)
{
	int64_t at = cost < slack ? full + cost - slack : full;

	return at > now ? at - now : 0;
}

static int64_t
slack_for_tokens(int64_t cost)
{
	int64_t slack = cost < TOKENS_MOST_NS / TOKENS_AHEAD ?
	    cost * TOKENS_AHEAD : TOKENS_MOST_NS;

	return slack > TOKENS_LEAST_NS ? slack : TOKENS_LEAST_NS;
}

/* Takes so much from a bucket; if it is negative, gives it back. */
static void
change(_Atomic int64_t *bucket, int64_t cost, int64_t now)
{
	int64_t had = atomic_load(bucket);

	while (!atomic_compare_exchange_weak(bucket, &had,
	    full_ns(had, now) + cost))
		;
}

/* Takes it if there is room.  Returns 0, or for how long there is none. */
static int64_t
pay(_Atomic int64_t *bucket, int64_t cost, int64_t slack, int64_t now)
{
	int64_t had = atomic_load(bucket), wait;

	if (cost == 0)
		return 0;
	do {
		wait = wait_ns(full_ns(had, now), cost, slack, now);
		if (wait > 0)
			return wait;
	} while (!atomic_compare_exchange_weak(bucket, &had,
	    full_ns(had, now) + cost));
	return 0;
}

static int64_t
ms_of(int64_t ns)
{
	return (ns + 999999) / 1000000;
}

/* --- requests ------------------------------------------------------------- */

/* What a request of so many tokens takes. */
struct toll_need {
	int64_t	requests, tokens;		/* ns */
	int64_t	requests_slack, tokens_slack;
};

static struct toll_need
need_of(const struct service *service, int64_t tokens, bool is_patient)
{
	struct toll_need need = { cost_ns(1, service->rpm),
	    cost_ns(tokens, service->tpm), WINDOW_NS, WINDOW_NS };

	if (is_patient) {
		need.requests_slack = PATIENT_NS;
		need.tokens_slack = slack_for_tokens(need.tokens);
	}
	return need;
}

static bool
knows_mean(const struct rate *rate, bool is_patient)
{
	return is_patient && rate->ended == RATES_KNOWN;
}

int64_t
rates_wait_ms(struct rates *rates, const struct service *service,
    int64_t tokens, bool is_patient)
{
	struct rate *rate = find_rate(rates, service);
	int64_t now, requests, most;
	struct toll_need need;

	if (rate == NULL)
		return 0;
	now = now_ns();
	need = need_of(service, knows_mean(rate, is_patient) ? rate->mean :
	    tokens, is_patient);
	requests = need.requests == 0 ? 0 : wait_ns(full_ns(atomic_load(
	    &rate->row->requests), now), need.requests, need.requests_slack,
	    now);
	most = need.tokens == 0 ? 0 : wait_ns(full_ns(atomic_load(
	    &rate->row->tokens), now), need.tokens, need.tokens_slack, now);
	return ms_of(requests > most ? requests : most);
}

int64_t
rates_take(struct rates *rates, struct toll *toll,
    const struct service *service, int64_t tokens, bool is_patient)
{
	struct rate *rate = find_rate(rates, service);
	struct toll_need need;
	int64_t now, wait;

	*toll = (struct toll){ .service = NULL };
	if (rate == NULL)
		return 0;
	now = now_ns();
	if (knows_mean(rate, is_patient))
		tokens = rate->mean;
	need = need_of(service, tokens, is_patient);
	if ((wait = pay(&rate->row->requests, need.requests,
	    need.requests_slack, now)) > 0)
		return ms_of(wait);
	if ((wait = pay(&rate->row->tokens, need.tokens, need.tokens_slack,
	    now)) > 0) {
		change(&rate->row->requests, -need.requests, now);
		return ms_of(wait);
	}
	*toll = (struct toll){ .service = service, .tokens = tokens,
	    .is_patient = is_patient,
	    .is_mean = knows_mean(rate, is_patient) };
	return 0;
}

void
rates_ask(struct rates *rates, struct toll *toll, int64_t tokens)
{
	struct rate *rate;

	if (toll->service == NULL ||
	    (rate = find_rate(rates, toll->service)) == NULL)
		return;
	toll->is_asked = true;
	rate->requests++;
	if (toll->is_mean)
		return;
	toll->tokens += tokens;
	change(&rate->row->tokens, cost_ns(tokens, toll->service->tpm),
	    now_ns());
}

/* The average of the newest: each moves it by an eighth of the difference. */
static void
learn_mean(struct rate *rate, int64_t tokens)
{
	if (rate->ended < RATES_KNOWN)
		rate->mean += (tokens - rate->mean) / ++rate->ended;
	else
		rate->mean += (tokens - rate->mean) / RATES_KNOWN;
}

void
rates_settle(struct rates *rates, struct toll *toll, int64_t tokens)
{
	struct rate *rate;
	int64_t now, tpm;

	if (toll->service == NULL ||
	    (rate = find_rate(rates, toll->service)) == NULL)
		return;
	now = now_ns();
	tpm = toll->service->tpm;
	if (!toll->is_asked)
		change(&rate->row->requests, -cost_ns(1,
		    toll->service->rpm), now);
	change(&rate->row->tokens, cost_ns(tokens, tpm) -
	    cost_ns(toll->tokens, tpm), now);
	rate->tokens += tokens;
	if (toll->is_patient && toll->is_asked && tokens > 0)
		learn_mean(rate, tokens);
	toll->service = NULL;
}

static double
share_of(int64_t n, int64_t limit, int64_t ms)
{
	return limit == 0 || ms <= 0 ? 0 : (double)n * RATES_WINDOW_MS /
	    ((double)limit * (double)ms);
}

double
rates_share(const struct rates *rates, int64_t ms,
    const struct service **service)
{
	const struct rate *rate;
	double most = -1, share, tokens;
	size_t i;

	for (i = 0; i < rates->n; i++) {
		rate = &rates->list[i];
		share = share_of(rate->requests, rate->service->rpm, ms);
		tokens = share_of(rate->tokens, rate->service->tpm, ms);
		if (tokens > share)
			share = tokens;
		if (share > most) {
			most = share;
			*service = rate->service;
		}
	}
	return most;
}
