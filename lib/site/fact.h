/*
 * fact: something that has happened to a service, and the document that a
 * series of such facts adds up to.  state.h keeps the document in a file.
 *
 *	{ "services": { "SERVICE": { "fails", "until", "why", "at" } },
 *	  "models": { "SERVICE MODEL": { "refused", "refused_at",
 *	    "refused_named": { "NAME": AT, "NAME=VALUE": AT }, "thinks",
 *	    "thinks_at", "clean", "at" } },
 *	  "servers": { "SERVER": { "proven", "at" } },
 *	  "lists": { "LIST": { "leads", "at" } } }
 *
 *	fails		failures in a row
 *	until, why	set aside until then, and for which reason
 *	refused		bits of enum param (job.h) that the model has refused
 *	refused_named	members of a stage's "extra" (graph.h) that it has
 *			refused, and what it refused with a value, of which this
 *			is a hash; and when
 *	thinks		its answers begin inside a thought
 *	clean		answers without a thought, since that was learned
 *	proven		requests that a server has answered at once
 *	leads		the id of the fastest service of a list
 *	at, *_at	when this, or this member, was last changed
 *
 * Times are milliseconds since 1970.  Somebody may have edited the document,
 * or another version of the program may have written it, so every number that
 * is read from it is bounded here.
 *
 *	struct fact fact = { .kind = FACT_FAILED, .at_ms = now_ms };
 *
 *	snprintf(fact.service, sizeof(fact.service), "%s", name);
 *	fact_apply(json, &fact);
 *	ms = fact_aside_ms(json, name, now_ms);
 */
#ifndef FACT_H
#define FACT_H

#include <stdbool.h>
#include <stdint.h>

struct json;

/* Hexadecimal digits of a service's name in the document. */
#define FACT_SERVICE	16
/* Bytes for a NAME or NAME=VALUE in "refused_named". */
#define FACT_NAMED	80

/*
 * After this many failures in a row a service is set aside for FACT_FAIL_MS;
 * each further failure doubles that time, up to FACT_FAIL_MOST_MS.
 */
#define FACT_FAILS		3
#define FACT_FAIL_MS		30000
#define FACT_FAIL_MOST_MS	600000
/* No service is set aside for longer than this, whatever the file says. */
#define FACT_MOST_MS		3600000
/*
 * What was learned of a model is forgotten after a day, because its service may
 * have changed it since.
 */
#define FACT_LEARNED_MS	86400000
/*
 * After this many answers in a row without a thought a model no longer counts
 * as one whose answers begin inside a thought.
 */
#define FACT_CLEAN		2

enum fact_kind {
	FACT_ASIDE,		/* it is set aside for `ms`, because of `why` */
	FACT_FAILED,		/* an attempt failed by its own fault */
	FACT_WORKED,		/* an attempt ended well */
	FACT_REFUSES,		/* a model refuses the parameters `param` */
	FACT_REFUSES_NAMED,	/* a model refuses `named` */
	FACT_THINKS,		/* an answer began in a thought if `thinks` */
	FACT_PROVEN,		/* a server answers `count` requests at once */
	FACT_LEADS,		/* `model` is the fastest's id, of a list */
};

struct fact {
	enum fact_kind	 kind;
	char		 service[FACT_SERVICE + 1];
	char		 model[200];	/* FACT_REFUSES*, _THINKS, _LEADS */
	const char	*why;		/* FACT_ASIDE: a string literal */
	int64_t		 at_ms;		/* when it happened, since 1970 */
	int64_t		 ms;		/* FACT_ASIDE */
	unsigned	 param;		/* FACT_REFUSES: bits of enum param */
	char		 named[FACT_NAMED];	/* FACT_REFUSES_NAMED */
	bool		 thinks;	/* FACT_THINKS */
	int64_t		 count;		/* FACT_PROVEN */
};

/* Changes the document, which must be an object, by one fact. */
void	fact_apply(struct json *json, const struct fact *fact);

/* Drops every service and model that has not changed for a week. */
void	fact_prune(struct json *json, int64_t now_ms);

/*
 * Writes the name under which a refused parameter of a stage is remembered:
 * NAME, or NAME=VALUE if `value` is not NULL.  The value, which may be long, is
 * told by its hash.  Returns `named`.
 */
const char *fact_named(const char *name, const struct json *value,
	    char named[FACT_NAMED]);

/* What the document says; state.h has functions of the same meaning. */
int64_t	fact_aside_ms(const struct json *json, const char *service,
	    int64_t now_ms);
unsigned fact_refused(const struct json *json, const char *service,
	    const char *model, int64_t now_ms);
bool	fact_refused_named(const struct json *json, const char *service,
	    const char *model, const char *named, int64_t now_ms);
bool	fact_thinks(const struct json *json, const char *service,
	    const char *model, int64_t now_ms);

/*
 * How many requests a server answers at once, as was proven; 1 if nothing was.
 * A server's name is what FACT_PROVEN has in `service`.
 */
int64_t	fact_proven(const struct json *json, const char *server,
	    int64_t now_ms);

/* Whether it is this service of the list, which FACT_LEADS has in `service`. */
bool	fact_leads(const struct json *json, const char *list, const char *id,
	    int64_t now_ms);

/*
 * fact_has_failed returns whether any failure of the service is counted, so
 * that FACT_WORKED would change the document.  fact_is_news returns whether
 * FACT_THINKS with this `thinks` would.  Both save most runs a write.
 */
bool	fact_has_failed(const struct json *json, const char *service);
bool	fact_is_news(const struct json *json, const char *service,
	    const char *model, bool thinks, int64_t now_ms);

#endif
