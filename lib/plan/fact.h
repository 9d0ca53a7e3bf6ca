/*
 * fact: one thing that has happened to a service, and what a document of all
 * of them says.  state keeps the document.
 *
 *	{ "services": { "SERVICE": { "fails", "until", "why", "at" } },
 *	  "models": { "SERVICE MODEL": { "refused", "refused_at", "thinks",
 *	    "thinks_at", "clean", "at" } } }
 *
 * Times are milliseconds since 1970.  A document that somebody has edited, or
 * that another version has written, is read with bounds on every number.
 */
#ifndef FACT_H
#define FACT_H

#include <stdbool.h>
#include <stdint.h>

struct json;

/* Digits of a service's name in the document. */
#define FACT_SERVICE	16

/* After so many failures in a row a service is set aside for FACT_FAIL_MS, */
#define FACT_FAILS	3
/* and after each further one for twice as long, up to FACT_FAIL_MOST_MS. */
#define FACT_FAIL_MS		30000
#define FACT_FAIL_MOST_MS	600000
/* Nobody is set aside for longer, whatever the file says. */
#define FACT_MOST_MS		3600000
/* Hosts change: what was learned of a model is asked anew after a day. */
#define FACT_LEARNED_MS	86400000
/* Answers without a thought until a model no longer counts as a thinker. */
#define FACT_CLEAN		2
enum fact_kind {
	FACT_ASIDE,		/* set aside for ms, why */
	FACT_FAILED,		/* by the service's own fault */
	FACT_WORKED,
	FACT_REFUSES,		/* the parameters `param`, bits */
	FACT_THINKS,		/* an answer began in a thought, or not */
};

struct fact {
	enum fact_kind	 kind;
	char		 service[FACT_SERVICE + 1];
	char		 model[200];	/* of the last two kinds */
	const char	*why;		/* a literal */
	int64_t		 at_ms, ms;
	unsigned	 param;
	bool		 thinks;
};

/* Adds it to the document. */
void	fact_apply(struct json *json, const struct fact *fact);

/* Drops what nobody has spoken of for a week. */
void	fact_prune(struct json *json, int64_t now_ms);

/* As the functions of state.h. */
int64_t	fact_aside_ms(const struct json *json, const char *service,
	    int64_t now_ms);
unsigned fact_refused(const struct json *json, const char *service,
	    const char *model, int64_t now_ms);
bool	fact_thinks(const struct json *json, const char *service,
	    const char *model, int64_t now_ms);

/* Whether failures are counted; whether `thinks` would change anything. */
bool	fact_has_failed(const struct json *json, const char *service);
bool	fact_is_news(const struct json *json, const char *service,
	    const char *model, bool thinks, int64_t now_ms);

#endif
