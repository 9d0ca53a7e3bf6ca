/*
 * rates: requests and tokens a minute, of which all processes of a site
 * together ask a service for no more than its "rpm" and "tpm" allow.
 *
 *	rates_open(&rates, dir, &config.services);	once, before any fork
 *	...
 *	ms = rates_take(&rates, &toll, service, tokens, false);
 *	if (ms > 0)
 *		...			no room; ask again after ms
 *	rates_ask(&rates, &toll, tokens_of_prompt);	it is sent
 *	rates_settle(&rates, &toll, tokens_used);	it has ended
 *
 *	rates_settle(&rates, &toll, 0);	if it was not sent: all is given back
 *	rates_close(&rates);
 *
 * A service without rpm and tpm has room for everything, and costs nothing.
 *
 * Each limit is a bucket that holds what is allowed in RATES_WINDOW_MS.  It is
 * full at first, and fills evenly.  Many providers count in this way.  So the
 * parts of a visitor's run begin together as long as the bucket has enough.
 *
 * Who is `patient` (run/run.h) takes no more than what comes in, and leaves the
 * bucket nearly full to visitors.  So lines of a file are spread over the
 * minute, and a provider that counts by the second accepts them as well.
 *
 * Nobody knows beforehand how many tokens an answer will have.  A visitor's
 * request takes what it can have at most, and gives back what was too much when
 * it has ended.  A patient one takes what the requests before it have used on
 * average, once RATES_KNOWN of them have ended in this process, since what is
 * given back to a bucket that is nearly full would be lost.
 *
 * How it works: a limit is one number, the time at which its bucket will be
 * full again (a theoretical arrival time, as ITU-T I.371 calls it).  It is in
 * the file `rates` of the folder, which is mapped into memory, and is changed
 * by compare-and-swap.  So there is no lock that a killed process could keep,
 * and no system call.  If the file cannot be made, those processes share the
 * numbers that have inherited them by fork(2).
 */
#ifndef RATES_H
#define RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct service;
struct services;
struct rate_row;

#define RATES_WINDOW_MS	60000

/* How much of the newest past a patient request may take at once. */
#define RATES_PATIENT_MS	250

#define RATES_KNOWN	8

/* More services with a limit than a site has in use; others have none. */
#define RATES_SERVICES	32

/* What this process knows of one service. */
struct rate {
	const struct service	*service;
	struct rate_row		*row;		/* what all processes share */
	int64_t			 mean;		/* tokens of a patient one */
	int64_t			 ended;		/* patient ones, up to
						   RATES_KNOWN */
	int64_t			 requests;	/* asked by this process */
	int64_t			 tokens;	/* used by this process */
};

struct rates {
	struct rate_row	*rows;		/* NULL: no service has a limit */
	struct rate	 list[RATES_SERVICES];
	size_t		 n;
};

#define RATES_INIT { .rows = NULL }

/* What a request has taken of its service's limits. */
struct toll {
	const struct service	*service;	/* NULL: nothing */
	int64_t			 tokens;
	bool			 is_patient;
	bool			 is_mean;	/* tokens is the average */
	bool			 is_asked;	/* it was sent */
};

/*
 * `dir` is the folder of the site, or NULL.  Opens nothing if no service has a
 * limit; else there are four system calls.  It ends the program if there is no
 * memory.
 */
void	rates_open(struct rates *rates, const char *dir,
	    const struct services *services);
void	rates_close(struct rates *rates);

/*
 * Milliseconds until there is room for one more request of `tokens` tokens; 0
 * if there is now.  Takes nothing.
 */
int64_t	rates_wait_ms(struct rates *rates, const struct service *service,
	    int64_t tokens, bool is_patient);

/* The same; if there is room, it is taken, and *toll says what. */
int64_t	rates_take(struct rates *rates, struct toll *toll,
	    const struct service *service, int64_t tokens, bool is_patient);

/* The request is sent, with a prompt of so many tokens, which are taken too. */
void	rates_ask(struct rates *rates, struct toll *toll, int64_t tokens);

/*
 * The request has ended, and has used so many tokens.  If it was never sent, it
 * has used none, and counts as no request.  Only the first call counts.
 */
void	rates_settle(struct rates *rates, struct toll *toll, int64_t tokens);

/*
 * How much of the limit of some service this process has used since it began,
 * `ms` ago: 1 is all that was allowed; -1 if no service has a limit.  Of
 * several limits it is the one that is used the most, and *service is whose.
 */
double	rates_share(const struct rates *rates, int64_t ms,
	    const struct service **service);

#endif
